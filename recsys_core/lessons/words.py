"""The same texts under every normalisation: which of them changes what is recommended?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.movies.profile import bag_of_words_profile, rank_by_profile

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SAME = 1e-12


def by_normalisation(
    viewed: Sequence[str], candidates: Sequence[str], language: str, stop_words: Collection[str]
) -> pd.DataFrame:
    """Return ``stems, stop_words_out, winners, similarities`` for the four ways to normalise words.

    ``winners`` are the positions (from 1) of the most similar candidates, several where they are level and
    none where nothing is shared; ``similarities`` are in the order of ``candidates``.

    Raises
    ------
    DataError
        If some way leaves the viewed texts without a word.
    SettingsError
        If there is no stemmer for the language.
    """
    rows = []
    for stems in (True, False):
        for out in (True, False):
            profile = bag_of_words_profile(
                viewed, language if stems else None, stop_words=stop_words if out else ()
            )
            ranked = rank_by_profile(profile, candidates).set_index("position")["similarity"]
            best = ranked.max() if len(ranked) else 0.0
            level = sorted(ranked.index[ranked >= best - SAME]) if best > 0 else []
            rows.append((stems, out, tuple(level), tuple(ranked.sort_index())))
    return pd.DataFrame(rows, columns=["stems", "stop_words_out", "winners", "similarities"])


def winner_changes(table: pd.DataFrame) -> bool:
    """Return whether the ways of :func:`by_normalisation` disagree on what comes first."""
    return len(set(table["winners"])) > 1
