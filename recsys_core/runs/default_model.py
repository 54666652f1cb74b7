"""Which run, and which settings, are meant by "best": one small file that a tuned model is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.errors import RunError
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_core.runs.manifest import Manifest

FORMAT = 1
BEST = "best"


class DefaultModel(msgspec.Struct, frozen=True, kw_only=True):
    """A run and what it was trained with, so that it can be trained again on other data or another split.

    ``tuned_from`` is that of the run's manifest.
    """

    format: int = FORMAT
    run_id: str
    model: str
    parameters: dict[str, Any]
    epochs: int
    dataset: str
    fingerprint: str
    chosen: str
    tuned_from: dict[str, Any] | None = None


def default_of(manifest: Manifest, *, chosen: str) -> DefaultModel:
    """Return the marker of a run; ``chosen`` is the time now, ISO 8601."""
    return DefaultModel(
        run_id=manifest.run_id,
        model=manifest.model,
        parameters=manifest.parameters,
        epochs=manifest.epochs,
        dataset=manifest.dataset.name,
        fingerprint=manifest.dataset.fingerprint,
        chosen=chosen,
        tuned_from=manifest.tuned_from,
    )


def write_default(path: Path, default: DefaultModel) -> None:
    """Write the marker whole or not at all.

    Raises
    ------
    RunError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(default), indent=2))
    except OSError as error:
        raise RunError(
            f"{path}: the default model could not be written: {error.strerror or error}."
        ) from None


def default_run_id(path: Path) -> str | None:
    """Return the run that was made the default, None if none was.

    Raises
    ------
    RunError
        As :func:`read_default`.
    """
    default = read_default(path)
    return None if default is None else default.run_id


def read_default(path: Path) -> DefaultModel | None:
    """Return the marker, None if no model was made the default.

    Raises
    ------
    RunError
        If the file is damaged or a newer version wrote it.
    """
    try:
        default = msgspec.json.decode(path.read_bytes(), type=DefaultModel)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RunError(f"{path} is damaged: {error}. Delete it and choose the default model again.") from None
    if default.format > FORMAT:
        raise RunError(f"{path} was written by a newer version: update first.")
    return default
