"""What Preferences shows of one subject: a model's list with its reasons, and another's beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recsys_core.listening.explain import explain
from recsys_core.listening.list_comparison import compare_lists
from recsys_dashboard import cached
from recsys_dashboard.listening.cached_company import company_of, nearness
from recsys_dashboard.listening.run_choice import source_line

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.company import Company
    from recsys_core.listening.explain import Explanation
    from recsys_core.listening.list_comparison import ListComparison
    from recsys_core.listening.nearness import Nearness
    from recsys_core.listening.ranked_list import RankedList
    from recsys_core.runs.manifest import Manifest
    from recsys_dashboard.listening.subject import Subject


@dataclass(frozen=True, eq=False)
class Other:
    """The list of a second model, and how it differs from the first's."""

    manifest: Manifest
    found: pd.DataFrame
    comparison: ListComparison
    source: str


@dataclass(frozen=True, eq=False)
class Answer:
    """The list of ``manifest``, ``found`` its first rows, ``why`` they are there; ``truth`` of a listener."""

    manifest: Manifest
    ranked: RankedList
    found: pd.DataFrame
    why: Explanation
    near: Nearness | None
    company: Company
    source: str
    truth: pd.DataFrame | None
    other: Other | None


def answer_of(subject: Subject, manifest: Manifest, against: Manifest | None) -> Answer:
    """Return everything the page shows of ``subject`` by one model, and by another where enough is known."""
    dataset, user_id = subject.dataset, subject.user_id
    ranked = subject.ranked(manifest)
    truth = None if user_id is None else cached.suggestions(manifest.run_id, dataset).truth(user_id)
    return Answer(
        manifest=manifest,
        ranked=ranked,
        found=ranked.table(subject.k),
        why=explain(ranked, ranked.order[: subject.k]),
        near=nearness(manifest.run_id, dataset) if subject.enough else None,
        company=company_of(dataset),
        source=source_line(dataset, manifest),
        truth=truth,
        other=_beside(subject, ranked, against) if against is not None and subject.enough else None,
    )


def _beside(subject: Subject, first: RankedList, against: Manifest) -> Other:
    second = subject.ranked(against)
    comparison = compare_lists(first, second, subject.k)
    return Other(against, second.table(subject.k), comparison, source_line(subject.dataset, against))
