"""The document: one page of answer, then every table it rests on, and the commands that make it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.comparison.evidence import LENGTHS, kept_evidence, together
from recsys_core.comparison.export import to_markdown
from recsys_core.comparison.history import list_length_of
from recsys_core.comparison.segments import ARTISTS, LISTENERS, listeners_table
from recsys_core.comparison.ties import verdict_depends_on_ties
from recsys_core.comparison.verdicts import verdict_table
from recsys_core.errors import RunError
from recsys_core.reporting import tried
from recsys_core.reporting.answer import answer_lines
from recsys_core.reporting.figures import intervals_figure, time_figure
from recsys_core.reporting.goals import goal_rows
from recsys_core.reporting.numbers import numbers
from recsys_core.reporting.pace import timed_again
from recsys_core.reporting.reach import reach
from recsys_core.reporting.sections import budget_lines, method_lines, oracle_lines, settings_lines
from recsys_core.reporting.tables import (
    FIT_SECONDS,
    in_words,
    length_rows,
    seed_rows,
    segment_rows,
    ties_rows,
    time_rows,
    verdict_rows,
)
from recsys_core.reporting.unseen import unseen_lines
from recsys_core.splitting import split
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recsys_core.comparison.evidence import Evidence
    from recsys_core.datasets import Dataset
    from recsys_core.runs import Run, RunStore
    from recsys_core.splitting import Split


def write_report(
    runs: Sequence[Run], dataset: Dataset, store: RunStore, out: Path, *, command: str, threads: int = 1
) -> list[Path]:
    """Write the report on ``runs`` (of :func:`gather`) to ``out`` and return the files made.

    Beside it: its figures, its numbers as JSON, and on Last.fm 2011 the table of everything tried.

    Raises
    ------
    RunError
        If a file cannot be written.
    """
    first = [run for run in runs if run.manifest.protocol == runs[0].manifest.protocol]
    parts, k = split(dataset, first[0].manifest.protocol), list_length_of(first[0].manifest)
    metrics = ("auc", f"precision@{k}", f"recall@{k}", f"ndcg@{k}")
    verdicts = {metric: verdict_table(runs, metric) for metric in metrics}
    reached, decisive = reach(parts), metrics[-1]
    order = list(verdicts[decisive]["model"])
    first.sort(key=lambda run: order.index(run.manifest.model))
    evidence = together(kept_evidence(store, run, parts, k=k, threads=threads) for run in first)
    seconds = timed_again(time_rows(runs, metrics), first, parts.training)
    goals = goal_rows(dataset.source.name, verdicts, seconds, k)
    beside = {kind: out.with_name(f"{out.stem}-{kind}") for kind in ("quality.svg", "time.svg", "tried.md")}
    known = dataset.source.name == tried.DATASET
    lines = [
        f"# Results on {dataset.source.title}",
        "",
        *([_SIMULATED, ""] if dataset.source.simulated else []),
        "## The answer",
        "",
        *answer_lines(runs, verdicts, seconds, reached, metric=decisive, k=k),
        "",
        f"![{decisive} of every model with its 95 % interval]({beside['quality.svg'].name})",
        "",
        "## How it was measured",
        "",
        *method_lines(runs, dataset, command, out.with_suffix(".json").name),
        "",
        *(["## Goals", "", to_markdown(pd.DataFrame(goals))] if goals else []),
        *(budget_lines(beside["tried.md"].name) if known else []),
        *unseen_lines(runs, decisive),
        "## Verdicts",
        "",
        _VERDICTS,
        "",
        *_verdicts(runs, verdicts),
        "## Quality and time",
        "",
        f"![{decisive} against seconds of training]({beside['time.svg'].name})",
        "",
        _SECONDS,
        "",
        to_markdown(in_words(seconds)),
        *_first_split(first, parts, evidence, k),
        *oracle_lines(reached),
        "## Settings",
        "",
        *settings_lines(first),
    ]
    points = seconds.rename(columns={FIT_SECONDS: "seconds", decisive: "mean"})
    files: dict[Path, str | bytes] = {
        out: "\n".join(lines).rstrip() + "\n",
        beside["quality.svg"]: intervals_figure(verdicts[decisive], f"{decisive}, 95 % intervals"),
        beside["time.svg"]: time_figure(points, f"{decisive} against seconds of training"),
        out.with_suffix(".json"): numbers(runs, verdicts, seconds, goals, reached, k=k, command=command),
        **({beside["tried.md"]: tried.tried_page()} if known else {}),
    }
    try:
        for path, text in files.items():
            write_whole(path, text if isinstance(text, bytes) else text.encode())
    except OSError as error:
        raise RunError(f"{error.filename}: the report could not be written: {error.strerror}.") from None
    return list(files)


_SIMULATED = "> The listeners of these data are simulated: nothing here speaks of real people."
_VERDICTS = (
    "Each listener counts once, with the mean of the splits that hide plays of theirs; between split seeds, "
    "and where seconds stand, each split counts once, so that means differ a little. Intervals are 95 %. "
    "Mean place: where a model stands among all for one "
    "listener, on average. Behind the best: by how much the best exceeds it. Could be luck: p (Holm) is at "
    "least 0.05."
)
_SECONDS = (
    "Qualities are means over the splits, seconds the fewest of all splits on the computer that wrote this; "
    "models trained within five seconds were timed five more times. To 95 % and 99 %: until so much of the "
    "model's own best AUC was there."
)


def _verdicts(runs: Sequence[Run], verdicts: dict[str, pd.DataFrame]) -> list[str]:
    lines = []
    several = len({run.manifest.protocol.seed for run in runs}) > 1
    for metric, table in verdicts.items():
        lines += [f"### {metric}", "", to_markdown(verdict_rows(table))]
        if several:
            lines += ["Between split seeds:", "", to_markdown(seed_rows(runs, metric))]
    return lines


def _first_split(first: Sequence[Run], parts: Split, found: Evidence, k: int) -> list[str]:
    """Return lengths, ties, lists and segments, all of the first split."""
    seed = first[0].manifest.protocol.seed
    lines = ["## Lists of other lengths", "", f"From here on: split seed {seed} alone.", ""]
    for kind in ("precision", "recall", "ndcg"):
        lines += [to_markdown(length_rows(found, kind, LENGTHS))]
    lines += ["## Equal scores", ""]
    for metric in ("auc", f"precision@{k}"):
        table = ties_rows(found, metric)
        same = not verdict_depends_on_ties(found.ties_of(metric))
        said = "the order of models is the same under both rules" if same else "the order depends on the rule"
        lines += [f"By {metric} {said}.", ""]
        lines += [] if same else [to_markdown(table)]
    lines += [f"## What the lists of {k} are like", "", _LISTS, "", to_markdown(found.lists)]
    lines += ["## For whom", "", _LISTENERS, ""]
    of_listeners = listeners_table(first, parts)
    for metric in ("auc", f"ndcg@{k}"):
        lines += [f"{metric}:", "", to_markdown(segment_rows(of_listeners, metric, LISTENERS))]
    lines += ["## For which artists", "", _ARTISTS, ""]
    for metric in ("auc", f"recall@{k}"):
        lines += [f"{metric}:", "", to_markdown(segment_rows(found.artists, metric, ARTISTS))]
    return lines


_LISTS = (
    "Share of the catalogue on any list, inequality (Gini), mean train listeners of a suggested artist, "
    "novelty in bits, and diversity: one minus the mean cosine of a list's pairs, by train listeners."
)
_LISTENERS = "Thirds of the listeners by their plays in train; ± is half a 95 % interval."
_ARTISTS = (
    "Held-out artists by train listeners: head, middle and tail hold a third of the train pairs each, cold "
    "artists have none. n counts listeners with such an artist held out."
)
