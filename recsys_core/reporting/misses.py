"""Who finds what: held-out pairs in the lists of two models, and those in neither, by what could be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recsys_core.models.side_information import friend_shares
from recsys_core.ranking import held_out_ranks
from recsys_core.reporting.reach import unknowable_pairs

if TYPE_CHECKING:
    from recsys_core.runs import Run
    from recsys_core.splitting import Split

PAIRS, COUNT, SHARE = "held-out plays", "count", "share"


def found_rows(one: Run, other: Run, parts: Split, *, k: int = 10, threads: int = 1) -> pd.DataFrame:
    """Return how many held-out pairs of ``parts`` the lists of ``k`` by two runs hold, or why none does.

    Rows add up to all pairs: ``held-out plays, count, share``.
    """
    first, second = (_in_list(run, parts, k, threads) for run in (one, other))
    lost, friends = unknowable_pairs(parts), _friends_play(parts)
    neither = ~first & ~second
    names = one.manifest.model, other.manifest.model
    rows = {
        f"in the lists of both `{names[0]}` and `{names[1]}`": first & second,
        f"of `{names[0]}` alone": first & ~second,
        f"of `{names[1]}` alone": second & ~first,
        "of neither, though a friend plays the artist": neither & friends & ~lost,
        "of neither, though somebody else plays or tagged the artist": neither & ~friends & ~lost,
        "of neither, and nobody could have known": neither & lost,
    }
    counts = [int(found.sum()) for found in rows.values()]
    return pd.DataFrame({PAIRS: [*rows], COUNT: counts, SHARE: [f"{n / len(lost):.1%}" for n in counts]})


def _in_list(run: Run, parts: Split, k: int, threads: int) -> np.ndarray:
    """Return for each pair of the test part whether its item is in its user's list of ``k``, bool."""
    train, test = parts.train.to_csr(binary=True), parts.test.to_csr(binary=True)
    places = test.copy()
    # one more, as an explicit zero is no entry
    places.data = held_out_ranks(run.model(parts.training).scorer, test, train, threads=threads).ranks + 1
    return np.asarray(places[parts.test.user_idx, parts.test.item_idx]).ravel() <= k


def _friends_play(parts: Split) -> np.ndarray:
    friends = friend_shares(parts.training) @ parts.train.to_csr(binary=True)
    return np.asarray(friends[parts.test.user_idx, parts.test.item_idx]).ravel() > 0
