"""What an experiment says, in sentences: its name, arms, metrics, steps, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsys_dashboard.texts import NOTHING, moment, number, percent, plain, text, whole
from recsys_online.analysis.listeners import CONTROL, METRICS, PRIMARY
from recsys_online.shelves import RECOMMENDERS

if TYPE_CHECKING:
    from recsys_online.analysis.comparison import Interval
    from recsys_online.analysis.verdict import Verdict
    from recsys_online.loop import Improvement, LoopCard, LoopRequest

METRIC_ORDER = (PRIMARY, *(one for one in METRICS if one != PRIMARY))
MOST_NEEDED = 1000
"""A change that takes more than so many times the listeners is out of reach."""


def experiment_name(card: LoopCard) -> str:
    """Return one line on an experiment, fit for a list to choose from."""
    return text(
        "experiment.option",
        tried=tried_words(card.request),
        world=world_name(card.request),
        when=moment(card.created),
        name=card.loop_id,
    )


def tried_words(request: LoopRequest) -> str:
    """Return ``Own list against Random``."""
    treated = [name for arm, name in request.treatments.items() if arm != CONTROL]
    return text(
        "experiment.tried",
        treatments=", ".join(recommender_name(one) for one in treated),
        control=recommender_name(request.treatments[CONTROL]),
    )


def world_name(request: LoopRequest) -> str:
    """Return whose tastes the listeners have."""
    return text(f"experiment.world_{request.world}")


def recommender_name(name: str) -> str:
    """Return what people call a recommender; one that only the plan knows has the name it has there."""
    return text(f"experiment.recommender_{name.replace('-', '_')}") if name in RECOMMENDERS else plain(name)


def recommender_words(name: str) -> str:
    """Return what a recommender does."""
    known = name in RECOMMENDERS
    return text(f"experiment.does_{name.replace('-', '_')}") if known else text("experiment.does_of_plan")


def arm_name(arm: str, treatments: dict[str, str]) -> str:
    """Return ``T1, Own list``."""
    named = treatments.get(arm)
    return text("experiment.arm", arm=arm, name=recommender_name(named)) if named else arm


def metric_name(metric: str) -> str:
    """Return what people call a metric."""
    return text(f"experiment.metric_{metric}")


def signed(share: float | None) -> str:
    """Return a relative effect: +77%, -1.2%."""
    if share is None:
        return NOTHING
    return percent(share) if share < 0 else f"+{percent(share)}"


def ends(interval: Interval) -> str:
    """Return ``+67% to +87%``, or that it is not known."""
    if interval.low is None or interval.high is None:
        return text("experiment.no_interval")
    return text("experiment.ends", low=signed(interval.low), high=signed(interval.high))


def verdict_words(verdict: Verdict, treatments: dict[str, str]) -> str:
    """Return the verdict on one treatment in one sentence."""
    arm = arm_name(verdict.treatment, treatments)
    values = {
        "arm": arm,
        "effect": signed(verdict.effect.value),
        "ends": ends(verdict.effect),
        "least": percent(verdict.smallest_effect),
    }
    if verdict.outcome != "too_early":
        return text(f"experiment.verdict_{verdict.outcome}", **values)
    if not verdict.sessions_missing:
        return text("experiment.verdict_too_early_few", arm=arm)
    return text("experiment.verdict_too_early", n=two_figures(verdict.sessions_missing), arm=arm)


def improvement_words(one: Improvement) -> str:
    """Return whether a turn improved on the one before, and if not, why not."""
    values = {
        "turn": one.turn,
        "before": one.turn - 1,
        "change": signed(one.change.value),
        "ends": ends(one.change),
        "arm": one.treatment,
        "listeners": whole(one.listeners),
        "control": signed(one.control.value),
        "control_ends": ends(one.control),
    }
    if one.outcome != "not_told_apart":
        return text(f"experiment.turn_{one.outcome}", **values)
    if one.needed is None or one.needed >= MOST_NEEDED:
        return text("experiment.turn_same_for_ever", **values)
    return text("experiment.turn_same", times=number(one.needed, 2), **values)


def step_name(step: str) -> str:
    """Return what people call a step of the loop."""
    return text(f"experiment.step_{step}")


def step_words(step: str, found: dict[str, Any]) -> str:
    """Return what came of a finished step."""
    return text(f"experiment.found_{step}", **_step_values(step, found))


def _step_values(step: str, found: dict[str, Any]) -> dict[str, Any]:
    if step == "model":
        objective = found["objective"]
        return {
            "tried": whole(found["tried"]),
            "size": found["parameters"]["embedding_size"],
            "value": number(found["test"][objective]),
            "baseline": number(found["popularity"][objective]),
        }
    if step == "analysis":
        outcomes = [
            text(f"experiment.outcome_{one['outcome']}", arm=one["treatment"]) for one in found["verdicts"]
        ]
        return {"outcomes": ", ".join(outcomes) or text("experiment.outcome_none")}
    if step == "index":
        return {"version": plain(found["version"]), "tracks": whole(found["tracks"])}
    counts = {name: whole(value) for name, value in found.items() if isinstance(value, int | float)}
    return {**counts, "seconds": number(found["seconds"])} if "seconds" in found else counts


def two_figures(value: float) -> int:
    """Return a forecast with two figures: more are not known."""
    digits = max(len(str(round(value))) - 2, 0)
    return int(round(value, -digits))
