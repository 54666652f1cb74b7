"""The lists of a loop's last turn, handed to the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.index.versions import read_current, read_manifest, read_publication, versions
from recsys_online.loop.store import LoopError
from recsys_online.loop.turn import turn_home
from recsys_online.releasing import release, release_again

if TYPE_CHECKING:
    from recsys_online.index.versions import Manifest
    from recsys_online.loop.store import Loop
    from recsys_online.settings import ServiceSettings


def last_turn(loop: Loop) -> int:
    """Return the last turn that has lists, 0 if none has."""
    return max((one.turn for one in loop.card.steps if one.name == "index"), default=0)


def serve_lists(loop: Loop, settings: ServiceSettings) -> Manifest:
    """Publish the lists of the last turn where the service looks, and return their manifest.

    A running service serves them within a second; ``refrain publish --rollback`` goes back.

    Raises
    ------
    LoopError
        If no turn has lists yet.
    DataError
        If they are damaged, the disk is full, or Redis does not take them.
    """
    turn = last_turn(loop)
    if not turn:
        raise LoopError(f"Loop {loop.card.loop_id} has no lists yet: let it run on.")
    index = turn_home(loop, turn) / "index"
    version = read_current(index)
    manifest, publication = read_manifest(index, version), read_publication(index, version)
    if any(one.version == version for one in versions(settings.index_dir)):
        release_again(settings, version)
        return manifest
    return release(settings, publication, manifest)
