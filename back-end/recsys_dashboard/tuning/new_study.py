"""The form of a new study: two sliders and a grid for those who try by hand, or a search that chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison.expected_time import expected_seconds
from recsys_core.errors import SettingsError
from recsys_core.rng import MAX_SEED
from recsys_core.tuning import Budget, TuningRequest, check_request, size_and_rate_grid
from recsys_core.tuning.request import GRID_RATES, GRID_SIZES, SECONDS
from recsys_dashboard.comparison.words import model_name, roughly
from recsys_dashboard.texts import plain, text
from recsys_dashboard.tuning.actions import begin_search, begin_with, blocked
from recsys_dashboard.tuning.sliders import draw_sliders
from recsys_dashboard.tuning.words import OBJECTIVES, models_of, objective_name, objective_words

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

SMALL_MODEL, SMALL_TRIALS, EPOCHS = "fast-warp", 20, 20
SIZES, RATES = (4, 8, 16, 32, 64, 128, 256), (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
USUAL_SIZE = 64  # for a forecast: what a search tries lies around it
KINDS = ("search", "grid")
NONE = ""


def draw_new_study(dataset: Dataset) -> None:
    """Draw the form and do what its buttons say."""
    kind = st.segmented_control(
        text("tuning.kind"), KINDS, default=KINDS[0], required=True, key="t_kind", width="stretch",
        format_func=lambda one: text(f"tuning.kind_{one}"), help=text("tuning.kind_help"),
    )  # fmt: skip
    names = models_of(kind)
    values: dict[str, Any] = {
        "model": st.selectbox(
            text("tuning.model"), names, index=names.index(SMALL_MODEL), format_func=model_name,
            key=f"t_model_{kind}", help=text("tuning.model_help"),
        )
    }  # fmt: skip
    first = st.selectbox(
        text("tuning.objective"), OBJECTIVES, format_func=objective_words, key="t_objective",
        help=text("tuning.objective_help"),
    )  # fmt: skip
    values["objectives"] = (first,)
    try:
        if kind == "search":
            _draw_search(dataset, values)
        else:
            _draw_grid(dataset, values)
    except SettingsError as error:
        st.error(plain(error), icon=":material/error:")


def small_search() -> TuningRequest:
    """Return the search that the empty page offers."""
    return check_request(TuningRequest(model=SMALL_MODEL, epochs=EPOCHS))


def forecast(dataset: Dataset, request: TuningRequest, trials: int) -> str:
    """Return how long so many trials will take, right within a factor of a few."""
    one = ComparisonRequest(models=(request.model,), epochs=request.epochs, embedding_size=USUAL_SIZE)
    return roughly(trials * expected_seconds(dataset, one))


def draw_budget(key: str, trials: int) -> tuple[int | None, float | None]:
    """Draw how long to search: so many trials, or minutes; the other is None."""
    unit = st.segmented_control(
        text("tuning.budget"), ("trials", "minutes"), default="trials", required=True, key=f"{key}_unit",
        format_func=lambda one: text(f"tuning.budget_{one}"), help=text("tuning.budget_help"),
        width="stretch",
    )  # fmt: skip
    if unit == "trials":
        return st.number_input(text("tuning.trials"), 1, 1000, trials, 1, key=f"{key}_trials"), None
    return None, st.number_input(text("tuning.minutes"), 0.5, 1000.0, 5.0, 0.5, key=f"{key}_minutes")


def _draw_search(dataset: Dataset, values: dict[str, Any]) -> None:
    others = [NONE, *(one for one in (SECONDS, *OBJECTIVES) if one not in values["objectives"])]
    second = st.selectbox(
        text("tuning.second"), others, key="t_second", help=text("tuning.second_help"),
        format_func=lambda one: objective_name(one) if one else text("tuning.second_none"),
    )  # fmt: skip
    if second:
        values["objectives"] = (*values["objectives"], second)
    trials, minutes = draw_budget("t_budget", SMALL_TRIALS)
    with st.expander(text("tuning.more"), icon=":material/tune:"):
        values |= _common()
        prune = st.toggle(
            text("tuning.prune"), value=not second, disabled=bool(second), key=f"t_prune_{bool(second)}",
            help=text("tuning.prune_help"),
        )  # fmt: skip
    values["pruning"] = "median" if prune else "none"
    request = check_request(TuningRequest.from_dict(values))
    if trials is not None:
        st.caption(text("tuning.forecast", time=forecast(dataset, request, trials)))
    st.button(
        text("tuning.start"), type="primary", icon=":material/play_arrow:", key="tuning.start",
        width="stretch", disabled=bool(blocked(None)), help=text("tuning.start_help"),
        on_click=begin_search,
        args=(dataset, request, Budget.from_dict({"trials": trials, "minutes": minutes})),
    )  # fmt: skip


def _draw_grid(dataset: Dataset, values: dict[str, Any]) -> None:
    place = st.container()
    with st.expander(text("tuning.more"), icon=":material/tune:"):
        sizes = _pills("sizes", SIZES, GRID_SIZES)
        rates = _pills("rates", RATES, GRID_RATES)
        values |= _common()
    request = size_and_rate_grid(values.pop("model"), sizes=sizes, rates=rates, **values)
    cells = len(request.cells())
    with place:
        draw_sliders(
            request,
            (),
            rough=lambda: forecast(dataset, request, 1),
            disabled=bool(blocked(None)),
            primary=True,
            act=lambda parameters: begin_with(dataset, request, parameters),
        )
    st.button(
        text("tuning.fill", n=cells), icon=":material/grid_on:", key="tuning.fill", width="stretch",
        disabled=bool(blocked(None)), on_click=begin_search, args=(dataset, request, Budget()),
        help=text("tuning.fill_help"),
    )  # fmt: skip
    st.caption(text("tuning.forecast", time=forecast(dataset, request, cells)))


def _pills(name: str, options: tuple[Any, ...], default: tuple[Any, ...]) -> tuple[Any, ...]:
    picked = st.pills(
        text(f"tuning.{name}"), options, selection_mode="multi", default=default,
        format_func="{:g}".format, key=f"t_{name}", help=text(f"tuning.{name}_help"),
    )  # fmt: skip
    return tuple(sorted(picked))


def _common() -> dict[str, Any]:
    return {
        "epochs": st.slider(
            text("tuning.epochs"), 2, 100, EPOCHS, key="t_epochs", help=text("tuning.epochs_help")
        ),
        "seed": st.number_input(
            text("tuning.seed"), 0, MAX_SEED, 42, 1, key="t_seed", help=text("tuning.seed_help")
        ),
    }
