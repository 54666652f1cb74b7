"""Loops on disk: one folder each, and a card that says which steps are done; written whole or not at all."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.errors import RefrainError
from recsys_core.whole_files import write_whole
from recsys_online.loop.request import LoopRequest, check_request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = 1
CARD, DOOR = "loop.json", "door.lock"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class LoopError(RefrainError):
    """A stored loop is missing, damaged, taken, or of a newer version."""


class LoopTakenError(LoopError):
    """Another program is at work on a loop."""


class StepDone(msgspec.Struct, frozen=True):
    """A finished step: of which turn, how long it took, when it ended, and what came of it."""

    turn: int
    name: str
    seconds: float
    ended: str
    found: dict[str, Any]


class LoopCard(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a loop without opening what its steps left."""

    format: int = FORMAT
    loop_id: str
    created: str
    request: LoopRequest
    steps: tuple[StepDone, ...] = ()

    def done(self, turn: int, name: str) -> StepDone | None:
        """Return the step ``name`` of a turn if it is finished."""
        return next((one for one in self.steps if (one.turn, one.name) == (turn, name)), None)


class Loop:
    """A loop in its folder."""

    def __init__(self, card: LoopCard, folder: Path) -> None:
        self.card, self.folder = card, folder

    @property
    def request(self) -> LoopRequest:
        """What was asked."""
        return self.card.request

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other programs from working on this loop meanwhile; the lock dies with its holder.

        Raises
        ------
        LoopTakenError
            If another one is at work on it.
        LoopError
            If its folder is gone or may not be written.
        """
        loop_id = self.card.loop_id
        try:
            descriptor = os.open(self.folder / DOOR, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise LoopError(f"Loop {loop_id} cannot be worked on: {error.strerror}.") from None
        try:
            if not _locked(descriptor):
                raise LoopTakenError(
                    f"Another program is at work on the loop {loop_id}: stop it there, or wait."
                )
            yield
        finally:
            os.close(descriptor)

    def busy(self) -> bool:
        """Return whether any program is at work on this loop."""
        try:
            with self.held():
                return False
        except LoopTakenError:
            return True
        except LoopError:
            return False

    def record(self, step: StepDone) -> None:
        """Add a finished step to the card."""
        self.card = msgspec.structs.replace(self.card, steps=(*self.card.steps, step))
        _write(self.folder, self.card)


class LoopStore:
    """The loops below a folder, newest first."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def create(self, loop_id: str, request: LoopRequest, created: str) -> Loop:
        """Return a new loop, nothing of it done.

        Raises
        ------
        SettingsError
            If the request does not hold together.
        LoopError
            If there is a loop of that name already, or it cannot be stored.
        """
        request, folder = check_request(request), self.folder(loop_id)
        if folder.exists():
            raise LoopError(f"There is a loop {loop_id!r} already: choose another name, or go on with it.")
        card = LoopCard(loop_id=loop_id, created=created, request=request)
        try:
            folder.mkdir(parents=True)
            _write(folder, card)
        except OSError as error:
            raise LoopError(f"{folder}: the loop could not be stored: {error.strerror}.") from None
        return Loop(card, folder)

    def open(self, loop_id: str) -> Loop:
        """Return a stored loop.

        Raises
        ------
        LoopError
            If there is none, it is damaged, or a newer version wrote it.
        """
        folder = self.folder(loop_id)
        try:
            raw = msgspec.json.decode((folder / CARD).read_bytes())
            if isinstance(raw, dict) and raw.get("format", FORMAT) > FORMAT:
                raise LoopError(f"Loop {loop_id} was written by a newer version: update first.")
            return Loop(msgspec.convert(raw, LoopCard), folder)
        except OSError:
            raise LoopError(f"There is no loop {loop_id!r}. Begin one with: refrain loop.") from None
        except (msgspec.MsgspecError, UnicodeDecodeError, TypeError) as error:
            raise LoopError(f"Loop {loop_id} is damaged: {error}. Delete its folder, begin again.") from None

    def list(self) -> list[LoopCard]:
        """Return the cards of all readable loops, newest first."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if _ID.fullmatch(folder.name):
                try:
                    found.append(self.open(folder.name).card)
                except LoopError:
                    continue
        return sorted(found, key=lambda card: (card.created, card.loop_id), reverse=True)

    def delete(self, loop_id: str) -> None:
        """Delete a loop with its logs and lists.

        Raises
        ------
        LoopError
            If there is none or it cannot be deleted.
        """
        folder = self.open(loop_id).folder
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise LoopError(f"Loop {loop_id} could not be deleted: {error.strerror}.") from None

    def folder(self, loop_id: str) -> Path:
        """Return where a loop is kept."""
        if not _ID.fullmatch(loop_id):
            raise LoopError(f"{loop_id!r} cannot name a loop: use small letters, digits, dashes, at most 60.")
        return self.root / loop_id


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _write(folder: Path, card: LoopCard) -> None:
    write_whole(folder / CARD, msgspec.json.format(msgspec.json.encode(card), indent=2))
