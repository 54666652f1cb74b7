"""The studies below a folder, one folder each."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from recsys_core.errors import StudyError
from recsys_core.runs.manifest import DatasetCard, card_of, versions
from recsys_core.tuning.request import TuningRequest, check_request
from recsys_core.tuning.study import FORMAT, StudyCard, TuningStudy
from recsys_core.tuning.taking import alive
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from recsys_core.datasets import Dataset

CARD, JOURNAL = "study.json", "journal.jsonl"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class StudyStore:
    """Studies by name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open_or_create(
        self,
        name: str,
        request: TuningRequest,
        dataset: Dataset,
        *,
        created: str,
        choice: dict[str, Any] | None = None,
    ) -> TuningStudy:
        """Return the study ``name``, begun now or gone on with.

        Parameters
        ----------
        created
            The time now, ISO 8601; kept if the study is new.
        choice
            How to load the data again, kept likewise.

        Raises
        ------
        SettingsError
            If the request does not hold together.
        StudyError
            If there is a study of that name that searches something else or on other data.
        """
        request, card = check_request(request), card_of(dataset, choice)
        if (self._folder(name) / CARD).exists():
            study = self.open(name)
            _check_same(study, request, card)
            return study
        return self._create(
            StudyCard(name=name, created=created, request=request, dataset=card, versions=versions())
        )

    def open(self, name: str) -> TuningStudy:
        """Return the stored study ``name``.

        Raises
        ------
        StudyError
            If there is none, it is damaged, or a newer version wrote it.
        """
        folder = self._folder(name)
        try:
            raw = msgspec.json.decode((folder / CARD).read_bytes())
            if isinstance(raw, dict) and raw.get("format", FORMAT) > FORMAT:
                raise StudyError(f"Study {name} was written by a newer version: update first.")
            return TuningStudy(msgspec.convert(raw, StudyCard), folder)
        except OSError:
            raise StudyError(
                f"There is no study {name!r}. Begin it with: refrain tune --study {name}."
            ) from None
        except (msgspec.MsgspecError, UnicodeDecodeError, TypeError) as error:
            raise StudyError(
                f"Study {name} is damaged: {error}. Delete its folder and begin again."
            ) from None

    def list(self) -> list[StudyCard]:
        """Return the cards of all readable studies, newest first."""
        found = []
        for folder in self.root.iterdir() if self.root.is_dir() else ():
            if _NAME.fullmatch(folder.name):
                try:
                    found.append(self.open(folder.name).card)
                except StudyError:
                    continue
        return sorted(found, key=lambda card: (card.created, card.name), reverse=True)

    def delete(self, name: str) -> None:
        """Delete a study with all its trials; runs trained from it stay.

        Raises
        ------
        StudyError
            If there is none, somebody is searching in it, or it cannot be deleted.
        """
        study = self.open(name)
        _check_idle(study)
        try:
            shutil.rmtree(study.folder)
        except OSError as error:
            raise StudyError(f"Study {name} could not be deleted: {error.strerror}.") from None

    def _create(self, card: StudyCard) -> TuningStudy:
        folder = self._folder(card.name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / JOURNAL).touch()
            write_whole(folder / CARD, msgspec.json.format(msgspec.json.encode(card), indent=2))
        except OSError as error:
            raise StudyError(
                f"{self.root}: the study could not be stored: {error.strerror or error}."
            ) from None
        return TuningStudy(card, folder)

    def _folder(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise StudyError(
                f"{name!r} cannot name a study: use letters, digits, points, dashes (at most 100)."
            )
        return self.root / name


def _check_idle(study: TuningStudy) -> None:
    trials = []
    with suppress(StudyError):  # a damaged journal is what one deletes a study for
        trials = study.trials()
    for trial in trials:
        if trial.state == "running" and alive(trial.worker):
            raise StudyError(
                f"Study {study.card.name} is being searched: process {trial.worker.partition(':')[0]} has "
                f"trial {trial.number} under way. Stop that search first."
            )


def _check_same(study: TuningStudy, request: TuningRequest, card: DatasetCard) -> None:
    old = study.card
    if old.dataset.fingerprint != card.fingerprint:
        raise StudyError(
            f"Study {old.name} searches on {old.dataset.title} ({old.dataset.fingerprint}), not on "
            f"{card.title} ({card.fingerprint}). Choose that data set or another name."
        )
    before, now = old.request.to_dict(), request.to_dict()
    changed = [name for name, value in now.items() if before[name] != value]
    if changed:
        raise StudyError(
            f"Study {old.name} was begun with other settings ({', '.join(changed)}): its trials could not be "
            "compared with new ones. Choose another name, or the settings it has."
        )
