"""What each experiment's name once meant: a name never changes its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from recsys_core.errors import SettingsError
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from recsys_online.experiments.experiment import Experiment


def remember(path: Path, experiments: Iterable[Experiment]) -> None:
    """Write the definitions of new ``experiments`` into the ledger at ``path``.

    Raises
    ------
    SettingsError
        If an experiment has another definition than its name stood for before: its users would
        change arms in the middle. Traffic and dates may change. Also if the ledger is damaged.
    """
    known = _read(path)
    for one in experiments:
        if known.setdefault(one.name, one.definition) != one.definition:
            raise SettingsError(
                f"Experiment {one.name} was defined differently before ({path}): users would change arms. "
                "Give the new definition a new name."
            )
    _write(path, known)


def _read(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise SettingsError(f"The ledger of experiments {path} cannot be read: {error}.") from None


def _write(path: Path, known: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, msgspec.json.format(msgspec.json.encode(known), indent=2))
