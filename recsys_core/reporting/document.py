"""The document: one page of answer, then every table it rests on, and the commands that make it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.comparison.evidence import LENGTHS
from recsys_core.comparison.export import to_markdown
from recsys_core.comparison.segments import ARTISTS, LISTENERS, listeners_table
from recsys_core.comparison.ties import verdict_depends_on_ties
from recsys_core.errors import RunError
from recsys_core.reporting import tried
from recsys_core.reporting.answer import answer_lines
from recsys_core.reporting.figures import intervals_figure, time_figure
from recsys_core.reporting.findings import findings
from recsys_core.reporting.numbers import numbers
from recsys_core.reporting.sections import (
    budget_lines,
    goal_lines,
    method_lines,
    oracle_lines,
    settings_lines,
)
from recsys_core.reporting.tables import (
    FIT_SECONDS,
    in_words,
    length_rows,
    seed_rows,
    segment_rows,
    ties_rows,
    verdict_rows,
)
from recsys_core.reporting.unseen import unseen_lines
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from recsys_core.datasets import Dataset
    from recsys_core.reporting.findings import Findings
    from recsys_core.runs import Run, RunStore


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
    found = findings(runs, dataset, store, threads=threads)
    beside = {kind: out.with_name(f"{out.stem}-{kind}") for kind in ("quality.svg", "time.svg", "tried.md")}
    decisive, known = found.decisive, dataset.source.name == tried.DATASET
    lines = [
        *_answer(found, dataset, beside["quality.svg"].name),
        *["## How it was measured", ""],
        *method_lines(runs, dataset, command, out.with_suffix(".json").name),
        *goal_lines(found.goals, found.seeds),
        *(budget_lines(beside["tried.md"].name) if known else []),
        *unseen_lines(runs, decisive),
        *_verdicts(found),
        *_quality_and_time(found, beside["time.svg"].name),
        *_first_split(found),
        *oracle_lines(found.reached, found.finders, found.k),
        *["## Settings", ""],
        *settings_lines(found.first),
    ]
    points = found.seconds.rename(columns={FIT_SECONDS: "seconds", decisive: "mean"})
    files: dict[Path, str | bytes] = {
        out: "\n".join(lines).rstrip() + "\n",
        beside["quality.svg"]: intervals_figure(found.verdicts[decisive], f"{decisive}, 95 % intervals"),
        beside["time.svg"]: time_figure(points, f"{decisive} against seconds of training"),
        out.with_suffix(".json"): numbers(found, command=command),
        **({beside["tried.md"]: tried.tried_page()} if known else {}),
    }
    _write(files)
    return list(files)


def _write(files: Mapping[Path, str | bytes]) -> None:
    try:
        for path, text in files.items():
            write_whole(path, text if isinstance(text, bytes) else text.encode())
    except OSError as error:
        raise RunError(f"{error.filename}: the report could not be written: {error.strerror}.") from None


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


def _answer(found: Findings, dataset: Dataset, figure: str) -> list[str]:
    return [
        f"# Results on {dataset.source.title}",
        "",
        *([_SIMULATED, ""] if dataset.source.simulated else []),
        "## The answer",
        "",
        *answer_lines(found),
        "",
        f"![{found.decisive} of every model with its 95 % interval]({figure})",
        "",
    ]


def _verdicts(found: Findings) -> list[str]:
    lines = ["## Verdicts", "", _VERDICTS, ""]
    for metric, table in found.verdicts.items():
        lines += [f"### {metric}", "", to_markdown(verdict_rows(table))]
        if len(found.seeds) > 1:
            lines += [_between_seeds(found), "", to_markdown(seed_rows(found.runs, metric))]
    return lines


def _between_seeds(found: Findings) -> str:
    counts = sorted({run.manifest.n_test_users for run in found.runs})
    listeners = f"{counts[0]:,} to {counts[-1]:,}" if len(counts) > 1 else f"{counts[0]:,}"
    return f"Between split seeds (n = {len(found.seeds)} splits, each of {listeners} listeners):"


def _quality_and_time(found: Findings, figure: str) -> list[str]:
    return [
        "## Quality and time",
        "",
        f"![{found.decisive} against seconds of training]({figure})",
        "",
        _SECONDS,
        "",
        to_markdown(in_words(found.seconds)),
    ]


def _first_split(found: Findings) -> list[str]:
    """Return lengths, ties, lists and segments, all of the first split."""
    k, evidence = found.k, found.evidence
    manifest = found.first[0].manifest
    lines = [
        "## Lists of other lengths",
        "",
        f"From here on: split seed {manifest.protocol.seed} alone, n = {manifest.n_test_users:,} listeners.",
        "",
    ]
    for kind in ("precision", "recall", "ndcg"):
        lines += [to_markdown(length_rows(evidence, kind, LENGTHS))]
    lines += ["## Equal scores", ""]
    for metric in ("auc", f"precision@{k}"):
        table = ties_rows(evidence, metric)
        same = not verdict_depends_on_ties(evidence.ties_of(metric))
        said = "the order of models is the same under both rules" if same else "the order depends on the rule"
        lines += [f"By {metric} {said}.", ""]
        lines += [] if same else [to_markdown(table)]
    lines += [f"## What the lists of {k} are like", "", _LISTS, "", to_markdown(evidence.lists)]
    return lines + _segments(found)


def _segments(found: Findings) -> list[str]:
    lines = ["## For whom", "", _LISTENERS, ""]
    of_listeners = listeners_table(found.first, found.parts)
    for metric in ("auc", f"ndcg@{found.k}"):
        lines += [f"{metric}:", "", to_markdown(segment_rows(of_listeners, metric, LISTENERS))]
    lines += ["## For which artists", "", _ARTISTS, ""]
    for metric in ("auc", f"recall@{found.k}"):
        lines += [f"{metric}:", "", to_markdown(segment_rows(found.evidence.artists, metric, ARTISTS))]
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
