"""What takes long to learn about a run, computed once and kept beside it: segments, lists, ties, lengths."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.comparison.beyond_accuracy import lists_row
from recsys_core.comparison.per_user import MODEL, of_split
from recsys_core.comparison.segments import METRIC, artists_rows
from recsys_core.comparison.ties import HALF, PESSIMISTIC, RULES, rule_means, with_places
from recsys_core.errors import RunError
from recsys_core.ranking import held_out_ranks
from recsys_core.runs.artefacts import read_artefact, write_artefact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from recsys_core.runs import Run, RunStore
    from recsys_core.splitting import Split

NAME = "evidence"
LENGTHS = (5, 10, 20, 50)
_WRITTEN = 1  # of the tables' columns: a stored one of another number is computed again


@dataclass(frozen=True, eq=False)
class Evidence:
    """Tables of one run, or of several below each other.

    Parameters
    ----------
    artists
        As :func:`recsys_core.comparison.segments.artists_table`.
    lists
        As :func:`recsys_core.comparison.beyond_accuracy.lists_table`.
    ties
        ``model, metric, pessimistic, half``: the mean under either rule, at the list length asked for and at
        each of :data:`LENGTHS`.
    """

    artists: pd.DataFrame
    lists: pd.DataFrame
    ties: pd.DataFrame

    def ties_of(self, metric: str) -> pd.DataFrame:
        """Return the table of :func:`recsys_core.comparison.ties.ties_table` for one metric."""
        return with_places(self.ties[self.ties[METRIC] == metric].drop(columns=METRIC))


def evidence_of(run: Run, parts: Split, *, k: int = 10, threads: int = 1) -> Evidence:
    """Return the tables of ``run``, made on ``parts``, for lists of ``k``: three passes over all scores.

    Raises
    ------
    DataError
        If the run was made on another split.
    """
    (run,) = of_split([run], parts)
    scorer, model = run.model(parts.training).scorer, run.manifest.model
    train, test = parts.train.to_csr(binary=True), parts.test.to_csr(binary=True)
    ranks = {rule: held_out_ranks(scorer, test, train, threads=threads, ties=rule) for rule in RULES}
    lengths = sorted({k, *LENGTHS})
    means = {rule: rule_means(one, parts.dataset.n_items, lengths) for rule, one in ranks.items()}
    ties = [
        {MODEL: model, METRIC: metric, PESSIMISTIC: value, HALF: means[HALF][metric]}
        for metric, value in means[PESSIMISTIC].items()
    ]
    return Evidence(
        artists=pd.DataFrame(artists_rows(model, ranks[PESSIMISTIC], parts, k=k)),
        lists=pd.DataFrame([lists_row(model, scorer, parts, k=k, threads=threads)]),
        ties=pd.DataFrame(ties),
    )


def kept_evidence(store: RunStore, run: Run, parts: Split, *, k: int = 10, threads: int = 1) -> Evidence:
    """Return :func:`evidence_of` a stored run, from its artefact if there is one; if not, that is written."""
    run_id = run.manifest.run_id
    found = _stored(store, run_id, k)
    if found is not None:
        return found
    made = evidence_of(run, parts, k=k, threads=threads)
    # a full disk or a run deleted meanwhile: what was computed can be shown all the same
    with suppress(RunError):
        files = {f"{one.name}.parquet": _writer(getattr(made, one.name)) for one in fields(Evidence)}
        write_artefact(store, run_id, _name(k), files, about={"list_length": k, "written": _WRITTEN})
    return made


def together(found: Iterable[Evidence]) -> Evidence:
    """Return the tables of several runs below each other."""
    all_of = list(found)
    return Evidence(
        *(
            pd.concat([getattr(one, table.name) for one in all_of], ignore_index=True)
            for table in fields(Evidence)
        )
    )


def lengths_table(ties: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return ``model`` and a column per list length of ``kind`` ("precision", "recall", ...), shortest first.

    ``ties`` as in :class:`Evidence`; the rule for ties is the project's own, best first at the shortest.
    """
    own = ties[ties[METRIC].str.partition("@")[0] == kind]
    names = sorted(own[METRIC].unique(), key=lambda name: int(name.partition("@")[2]))
    table = own.pivot_table(index=MODEL, columns=METRIC, values=PESSIMISTIC)[names].reset_index()
    table.columns.name = None
    return table.sort_values(names[0], ascending=False, ignore_index=True)


def _name(k: int) -> str:
    return f"{NAME}-{k}"


def _stored(store: RunStore, run_id: str, k: int) -> Evidence | None:
    """Return what is kept of a run; None where there is nothing, or something damaged or older."""
    with suppress(RunError, OSError, ValueError):
        artefact = read_artefact(store, run_id, _name(k))
        if artefact is not None and artefact.about.get("written") == _WRITTEN:
            names = [f"{one.name}.parquet" for one in fields(Evidence)]
            return Evidence(*(pd.read_parquet(artefact.path(name)) for name in names))
    return None


def _writer(table: pd.DataFrame) -> Callable[[Path], None]:
    return table.to_parquet
