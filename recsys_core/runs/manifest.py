"""What is said of a run: data, split, parameters, versions, figures and checksums, as JSON."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.splitting import Protocol
from recsys_core.whole_files import FileCard

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

FORMAT = 1
_SOURCES = ("datasets", "metrics", "models", "ranking")
"""The packages of this library that figures come from; with the modules beside them, such as splitting."""
_PACKAGES = ("lightfm-next", "numba", "numpy", "optuna", "pandas", "scikit-learn", "scipy")


class DatasetCard(msgspec.Struct, frozen=True):
    """Which data a run was trained on."""

    name: str
    title: str
    simulated: bool
    fingerprint: str
    n_users: int
    n_items: int
    n_interactions: int
    choice: dict[str, Any] | None = None


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a run without opening its arrays."""

    format: int = FORMAT
    run_id: str
    comparison_id: str
    created: str
    model: str
    parameters: dict[str, Any]
    epochs: int
    dataset: DatasetCard
    protocol: Protocol
    n_train: int
    n_test: int
    n_test_users: int
    metrics: dict[str, dict[str, dict[str, float]]]
    milestones: dict[str, dict[str, float]]
    seconds: dict[str, float]
    versions: dict[str, str]
    code: str = ""
    tuned_from: dict[str, Any] | None = None
    files: dict[str, FileCard] = {}


def card_of(dataset: Dataset, choice: dict[str, Any] | None = None) -> DatasetCard:
    """Return the card of ``dataset``; ``choice`` says how to load it again."""
    return DatasetCard(
        name=dataset.source.name,
        title=dataset.source.title,
        simulated=dataset.source.simulated,
        fingerprint=dataset.fingerprint,
        n_users=dataset.n_users,
        n_items=dataset.n_items,
        n_interactions=len(dataset.interactions),
        choice=choice,
    )


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


@cache
def code_digest() -> str:
    """Return 12 hex digits that change with the code that runs and their figures are made by."""
    root = Path(__file__).parents[1]
    files = [path for name in _SOURCES for path in (root / name).rglob("*.py")]
    digest = hashlib.sha256()
    for path in sorted([*files, *root.glob("*.py")]):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]
