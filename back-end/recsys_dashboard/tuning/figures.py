"""The figures of a study, each with its finding, its alt text and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from recsys_core.plots.tuning import heat_map_figure, history_figure, importance_figure, parallel_figure
from recsys_core.plots.tuning_curves import front_figure, trial_figure
from recsys_dashboard.controls import is_dark, turn_to_picked
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.texts import number, text, whole
from recsys_dashboard.tuning import studies
from recsys_dashboard.tuning.choice import show_trial, wanted_trial
from recsys_dashboard.tuning.words import (
    RATE,
    SIZE,
    axis_names,
    objective_name,
    parameter_name,
    parameter_names,
    setting_words,
    state_name,
    trial_words,
)

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recsys_core.tuning import Trial
    from recsys_dashboard.tuning.view import StudyView

TOPS, USUAL_TOP = (5, 10, 20, 50), 20
_AXES = 5  # side by side, more than a screen has room for
_CONFIG = {"displayModeBar": False, "scrollZoom": False}


def draw_grid(view: StudyView, source: str) -> None:
    """Draw the grid; a click on a cell shows its curve."""
    grid = view.grid
    if grid is None:
        return
    value = objective_name(grid.objective)
    cells = grid.values.size
    if grid.best is None:
        title = text("tuning.grid_so_far", filled=whole(grid.filled), cells=whole(cells))
    else:
        title = text(
            "tuning.grid_title", size=f"{grid.best[0]:g}", rate=f"{grid.best[1]:g}",
            filled=whole(grid.filled), cells=whole(cells),
        )  # fmt: skip
    figure = heat_map_figure(
        grid, x_title=parameter_name(RATE), y_title=parameter_name(SIZE), value=value,
        waiting=text("tuning.not_tried"),
    )  # fmt: skip
    _choosable(figure, key="tuning.grid", title=title, alt=text("tuning.grid_alt", title=title))
    st.caption(f"{text('tuning.grid_note', objective=value)}  \n{source}")


def draw_history(view: StudyView, source: str) -> None:
    """Draw every trial with a value and the best so far; a click on a mark shows its curve."""
    history = view.found.history()
    value = objective_name(view.found.objective)
    best = view.found.best
    title = (
        text("tuning.history_title", n=whole(best.number + 1), of=whole(view.counted), objective=value)
        if best is not None
        else text("tuning.history_none")
    )
    figure = history_figure(
        history, x_title=text("tuning.x_trial"), y_title=text("tuning.y_validation", objective=value),
        states={"complete": state_name("complete"), "pruned": state_name("pruned")}, dark=is_dark(),
    )  # fmt: skip
    _choosable(figure, key="tuning.history", title=title, alt=text("tuning.history_alt", title=title))
    st.caption(f"{text('tuning.history_note')}  \n{source}")


def draw_trial(view: StudyView, source: str) -> None:
    """Draw the curve of one trial beside the best one's: the chosen, the one under way, or the best."""
    shown = _shown_trial(view)
    if shown is None:
        st.markdown(f"**{text('tuning.no_curve')}**")
        return
    _pick_trial(view, shown)
    best, value = view.found.best, objective_name(view.found.objective)
    name = text("tuning.trial_name", n=whole(shown.number + 1))
    curves = {name: pd.DataFrame(shown.curve)}
    if best is not None and best.number != shown.number:
        curves[text("tuning.best_name", n=whole(best.number + 1))] = pd.DataFrame(best.curve)
    top = max(shown.curve, key=lambda row: row[view.found.objective])
    title = text(
        "tuning.curve_title", n=whole(shown.number + 1), objective=value, epoch=whole(top["epoch"]),
        value=number(top[view.found.objective]),
    )  # fmt: skip
    show_figure(
        trial_figure(
            curves, view.found.objective, chosen=name, x_title=text("tuning.x_epoch"),
            y_title=text("tuning.y_validation", objective=value), dark=is_dark(),
        ),
        key="tuning.curve",
        title=title,
        alt=text("tuning.curve_alt", title=title),
        note=setting_words(shown.parameters),
        source=source,
    )  # fmt: skip


def draw_front(view: StudyView, source: str) -> None:
    """Draw what the two objectives cost each other."""
    up, across = view.card.request.objectives[:2]
    front = view.found.front()
    title = text("tuning.front_title", n=len(front), first=objective_name(up), second=objective_name(across))
    _choosable(
        front_figure(
            view.table, front, (up, across), x_title=_axis(across), y_title=_axis(up),
            best_words=text("tuning.unbeaten"), dark=is_dark(),
        ),
        key="tuning.front",
        title=title,
        alt=text("tuning.front_alt", title=title),
    )  # fmt: skip
    st.caption(f"{text('tuning.front_note')}  \n{source}")


def draw_importances(view: StudyView, source: str) -> None:
    """Draw which parameters decide, or say that there are too few trials to know."""
    found = studies.importances(view.found)
    if not found.enough or found.table.empty:
        st.markdown(f"**{text('tuning.importance_wait')}**")
        st.markdown(text("tuning.importance_few", n=found.n_trials, needed=whole(found.needed)))
        return
    names = parameter_names(view.card.request)
    title = text("tuning.importance_title", parameter=names[found.table["parameter"].iloc[0]])
    show_figure(
        importance_figure(found.table, names, x_title=text("tuning.x_importance")),
        key="tuning.importance",
        title=title,
        alt=text("tuning.importance_alt", title=title),
        note=text("tuning.importance_note", best=whole(found.n_best), n=whole(found.n_trials)),
        source=source,
    )


def draw_parallel(view: StudyView, source: str) -> None:
    """Draw the best settings side by side."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        place = st.container(width="stretch")
        top = st.segmented_control(
            text("tuning.top"), TOPS, default=USUAL_TOP, required=True, key="t_top", bind="query-params",
            format_func=lambda one: text("tuning.top_of", n=one), label_visibility="collapsed",
        )  # fmt: skip
    settings = view.found.parallel(top)
    if len(settings) < 2:
        place.markdown(f"**{text('tuning.parallel_wait')}**")
        return
    title = text("tuning.parallel_title", n=len(settings))
    place.markdown(f"**{title}**")
    order = list(studies.importances(view.found).table["parameter"])
    shown = _few(settings, order)
    left_out = len(settings.columns) - len(shown.columns)
    note = text("tuning.parallel_note")
    if left_out:
        note += text("tuning.parallel_left_out" if order else "tuning.parallel_cut", n=left_out)
    figure = parallel_figure(
        shown,
        axis_names(view.card.request),
        value=objective_name(view.found.objective),
        dark=is_dark(),
    )
    st.plotly_chart(
        figure, config=_CONFIG, key="tuning.parallel", alt=text("tuning.parallel_alt", title=title)
    )
    st.caption(f"{note}  \n{source}")


def _few(settings: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return the settings with the parameters that matter most, as many as can be read side by side."""
    names = [name for name in settings if name not in ("trial", "value")]
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return settings[["trial", *names[:_AXES], "value"]]


def _choosable(figure: go.Figure, *, key: str, title: str, alt: str) -> None:
    st.markdown(f"**{title}**")
    st.plotly_chart(
        figure, config=_CONFIG, key=key, alt=alt, selection_mode="points", on_select=lambda: _chosen(key)
    )


def _chosen(key: str) -> None:
    """Keep the trial of a mark that was clicked: the figure forgets it when it is drawn anew."""
    points: list[dict[str, Any]] = st.session_state[key]["selection"]["points"]
    numbers = [point.get("customdata") for point in points]
    found = [one[0] if isinstance(one, list) else one for one in numbers if one is not None]
    if found and found[0] >= 0:
        show_trial(int(found[0]))


def _shown_trial(view: StudyView) -> Trial | None:
    asked = view.trial(wanted_trial())
    for one in (asked, view.running, view.found.best):
        if one is not None and one.curve:
            return one
    with_curve = [trial for trial in view.found.trials if trial.curve]
    return with_curve[-1] if with_curve else None


def _pick_trial(view: StudyView, shown: Trial) -> None:
    """Draw the choice of a trial for those who do not click on figures."""
    known = {one.number: one for one in view.found.trials if one.curve}
    # a key of its own for each trial shown: a look at a running study must not be taken for a choice
    key = f"tuning.trial.{shown.number}"
    st.selectbox(
        text("tuning.trial"),
        list(known),
        list(known).index(shown.number),
        format_func=lambda one: trial_words(known[one]),
        key=key,
        on_change=turn_to_picked,
        args=(key, list(known), show_trial),
    )


def _axis(objective: str) -> str:
    return text("tuning.x_seconds") if objective == "seconds" else objective_name(objective)
