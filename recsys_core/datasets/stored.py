"""A data set as a folder of raw arrays: opened by memory map in no time, trusted only after checks.

The folder holds ``manifest.json`` (source, report, fingerprint, SHA-256 of every file) and one ``.npy`` per
array. It is written under another name and then renamed, so that it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from scipy import sparse

from recsys_core.datasets.array_files import (
    read_array,
    read_texts,
    text_files,
    write_array,
    write_texts,
)
from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.features import Assignments, FeatureMatrix
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions
from recsys_core.datasets.loading_report import FileReport, LoadingReport
from recsys_core.errors import DataError
from recsys_core.whole_files import FileCard

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 2
MANIFEST = "manifest.json"
PARTIAL = ".partial-"


class StoredManifest(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a stored data set besides its arrays."""

    format: int = FORMAT
    fingerprint: str
    shape: tuple[int, int]
    source: dict[str, Any]
    report: list[dict[str, Any]]
    files: dict[str, FileCard]


class _Sealed(msgspec.Struct, frozen=True):
    """A manifest and the SHA-256 of its JSON."""

    manifest: StoredManifest
    sha256: str


def save_dataset(dataset: Dataset, folder: Path) -> bool:
    """Write ``dataset`` to ``folder`` and return True, or False if there is something already.

    Of several writers at once one wins; the others leave nothing behind.

    Raises
    ------
    DataError
        If the folder cannot be written, or ids are neither whole numbers nor texts.
    """
    partial = folder.with_name(f"{PARTIAL}{secrets.token_hex(8)}")
    try:
        partial.mkdir(parents=True)
        manifest = StoredManifest(
            fingerprint=dataset.fingerprint,
            shape=dataset.interactions.shape,
            source=asdict(dataset.source),
            report=[asdict(one) for one in dataset.report.files],
            files=_write_files(dataset, partial),
        )
        sealed = msgspec.json.format(msgspec.json.encode(_Sealed(manifest, _seal(manifest))), indent=1)
        (partial / MANIFEST).write_bytes(sealed)
        return _take_name(partial, folder)
    except OSError as error:
        problem = f"The data set could not be stored ({error.strerror})."
        raise DataError(problem, fix="Make room or choose another folder.", file=folder) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def open_dataset(folder: Path) -> Dataset:
    """Return the data set stored in ``folder``; its arrays are memory maps that cannot be written to.

    Every file is compared with its SHA-256, and the rows pass the checks that all interactions pass.

    Raises
    ------
    DataError
        If there is none, it is damaged, or another version wrote it.
    """
    manifest = _read_manifest(folder)
    try:
        dataset = _assemble(folder, manifest)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(folder, error) from None
    # computed when it was stored, and sealed with the arrays it is computed from
    dataset.__dict__["fingerprint"] = manifest.fingerprint
    return dataset


def _take_name(partial: Path, folder: Path) -> bool:
    """Rename, unless another writer was quicker."""
    try:
        partial.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        return False
    return True


def _write_files(dataset: Dataset, folder: Path) -> dict[str, FileCard]:
    rows = dataset.interactions
    arrays = {"user_idx": rows.user_idx, "item_idx": rows.item_idx, "weights": rows.weights}
    if rows.timestamps is not None:
        arrays["timestamps"] = rows.timestamps
    features = {"user": dataset.user_features, "item": dataset.item_features}
    known = {side: found for side, found in features.items() if found is not None}
    for side, found in known.items():
        canonical = found.values.copy()
        canonical.sum_duplicates()
        for part in ("data", "indices", "indptr"):
            arrays[f"{side}_features_{part}"] = getattr(canonical, part)
        if found.givers is not None:
            arrays |= {f"{side}_{name}_given": given for name, given in found.givers._asdict().items()}
    cards = {f"{name}.npy": write_array(folder / f"{name}.npy", array) for name, array in arrays.items()}
    cards |= write_texts(folder / "names", map(str, dataset.names))
    for side, map_of_ids in (("user", dataset.users), ("item", dataset.items)):
        cards |= _write_ids(folder, side, map_of_ids.ids)
    for side, found in known.items():
        cards |= write_texts(folder / f"{side}_features_names", found.names)
    return cards


def _write_ids(folder: Path, side: str, ids: np.ndarray) -> dict[str, FileCard]:
    if ids.dtype.kind in "iu":
        return {f"{side}s.npy": write_array(folder / f"{side}s.npy", ids)}
    if not all(isinstance(one, str) for one in ids):
        raise DataError(f"The {side} ids are neither whole numbers nor texts.")
    return write_texts(folder / f"{side}s", map(str, ids))


def _read_manifest(folder: Path) -> StoredManifest:
    try:
        sealed = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=_Sealed)
    except OSError:
        raise DataError("There is no stored data set.", file=folder) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _damaged(folder, error) from None
    if sealed.manifest.format != FORMAT or sealed.sha256 != _seal(sealed.manifest):
        raise _damaged(folder, "its manifest has changed or is of another version")
    return sealed.manifest


def _assemble(folder: Path, manifest: StoredManifest) -> Dataset:
    def array(name: str) -> np.ndarray:
        return read_array(folder / f"{name}.npy", manifest.files[f"{name}.npy"])

    def ids(side: str) -> IdMap:
        known = f"{side}s.npy" in manifest.files
        if known:
            return IdMap(array(f"{side}s"), kind=side)
        return IdMap(np.array(read_texts(folder / f"{side}s", manifest.files), dtype=object), kind=side)

    def features(side: str, n_rows: int) -> FeatureMatrix | None:
        base = f"{side}_features_names"
        if text_files(base)[0] not in manifest.files:
            return None
        names = tuple(read_texts(folder / base, manifest.files))
        parts = tuple(array(f"{side}_features_{part}") for part in ("data", "indices", "indptr"))
        matrix = sparse.csr_matrix(parts, shape=(n_rows, len(names)))
        matrix.check_format(full_check=True)
        rows = (f"{side}_{name}_given" for name in Assignments._fields)
        given = f"{side}_user_idx_given.npy" in manifest.files
        return FeatureMatrix(names, matrix, Assignments(*map(array, rows)) if given else None)

    rows = Interactions(
        array("user_idx"),
        array("item_idx"),
        array("weights"),
        manifest.shape,
        array("timestamps") if "timestamps.npy" in manifest.files else None,
    )
    return Dataset(
        Source(**manifest.source),
        rows,
        ids("user"),
        ids("item"),
        np.array(read_texts(folder / "names", manifest.files), dtype=object),
        features("user", manifest.shape[0]),
        features("item", manifest.shape[1]),
        LoadingReport([FileReport(**one) for one in manifest.report]),
    )


def _seal(manifest: StoredManifest) -> str:
    return hashlib.sha256(msgspec.json.encode(manifest)).hexdigest()


def _damaged(folder: Path, why: object) -> DataError:
    return DataError(f"The stored data set is damaged: {why}.", fix="Delete the folder.", file=folder)
