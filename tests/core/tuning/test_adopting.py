"""The best setting trained on all but the test part, and made the default."""

from __future__ import annotations

import msgspec
import pytest

from recsys_core.errors import RunError, StudyError
from recsys_core.evaluation import evaluate
from recsys_core.models.registry import create_model
from recsys_core.runs import RunStore
from recsys_core.runs.default_model import default_of, read_default, write_default
from recsys_core.splitting import split
from recsys_core.tuning import Budget, run_study, train_best
from tests.core.small_data import random_dataset
from tests.core.tuning.studies import NOW, begin, small_request


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    study, data = begin(tmp_path_factory.mktemp("studies"), small_request(model="svd"))
    run_study(study, data, Budget(trials=6))
    return study, data


def test_it_is_trained_on_train_and_validation_and_judged_on_test(searched):
    study, data = searched
    run = train_best(study, data, created=NOW)
    best = study.best()
    parts = split(data, study.request.protocol.replace(validation_share=0.0))
    model = create_model("svd", best.parameters).fit(parts.training, epochs=best.best_epoch)
    means = {name: one["mean"] for name, one in run.manifest.metrics["test"].items()}
    assert means == pytest.approx(evaluate(model, parts).means())
    assert (run.manifest.n_train, run.manifest.protocol.validation_share) == (len(parts.train), 0.0)
    assert run.manifest.parameters["embedding_size"] == best.parameters["embedding_size"]


def test_the_run_says_what_it_was_tuned_from_and_keeps_saying_so(searched, tmp_path):
    study, data = searched
    store, runs = RunStore(tmp_path), []
    run = train_best(study, data, created=NOW, on_run=runs.append)
    assert [one.manifest.model for one in runs] == ["popularity", "svd"]
    store.save(run)
    assert store.manifest(run.manifest.run_id).tuned_from == {
        "study": "study",
        "trial": study.best().number,
        "trials": 6,
        "objectives": ["ndcg@10"],
        "values": list(study.best().values),
        "validation_share": 0.16,
    }
    assert runs[0].manifest.tuned_from is None


def test_it_is_judged_at_the_list_length_that_was_searched_for(tmp_path):
    study, data = begin(tmp_path, small_request(model="svd", objectives=["precision@5"]))
    run_study(study, data, Budget(trials=1))
    assert "precision@5" in train_best(study, data, created=NOW).manifest.metrics["test"]
    own = train_best(study, data, created=NOW, list_length=7).manifest.metrics["test"]
    assert "precision@7" in own
    assert "precision@5" not in own


def test_epochs_are_those_that_were_best_on_validation(tmp_path):
    study, data = begin(tmp_path, small_request())
    run_study(study, data, Budget(trials=2))
    for one in study.trials():
        assert train_best(study, data, created=NOW, trial=one.number).manifest.epochs == one.best_epoch


def test_without_a_finished_trial_there_is_nothing_to_train(searched, tmp_path):
    study, data = searched
    with pytest.raises(StudyError, match="no complete trial 99"):
        train_best(study, data, created=NOW, trial=99)
    empty, _ = begin(tmp_path, small_request())
    with pytest.raises(StudyError, match="no complete trial yet"):
        train_best(empty, data, created=NOW)
    with pytest.raises(StudyError, match="other data"):
        train_best(study, random_dataset(), created=NOW)


def test_the_default_is_written_and_read_back(searched, tmp_path):
    study, data = searched
    path = tmp_path / "home" / "default_model.json"
    assert read_default(path) is None
    run = train_best(study, data, created=NOW)
    write_default(path, default_of(run.manifest, chosen=NOW))
    default = read_default(path)
    assert (default.run_id, default.model) == (run.manifest.run_id, "svd")
    assert default.parameters == run.manifest.parameters
    assert default.tuned_from == run.manifest.tuned_from
    assert [one.name for one in path.parent.iterdir()] == ["default_model.json"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 1, "run_id": 3}'])
def test_a_damaged_default_is_told(tmp_path, text):
    path = tmp_path / "default_model.json"
    path.write_text(text)
    with pytest.raises(RunError, match="damaged"):
        read_default(path)


def test_a_default_of_a_newer_version_is_told(searched, tmp_path):
    study, data = searched
    path = tmp_path / "default_model.json"
    default = default_of(train_best(study, data, created=NOW).manifest, chosen=NOW)
    write_default(path, msgspec.structs.replace(default, format=2))
    with pytest.raises(RunError, match="newer version"):
        read_default(path)


def test_a_folder_that_cannot_be_written_is_told(searched, tmp_path):
    study, data = searched
    (tmp_path / "file").write_text("")
    default = default_of(train_best(study, data, created=NOW).manifest, chosen=NOW)
    with pytest.raises(RunError, match="could not be written"):
        write_default(tmp_path / "file" / "default_model.json", default)
