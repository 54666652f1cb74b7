"""``refrain analyse``: who won an experiment, from its log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.analysis_report import report_text, what_if_text
from recsys_cli.output import json_option, show
from recsys_online.analysis import Question, judge_lists, read_lists
from recsys_online.analysis import analyse as analyse_log
from recsys_online.experiments.plan import read_plan
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS

if TYPE_CHECKING:
    from datetime import datetime

FORMATS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z")


@click.command(short_help="Say who won an experiment, from its log.")
@click.option("--logs", "url", metavar="URL", help="A folder or file, s3://, hdfs:// or webhdfs://.")
@click.option("--experiment", required=True, help="Name of the experiment.")
@click.option(
    "--since",
    type=click.DateTime(FORMATS),
    help="Count sessions that end from then on; earlier ones reduce the noise.",
)
@click.option("--until", type=click.DateTime(FORMATS), help="Count sessions that end before.")
@click.option(
    "--smallest",
    type=click.FloatRange(0.1, 1000),
    default=5.0,
    show_default=True,
    metavar="PERCENT",
    help="The least difference worth finding.",
)
@click.option(
    "--once", is_flag=True, help="This is the first look and the last: a narrower interval decides."
)
@click.option(
    "--what-if",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Lists (JSON lines) that were not served: what would they have earned?",
)
@json_option
def analyse(
    url: str | None,
    experiment: str,
    since: datetime | None,
    until: datetime | None,
    smallest: float,
    once: bool,
    **output: Any,
) -> None:
    """Compare every treatment with the control: sessions, listening time, tracks, latency, and a verdict.

    Times without a zone are the computer's own.
    """
    settings = read_settings()
    question = Question(
        experiment,
        _shares(experiment),
        _milliseconds(since),
        _milliseconds(until),
        smallest_effect=smallest / 100,
        peeking=not once,
    )
    log = url or str(settings.log_dir)
    report = analyse_log(log, question)
    found, words = msgspec.to_builtins(report), report_text(report)
    if output["what_if"] is not None:
        judged = judge_lists(log, experiment, read_lists(output["what_if"]))
        found["what_if"] = msgspec.to_builtins(judged)
        words = f"{words}\n\n{what_if_text(judged)}"
    show(found, words, output["json_to"])


def _shares(experiment: str) -> dict[str, float] | None:
    """Return the planned shares of the arms, None for an experiment that the plan does not know."""
    for one in read_plan(read_settings().plan, RECOMMENDERS).arms:
        if one.experiment.name == experiment:
            planned = zip(one.experiment.treatments, one.experiment.shares, strict=True)
            return {str(arm): float(share) for arm, share in planned}
    return None


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)
