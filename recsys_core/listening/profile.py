"""What somebody told us about artists: liked with stars, not for me, never again; as short as an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, Self, cast
from urllib.parse import quote, unquote

import msgspec
import numpy as np

from recsys_core.errors import SettingsError, UnknownIdError

if TYPE_CHECKING:
    from recsys_core.datasets import IdMap

Verdict = Literal["1", "2", "3", "4", "5", "no", "never"]
STARS: tuple[Verdict, ...] = ("1", "2", "3", "4", "5")
USUAL: Verdict = "3"  # stars that count as one artist of a listening history
MOST, LONGEST = 100, 4000  # opinions; characters of an address
FEWEST_LIKED = 3
_ENTRY = re.compile(r"(no|never|[1-5])\.(.+)", re.DOTALL)


class Opinion(msgspec.Struct, frozen=True):
    """One artist, named by the text of its id, and the verdict on it."""

    item: str
    verdict: Verdict

    @property
    def weight(self) -> float:
        """1 for three stars, in proportion for others; -1 for "not for me"; 0 for "never"."""
        if self.verdict in STARS:
            return int(self.verdict) / int(USUAL)
        return -1.0 if self.verdict == "no" else 0.0


class Profile(msgspec.Struct, frozen=True):
    """Opinions in the order they were given, each artist once.

    Examples
    --------
    >>> profile = Profile().having("51", "5").having("7", "no")
    >>> profile.encode()
    '5.51~no.7'
    >>> Profile.decode("5.51~no.7") == profile
    True
    """

    opinions: tuple[Opinion, ...] = ()

    def __len__(self) -> int:
        """Return the number of opinions."""
        return len(self.opinions)

    def of(self, *verdicts: Verdict) -> list[Opinion]:
        """Return the opinions with one of ``verdicts``."""
        return [one for one in self.opinions if one.verdict in verdicts]

    @property
    def liked(self) -> list[Opinion]:
        """Opinions with stars."""
        return self.of(*STARS)

    def having(self, item: object, verdict: Verdict) -> Self:
        """Return this profile with ``verdict`` on ``item``, in the place of an earlier one if there is one.

        Raises
        ------
        SettingsError
            If the profile has no room for another artist.
        """
        new = Opinion(str(item), verdict)
        if any(one.item == new.item for one in self.opinions):
            return type(self)(tuple(new if one.item == new.item else one for one in self.opinions))
        if len(self) >= MOST:
            raise SettingsError(f"A profile holds {MOST} artists at most. Take one out first.")
        return type(self)((*self.opinions, new))

    def without(self, item: object) -> Self:
        """Return this profile with no opinion on ``item``."""
        return type(self)(tuple(one for one in self.opinions if one.item != str(item)))

    def encode(self) -> str:
        """Return the profile as text for an address; empty for no opinion."""
        return "~".join(f"{one.verdict}.{_quoted(one.item)}" for one in self.opinions)

    @classmethod
    def decode(cls, text: str) -> Self:
        """Return the profile that :meth:`encode` wrote.

        Raises
        ------
        SettingsError
            If the text is too long, an entry cannot be read, or an artist is named twice.
        """
        if len(text) > LONGEST:
            raise SettingsError(
                f"A profile of {len(text):,} characters is longer than the {LONGEST:,} allowed."
            )
        found = cls()
        for entry in text.split("~") if text else ():
            match = _ENTRY.fullmatch(entry)
            if match is None:
                raise SettingsError(
                    f"{entry[:40]!r} in a profile cannot be read. It should look like 5.51 or no.7."
                )
            item = unquote(match[2])
            if any(one.item == item for one in found.opinions):
                raise SettingsError(f"A profile names the artist {item[:40]!r} twice.")
            found = found.having(item, cast("Verdict", match[1]))
        return found

    def known_to(self, items: IdMap) -> tuple[Self, list[str]]:
        """Return the opinions on artists of ``items``, spelled as there, and the ids that are not there.

        Of two spellings of one artist the later opinion holds.
        """
        found, missing = type(self)(), list[str]()
        for one in self.opinions:
            try:
                found = found.having(items.parse(one.item), one.verdict)
            except UnknownIdError:
                missing.append(one.item)
        return found, missing

    def indices(self, items: IdMap) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of all artists named and their weights, int64 and float64; 0 means "never"."""
        ids: list[Any] = [items.parse(one.item) for one in self.opinions]
        return items.to_idx(ids).astype(np.int64), np.array([one.weight for one in self.opinions], np.float64)


def _quoted(item: str) -> str:
    # the separator is the one sign that quoting leaves alone and we need
    return quote(item, safe="").replace("~", "%7E")
