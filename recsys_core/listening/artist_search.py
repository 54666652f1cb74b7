"""Artists found while a name is being typed: accents, case and small slips do not matter."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz, process

from recsys_core.errors import UnknownIdError

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset

CLOSE = 70  # of 100: below this, names share letters by chance
_SIGNS = re.compile(r"[^\w]+")
# letters that do not come apart into a letter and an accent
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})


def folded(name: object) -> str:
    """Return ``name`` without case, accents and signs, a leading "the" dropped; itself if nothing is left.

    Examples
    --------
    >>> folded("The Sigur Rós")
    'sigur ros'
    >>> folded("!!!")
    '!!!'
    """
    apart = unicodedata.normalize("NFKD", str(name).casefold())
    letters = "".join(one for one in apart if not unicodedata.combining(one)).translate(_LETTERS)
    words = _SIGNS.sub(" ", letters).strip()
    return words.removeprefix("the ") or str(name).strip().casefold()


class ArtistSearch:
    """The names of a data set, ready to be searched.

    Parameters
    ----------
    data
        Of two names that fit as well, the one with more listeners comes first.
    """

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._names = [folded(name) for name in data.names]
        self._listeners = np.bincount(data.interactions.item_idx, minlength=data.n_items)

    def find(self, typed: str, n: int = 8) -> np.ndarray:
        """Return the rows of at most ``n`` artists, best first, int64.

        First the name itself, then names that start so, names with a word that starts so, names that hold
        what was typed, and names spelled alike.
        """
        wanted = folded(typed[:200])
        if not wanted:
            return np.zeros(0, np.int64)
        places = [(place, row) for row, name in enumerate(self._names) if (place := _place(wanted, name)) < 4]
        places.sort(key=lambda found: (found[0], -self._listeners[found[1]], found[1]))
        rows = [row for _, row in places[:n]]
        if len(rows) < n:
            rows += [row for row in self._alike(wanted, n) if row not in set(rows)]
        return np.array(rows[:n], np.int64)

    def resolve(self, name: str) -> int:
        """Return the row of the artist called ``name``, the most listened to of equals; or of that id.

        Raises
        ------
        UnknownIdError
            If no artist is called so; the text names those spelled alike.
        """
        exact = np.flatnonzero(self._data.names == name)
        exact = exact if len(exact) else np.flatnonzero(np.array(self._names) == folded(name))
        if len(exact):
            return int(exact[np.argmax(self._listeners[exact])])
        try:
            return int(self._data.items.to_idx([self._data.items.parse(name)])[0])
        except UnknownIdError:
            raise UnknownIdError("artist", name, self._data.names[self.find(name, 3)]) from None

    def _alike(self, wanted: str, n: int) -> list[int]:
        hits = process.extract(wanted, self._names, scorer=fuzz.ratio, limit=3 * n, score_cutoff=CLOSE)
        hits.sort(key=lambda hit: (-round(hit[1]), -self._listeners[hit[2]]))
        return [row for _, _, row in hits]


def _place(wanted: str, name: str) -> int:
    """Return 0 for the name itself, 1 its start, 2 the start of a word, 3 any part, 4 for none."""
    if wanted not in name:
        return 4
    if name.startswith(wanted):
        return 0 if len(name) == len(wanted) else 1
    return 2 if f" {wanted}" in name else 3
