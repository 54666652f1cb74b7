"""What the dashboard is told by its environment; the only place here that reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from recsys_core.datasets.named_path import named_path

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]


class Settings(msgspec.Struct, frozen=True):
    """Folders the dashboard reads and writes.

    ``data_root`` holds downloads, uploads and runs; ``data_dir`` is a folder or zip with real
    listening data that the user named, or None.
    """

    root: Path
    data_root: Path
    data_dir: Path | None = None

    @property
    def runs_dir(self) -> Path:
        """Folder of the stored runs."""
        return self.data_root / "runs"

    @property
    def studies_dir(self) -> Path:
        """Folder of the tuning studies."""
        return self.data_root / "studies"

    @property
    def film_studies_dir(self) -> Path:
        """Folder of what was measured on film catalogues."""
        return self.data_root / "film_studies"

    @property
    def default_model(self) -> Path:
        """The file that says which run is meant by "best"."""
        return self.data_root / "default_model.json"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings in ``environ``.

    ``REFRAIN_DATA`` names real data; ``REFRAIN_HOME`` moves everything that is written
    (downloads, uploads, runs) away from the project's own ``data`` folder.
    """
    home, data = environ.get("REFRAIN_HOME", ""), environ.get("REFRAIN_DATA", "")
    return Settings(
        root=ROOT,
        data_root=named_path(home).resolve() if home else ROOT / "data",
        data_dir=named_path(data).resolve() if data else None,
    )


def worker_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return ``environ`` with both source folders first on the import path of a child process."""
    folders = [str(ROOT), str(ROOT / "back-end"), environ.get("PYTHONPATH", "")]
    return {**environ, "PYTHONPATH": os.pathsep.join(filter(None, folders))}


def worker_threads() -> int:
    """Return how many threads a job may use: one core is left for the pages."""
    return max(1, (os.cpu_count() or 2) - 1)
