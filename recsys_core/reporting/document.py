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
from recsys_core.models.tuned import tuned_settings
from recsys_core.reporting.answer import answer_lines, reach_line
from recsys_core.reporting.figures import intervals_figure, time_figure
from recsys_core.reporting.goals import goal_lines
from recsys_core.reporting.reach import reach
from recsys_core.reporting.tables import (
    in_words,
    length_rows,
    seed_rows,
    segment_rows,
    settings_rows,
    ties_rows,
    time_rows,
    verdict_rows,
)
from recsys_core.splitting import split

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recsys_core.comparison.evidence import Evidence
    from recsys_core.datasets import Dataset
    from recsys_core.reporting.reach import Reach
    from recsys_core.runs import Run, RunStore
    from recsys_core.splitting import Split


def write_report(
    runs: Sequence[Run], dataset: Dataset, store: RunStore, out: Path, *, command: str, threads: int = 1
) -> list[Path]:
    """Write the report on ``runs`` (of :func:`gather`) to ``out``, two figures beside it; return the files.

    Raises
    ------
    RunError
        If a file cannot be written.
    """
    first = [run for run in runs if run.manifest.protocol == runs[0].manifest.protocol]
    parts, k = split(dataset, first[0].manifest.protocol), list_length_of(first[0].manifest)
    metrics = ("auc", f"precision@{k}", f"recall@{k}", f"ndcg@{k}")
    verdicts = {metric: verdict_table(runs, metric) for metric in metrics}
    reached, decisive = reach(parts), f"ndcg@{k}"
    order = list(verdicts[decisive]["model"])
    first.sort(key=lambda run: order.index(run.manifest.model))
    evidence = together(kept_evidence(store, run, parts, k=k, threads=threads) for run in first)
    seconds = time_rows(first, metrics)
    names = {kind: f"{out.stem}-{kind}.svg" for kind in ("quality", "time")}
    lines = [
        f"# Results on {dataset.source.title}",
        "",
        *([_SIMULATED, ""] if dataset.source.simulated else []),
        "## The answer",
        "",
        *answer_lines(runs, verdicts, reached, decisive, k),
        "",
        f"![{decisive} of every model with its 95 % interval]({names['quality']})",
        "",
        "## How it was measured",
        "",
        *_method(runs, dataset, command),
        "",
        *goal_lines(dataset.source.name, verdicts, seconds, k),
        "## Verdicts",
        "",
        *_verdicts(runs, verdicts),
        "## Quality and time",
        "",
        f"![{decisive} against seconds of training]({names['time']})",
        "",
        f"Split seed {first[0].manifest.protocol.seed}; seconds on the computer that wrote this.",
        "",
        to_markdown(in_words(seconds)),
        *_first_split(first, parts, evidence, k),
        *_oracle(reached),
        "## Settings",
        "",
        *_settings(first),
    ]
    points = seconds.rename(columns={"fit seconds": "seconds", decisive: "mean"})
    texts = {
        out: "\n".join(lines).rstrip() + "\n",
        out.with_name(names["quality"]): intervals_figure(verdicts[decisive], f"{decisive}, 95 % intervals"),
        out.with_name(names["time"]): time_figure(points, f"{decisive} against seconds of training"),
    }
    try:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError(f"{error.filename}: the report could not be written: {error.strerror}.") from None
    return list(texts)


_SIMULATED = "> The listeners of these data are simulated: nothing here speaks of real people."


def _method(runs: Sequence[Run], dataset: Dataset, command: str) -> list[str]:
    manifest = runs[0].manifest
    seeds = list(dict.fromkeys(run.manifest.protocol.seed for run in runs))
    share = manifest.n_test / (manifest.n_train + manifest.n_test)
    return [
        f"{dataset.n_users:,} listeners, {dataset.n_items:,} artists, {len(dataset.interactions):,} pairs "
        f"(fingerprint `{dataset.fingerprint}`). {share:.0%} of the pairs are held out at random after the "
        f"play counts are scaled as the platform's driver does ({manifest.n_train:,} to train on, "
        f"{manifest.n_test:,} to test in the first split). Every model ranks all artists a listener does not "
        "have in train; of equal scores the held-out artist counts as last.",
        "",
        f"Split seeds: {', '.join(map(str, seeds))}. Settings were searched on Last.fm 2011, on a validation "
        "part of the train pairs of seed 42; on no other seed was anything tuned. Intervals are the "
        "bootstrap's over listeners, a listener of several splits counting once with the mean; p-values are "
        "paired, two-sided and corrected for the number of models (Holm). Means of single splits stand under "
        "each verdict.",
        "",
        "This page, its figures and every run behind them are made by:",
        "",
        f"```\n{command}\n```",
    ]


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
    lines = ["## Lists of other lengths", ""]
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


def _oracle(reached: Reach) -> list[str]:
    table = pd.DataFrame(
        {
            "held-out plays": [
                "all",
                "of an artist a friend plays in train",
                "of an artist without a train listener",
                "… that others tagged",
                "… that the listener alone tagged, which no model may use",
                "… out of reach: no train listener, no tag by others",
            ],
            "count": [
                *(reached.n_pairs, reached.by_friends, reached.n_cold),
                *(reached.told, reached.own_only, reached.unknowable),
            ],
        }
    )
    return ["## What could be known at all", "", reach_line(reached), "", to_markdown(table)]


def _settings(first: Sequence[Run]) -> list[str]:
    left = sorted(name for name, one in tuned_settings().items() if not one.found)
    said = (
        f"Nobody tuned {', '.join(f'`{name}`' for name in left)}: they are not compared here." if left else ""
    )
    return [to_markdown(settings_rows(first)), said]
