"""What the log of an experiment says: verdict, counters, effects, how many sessions it takes, settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.experiment.arms_table import draw_arms
from recsys_dashboard.experiment.counters import draw_counters
from recsys_dashboard.experiment.effect_figures import draw_course, draw_metrics
from recsys_dashboard.experiment.planner import draw_planner
from recsys_dashboard.experiment.take_away import draw_downloads
from recsys_dashboard.experiment.words import METRIC_ORDER, arm_name, improvement_words, verdict_words
from recsys_dashboard.texts import percent, text, whole

if TYPE_CHECKING:
    from typing import Any

    from recsys_online.analysis.verdict import Verdict
    from recsys_online.loop import Improvement
    from recsys_online.loop.looking import Look
    from recsys_online.loop.store import Loop

LATENCY = "mean_request_latency"


@dataclass(frozen=True, eq=False)
class Findings:
    """One look at an experiment, and what is known of it beside its log.

    Attributes
    ----------
    key
        Tells its widgets and files from those of other experiments.
    treatments
        Recommender of each arm, as far as they are known.
    settled
        Whether no further session will come.
    networked
        Whether somebody waited for answers.
    moving
        Whether it is drawn again every second: there is nothing to take away yet.
    loop, turn
        Where it comes from; None for a service that is watched.
    improvements
        How this turn compares with the one before, for each treatment.
    """

    key: str
    look: Look
    treatments: dict[str, str]
    settled: bool
    networked: bool
    moving: bool = False
    loop: Loop | None = None
    turn: int = 1
    improvements: tuple[Improvement, ...] = ()

    @property
    def played(self) -> float | None:
        """Seconds that the experiment took; None while it runs."""
        return self._experiment.get("seconds")

    @property
    def waited(self) -> dict[str, float]:
        """Milliseconds that listeners waited, by percentile; empty where that is not known."""
        return self._experiment.get("latency", {})

    @property
    def _experiment(self) -> dict[str, Any]:
        step = self.loop.card.done(self.turn, "experiment") if self.loop is not None else None
        return step.found if step is not None else {}

    @property
    def metrics(self) -> list[str]:
        """Metrics to show: no waiting time where nobody waited."""
        return [one for one in METRIC_ORDER if self.networked or one != LATENCY]


def draw_findings(found: Findings) -> None:
    """Draw everything, the verdict first."""
    _draw_warnings(found)
    for verdict in found.look.report.verdicts:
        _draw_verdict(verdict, found)
    for one in found.improvements:
        _draw_improvement(one)
    if not found.look.report.verdicts:
        st.info(text("experiment.nothing_yet"), icon=":material/hourglass:")
    draw_counters(found)
    arm = _treatment(found)
    names = ("course", "metrics", "plan", "arms")
    tabs = st.tabs([text(f"experiment.tab_{name}") for name in names], key=f"e_tabs_{found.key}")
    with tabs[0]:
        draw_course(found, arm)
    with tabs[1]:
        draw_metrics(found, arm)
    with tabs[2]:
        draw_planner(found)
    with tabs[3]:
        draw_arms(found)
    if not found.moving:
        draw_downloads(found)


def _draw_verdict(verdict: Verdict, found: Findings) -> None:
    words = verdict_words(verdict, found.treatments)
    if not verdict.trusted:
        st.error(f"{words} {text('experiment.not_trusted')}", icon=":material/warning:")
    elif verdict.outcome == "wins":
        st.success(f"**{words}**", icon=":material/trophy:")
    elif verdict.outcome == "loses":
        st.error(f"**{words}**", icon=":material/trending_down:")
    else:
        icon = ":material/hourglass:" if verdict.outcome == "too_early" else ":material/drag_handle:"
        st.info(f"**{words}**", icon=icon)


def _draw_improvement(one: Improvement) -> None:
    if one.outcome == "improved":
        st.success(improvement_words(one), icon=":material/trending_up:")
    else:
        st.warning(improvement_words(one), icon=":material/trending_flat:")


def _draw_warnings(found: Findings) -> None:
    report = found.look.report
    if report.ratio is not None and report.ratio.alarm:
        counts = ", ".join(
            text("experiment.ratio_arm", arm=arm, n=whole(n), wanted=whole(report.ratio.expected[arm]))
            for arm, n in report.ratio.observed.items()
        )
        st.error(text("experiment.ratio_alarm", counts=counts), icon=":material/balance:")
    if report.arms.in_two:
        st.warning(text("experiment.in_two", n=report.arms.in_two), icon=":material/alt_route:")
    if report.aa is not None and not report.aa.fine:
        st.warning(
            text("experiment.aa_alarm", share=percent(report.aa.share)), icon=":material/compare_arrows:"
        )
    if report.log.torn_lines or report.log.dropped or report.log.holes:
        lost = report.log.torn_lines + report.log.dropped + report.log.holes
        st.warning(text("experiment.lost", n=lost), icon=":material/report:")


def _treatment(found: Findings) -> str:
    """Return the treatment that figures show; with several the visitor chooses."""
    arms = [one.treatment for one in found.look.report.verdicts]
    if len(arms) < 2:
        return arms[0] if arms else ""
    return st.segmented_control(
        text("experiment.shown_arm"), arms, default=arms[0], required=True, key=f"e_arm_{found.key}",
        format_func=lambda one: arm_name(one, found.treatments),
    )  # fmt: skip
