"""What may be asked of a study."""

from __future__ import annotations

import pytest

from recsys_core.errors import SettingsError
from recsys_core.splitting import PROTOCOLS, split
from recsys_core.tuning import Budget, TuningRequest, check_request, size_and_rate_grid
from tests.core.tuning.studies import listeners, small_request

BAD = {
    "model": ({"model": "nonsense"}, "There is no model 'nonsense'"),
    "nothing to tune": ({"model": "popularity"}, "nothing to tune: it has no parameters"),
    "one epoch": ({"epochs": 1}, "epochs: expected a whole number of at least 2"),
    "objective": ({"objectives": ["accuracy"]}, "There is no objective 'accuracy'"),
    "list of none": ({"objectives": ["ndcg@0"]}, "There is no objective 'ndcg@0'"),
    "seconds alone": ({"objectives": ["seconds"]}, "name a quality first"),
    "twice": ({"objectives": ["auc", "auc"]}, "each may be named once"),
    "no validation": ({"protocol": PROTOCOLS["driver"].to_dict()}, "needs a validation part"),
    "fixed unknown": ({"fixed": {"depth": 3}}, "fast-warp has no parameter 'depth'"),
    "fixed out of range": ({"fixed": {"embedding_size": 0}}, "embedding_size"),
    "grid without values": ({"sampler": "grid"}, "values are given for the sampler grid"),
    "values without grid": ({"grid": {"embedding_size": [8]}}, "values are given for the sampler grid"),
    "empty axis": ({"sampler": "grid", "grid": {"embedding_size": []}}, "at least one value"),
    "cell out of range": ({"sampler": "grid", "grid": {"learning_rate": [0.1, -1.0]}}, "learning_rate"),
    "grid of nothing": ({"sampler": "grid", "grid": {"k": [1, 2]}}, "k changes nothing for fast-warp"),
    "all fixed": (
        {"model": "ease", "fixed": {"regularisation": 8.0, "values": "log"}},
        "nothing of ease is left to vary",
    ),
}


@pytest.mark.parametrize(("values", "text"), BAD.values(), ids=BAD)
def test_what_does_not_fit_is_refused_in_words(values, text):
    with pytest.raises(SettingsError, match=text):
        check_request(small_request(**values))


@pytest.mark.parametrize(
    "objectives", [("auc",), ("precision@5",), ("recall@20", "ndcg@3"), ("auc", "seconds")]
)
def test_objectives_at_any_list_length_alone_or_together(objectives):
    request = check_request(small_request(objectives=list(objectives)))
    assert request.objectives == objectives
    assert {10} | {int(one.partition("@")[2]) for one in objectives if "@" in one} == set(
        request.list_lengths()
    )


def test_a_budget_is_positive():
    assert Budget() == Budget.from_dict({})
    for wrong in ({"trials": 0}, {"minutes": 0.0}, {"minutes": float("inf")}):
        with pytest.raises(SettingsError):
            Budget.from_dict(wrong)


def test_the_grid_of_sliders_goes_through_every_pair_small_first():
    request = size_and_rate_grid("lightfm-warp", sizes=(32, 8), rates=(0.1, 0.05))
    assert request.pruning == "none"
    assert [tuple(cell.values()) for cell in request.cells()] == [(8, 0.05), (8, 0.1), (32, 0.05), (32, 0.1)]


def test_the_validation_part_is_cut_from_the_train_part_only():
    protocol = TuningRequest(model="svd").protocol
    tuning = split(listeners(), protocol)
    final = split(listeners(), protocol.replace(validation_share=0.0))
    assert (tuning.test.item_idx == final.test.item_idx).all()
    assert len(tuning.train) + len(tuning.validation) == len(final.train)
    assert len(tuning.validation) / len(final.train) == pytest.approx(0.2, abs=0.001)
