"""A search: repeats for a seed, gives up what falls behind, keeps all, and never sees the test part."""

from __future__ import annotations

import dataclasses
import itertools

import msgspec
import numpy as np
import pytest

from recsys_core.datasets import Interactions
from recsys_core.errors import SettingsError, StudyError
from recsys_core.evaluation import evaluate
from recsys_core.models.registry import create_model
from recsys_core.splitting import split
from recsys_core.tuning import Budget, StudySummary, run_study, size_and_rate_grid, space
from recsys_core.tuning.dimensions import number
from tests.core.small_data import random_dataset
from tests.core.tuning.studies import begin, listeners, small_request, told


def searched(folder, name="study", trials=8, data=None, **values):
    study, data = begin(folder, small_request(**values), name, data)
    events = []
    why = run_study(study, data, Budget(trials=trials), on_event=events.append)
    return study, events, why


@pytest.fixture(scope="module")
def twelve(tmp_path_factory):
    """A study of twelve trials, its events, and why it ended."""
    return searched(tmp_path_factory.mktemp("studies"), trials=12, seed=3)


def test_a_seeded_search_repeats(twelve, tmp_path):
    again, _, _ = searched(tmp_path, "another-name", trials=12, seed=3)
    assert told(again) == told(twelve[0])
    other, _, _ = searched(tmp_path, "other-seed", trials=12, seed=4)
    assert told(other)[1:] != told(again)[1:]


def test_going_on_is_the_same_as_never_having_stopped(twelve, tmp_path):
    for trials in (3, 4, 12):
        study, _, _ = searched(tmp_path, trials=trials, seed=3)
        assert len(study.trials()) == trials
    assert told(study) == told(twelve[0])


def test_trials_that_fall_behind_are_given_up(twelve):
    trials = twelve[0].trials()
    pruned = [one for one in trials if one.state == "pruned"]
    assert pruned
    assert all(len(one.curve) < 6 and one.values is None for one in pruned)
    assert all(len(one.curve) == 6 for one in trials if one.state == "complete")


@pytest.mark.parametrize("pruning", ["hyperband", "none"])
def test_the_rule_of_giving_up_is_a_choice(tmp_path, pruning):
    study, _, _ = searched(tmp_path, trials=14, pruning=pruning, epochs=9)
    states = {one.state for one in study.trials()}
    assert states == ({"complete"} if pruning == "none" else {"complete", "pruned"})


@pytest.mark.parametrize("pruning", ["hyperband", "median"])
def test_a_model_solved_at_once_is_never_given_up(tmp_path, pruning):
    study, _, _ = searched(tmp_path, model="svd", trials=12, pruning=pruning, epochs=9)
    assert {one.state for one in study.trials()} == {"complete"}


def test_the_first_trial_is_the_defaults_so_that_tuning_never_loses(twelve):
    study = twelve[0]
    first = study.trials()[0]
    assert first.parameters["embedding_size"] == 10
    assert study.best().values >= first.values


def test_a_value_is_that_of_the_best_epoch_on_the_validation_part(twelve):
    for one in twelve[0].trials():
        if one.state == "complete":
            column = [row["ndcg@10"] for row in one.curve]
            assert one.values == (max(column),)
            assert one.best_epoch == 1 + int(np.argmax(column))


def test_a_trial_is_a_model_trained_on_the_inner_part_and_judged_on_validation(twelve):
    study = twelve[0]
    best = study.best()
    parts = split(listeners(), study.request.protocol).for_tuning()
    model = create_model("fast-warp", {"seed": 3, **best.parameters}).fit(
        parts.training, epochs=best.best_epoch
    )
    assert evaluate(model, parts).means()["ndcg@10"] == pytest.approx(best.values[0])


def with_other_test_part(data, request):
    """Return ``data`` with every test pair moved to another artist; train and validation untouched."""
    rows = data.interactions
    parts = split(data, request.protocol)
    known = rows.to_csr(binary=True).toarray() > 0
    items, rng = rows.item_idx.copy(), np.random.default_rng(0)
    position = {(u, i): at for at, (u, i) in enumerate(zip(rows.user_idx, rows.item_idx, strict=True))}
    for u, i in zip(parts.test.user_idx, parts.test.item_idx, strict=True):
        free = np.flatnonzero(~known[u])
        if len(free):
            items[position[u, i]] = new = rng.choice(free)
            known[u, new] = True
    moved = Interactions(rows.user_idx, items.astype(np.int32), rows.weights, rows.shape)
    return data.with_interactions(moved)


def test_the_test_part_is_not_looked_at(tmp_path):
    """The same trials, to the bit, when every pair of the test part is another."""
    request, data = small_request(), listeners()
    other = with_other_test_part(data, request)
    before, after = split(data, request.protocol), split(other, request.protocol)
    for part in ("train", "validation"):
        assert (getattr(before, part).item_idx == getattr(after, part).item_idx).all()
    assert (before.test.item_idx != after.test.item_idx).mean() > 0.9
    assert other.fingerprint != data.fingerprint
    one, _, _ = searched(tmp_path, "one", data=data)
    two, _, _ = searched(tmp_path, "two", data=other)
    assert told(one) == told(two)


def test_events_tell_the_story_in_json(twelve):
    study, events, why = twelve
    assert msgspec.json.decode(msgspec.json.encode(events)) == events
    assert events[0] == {
        "kind": "study",
        "study": "study",
        "model": "fast-warp",
        "objectives": ["ndcg@10"],
        "done": 0,
        "trials": 12,
        "epochs": 6,
    }
    assert [event["trial"] for event in events if event["kind"] == "trial"] == list(range(12))
    by_trial = {event["trial"]: event for event in events if event["kind"] == "ended"}
    for one in study.trials():
        assert (by_trial[one.number]["state"], by_trial[one.number]["best_epoch"]) == (
            one.state,
            one.best_epoch,
        )
    epochs = [event for event in events if event["kind"] == "epoch"]
    assert len(epochs) == sum(len(one.curve) for one in study.trials())
    assert {"epoch", "seconds", "auc", "precision@10", "recall@10", "ndcg@10"} <= set(epochs[0])
    assert (events[-1], why) == ({"kind": "finished", "why": "trials"}, "trials")


def test_a_stop_keeps_everything_and_the_setting_under_way_is_tried_again(twelve, tmp_path):
    study, data = begin(tmp_path, small_request(seed=3))
    seen = []

    def stop():
        return sum(event["kind"] == "epoch" for event in seen) == 15

    assert run_study(study, data, on_event=seen.append, should_stop=stop) == "stopped"
    states = [one.state for one in study.trials()]
    assert states[-1] == "stopped"
    assert study.trials()[-1].curve
    run_study(study, data, Budget(trials=12))
    assert [one.state for one in study.trials()].count("stopped") == 1
    assert told(study) == told(twelve[0])


def test_whatever_interrupts_a_trial_it_is_marked_as_stopped(tmp_path):
    study, data = begin(tmp_path, small_request())

    def interrupt(event):
        if event["kind"] == "epoch" and event["trial"] == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(study, data, on_event=interrupt)
    assert [one.state for one in study.trials()] == ["complete", "stopped"]


def test_minutes_are_a_budget_too(tmp_path):
    study, data = begin(tmp_path, small_request())
    ticks = itertools.count()  # every look at the clock takes a second
    assert run_study(study, data, Budget(minutes=1.0), clock=lambda: float(next(ticks))) == "minutes"
    assert 2 <= len(study.trials()) < 20


def test_a_grid_is_filled_cell_by_cell_and_then_done(tmp_path):
    request = size_and_rate_grid("fast-warp", sizes=(8, 16), rates=(0.05, 0.1, 0.2), epochs=3)
    study, data = begin(tmp_path, request)
    assert run_study(study, data, Budget(trials=4)) == "trials"
    half = StudySummary.of(study).heat_map()
    assert half.filled == 4
    assert run_study(study, data) == "grid"
    grid = StudySummary.of(study).heat_map()
    assert (grid.filled, len(study.trials())) == (6, 6)
    assert grid.values.loc[grid.best] == grid.values.to_numpy().max() == study.best().values[0]
    assert run_study(study, data) == "grid"
    assert len(study.trials()) == 6


def test_several_objectives_are_weighed_against_each_other(tmp_path):
    study, _, _ = searched(tmp_path, objectives=["auc", "seconds"])
    summary = StudySummary.of(study)
    front = summary.front()
    assert len(study.trials()) == 8
    assert front["auc"].is_monotonic_decreasing
    assert front["seconds"].is_monotonic_decreasing
    assert study.best().number in set(front["trial"])


def test_a_setting_that_leaves_the_finite_numbers_is_marked_and_the_search_goes_on(tmp_path):
    grid = {"learning_rate": [0.05, 10.0], "embedding_size": [16, 64]}
    study, data = begin(tmp_path, small_request(model="implicit-bpr", sampler="grid", grid=grid))
    assert run_study(study, data) == "grid"
    states = {tuple(one.parameters.values()): one.state for one in study.trials()}
    assert {rate: state for (rate, _), state in states.items()} == {0.05: "complete", 10.0: "diverged"}
    assert "finite" in next(one.reason for one in study.trials() if one.state == "diverged")
    assert StudySummary.of(study).heat_map().filled == 2


def test_a_study_of_another_version_s_ranges_says_so(tmp_path, monkeypatch):
    study, _, _ = searched(tmp_path, trials=2)
    monkeypatch.setitem(space.RANGES, "user_alpha", number("user_alpha", 1e-9, 1e-4))
    with pytest.raises(StudyError, match="varied user_alpha otherwise"):
        run_study(study, listeners(), Budget(trials=3))
    assert len(study.trials()) == 2


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_share_the_budget_and_take_nothing_twice(tmp_path, workers):
    study, data = begin(tmp_path, small_request(pruning="none"))
    run_study(study, data, Budget(trials=9), workers=workers)
    trials = study.trials()
    assert len(trials) == 9
    assert sorted(one.draw for one in trials) == list(range(9))
    assert len({tuple(one.parameters.items()) for one in trials}) == 9
    # what one setting gives does not depend on who tried it
    alone = create_model("fast-warp", {"seed": 42, **trials[-1].parameters})
    parts = split(data, study.request.protocol).for_tuning()
    alone.fit(parts.training, epochs=trials[-1].best_epoch)
    assert evaluate(alone, parts).means()["ndcg@10"] == pytest.approx(trials[-1].values[0])


def test_an_error_in_one_worker_ends_the_others(tmp_path):
    study, data = begin(tmp_path, small_request())

    def fail(event):
        if event["kind"] == "trial" and event["trial"] == 3:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        run_study(study, data, on_event=fail, workers=2)
    assert len(study.trials()) < 8


def test_a_person_may_ask_for_a_setting(tmp_path):
    study, data = begin(tmp_path, small_request())
    run_study(study, data, Budget(trials=2))
    study.ask_for({"embedding_size": 33, "learning_rate": 0.07})
    run_study(study, data, Budget(trials=3))
    asked = study.trials()[-1]
    assert (asked.asked, asked.state) == (True, "complete")
    assert (asked.parameters["embedding_size"], asked.parameters["learning_rate"]) == (33, 0.07)
    for wrong, text in (({"depth": 2}, "not varied"), ({"embedding_size": 1000}, "outside")):
        with pytest.raises(SettingsError, match=text):
            study.ask_for(wrong)


def test_what_a_person_asked_for_is_tried_after_the_budget_is_spent(tmp_path):
    study, data = begin(tmp_path, small_request())
    run_study(study, data, Budget(trials=2))
    for size in (33, 34):
        study.ask_for({"embedding_size": size})
    run_study(study, data, Budget(trials=2))
    assert [trial.parameters["embedding_size"] for trial in study.trials()[2:]] == [33, 34]
    assert all(trial.state == "complete" for trial in study.trials()[2:])
    run_study(study, data, Budget(trials=2))
    assert len(study.trials()) == 4


def test_other_data_are_refused(tmp_path):
    study, _ = begin(tmp_path, small_request())
    with pytest.raises(StudyError, match="Choose that data set or another name"):
        run_study(study, random_dataset(), Budget(trials=1))
    with pytest.raises(SettingsError, match="workers"):
        run_study(study, listeners(), workers=0)


def test_models_that_learn_in_one_step_are_searched_too(tmp_path):
    study, _, _ = searched(tmp_path, model="ease", trials=5)
    assert all(len(one.curve) == 1 for one in study.trials())


def test_trials_are_frozen(twelve):
    with pytest.raises(dataclasses.FrozenInstanceError):
        twelve[0].trials()[0].state = "complete"
