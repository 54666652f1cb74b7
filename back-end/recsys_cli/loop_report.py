"""What a loop came to: a line per step, a text for the terminal, a report in Markdown, plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from recsys_cli.analysis_report import UNITS, percent, report_text
from recsys_cli.output import table
from recsys_online.analysis.comparison import Interval
from recsys_online.loop import Improvement, read_look, steps_of
from recsys_online.loop.turn import turn_home

if TYPE_CHECKING:
    from recsys_online.loop import Look, Loop

WORLDS = {
    "demo": "the demo data",
    "lastfm": "the Last.fm data",
    "botify": "the older service's files",
}
SIMULATED = "All listeners are simulated: no figure here speaks of people."


def step_line(event: dict[str, Any]) -> str:
    """Return ``[3/8] turn 1, pairs: 36,835 pairs ... (2.5 s)``."""
    place = f"[{event['place']}/{event['of']}] turn {event['turn']}, {event['step']}"
    return f"{place}: {said(event['step'], event['found'])} ({event['seconds']:.1f} s)"


def said(step: str, found: dict[str, Any]) -> str:
    """Return what came of a step, in words."""
    return _WORDS[step](found)


def loop_result(loop: Loop) -> dict[str, Any]:
    """Return request, steps, and the report of every turn's experiment, fit for JSON."""
    looks = {turn: read_look(turn_home(loop, turn)) for turn in _turns(loop)}
    return {
        **msgspec.to_builtins(loop.card),
        "simulated": True,
        "folder": str(loop.folder),
        "finished": finished(loop),
        "reports": {str(turn): msgspec.to_builtins(look.report) for turn, look in looks.items() if look},
    }


def finished(loop: Loop) -> bool:
    """Return whether nothing is left to do."""
    return all(loop.card.done(turn, name) for turn, name in steps_of(loop.request))


def loop_text(loop: Loop) -> str:
    """Return the steps and who won, turn by turn."""
    steps = [
        (str(one.turn), one.name, said(one.name, one.found), f"{one.seconds:.1f}") for one in loop.card.steps
    ]
    words = [
        f"Loop {loop.card.loop_id} in {loop.folder}. {SIMULATED}",
        table(("turn", "step", "what came of it", "seconds"), steps),
    ]
    for turn in _turns(loop):
        if loop.card.done(turn, "analysis") and (look := read_look(turn_home(loop, turn))) is not None:
            words += ["", f"Turn {turn}. {report_text(look.report)}"]
            words += [improvement_words(one) for one in improvements(loop, turn)]
    return "\n".join(words)


def markdown(loop: Loop) -> str:
    """Return the whole report, to be read by people."""
    request = loop.request
    arms = ", ".join(f"{arm} = {name}" for arm, name in request.treatments.items())
    lines = [
        "# The closed loop",
        "",
        f"{SIMULATED} World: {WORLDS[request.world]}; seed {request.seed}; begun {loop.card.created}; "
        f"{arms}; experiments {'over HTTP' if request.way == 'http' else 'in one process'}.",
        "",
        *_outcome(loop),
    ]
    for turn in _turns(loop):
        lines += ["", f"## Turn {turn}", "", "| step | what came of it | seconds |", "|---|---|---|"]
        done = [one for one in loop.card.steps if one.turn == turn]
        lines += [f"| {one.name} | {said(one.name, one.found)} | {one.seconds:.1f} |" for one in done]
        look = read_look(turn_home(loop, turn)) if loop.card.done(turn, "analysis") else None
        lines += _effects(look) if look is not None else []
    return "\n".join([*lines, ""])


def improvements(loop: Loop, turn: int) -> list[Improvement]:
    """Return how a turn compares with the one before; nothing for the first."""
    step = loop.card.done(turn, "analysis")
    return msgspec.convert(step.found.get("improvements", []), list[Improvement]) if step else []


def improvement_words(one: Improvement) -> str:
    """Return whether a turn improved on the one before; if not, why not."""
    change = f"{percent(one.change.value)} % listening time per session ({_ends(one.change)})"
    check = f"The control, for whom nothing changed: {percent(one.control.value)} % ({_ends(one.control)})."
    same = f"for the same {one.listeners:,} listeners of {one.treatment}"
    if one.outcome == "improved":
        return f"Turn {one.turn} improves on turn {one.turn - 1}: {change} {same}. {check}"
    if one.outcome == "worse":
        why = (
            "The lists of the turn before decided what could be liked, so that the log says little of "
            "anything else; a longer first log, or learning from the control alone, would show."
        )
        return f"Turn {one.turn} is worse than turn {one.turn - 1}: {change} {same}. {why} {check}"
    more = (
        f"A change of this size would show with about {one.needed:.1f} times the sessions."
        if one.needed is not None and one.needed < 1000
        else "No number of sessions within reach would show a change so small."
    )
    return (
        f"Turn {one.turn} cannot be told from turn {one.turn - 1}: {change} {same}; the interval holds 0. "
        f"{more} {check}"
    )


def _outcome(loop: Loop) -> list[str]:
    """Return the verdict of every turn first: what a reader came for."""
    found = []
    for turn in _turns(loop):
        step = loop.card.done(turn, "analysis")
        if step is not None:
            look = read_look(turn_home(loop, turn))
            verdicts = report_text(look.report).rpartition("\n\n")[2].splitlines() if look else []
            found += [f"- Turn {turn}. {words}" for words in verdicts]
            found += [f"- {improvement_words(one)}" for one in improvements(loop, turn)]
    return found or ["No experiment has been analysed yet."]


def _effects(look: Look) -> list[str]:
    heads = ["arm", "metric", "control", "treatment", "effect %", "one look %", "any time %", "p (Holm)"]
    rows = [
        [
            one.treatment, UNITS[one.metric], f"{one.control_mean:.3f}", f"{one.treatment_mean:.3f}",
            percent(one.effect.value), _ends(one.effect), _ends(one.always_valid),
            "" if one.p_holm is None else f"{one.p_holm:.2g}",
        ]
        for one in look.report.effects
        if one.control_mean or one.treatment_mean  # nobody waits where there is no network
    ]  # fmt: skip
    lines = [heads, ["---"] * len(heads), *rows]
    return ["", *(f"| {' | '.join(line)} |" for line in lines)]


def _turns(loop: Loop) -> list[int]:
    return sorted({one.turn for one in loop.card.steps})


def _ends(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return "not known"
    return f"{percent(interval.low)} to {percent(interval.high)}"


def _log(found: dict[str, Any]) -> str:
    words = f"{found['sessions']:,} sessions, {found['events']:,} events"
    if "arms" not in found:  # a log that was there before
        return words
    (arm,) = found["arms"]
    return f"{words}, random tracks, {arm['time_per_session']:.2f} listened a session"


def _pairs(found: dict[str, Any]) -> str:
    return (
        f"{found['pairs']:,} pairs of {found['pair_listeners']:,} listeners and {found['tracks']:,} tracks "
        f"from {found['plays']:,} plays in {found['logs']} logs"
    )


def _dataset(found: dict[str, Any]) -> str:
    return (
        f"{found['users']:,} listeners, {found['tracks']:,} tracks; by time {found['train']:,} pairs to "
        f"learn, {found['validation']:,} to choose, {found['test']:,} to judge"
    )


def _model(found: dict[str, Any]) -> str:
    values, objective = found["parameters"], found["objective"]
    return (
        f"{found['tried']} settings tried: size {values['embedding_size']}, "
        f"rate {values['learning_rate']:.3g}, sampled {values['max_sampled']}, {found['epochs']} epochs; "
        f"{objective} {found['test'][objective]:.3f} on the latest pairs "
        f"(most popular for all: {found['popularity'][objective]:.3f})"
    )


def _lists(found: dict[str, Any]) -> str:
    return f"{found['k']} tracks for each of {found['users']:,} listeners"


def _index(found: dict[str, Any]) -> str:
    where = "on disk and in Redis" if found["redis"] else "on disk"
    return f"version {found['version']} {where}, {found['tracks']:,} tracks in the catalogue"


def _experiment(found: dict[str, Any]) -> str:
    words = f"{found['sessions']:,} sessions in {found['seconds']:.1f} s"
    if found["latency"]:
        words += f", answers after {found['latency']['p50']:.1f} ms (p99 {found['latency']['p99']:.1f} ms)"
    return f"{words}, {found['failed']:,} broken off" if found["failed"] else words


def _analysis(found: dict[str, Any]) -> str:
    verdicts = [
        f"{one['treatment']} {one['outcome'].replace('_', ' ')}, {percent(one['effect']['value'])} %"
        for one in found["verdicts"]
    ]
    return "; ".join(verdicts) or "nothing to compare yet"


_WORDS = {
    "log": _log,
    "pairs": _pairs,
    "dataset": _dataset,
    "model": _model,
    "lists": _lists,
    "index": _index,
    "experiment": _experiment,
    "analysis": _analysis,
}
