"""One experiment: a name, how it is split, and which treatment each user gets."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import IntEnum, StrEnum
from itertools import accumulate, pairwise
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from recsys_core.errors import SettingsError
from recsys_online.experiments.hashing import BUCKETS, blake_bucket, murmur_bucket

Slot = Annotated[int, Meta(ge=0, le=BUCKETS)]


class Treatment(StrEnum):
    """The control and up to nine alternatives, in the order of the split."""

    C = "C"
    T1 = "T1"
    T2 = "T2"
    T3 = "T3"
    T4 = "T4"
    T5 = "T5"
    T6 = "T6"
    T7 = "T7"
    T8 = "T8"
    T9 = "T9"


TREATMENTS = tuple(Treatment)


class Split(IntEnum):
    """Even splits by the names of the older service."""

    HALF_HALF = 2
    THREE_WAY = 3
    FOUR_WAY = 4
    FIVE_WAY = 5
    SEVEN_WAY = 7
    EIGHT_WAY = 8
    NINE_WAY = 9


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A split of users into treatments, the same for ever under the same definition.

    Parameters
    ----------
    name
        Unique; in version 1 it is also the salt.
    split
        Number of equal arms (2 to 10), or the share of each arm in ten-thousandths, control first.
    version
        1 assigns as the older service does (equal arms, everybody takes part); 2 adds what follows.
    traffic
        Ten-thousandths of users who take part. Raising it moves nobody between arms: who takes part
        and who gets what are drawn with two salts.
    layer, slots
        Experiments of one layer exclude each other: each owns a range of the layer's 10,000 slots.
    starts, ends
        When the experiment runs, times with a zone; open where left out.

    Raises
    ------
    SettingsError
        By :meth:`checked`, if the definition contradicts itself.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]
    split: int | tuple[Annotated[int, Meta(ge=1, le=BUCKETS)], ...] = Split.HALF_HALF
    version: Literal[1, 2] = 1
    traffic: Slot = BUCKETS
    layer: str = ""
    slots: tuple[Slot, Slot] = (0, BUCKETS)
    starts: Annotated[datetime, Meta(tz=True)] | None = None
    ends: Annotated[datetime, Meta(tz=True)] | None = None

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """The arms, control first."""
        return TREATMENTS[: self.split if isinstance(self.split, int) else len(self.split)]

    @property
    def shares(self) -> tuple[int, ...]:
        """Ten-thousandths of those who take part, per arm; an even split leaves the rest to the last."""
        if not isinstance(self.split, int):
            return self.split
        bounds = [BUCKETS * arm // self.split for arm in range(self.split + 1)]
        return tuple(end - start for start, end in pairwise(bounds))

    @property
    def definition(self) -> str:
        """Fingerprint of all that decides who gets what; traffic and dates may change under one name."""
        decisive = (self.name, self.version, self.shares, self.layer, self.slots)
        return hashlib.sha256(msgspec.json.encode(decisive)).hexdigest()[:16]

    def assign(self, user: object) -> Treatment | None:
        """Return the treatment of ``user``, None for who does not take part."""
        if self.version == 1 and isinstance(self.split, int):
            return TREATMENTS[murmur_bucket(self.name, user, self.split)]
        if not self._takes_part(user):
            return None
        bucket = blake_bucket(f"{self.name}/treatment", self.version, user)
        ends = accumulate(self.shares)
        return next(arm for arm, end in zip(self.treatments, ends, strict=True) if bucket < end)

    def runs_at(self, moment: datetime) -> bool:
        """Return whether ``moment`` lies between start (included) and end (excluded)."""
        return (self.starts is None or self.starts <= moment) and (self.ends is None or moment < self.ends)

    def checked(self) -> Self:
        """Return this experiment if its definition makes sense, else raise :class:`SettingsError`."""
        wrong = self._contradiction()
        if wrong:
            raise SettingsError(f"Experiment {self.name}: {wrong}")
        return self

    def _takes_part(self, user: object) -> bool:
        first, last = self.slots
        if self.layer and not first <= blake_bucket(f"layer/{self.layer}", self.version, user) < last:
            return False
        return blake_bucket(f"{self.name}/traffic", self.version, user) < self.traffic

    def _contradiction(self) -> str:
        if not 2 <= len(self.shares) <= len(TREATMENTS):
            return f"{len(self.shares)} arms; there are 2 to {len(TREATMENTS)}."
        if sum(self.shares) != BUCKETS:
            return f"the shares add up to {sum(self.shares)}, not to {BUCKETS:,}."
        if self.version == 1 and (not isinstance(self.split, int) or self._uses_version_2):
            return "shares, traffic and layers need version 2."
        if self.slots[0] >= self.slots[1]:
            return f"the slots {self.slots} hold nobody: the first must be below the second."
        if self.starts and self.ends and self.starts >= self.ends:
            return "it ends before it starts."
        return ""

    @property
    def _uses_version_2(self) -> bool:
        return self.traffic != BUCKETS or bool(self.layer) or self.slots != (0, BUCKETS)
