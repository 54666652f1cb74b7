"""Runs on disk: one folder each, written whole or not at all, opened without executing anything."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import pandas as pd

from recsys_core.errors import RunError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.runs.arrays import read_arrays, write_arrays
from recsys_core.runs.manifest import FORMAT, Manifest
from recsys_core.runs.on_disk import DELETED, PARTIAL, check_file, sweep
from recsys_core.whole_files import card_of_file, sync, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender

MANIFEST, ARRAYS, CURVE, PER_USER = "manifest.json", "arrays.npz", "curve.parquet", "metrics.parquet"
FILES = (ARRAYS, CURVE, PER_USER)
_MEND = "Delete the run and train again."
_RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True, eq=False)
class Run:
    """A manifest with its curve (a row per epoch), per-user metrics and model arrays."""

    manifest: Manifest
    curve: pd.DataFrame
    per_user: pd.DataFrame
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    def check_data(self, dataset: Dataset) -> None:
        """Raise :class:`RunError` unless ``dataset`` is what this run was trained on."""
        check_data(self.manifest, dataset)

    def model(self, training: Dataset) -> Recommender:
        """Return the trained model, ready to score, on the ``training`` part it was fitted to."""
        model = create_model(self.manifest.model, self.manifest.parameters)
        return model.restore(training, self.arrays)


class RunStore:
    """The runs below a folder, newest first."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def save(self, run: Run) -> Manifest:
        """Write ``run`` and return its manifest with the files' checksums.

        All files go to a hidden folder first, which then gets its name: a run is there whole or
        not at all, whatever interrupts the writing.

        Raises
        ------
        RunError
            If the folder cannot be written, or there is a run of that id already.
        """
        final = self.folder(run.manifest.run_id)
        if final.exists():
            raise RunError(f"There is a run {run.manifest.run_id!r} already: runs are never overwritten.")
        partial = self.root / f"{PARTIAL}{run.manifest.run_id}-{os.getpid()}"
        try:
            partial.mkdir(parents=True)
            manifest = _write_files(partial, run)
            partial.rename(final)
            sync(self.root)
        except OSError as error:
            raise RunError(
                f"The run could not be stored in {self.root}: {error.strerror or error}. "
                "Make room or choose another folder, then train again."
            ) from None
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return manifest

    def list(self) -> list[Manifest]:
        """Return the manifests of all readable runs, newest first; damaged ones are left out."""
        folders = self.root.iterdir() if self.root.is_dir() else ()
        found = []
        for folder in folders:
            if _RUN_ID.fullmatch(folder.name):
                try:
                    found.append(self.manifest(folder.name))
                except RunError:
                    continue
        return sorted(found, key=lambda manifest: (manifest.created, manifest.run_id), reverse=True)

    def manifest(self, run_id: str) -> Manifest:
        """Return one manifest.

        Raises
        ------
        RunError
            If there is no such run, its manifest is damaged, or a newer version wrote it.
        """
        path = self.folder(run_id) / MANIFEST
        try:
            raw = msgspec.json.decode(path.read_bytes())
            if isinstance(raw, dict) and raw.get("format", FORMAT) > FORMAT:
                raise RunError(
                    f"Run {run_id} was written by a newer version (format {raw['format']}): update first."
                )
            manifest = msgspec.convert(raw, Manifest)
        except OSError:
            raise RunError(f"There is no run {run_id!r}. List them with: refrain runs.") from None
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError, RecursionError) as error:
            raise _damaged(f"The manifest of run {run_id}", error) from None
        if manifest.run_id != run_id or set(manifest.files) != set(FILES):
            raise _damaged(f"The manifest of run {run_id}", "it belongs to another run or lists other files")
        if manifest.model not in MODELS:
            raise RunError(f"Run {run_id} used a model {manifest.model!r} that this version does not have.")
        return manifest

    def load(self, run_id: str) -> Run:
        """Return a run with all its files, each checked against its SHA-256 first.

        Raises
        ------
        RunError
            As :meth:`manifest`, or if a file is missing or changed.
        """
        manifest = self.manifest(run_id)
        folder = self.folder(run_id)
        for name, card in manifest.files.items():
            check_file(folder / name, card, f"run {run_id}", _MEND)
        curve, per_user = (_read_table(folder / name) for name in (CURVE, PER_USER))
        return Run(manifest, curve, per_user, read_arrays(folder / ARRAYS))

    def delete(self, run_id: str) -> None:
        """Delete a run.

        Raises
        ------
        RunError
            If there is no such run or it cannot be deleted.
        """
        folder = self.folder(run_id)
        if not folder.is_dir():
            raise RunError(f"There is no run {run_id!r}. List them with: refrain runs.")
        doomed = self.root / f"{DELETED}{run_id}-{os.getpid()}"
        try:
            folder.rename(doomed)
            shutil.rmtree(doomed)
        except OSError as error:
            raise RunError(f"Run {run_id} could not be deleted: {error.strerror}.") from None

    def clean(self) -> None:
        """Remove what interrupted writers and deleters left behind."""
        sweep(self.root)
        for folder in self.root.glob("*/artefacts") if self.root.is_dir() else ():
            sweep(folder)

    def folder(self, run_id: str) -> Path:
        """Return where a run of that id is or would be; raises RunError for what cannot be an id."""
        if not _RUN_ID.fullmatch(run_id):
            raise RunError(f"{run_id!r} is not the id of a run. List them with: refrain runs.")
        return self.root / run_id


def check_data(manifest: Manifest, dataset: Dataset) -> None:
    """Raise :class:`RunError` unless ``dataset`` is what the run of ``manifest`` was trained on."""
    card = manifest.dataset
    if dataset.fingerprint != card.fingerprint:
        raise RunError(
            f"Run {manifest.run_id} was trained on {card.title} ({card.fingerprint}), not on "
            f"{dataset.source.title} ({dataset.fingerprint}). Choose that data set or train again."
        )


def _write_files(folder: Path, run: Run) -> Manifest:
    run.curve.to_parquet(folder / CURVE)
    run.per_user.to_parquet(folder / PER_USER)
    write_arrays(folder / ARRAYS, run.arrays)
    files = {name: card_of_file(folder / name) for name in FILES}
    manifest = msgspec.structs.replace(run.manifest, files=files)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    sync_folder(folder)
    return manifest


def _read_table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise _damaged(path.name, error) from None


def _damaged(what: str, why: object) -> RunError:
    return RunError(f"{what} is damaged: {why}. {_MEND}")
