"""Studies opened once per server and read again only when their journal has grown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.errors import StudyError
from recsys_core.tuning import StudyStore, StudySummary
from recsys_core.tuning.store import CARD, JOURNAL
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.tuning import StudyCard, TuningStudy
    from recsys_core.tuning.importance import Importances

NOTHING = (0, 0)


def study_store() -> StudyStore:
    """Return the store of studies."""
    return StudyStore(read_settings().studies_dir)


def cards(dataset: Dataset | None = None) -> list[StudyCard]:
    """Return the cards of all studies, or of those on ``dataset``, newest first."""
    folder = read_settings().studies_dir
    changed = tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.glob(f"*/{CARD}")))
    found = _cards(str(folder), changed)
    if dataset is None:
        return list(found)
    return [card for card in found if card.dataset.fingerprint == dataset.fingerprint]


def exists(name: str) -> bool:
    """Return whether there is something by that name, damaged or not."""
    store = study_store()
    return _stamp(store, name, CARD) != NOTHING


def study(name: str) -> TuningStudy:
    """Return a study; raises StudyError if it is missing or damaged."""
    store = study_store()
    return _study(str(store.root), name, _stamp(store, name, CARD))


def summary(name: str) -> StudySummary:
    """Return what a study has found so far; raises StudyError if it is missing or damaged."""
    store = study_store()
    opened = study(name)
    return _summary(str(store.root), name, _stamp(store, name, JOURNAL), opened)


def importances(found: StudySummary) -> Importances:
    """Return how much each parameter decides, computed again only when a trial has ended."""
    ended = sum(trial.state in ("complete", "pruned") for trial in found.trials)
    return _importances(str(read_settings().studies_dir), found.card.name, found.card.created, ended, found)


def _stamp(store: StudyStore, name: str, file: str) -> tuple[int, int]:
    try:
        stat = (store.root / name / file).stat()
    except (OSError, ValueError):
        return NOTHING
    return stat.st_mtime_ns, stat.st_size


@st.cache_resource(max_entries=4, show_spinner=False)
def _cards(folder: str, changed: tuple[tuple[str, int], ...]) -> tuple[StudyCard, ...]:
    return tuple(StudyStore(Path(folder)).list())


@st.cache_resource(max_entries=16, show_spinner=False)
def _study(folder: str, name: str, stamp: tuple[int, int]) -> TuningStudy:
    return StudyStore(Path(folder)).open(name)


@st.cache_resource(max_entries=16, show_spinner=False)
def _summary(folder: str, name: str, stamp: tuple[int, int], _study: TuningStudy) -> StudySummary:
    if stamp == NOTHING:
        raise StudyError(f"The journal of study {name} is gone. Delete the study, begin again.")
    try:
        return StudySummary.of(_study)
    except (ValueError, KeyError, TypeError) as error:
        raise StudyError(
            f"The journal of study {name} is damaged: {error}. Delete the study, begin again."
        ) from None


@st.cache_resource(max_entries=16, show_spinner=False)
def _importances(folder: str, name: str, created: str, ended: int, _found: StudySummary) -> Importances:
    return _found.importances()
