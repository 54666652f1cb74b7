"""Compiled sessions and asked ones in one table, and who chose each track."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from recsys_online.simulator.block import Played

if TYPE_CHECKING:
    from recsys_online.simulator.asking import Asked
    from recsys_online.simulator.block import Drawn
    from recsys_online.simulator.service_side import Assignment

STAND_IN = "random"


class Choosers:
    """A number for each name of a recommender that chose a track, given as names come."""

    def __init__(self, assignment: Assignment) -> None:
        self.names = [STAND_IN]
        self._arms = np.array([self.number(one.recommender) for one in assignment.arms], np.int16)
        self._arm = assignment.arm

    def number(self, name: str) -> int:
        """Return the number of ``name``."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name)

    def of_arms(self, drawn: Drawn, played: Played) -> np.ndarray:
        """Return the number of who chose each track of compiled sessions, int16; stand-ins are uniform."""
        of_session = self._arms[self._arm[drawn.listener]]
        mine = np.repeat(of_session, np.diff(played.ends, prepend=0))
        return np.where(played.fallback, np.int16(self.names.index(STAND_IN)), mine)

    def of_asked(self, asked: dict[int, Asked]) -> np.ndarray:
        """Return the same for asked sessions, in order; a first track counts as the second's chooser's."""
        found = []
        for one in asked.values():
            numbers = [self.number(choice.recommender) for choice in one.choices]
            found += [numbers[0], *numbers]
        return np.array(found, np.int16)


def merged(
    drawn: Drawn, played: Played, asked: dict[int, Asked], choosers: Choosers
) -> tuple[Played, np.ndarray]:
    """Return all sessions in order, and the number of who chose each track.

    ``asked`` holds the sessions that ``played`` has no track of, in ascending order.
    """
    by = choosers.of_arms(drawn, played)
    if not asked:
        return played, by
    lengths = np.diff(played.ends, prepend=0)
    lengths[list(asked)] = [len(one.listening.tracks) for one in asked.values()]
    compiled = np.repeat(drawn.policy >= 0, lengths)
    columns = [
        _interleaved(compiled, mine, theirs)
        for mine, theirs in zip((*played[1:], by), (*_columns(asked), choosers.of_asked(asked)), strict=True)
    ]
    return Played(np.cumsum(lengths), *columns[:-1]), columns[-1]


def _columns(asked: dict[int, Asked]) -> tuple[np.ndarray, ...]:
    sessions = asked.values()
    return (
        np.concatenate([np.array(one.listening.tracks, np.int32) for one in sessions]),
        np.concatenate([np.array(one.listening.shares) for one in sessions]),
        np.concatenate([[1.0, *(choice.propensity for choice in one.choices)] for one in sessions]),
        np.concatenate([[False, *(choice.fallback for choice in one.choices)] for one in sessions]),
    )


def _interleaved(first: np.ndarray, ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    whole = np.empty(len(first), ones.dtype)
    whole[first], whole[~first] = ones, others
    return whole
