"""Models by name."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.errors import RunError, SettingsError
from recsys_core.models.registry import MODELS, create_model
from tests.core.small_data import checkerboard, random_dataset


def test_the_four_losses_the_baselines_and_svd_are_there():
    assert set(MODELS) >= {
        "lightfm-warp",
        "lightfm-bpr",
        "lightfm-warp-kos",
        "lightfm-logistic",
        "svd",
        "popularity",
        "random",
    }


def test_a_model_takes_its_own_settings_and_leaves_the_rest():
    values = {"embedding_size": 3, "learning_rate": 0.5, "seed": 9}
    assert create_model("svd", values).settings.to_dict() == {
        "embedding_size": 3,
        "values": "binary",
        "user_power": 0.0,
        "item_power": 0.0,
        "seed": 9,
    }
    assert create_model("popularity", values).settings.to_dict() == {}


def test_an_unknown_model_is_answered_with_the_list():
    with pytest.raises(SettingsError, match=r"There is no model 'oracle'\. Choose among lightfm-warp, "):
        create_model("oracle")


@pytest.mark.parametrize("name", ["svd", "popularity", "lightfm-warp"])
def test_arrays_of_other_data_or_another_model_are_refused(name):
    board, other = checkerboard(10), random_dataset(12, 9, 60)
    arrays = create_model(name).fit(board).arrays()
    with pytest.raises(RunError, match=f"not those of {name} on this data"):
        create_model(name).restore(other, arrays)
    arrays.popitem()
    with pytest.raises(RunError, match="not those of"):
        create_model(name).restore(board, arrays)


def test_svd_values_decide_what_is_decomposed():
    data = random_dataset()
    scores = [
        create_model("svd", {"values": values}).fit(data).scores([0]).tobytes()
        for values in ("binary", "log", "weight")
    ]
    assert len(set(scores)) == 3


def test_svd_of_full_rank_gives_back_the_matrix_however_it_is_normalised():
    data = random_dataset(8, 5, 20)
    for powers in ({}, {"user_power": 0.5, "item_power": 0.5}):
        model = create_model("svd", {"embedding_size": 5, **powers}).fit(data)
        by_user = np.diff(model.seen.indptr) ** powers.get("user_power", 0.0)
        np.testing.assert_allclose(
            model.scores(np.arange(8)) * by_user[:, None], model.seen.toarray(), atol=1e-5
        )


def test_svd_takes_no_more_dimensions_than_the_matrix_has():
    model = create_model("svd", {"embedding_size": 512}).fit(random_dataset(8, 5, 20))
    assert model.scorer.size == 5
