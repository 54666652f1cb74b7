"""What a live service would do for each listener of a world: which arm they are in, who answers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.errors import SettingsError
from recsys_online.simulator.policies import ASKED, FAST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from recsys_online.experiments.plan import Decision, Plan
    from recsys_online.index.versions import Publication
    from recsys_online.next_track import NextTrackRecommender
    from recsys_online.simulator.world import World


@dataclass(frozen=True, eq=False)
class Recommending:
    """A service without its web: what is published, the recommenders by name, and the plan.

    ``version`` goes into the log. With ``compiled`` off every recommender is asked for each track, also
    those that have a compiled twin.
    """

    publication: Publication
    recommenders: Mapping[str, NextTrackRecommender]
    plan: Plan
    version: str = ""
    compiled: bool = True


@dataclass(frozen=True, eq=False)
class Assignment:
    """Arms of all listeners of a world.

    Attributes
    ----------
    arms
        Distinct decisions.
    arm, policy
        Each listener's row of ``arms``, and the code of their recommender's compiled twin, -1 for none.
    experiments
        Each listener's treatments as JSON, ready for the log.
    """

    arms: list[Decision]
    arm: np.ndarray
    policy: np.ndarray
    experiments: list[str]


def assign(recommending: Recommending, world: World, moment: datetime) -> Assignment:
    """Return the arm of every listener at ``moment``.

    Raises
    ------
    SettingsError
        If the plan names a recommender that is not there.
    """
    plan, users = recommending.plan, world.listeners.users.tolist()
    known: dict[Decision, int] = {}
    treatments = [plan.treatments(user) for user in users]
    arm = np.array([known.setdefault(plan.decide(one, moment), len(known)) for one in treatments], np.int32)
    if lacking := [one.recommender for one in known if one.recommender not in recommending.recommenders]:
        raise SettingsError(f"There is no recommender {lacking[0]!r}.")
    codes = np.array([_code(one.recommender, compiled=recommending.compiled) for one in known], np.int8)
    experiments = [msgspec.json.encode(one).decode() for one in treatments]
    return Assignment(list(known), arm, codes[arm], experiments)


def arm_name(decision: Decision) -> str:
    """Return ``PERSONALIZED T1: indexed``, or the recommender's name where no experiment decides."""
    if decision.experiment is None:
        return decision.recommender
    return f"{decision.experiment} {decision.treatment}: {decision.recommender}"


def _code(recommender: str, *, compiled: bool) -> int:
    return FAST.index(recommender) if compiled and recommender in FAST else ASKED
