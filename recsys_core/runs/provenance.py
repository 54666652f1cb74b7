"""What a document rests on: data, seed and versions, as a table to print above everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.datasets import Dataset
from recsys_core.runs.manifest import versions

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies


SIMULATED = "yes: nothing here speaks of real people"


def provenance(data: Dataset | Movies | str, *, seed: int) -> pd.DataFrame:
    """Return ``value`` by what it is: data set, size, simulated or not, fingerprint, seed, versions.

    The same table means the same data and packages; figures of another table are not to be compared.
    Simulated data that do not exist yet have a name only.
    """
    facts = {"data set": data, "simulated": SIMULATED} if isinstance(data, str) else _facts(data)
    return pd.DataFrame({"value": {**facts, "seed": str(seed), **versions()}})


def _facts(data: Dataset | Movies) -> dict[str, str]:
    source = data.source
    return {
        "data set": source.title,
        "size": _size(data),
        "simulated": SIMULATED if source.simulated else "no",
        "fingerprint": data.fingerprint,
    }


def _size(data: Dataset | Movies) -> str:
    if isinstance(data, Dataset):
        return f"{data.n_users:,} listeners, {data.n_items:,} items, {len(data.interactions):,} pairs"
    rated = "" if data.ratings is None else f", {len(data.ratings.interactions):,} ratings"
    return f"{len(data):,} films{rated}"
