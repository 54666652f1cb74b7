"""How many listeners and sessions an effect of a given size takes: before, or in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.experiment.words import two_figures
from recsys_dashboard.texts import percent, text, whole
from recsys_online.analysis.effects import LEVEL
from recsys_online.analysis.listeners import CONTROL
from recsys_online.analysis.moments import Moments
from recsys_online.analysis.power import smallest_detectable, users_needed
from recsys_online.analysis.sequential import FEWEST

if TYPE_CHECKING:
    from recsys_dashboard.experiment.findings import Findings

USUAL = 5.0
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5)


def draw_planner(found: Findings) -> None:
    """Draw the question and its answer, from how much the control's listeners differ."""
    control = found.look.control
    if control is None or not control.variance:
        st.info(text("experiment.plan_not_yet"), icon=":material/hourglass:")
        return
    st.markdown(text("experiment.plan_words"))
    left, right = st.columns(2)
    effect = left.number_input(
        text("experiment.plan_effect"), 0.5, 500.0, USUAL, 0.5, key=f"e_plan_effect_{found.key}",
        help=text("experiment.plan_effect_help"),
    )  # fmt: skip
    share = right.select_slider(
        text("experiment.plan_share"), SHARES, SHARES[-1], key=f"e_plan_share_{found.key}",
        format_func=percent, help=text("experiment.plan_share_help"),
    )  # fmt: skip
    moments = Moments(control.n, control.mean, control.variance)
    level = _level(found)
    once, anytime = (
        users_needed(moments, effect / 100, share=share, peeking=peeking, level=level)
        for peeking in (False, True)
    )
    # the interval for any time is not drawn below so many listeners an arm
    anytime = max(anytime, round(FEWEST / share))
    each = _sessions_each(found)
    cards = [
        Card(
            text("experiment.plan_once"), whole(once), text("experiment.plan_once_help"),
            text("experiment.plan_sessions", n=two_figures(once * each)),
        ),
        Card(
            text("experiment.plan_anytime"), whole(anytime), text("experiment.plan_anytime_help"),
            text("experiment.plan_sessions", n=two_figures(anytime * each)),
        ),
    ]  # fmt: skip
    draw_cards([*cards, *_least(found, moments, level)])
    st.caption(text("experiment.plan_note"))


def _least(found: Findings, control: Moments, level: float) -> list[Card]:
    """Return the card of what the listeners so far can show; none before there are two in each part."""
    have = found.look.report.arms.listeners
    n_control = have.get(CONTROL, 0)
    n_treatment = max((n for arm, n in have.items() if arm != CONTROL), default=0)
    if min(n_control, n_treatment) < 2:
        return []
    least = smallest_detectable(control, n_control, n_treatment, level=level)
    return [
        Card(
            text("experiment.plan_least"), percent(least), text("experiment.plan_least_help"),
            text("experiment.plan_least_remark", n=n_control + n_treatment),
        )
    ]  # fmt: skip


def _level(found: Findings) -> float:
    """Return the verdict's level: several treatments share the risk of a false claim."""
    return max((one.level for one in found.look.report.verdicts), default=LEVEL)


def _sessions_each(found: Findings) -> float:
    """Return the sessions that a listener has had so far, on average."""
    report = found.look.report
    return sum(report.sessions.values()) / max(1, sum(report.arms.listeners.values()))
