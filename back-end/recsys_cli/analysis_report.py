"""The report on an experiment in words and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_cli.output import table

if TYPE_CHECKING:
    from recsys_online.analysis.comparison import Effect, Interval
    from recsys_online.analysis.report import Report
    from recsys_online.analysis.verdict import Verdict
    from recsys_online.analysis.what_if import WhatIf

UNITS = {
    "sessions": "sessions per listener",
    "time": "tracks' worth of listening per listener",
    "mean_tracks_per_session": "tracks per session",
    "mean_time_per_session": "listening time per session",
    "mean_request_latency": "milliseconds per request",
}


def report_text(report: Report) -> str:
    """Return counts, warnings, the table of effects and the verdicts."""
    head = "\n".join([*_counts(report), *_warnings(report)])
    if not report.verdicts:
        return f"{head}\n\nNo session has ended in two arms yet: there is nothing to compare."
    return "\n".join([head, "", _effects(report), "", *(_sentence(one) for one in report.verdicts)])


def what_if_text(found: WhatIf) -> str:
    """Return what lists that were not served would have earned, three ways."""
    ways = {
        "inverse propensity": found.ips,
        "self-normalised": found.self_normalised,
        "doubly robust": found.doubly_robust,
    }
    rows = [
        [name, f"{one.value:.3f}", f"{one.low:.3f} to {one.high:.3f}", f"{one.effective:,.0f}"]
        for name, one in ways.items()
    ]
    return (
        f"Of {found.choices:,} first recommendations of a session, chosen at random for {found.listeners:,} "
        f"listeners, {found.ran:.3f} was listened to. Drawn from these lists instead (the best more often):\n"
        f"{table(['estimate', 'listened share', '95 % interval', 'choices it rests on'], rows)}"
    )


def _counts(report: Report) -> list[str]:
    log = report.log
    arms = ", ".join(f"{arm} {n:,}" for arm, n in report.arms.listeners.items())
    ended = sum(report.sessions.values())
    return [
        f"{report.experiment}: {ended:,} finished sessions of {sum(report.arms.listeners.values()):,} "
        f"listeners ({arms}).",
        f"Log: {log.events:,} events of {log.writers} writers, {log.unfinished:,} unfinished sessions, "
        f"{log.torn_lines} torn lines, {log.copies} copies, {log.holes} missing, {log.dropped} dropped.",
    ]


def _warnings(report: Report) -> list[str]:
    words = []
    if report.ratio is not None and report.ratio.alarm:
        arms = ", ".join(
            f"{arm} {n:,} instead of {report.ratio.expected[arm]:,.0f}"
            for arm, n in report.ratio.observed.items()
        )
        words.append(
            f"Do not trust this: the arms have not got their shares of listeners ({arms}; by chance less "
            "than once in 1,000)."
        )
    if report.arms.in_two:
        words.append(f"{report.arms.in_two:,} listeners were seen in two arms and are left out.")
    if report.aa is not None and not report.aa.fine:
        words.append(
            f"A/A check: halves of the control differ {100 * report.aa.share:.1f} times in 100; "
            f"{100 * report.aa.low:.1f} to {100 * report.aa.high:.1f} are to be expected. Intervals may lie."
        )
    return words


def _effects(report: Report) -> str:
    heads = ["arm", "metric", "control", "treatment", "effect %", "one look %", "older %", "any time %"]
    freed = any(one.earlier_effect is not None for one in report.effects)
    heads += [*(["earlier days out %"] if freed else []), "p (Holm)", ""]
    return table(heads, [_row(one, freed=freed) for one in report.effects])


def _row(one: Effect, *, freed: bool) -> list[str]:
    return [
        one.treatment,
        UNITS[one.metric],
        f"{one.control_mean:.3f}",
        f"{one.treatment_mean:.3f}",
        percent(one.effect.value),
        _ends(one.effect),
        _ends(one.older_effect),
        _ends(one.always_valid),
        *([_freed(one)] if freed else []),
        "" if one.p_holm is None else f"{one.p_holm:.2g}",
        "*" if one.significant else "",
    ]


def _freed(one: Effect) -> str:
    if one.earlier_effect is None:
        return ""
    return f"{_ends(one.earlier_effect)} ({100 * (one.variance_removed or 0):.0f} % less variance)"


def _sentence(one: Verdict) -> str:
    measure = UNITS[one.metric]
    sure = f"{percent(one.effect.value)} % {measure}, {_ends(one.effect)}"
    words = {
        "wins": f"{one.treatment} wins: {sure}.",
        "loses": f"{one.treatment} loses: {sure}.",
        "no_difference": f"{one.treatment}: no difference of {100 * one.smallest_effect:g} % or more in "
        f"{measure} was found ({sure}).",
        "too_early": f"{one.treatment}: too early{_more(one)}.",
    }[one.outcome]
    if one.visible is not None:
        words += f" So many listeners show {100 * one.visible:.1f} % or more, 8 times in 10."
    return words if one.trusted else f"{words} Not to be trusted, see above."


def _more(one: Verdict) -> str:
    if not one.sessions_missing:
        return ""
    digits = max(len(str(one.sessions_missing)) - 2, 0)  # two figures are known at best
    return f": about {round(one.sessions_missing, -digits):,} more sessions"


def _ends(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return "not known yet"
    return f"{percent(interval.low)} to {percent(interval.high)}"


def percent(share: float | None) -> str:
    """Return a share as signed per cent, one decimal."""
    return "?" if share is None else f"{round(100 * share, 1) + 0.0:+.1f}"  # never -0.0
