"""A study on disk: what was asked, on which data, and every trial so far; opened by any number of workers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import optuna
from optuna.pruners import HyperbandPruner, MedianPruner, NopPruner
from optuna.samplers import RandomSampler, TPESampler
from optuna.study import StudyDirection

from recsys_core.errors import SettingsError, StudyError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.runs.manifest import DatasetCard
from recsys_core.tuning.journal import door, open_journal
from recsys_core.tuning.request import SECONDS, TuningRequest
from recsys_core.tuning.space import active
from recsys_core.tuning.trials import ASKED, Trial, read_trial

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler
    from optuna.storages import JournalStorage

# inside its own journal every study has the same name: Hyperband draws on it, and a seed must mean the same
INSIDE = "study"
FORMAT = 1


class StudyCard(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a study without opening its journal."""

    format: int = FORMAT
    name: str
    created: str
    request: TuningRequest
    dataset: DatasetCard
    versions: dict[str, str]


class TuningStudy:
    """A stored study; make one with :class:`recsys_core.tuning.StudyStore`."""

    def __init__(self, card: StudyCard, folder: Path) -> None:
        self.card, self.folder = card, folder

    @property
    def request(self) -> TuningRequest:
        """What was asked."""
        return self.card.request

    @property
    def directions(self) -> list[StudyDirection]:
        """What is better of each objective: up, but for seconds."""
        down, up = StudyDirection.MINIMIZE, StudyDirection.MAXIMIZE
        return [down if name == SECONDS else up for name in self.request.objectives]

    @cached_property
    def storage(self) -> JournalStorage:
        """The journal, opened once.

        Raises
        ------
        StudyError
            If it is damaged (a last line cut by a kill is not: the next writer drops it).
        """
        try:
            return open_journal(self.folder)
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise StudyError(
                f"The journal of study {self.card.name} is damaged: {error}. Delete the study, begin again."
            ) from None

    def door(self) -> AbstractContextManager[None]:
        """Return the lock that workers pass through to take their next trial."""
        return door(self.folder)

    def open(self, draw: int = 0) -> optuna.Study:
        """Return Optuna's study, with the sampler of the ``draw``-th setting.

        The sampler is new for every draw and knows only the seed, the draw and the trials so far: after a
        restart a study draws what it would have drawn without one.
        """
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        parts: dict[str, Any] = {"sampler": self._sampler(draw), "pruner": self._pruner()}
        try:
            return optuna.load_study(study_name=INSIDE, storage=self.storage, **parts)
        except KeyError:  # begun, but killed before its first line
            return optuna.create_study(
                storage=self.storage,
                study_name=INSIDE,
                directions=self.directions,
                load_if_exists=True,
                **parts,
            )

    def trials(self) -> list[Trial]:
        """Return all trials, in the order of starting."""
        first = self.request.objectives[0]
        return [read_trial(record, first) for record in self.open().get_trials(deepcopy=False)]

    def best(self) -> Trial | None:
        """Return the complete trial with the best first objective, the first of equals; None before one."""
        done = [trial for trial in self.trials() if trial.state == "complete" and trial.values]
        return max(done, key=lambda trial: (trial.values or (0.0,))[0], default=None)

    def ask_for(self, parameters: dict[str, Any]) -> None:
        """Put a setting in front of the queue; a worker tries it next. The rest of the space takes its start.

        Raises
        ------
        SettingsError
            If a parameter is not in the space, lies outside its range, or has no effect with the others.
        """
        chosen = whole_setting(self.request, parameters)
        with self.door():
            self.open().enqueue_trial(chosen, user_attrs={ASKED: True})

    def asked_before(self, parameters: dict[str, Any]) -> bool:
        """Return whether somebody has asked for this setting; raises as :meth:`ask_for`."""
        chosen = whole_setting(self.request, parameters)
        return any(trial.asked and trial.parameters == chosen for trial in self.trials())

    def _sampler(self, draw: int) -> BaseSampler:
        seed = (self.request.seed * 1_000_003 + draw) % 2**32
        return RandomSampler(seed) if self.request.sampler == "random" else TPESampler(seed=seed)

    def _pruner(self) -> BasePruner:
        request, epochs = self.request, self.request.epochs
        at_once = not MODELS[request.model].iterative  # its first epoch is all of it: nothing to give up
        if at_once or request.pruning == "none" or len(request.objectives) > 1:
            return NopPruner()
        if request.pruning == "hyperband":
            return HyperbandPruner(min_resource=max(1, epochs // 9), max_resource=epochs)
        return MedianPruner(n_startup_trials=5, n_warmup_steps=max(2, epochs // 4))


def whole_setting(request: TuningRequest, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return ``parameters`` completed to a setting of the space, by defaults moved into their ranges.

    Raises
    ------
    SettingsError
        As :meth:`TuningStudy.ask_for`.
    """
    space = {dimension.name: dimension for dimension in request.space()}
    unknown = [name for name in parameters if name not in space]
    if unknown:
        raise SettingsError(f"{unknown[0]} is not varied in this study. It varies: {', '.join(space)}.")
    defaults = create_model(request.model).settings.to_dict()
    chosen: dict[str, Any] = {}
    for name, dimension in space.items():
        acts = active(request.model, dimension, request.parameters(chosen))
        if not acts and name in parameters:
            raise SettingsError(f"{name} changes nothing for {request.model} under these settings.")
        if acts:
            wanted = parameters.get(name, defaults[name])
            chosen[name] = dimension.nearest(wanted)
            if name in parameters and chosen[name] != wanted:
                raise SettingsError(f"{name}: {wanted} lies outside what this study varies.")
    return chosen
