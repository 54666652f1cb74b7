"""Which experiments run, and which recommender each treatment stands for: one checked file."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec

from recsys_core.errors import SettingsError
from recsys_online.experiments.experiment import Experiment, Treatment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path


class Decision(NamedTuple):
    """What decided an answer: no experiment and no treatment where the default did."""

    recommender: str
    experiment: str | None = None
    treatment: Treatment | None = None


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recommender like another, but with settings of its own; its name is its key in the plan."""

    like: str
    settings: dict[str, Any] = {}


class Arms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An experiment and the recommender of each of its treatments."""

    experiment: Experiment
    recommenders: dict[Treatment, str]


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All experiments in order of precedence, and the recommender of who takes part in none.

    ``recommenders`` names further recommenders for ``default`` and ``arms``.
    """

    default: str
    arms: tuple[Arms, ...] = ()
    recommenders: dict[str, Variant] = {}

    def treatments(self, user: object) -> dict[str, Treatment]:
        """Return ``{experiment: treatment}`` for every experiment that ``user`` is in, running or not."""
        drawn = ((one.experiment.name, one.experiment.assign(user)) for one in self.arms)
        return {name: treatment for name, treatment in drawn if treatment is not None}

    def decide(self, treatments: Mapping[str, Treatment], moment: datetime) -> Decision:
        """Return the recommender for a user with ``treatments``, and what chose it.

        The first running experiment that the user is in decides, the default where there is none.
        """
        for one in self.arms:
            treatment = treatments.get(one.experiment.name)
            if treatment is not None and one.experiment.runs_at(moment):
                return Decision(one.recommenders[treatment], one.experiment.name, treatment)
        return Decision(self.default)

    def meanings(self) -> dict[str, str]:
        """Return ``{experiment: what it means}``: who gets which treatment, and what each stands for."""
        return {one.experiment.name: f"{one.experiment.definition} {self._served(one)}" for one in self.arms}

    def _served(self, arms: Arms) -> str:
        chosen = sorted(arms.recommenders.items())
        stands_for = [(treatment, name, self.recommenders.get(name)) for treatment, name in chosen]
        return hashlib.sha256(msgspec.json.encode(stands_for, order="deterministic")).hexdigest()[:16]

    def checked(self, recommenders: Collection[str]) -> Self:
        """Return this plan if it is sound, else raise :class:`SettingsError` naming the mistake.

        ``recommenders`` are the names of those that need no settings.
        """
        for name, variant in self.recommenders.items():
            _check_recommender(f"recommender {name}", variant.like, recommenders)
            if name in recommenders:
                raise SettingsError(f"There is a recommender {name!r} already. Give yours another name.")
        recommenders = {*recommenders, *self.recommenders}
        names = [one.experiment.checked().name for one in self.arms]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise SettingsError(f"Experiment {twice[0]} is defined twice. Give each a name of its own.")
        _check_recommender("default", self.default, recommenders)
        for one in self.arms:
            _check_arms(one, recommenders)
        _check_layers([one.experiment for one in self.arms])
        return self


def read_plan(path: Path, recommenders: Collection[str]) -> Plan:
    """Return the plan of a TOML file.

    Raises
    ------
    SettingsError
        If the file is missing, is no TOML, or describes no sound plan.
    """
    try:
        plan = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Plan)
        return plan.checked(recommenders)
    except OSError as error:
        raise SettingsError(
            f"{path}: {error.strerror}. Name a file of experiments that can be read."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, SettingsError) as error:
        raise SettingsError(f"{path}: {error}") from None


def _check_arms(arms: Arms, recommenders: Collection[str]) -> None:
    name = arms.experiment.name
    wanted, given = set(arms.experiment.treatments), set(arms.recommenders)
    if wanted != given:
        odd = ", ".join(sorted(wanted ^ given))
        raise SettingsError(f"Experiment {name}: name one recommender for each treatment; look at {odd}.")
    for treatment, recommender in arms.recommenders.items():
        _check_recommender(f"experiment {name}, treatment {treatment}", recommender, recommenders)


def _check_recommender(where: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise SettingsError(
            f"{where}: there is no recommender {name!r}. Choose among {', '.join(sorted(known))}."
        )


def _check_layers(experiments: list[Experiment]) -> None:
    for place, one in enumerate(experiments):
        for other in experiments[place + 1 :]:
            if one.layer and one.layer == other.layer and _overlap(one.slots, other.slots):
                raise SettingsError(
                    f"Experiments {one.name} and {other.name} share slots of layer {one.layer!r}: "
                    "give each a range of its own."
                )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
