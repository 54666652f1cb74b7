"""The best setting of a study: what it is, what it is worth, and how it becomes the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.models.registry import MODELS
from recsys_dashboard import cached
from recsys_dashboard.cards import Card
from recsys_dashboard.cards import draw_cards as draw_row
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.navigation import page_file
from recsys_dashboard.texts import NOTHING, number, percent, plain, seconds, text, whole
from recsys_dashboard.tuning.actions import adopt, blocked
from recsys_dashboard.tuning.words import objective_name, objective_value, parameter_name, setting_words

if TYPE_CHECKING:
    from recsys_core.runs.manifest import Manifest
    from recsys_core.tuning import Trial
    from recsys_dashboard.tuning.view import StudyView


def draw_cards(view: StudyView) -> None:
    """Draw what the search has come to, in four figures."""
    found = view.found
    best, counts = found.best, found.counts
    value = objective_value(found.objective, best.values[0]) if best and best.values else NOTHING
    gave_up = counts.get("pruned", 0)
    cards = [
        Card(
            text("tuning.card_best", objective=objective_name(found.objective)),
            value,
            text("tuning.card_best_help"),
            text("tuning.card_best_remark", n=whole(best.number + 1)) if best else None,
        ),
        Card(
            text("tuning.card_trials"),
            whole(view.counted),
            text("tuning.card_trials_help"),
            text("tuning.card_trials_remark", n=gave_up) if gave_up else None,
        ),
        Card(
            text("tuning.card_time"),
            seconds(found.seconds),
            text("tuning.card_time_help"),
            text("tuning.card_time_remark", time=seconds(view.trial_seconds))
            if view.trial_seconds is not None
            else None,
        ),
    ]
    if not view.is_grid:
        cards.insert(1, _gain(view))
    draw_row(cards)


def _gain(view: StudyView) -> Card:
    gain = view.found.gain_over_usual()
    words = NOTHING if gain is None else percent(gain)
    return Card(
        text("tuning.card_gain"),
        words if gain is None or gain < 0 else f"+{words}",
        text("tuning.card_gain_help"),
        None if gain is not None else text("tuning.card_gain_unknown"),
    )


def draw_best(view: StudyView) -> None:
    """Draw the best configuration and the button that trains it; then what it is worth on the test part."""
    best = view.found.best
    if best is None:
        if view.found.trials and not view.moving:
            st.info(text("tuning.no_best"), icon=":material/info:")
        return
    with st.container(border=True):
        st.markdown(f"**{_best_title(view, best)}**")
        st.markdown(plain(setting_words(best.parameters)))
        st.caption(text("tuning.best_note", epoch=whole(best.best_epoch), epochs=whole(len(best.curve))))
        for remark in _room_for_better(view, best):
            st.caption(f":material/trending_up: {remark}")
        runs = view.runs()
        if runs:
            _draw_adopted(view, runs[0])
        _draw_adopt(view, best, runs)


def _room_for_better(view: StudyView, best: Trial) -> list[str]:
    """Return what hints at better settings beyond what was searched."""
    remarks = []
    if best.best_epoch == view.card.request.epochs and MODELS[view.card.request.model].iterative:
        remarks.append(text("tuning.still_gaining", n=best.best_epoch))
    if edges := view.found.best_at_edge():
        names = ", ".join(parameter_name(name) for name in edges)
        remarks.append(text("tuning.at_edge", names=names))
    return remarks


def _best_title(view: StudyView, best: Trial) -> str:
    values = [
        text("tuning.value", objective=objective_name(name), value=objective_value(name, value))
        for name, value in zip(view.card.request.objectives, best.values or (), strict=True)
    ]
    model = model_name(view.card.request.model)
    return text("tuning.best_title", model=model, n=whole(best.number + 1), values=", ".join(values))


def _draw_adopt(view: StudyView, best: Trial, runs: list[Manifest]) -> None:
    trained = {(one.tuned_from or {}).get("trial") for one in runs}
    if best.number in trained:
        return
    other = view.card.dataset.fingerprint != chosen_dataset().fingerprint
    st.button(
        text("tuning.adopt"), icon=":material/verified:", key="tuning.adopt", help=text("tuning.adopt_help"),
        disabled=view.moving or other or bool(blocked(view)), on_click=adopt,
        args=(view.card, best.number), type="secondary" if runs else "primary",
    )  # fmt: skip
    if view.moving and view.errand != "adopt":
        st.caption(text("tuning.adopt_later"))


def _draw_adopted(view: StudyView, run: Manifest) -> None:
    """Say what became of the best setting on the part that nobody had looked at, and where to see it."""
    trial = (run.tuned_from or {}).get("trial", 0)
    words = text(
        "tuning.adopted_default" if cached.default_run_id() == run.run_id else "tuning.adopted",
        n=whole(trial + 1),
        run=run.run_id[-4:],
        values=", ".join(_test_values(view, run)),
    )
    st.success(words, icon=":material/check_circle:")
    with st.container(horizontal=True):
        st.page_link(
            page_file("preferences"), label=text("tuning.see_preferences"), icon=":material/person_search:",
            query_params={"model": run.run_id},
        )  # fmt: skip
        st.page_link(
            page_file("models"), label=text("tuning.see_models"), icon=":material/monitoring:",
            query_params={"run": run.comparison_id},
        )  # fmt: skip


def _test_values(view: StudyView, run: Manifest) -> list[str]:
    """Return what the run reached on the test part, beside the baseline that was trained with it."""
    beside = [one for one in cached.manifests() if one.comparison_id == run.comparison_id]
    base = next((one.metrics["test"] for one in beside if one.model == BASELINE), {})
    test = run.metrics["test"]
    wanted = [name for name in view.card.request.objectives if name in test] or ["auc"]
    return [
        text(
            "tuning.value_beside",
            objective=objective_name(name),
            value=number(test[name]["mean"]),
            baseline=number(base[name]["mean"] if name in base else None),
        )
        for name in wanted
    ]
