"""Four figures of an experiment: sessions, requests a second, how long answers took, stand-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.texts import NOTHING, compact, number, percent, text, whole

if TYPE_CHECKING:
    from recsys_dashboard.experiment.findings import Findings
    from recsys_online.analysis.traffic import Traffic

SHORTEST = 0.5  # seconds of requests that make a rate
MOST_ARMS = 2  # whose counts fit into a card


def draw_counters(found: Findings) -> None:
    """Draw the cards; what a simulation without a network cannot know is left open, and said."""
    report, traffic = found.look.report, found.look.traffic
    counts = [f"{arm} {whole(n)}" for arm, n in report.sessions.items()]
    draw_cards(
        [
            Card(
                text("experiment.card_sessions"),
                whole(sum(report.sessions.values())),
                text("experiment.card_sessions_help"),
                " · ".join(counts) if 0 < len(counts) <= MOST_ARMS else None,
            ),
            _rate(found, traffic),
            _waiting(found, traffic),
            Card(
                text("experiment.card_fallback"),
                percent(traffic.fallback_share),
                text("experiment.card_fallback_help"),
                text("experiment.card_fallback_remark"),
            ),
        ]
    )


def _rate(found: Findings, traffic: Traffic) -> Card:
    if not found.networked:
        played = found.played
        rate = traffic.requests / played if played else None
        remark = text("experiment.card_rate_in_process")
    elif found.settled:
        rate = traffic.requests / traffic.seconds if traffic.seconds > SHORTEST else None
        remark = text("experiment.card_rate_whole", n=traffic.requests)
    else:
        rate, remark = traffic.lately, text("experiment.card_rate_lately")
    value = NOTHING if rate is None else compact(rate) if rate >= 10 else number(rate, 2)
    return Card(text("experiment.card_rate"), value, text("experiment.card_rate_help"), remark)


def _waiting(found: Findings, traffic: Traffic) -> Card:
    label = text("experiment.card_wait")
    if not found.networked or traffic.waited is None:
        return Card(label, NOTHING, text("experiment.card_wait_without"), text("experiment.card_wait_none"))
    middle, high, highest = (number(one, 2) for one in traffic.waited)
    words = text("experiment.card_wait_help", high=high, highest=highest)
    if seen := found.waited:
        words += " " + text(
            "experiment.card_wait_seen", middle=number(seen["p50"], 2), highest=number(seen["p99"], 2)
        )
    remark = text("experiment.card_wait_remark", highest=highest)
    return Card(label, text("experiment.milliseconds", value=middle), words, remark)
