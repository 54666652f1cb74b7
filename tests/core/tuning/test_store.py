"""Studies by name: begun, found again, refused when they are something else."""

from __future__ import annotations

import json

import pytest

from recsys_core.errors import StudyError
from recsys_core.tuning import Budget, StudyStore, run_study
from recsys_core.tuning.taking import take, this_process
from tests.core.small_data import random_dataset
from tests.core.tuning.studies import NOW, begin, listeners, small_request


def test_a_study_is_found_again_with_all_that_was_said_of_it(tmp_path):
    begin(tmp_path, small_request(seed=7), "a-study")
    card = StudyStore(tmp_path).open("a-study").card
    assert (card.name, card.created, card.request.seed) == ("a-study", NOW, 7)
    assert card.dataset.fingerprint == listeners().fingerprint
    assert "optuna" in card.versions
    assert StudyStore(tmp_path).list() == [card]


def test_looking_writes_nothing(tmp_path):
    study, data = begin(tmp_path, small_request())
    run_study(study, data, Budget(trials=1))
    journal = study.folder / "journal.jsonl"
    before = journal.read_bytes()
    again = StudyStore(tmp_path).open("study")
    assert len(again.trials()) == 1
    assert again.best().number == 0
    assert journal.read_bytes() == before


@pytest.mark.parametrize("values", [{"seed": 1}, {"epochs": 7}, {"objectives": ["auc"]}, {"model": "svd"}])
def test_another_search_needs_another_name(tmp_path, values):
    begin(tmp_path, small_request())
    with pytest.raises(StudyError, match=f"other settings.*{next(iter(values))}"):
        begin(tmp_path, small_request(**values))


def test_other_data_need_another_name(tmp_path):
    begin(tmp_path, small_request())
    with pytest.raises(StudyError, match="searches on Demo data"):
        begin(tmp_path, small_request(), data=random_dataset())


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 101, "naïve"])
def test_names_are_folder_names(tmp_path, name):
    with pytest.raises(StudyError, match="cannot name a study"):
        begin(tmp_path, small_request(), name)


def test_what_is_not_there_or_damaged_is_told(tmp_path):
    store = StudyStore(tmp_path)
    with pytest.raises(StudyError, match="no study 'gone'"):
        store.open("gone")
    study, _ = begin(tmp_path, small_request())
    card = study.folder / "study.json"
    for text, words in ((b"{", "damaged"), (b"[]", "damaged"), (b"\xff", "damaged")):
        card.write_bytes(text)
        with pytest.raises(StudyError, match=words):
            store.open("study")
    card.write_text(json.dumps({"format": 99}))
    with pytest.raises(StudyError, match="newer version"):
        store.open("study")
    assert store.list() == []


def test_a_journal_that_is_damaged_inside_is_told(tmp_path):
    study, data = begin(tmp_path, small_request())
    run_study(study, data, Budget(trials=1))
    journal = study.folder / "journal.jsonl"
    journal.write_bytes(b"not a line of it\n" + journal.read_bytes())
    with pytest.raises(StudyError, match="damaged"):
        StudyStore(tmp_path).open("study").trials()


def test_a_study_is_deleted_with_its_trials(tmp_path):
    study, _ = begin(tmp_path, small_request())
    StudyStore(tmp_path).delete("study")
    assert not study.folder.exists()
    with pytest.raises(StudyError):
        StudyStore(tmp_path).delete("study")


def test_a_study_that_somebody_searches_in_is_not_deleted(tmp_path):
    """Searched by this process, as by any other that is alive; a dead one's trials hold nothing up."""
    study, _ = begin(tmp_path, small_request())
    _, trial = take(study, f"{this_process()}/0", enough=lambda _done: False)
    with pytest.raises(StudyError, match=f"trial {trial.number} under way"):
        StudyStore(tmp_path).delete("study")
    trial.set_user_attr("worker", "999999999:1.0/0")
    StudyStore(tmp_path).delete("study")
    assert not study.folder.exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudyError, match="could not be stored"):
        begin(tmp_path / "file", small_request())
