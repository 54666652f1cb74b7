"""What a turn of the loop is asked to do, checked once for every door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from recsys_core.datasets.named_path import is_file
from recsys_core.errors import SettingsError
from recsys_core.rng import MAX_SEED
from recsys_core.settings import Settings
from recsys_online.experiments import Experiment
from recsys_online.experiments.experiment import TREATMENTS
from recsys_online.experiments.plan import Arms, Plan
from recsys_online.shelves import RECOMMENDERS

WorldName = Literal["demo", "lastfm", "botify"]
Way = Literal["in_process", "http"]
Sessions = Annotated[int, Meta(ge=1, le=10_000_000)]
CONTROL = "C"
EXPERIMENT = "PERSONALIZED"
LOG_PER_LISTENER = 20
BOTIFY_USERS, BOTIFY_TRACKS = "users_2024.json", "tracks_2021.json"


class LoopRequest(Settings, frozen=True, kw_only=True):
    """From a log to lists to an experiment, so many turns.

    Parameters
    ----------
    world
        Whose tastes: those of a data set, or those of the files ``users`` and ``tracks``.
    data
        Folder or zip of the Last.fm files, for the world ``lastfm``; '' for where downloads are.
    logged
        Sessions of random tracks that the first turn learns from; 0 for twenty a listener. The later turns
        learn from what the experiments logged as well.
    from_log
        A log that is there already, a folder or an address, instead of those sessions; of the listeners of
        ``world``. '' for none.
    sessions
        Of each turn's experiment.
    listened
        A pair is learned from if more than this share of the track was listened to.
    above_usual
        And if that is so much more than the listener gives to tracks chosen at random; None for no such rule.
    arms
        Treatments of the experiment to learn from, all if empty; what no experiment decided always counts.
    trials, epochs
        Settings tried in each turn, and how long each may learn.
    k
        Length of the lists.
    keep_liked
        Whether tracks that a listener liked before may stand in their list again.
    treatments
        Recommender of each arm, the control ``C`` first, then ``T1``, ``T2``, ...
    lists_from
        Name of an earlier loop in the same world: its last lists are tried, nothing is learned.
    way
        The experiment in this process, or at a real service over HTTP, ``listeners`` at a time.
    fatigue
        Factor on the listened share per earlier play of an artist in the session.
    """

    world: WorldName = "demo"
    data: str = ""
    users: str = ""
    tracks: str = ""
    turns: Annotated[int, Meta(ge=1, le=10)] = 1
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] = 42
    logged: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    from_log: str = ""
    sessions: Sessions = 20_000
    listened: Annotated[float, Meta(ge=0, lt=1)] = 0.5
    above_usual: Annotated[float, Meta(ge=0, lt=1)] | None = 0.5
    arms: tuple[str, ...] = ()
    trials: Annotated[int, Meta(ge=1, le=1000)] = 4
    epochs: Annotated[int, Meta(ge=2, le=1000)] = 20
    k: Annotated[int, Meta(ge=1, le=1000)] = 100
    keep_liked: bool = True
    treatments: dict[str, str] = msgspec.field(default_factory=lambda: {CONTROL: "random", "T1": "indexed"})
    lists_from: str = ""
    way: Way = "in_process"
    listeners: Annotated[int, Meta(ge=1, le=1000)] = 16
    fatigue: Annotated[float, Meta(gt=0, le=1)] = 0.8

    @property
    def plan(self) -> Plan:
        """The experiment as the service is told of it."""
        arms = {treatment: self.treatments[treatment] for treatment in TREATMENTS[: len(self.treatments)]}
        return Plan(self.treatments[CONTROL], (Arms(Experiment(EXPERIMENT, len(arms)), arms),))

    @property
    def is_botify(self) -> bool:
        """Whether listeners and tracks come from the older service's files."""
        return self.world == "botify"


def check_request(request: LoopRequest) -> LoopRequest:
    """Return ``request`` if world, files and treatments fit each other.

    Raises
    ------
    SettingsError
        If they do not, saying which.
    """
    request = request.checked()
    if request.is_botify != bool(request.users and request.tracks):
        raise SettingsError("users, tracks: the world botify needs both files, and only it takes them.")
    expected = list(TREATMENTS[: len(request.treatments)])
    if len(expected) < 2 or sorted(request.treatments) != sorted(expected):
        raise SettingsError("treatments: name C and T1, then T2 and so on, ten at most.")
    request.plan.checked(RECOMMENDERS)
    if request.lists_from and request.turns > 1:
        raise SettingsError("turns: an experiment with the lists of another loop has one turn.")
    if "://" in request.from_log and request.turns > 1:
        raise SettingsError("from_log: later turns learn from logs here as well: bring this one here first.")
    if unknown := sorted(set(request.arms) - set(request.treatments)):
        raise SettingsError(f"arms: {unknown[0]} is no treatment of this experiment.")
    return request


def botify_files(folder: Path) -> dict[str, str]:
    """Return ``users`` and ``tracks`` of a folder of the older service, by the names they have there.

    Raises
    ------
    SettingsError
        If one is missing.
    """
    names = (BOTIFY_USERS, BOTIFY_TRACKS)
    found = dict(zip(("users", "tracks"), (folder / name for name in names), strict=True))
    for path in found.values():
        if not is_file(path):
            raise SettingsError(f"{path} is not there. Name a folder that holds {' and '.join(names)}.")
    return {name: str(path) for name, path in found.items()}


def plan_toml(plan: Plan) -> str:
    """Return ``plan`` as a file of experiments that the service reads."""
    lines = [f'default = "{plan.default}"']
    for one in plan.arms:
        named = ", ".join(f'{arm} = "{name}"' for arm, name in one.recommenders.items())
        lines += ["", "[[arms]]", f"recommenders = {{ {named} }}", "", "[arms.experiment]"]
        lines += [
            f'name = "{one.experiment.name}"',
            f"split = {len(one.experiment.treatments)}",
            "version = 1",
        ]
    return "\n".join([*lines, ""])
