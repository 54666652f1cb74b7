"""Two sliders for those who want to try a setting by hand, and how long that will take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.tuning.pace import expected_trial_seconds
from recsys_dashboard.comparison.words import roughly
from recsys_dashboard.texts import text
from recsys_dashboard.tuning.words import RATE, SIZE, parameter_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recsys_core.tuning import Trial, TuningRequest
    from recsys_core.tuning.dimensions import Dimension

STEPS: dict[str, tuple[float, ...]] = {
    SIZE: (4, 8, 16, 32, 64, 128, 256),
    RATE: (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
}
USUAL = {SIZE: 32, RATE: 0.05}


def draw_sliders(
    request: TuningRequest,
    trials: Sequence[Trial],
    *,
    rough: Callable[[], str],
    disabled: bool,
    primary: bool = False,
    act: Callable[[dict[str, Any]], None],
) -> None:
    """Draw a slider for size and rate, as far as the study varies them, and the button that tries a setting.

    ``rough`` forecasts a trial when none has been timed; ``act`` is handed the setting.
    """
    space = {one.name: one for one in request.space() if one.name in STEPS}
    if not space:
        st.caption(text("tuning.nothing_to_slide"))
        return
    st.fragment(_draw)(request, trials, space, rough, disabled, primary, act)


def _draw(
    request: TuningRequest,
    trials: Sequence[Trial],
    space: dict[str, Dimension],
    rough: Callable[[], str],
    disabled: bool,
    primary: bool,
    act: Callable[[dict[str, Any]], None],
) -> None:
    parameters = {name: _slider(request, one) for name, one in space.items()}
    expected = expected_trial_seconds(trials, request.epochs, parameters.get(SIZE))
    if SIZE in space:
        st.caption(text("tuning.size_is"))
    if expected is None:
        st.caption(text("tuning.one_trial_rough", time=rough()))
    else:
        st.caption(text("tuning.one_trial", time=roughly(expected)))
    if st.button(
        text("tuning.try"), type="primary" if primary else "secondary", icon=":material/science:",
        key="tuning.try", width="stretch", disabled=disabled, help=text("tuning.try_help"),
    ):  # fmt: skip
        act(parameters)
        st.rerun()


def _slider(request: TuningRequest, one: Dimension) -> Any:
    grid = request.grid.get(one.name)
    options = sorted(grid) if grid else [step for step in STEPS[one.name] if one.low <= step <= one.high]
    nearest = min(options, key=lambda step: abs(step - USUAL[one.name]))
    if len(options) == 1:
        return options[0]
    return st.select_slider(
        parameter_name(one.name), options, nearest, format_func="{:g}".format,
        key=f"t_slider_{one.name}_{'-'.join(map(str, options))}", help=text(f"tuning.{one.name}_help"),
    )  # fmt: skip
