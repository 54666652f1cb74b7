"""Whole numbers as runs without holes: a sequence of millions costs as much as its holes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class Ranges:
    """A set of whole numbers from 0 that are mostly neighbours."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []  # one after the last of a run; no two runs touch

    def add(self, first: int, last: int) -> int:
        """Add the numbers from ``first`` to ``last`` and return how many of them are new."""
        if self._ends and self._ends[-1] == first:  # by far the most frequent: the next one
            self._ends[-1] = last + 1
            return last + 1 - first
        left = bisect_left(self._ends, first)
        right = bisect_right(self._starts, last + 1)  # the runs from left to right touch the new one
        start = min([first, *self._starts[left:right][:1]])
        end = max([last + 1, *self._ends[left:right][-1:]])
        new = end - start - self._size(left, right)
        self._starts[left:right], self._ends[left:right] = [start], [end]
        return new

    @property
    def holes(self) -> int:
        """How many numbers before the largest are missing."""
        return self._ends[-1] - self._size(0, len(self._ends)) if self._ends else 0

    def _size(self, left: int, right: int) -> int:
        return sum(self._ends[left:right]) - sum(self._starts[left:right])
