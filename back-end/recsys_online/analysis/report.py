"""One experiment, from its log to who won."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from recsys_core.errors import DataError
from recsys_online.analysis.aa_check import AACheck, aa_check
from recsys_online.analysis.comparison import Effect, compare_arms
from recsys_online.analysis.database import database
from recsys_online.analysis.files import find_log
from recsys_online.analysis.listeners import (
    CONTROL,
    PRIMARY,
    Arms,
    SpanOfTime,
    arm_moments,
    count_arms,
    first_exposure,
    listener_table,
    paired_with_earlier,
    primary_values,
    sessions_by_arm,
    sum_up,
)
from recsys_online.analysis.loading import load
from recsys_online.analysis.over_time import effect_over_time
from recsys_online.analysis.sample_ratio import SampleRatio, sample_ratio
from recsys_online.analysis.sessions import LogCounts, count_log, cut_sessions
from recsys_online.analysis.traffic import Traffic, traffic
from recsys_online.analysis.verdict import SMALLEST_EFFECT, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pandas as pd
    from duckdb import DuckDBPyConnection

    from recsys_online.analysis.cuped import PairedMoments

FEWEST_TO_HALVE = 100  # listeners of the control that make the A/A check worth its name


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that the log says about one experiment.

    Attributes
    ----------
    sessions
        Finished sessions by arm.
    ratio
        None if there are fewer than two arms to compare.
    aa
        Of the control; None with too few listeners, or if they do not differ.
    """

    experiment: str
    log: LogCounts
    arms: Arms
    sessions: dict[str, int]
    ratio: SampleRatio | None
    effects: list[Effect]
    verdicts: list[Verdict]
    aa: AACheck | None


class Question(msgspec.Struct, frozen=True):
    """What is asked of a log.

    Parameters
    ----------
    experiment
        Its name.
    shares
        Of listeners per arm, as planned; even if left out.
    since, until
        Count sessions of the experiment that end in this span (ms). What ended before ``since``, or before
        the experiment's first session, serves to reduce noise.
    smallest_effect
        The least relative effect worth finding.
    peeking
        False only if this is the first look and the last.
    """

    experiment: str
    shares: dict[str, float] | None = None
    since: int | None = None
    until: int | None = None
    smallest_effect: float = SMALLEST_EFFECT
    peeking: bool = True

    @property
    def span(self) -> SpanOfTime:
        """The sessions that count."""
        always = SpanOfTime()
        return SpanOfTime(
            always.since if self.since is None else self.since,
            always.until if self.until is None else self.until,
        )


class Analysis(msgspec.Struct, frozen=True):
    """The report, and what else a page shows: the effect over time, one row per listener, the traffic."""

    report: Report
    over_time: pd.DataFrame
    listeners: pd.DataFrame
    traffic: Traffic


def analyse(url: str, question: Question, rng: int | np.random.Generator = 0) -> Report:
    """Return what the log at ``url`` says; ``rng`` halves the control in the A/A check.

    ``url`` is a folder, a file, or an address that fsspec knows (``s3://``, ``hdfs://``, ``webhdfs://``).
    Five million events take seconds and less than 500 MB.

    Raises
    ------
    LogError
        If there is no such log or it cannot be read.
    DataError
        If no event names the experiment.
    """
    with _sessions(url, question) as connection:
        return _report(connection, question, rng)


def analyse_with_tables(url: str, question: Question, rng: int | np.random.Generator = 0) -> Analysis:
    """Return :func:`analyse` with over-time effects, :func:`listener_table`, :func:`traffic`; read once."""
    with _sessions(url, question, extra=("fallback",)) as connection:
        report = _report(connection, question, rng)
        over_time = effect_over_time(connection, span=question.span)
        return Analysis(report, over_time, listener_table(connection), traffic(connection))


def count_of_log(url: str, experiment: str) -> LogCounts:
    """Return what the log at ``url`` holds, whoever it is about; raises as :func:`analyse`."""
    with _sessions(url, Question(experiment)) as connection:
        return count_log(connection)


@contextmanager
def _sessions(url: str, question: Question, extra: Sequence[str] = ()) -> Iterator[DuckDBPyConnection]:
    log = find_log(url)
    with database(log.files) as connection:
        load(connection, log, question.experiment, extra)
        cut_sessions(connection)
        yield connection


def _report(connection: DuckDBPyConnection, question: Question, rng: int | np.random.Generator) -> Report:
    counts, arms = count_log(connection), count_arms(connection)
    if not arms.listeners:
        raise DataError(
            f"No event of this log names the experiment {question.experiment}. Look at the name, and the log."
        )
    sum_up(connection, question.span)
    moments, sessions = arm_moments(connection), sessions_by_arm(connection)
    ratio = _ratio(arms, question)
    control = primary_values(connection, CONTROL)
    return Report(
        experiment=question.experiment,
        log=counts,
        arms=arms,
        sessions=sessions,
        ratio=ratio,
        effects=compare_arms(moments, _earlier(connection, question)),
        verdicts=judge(
            moments[PRIMARY],
            sessions,
            smallest_effect=question.smallest_effect,
            peeking=question.peeking,
            trusted=ratio is None or not ratio.alarm,
        ),
        aa=aa_check(control, rng) if len(control) >= FEWEST_TO_HALVE else None,
    )


def _ratio(arms: Arms, question: Question) -> SampleRatio | None:
    planned = question.shares or {CONTROL: 1.0, **dict.fromkeys(arms.listeners, 1.0)}
    return sample_ratio(arms.listeners, planned) if len(planned) > 1 else None


def _earlier(
    connection: DuckDBPyConnection, question: Question
) -> dict[str, dict[str, PairedMoments]] | None:
    since = first_exposure(connection) if question.since is None else question.since
    return None if since is None else paired_with_earlier(connection, since)
