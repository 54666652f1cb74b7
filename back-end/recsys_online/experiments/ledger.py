"""What each experiment's name once meant: a name never changes its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from recsys_core.errors import SettingsError
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def remember(path: Path, meanings: Mapping[str, str]) -> None:
    """Write new experiments into the ledger at ``path``; ``meanings`` are those of a plan.

    Raises
    ------
    SettingsError
        If a name stood for something else before. Another definition would move users between arms in
        the middle, another recommender would mix two effects in one arm. Traffic and dates may change.
        Also if the ledger is damaged or cannot be written.
    """
    known = _read(path)
    for name, meaning in meanings.items():
        before = known.get(name, meaning)
        if before.split()[0] != meaning.split()[0]:
            raise SettingsError(
                f"Experiment {name} was defined differently before ({path}): users would change arms. "
                "Give the new definition a new name."
            )
        if before not in (meaning, meaning.split()[0]):  # older ledgers hold the definition alone
            raise SettingsError(
                f"The treatments of experiment {name} stood for other recommenders before ({path}): their "
                "effects would be mixed. Give the new experiment a new name."
            )
    if (now := {**known, **meanings}) != known:
        _write(path, now)


def _read(path: Path) -> dict[str, str]:
    try:
        known = msgspec.json.decode(path.read_bytes(), type=dict[str, Annotated[str, Meta(min_length=1)]])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The ledger of experiments {path} cannot be read: {error}. "
            "Restore it, or move it away to begin anew."
        ) from None
    return known


def _write(path: Path, known: dict[str, str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(known), indent=2))
    except OSError as error:
        raise SettingsError(
            f"The ledger of experiments {path} cannot be written: {error.strerror}. "
            "Name another REFRAIN_HOME."
        ) from None
