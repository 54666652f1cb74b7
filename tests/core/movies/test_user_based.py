"""The user-based recommender takes the exam of all models, and says whose taste counted."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.errors import NotFittedError
from recsys_core.movies.user_based import UserBasedRecommender
from tests.contracts.recommender_contract import RecommenderContract
from tests.core.movies.film_data import ratings_of


class TestUserBased(RecommenderContract):
    name = "user-jaccard"
    settings = {"positive": 1.0}  # noqa: RUF012 - read only
    cannot = {  # noqa: RUF012 - read only
        "compare items": "compares people",
        "be trained further": "is solved in one step",
        "be seeded": "there is no chance in it",
    }

    @classmethod
    def new(cls):
        return UserBasedRecommender(**cls.settings)


RATINGS = ratings_of(
    [
        (1, 10, 5),
        (1, 11, 4),
        (2, 10, 4),
        (2, 11, 5),
        (2, 12, 4),
        (3, 13, 5),
        (3, 10, 3),
        (4, 14, 1),
        (1, 14, 2),
    ]
)


def test_the_nearest_taste_decides():
    table = UserBasedRecommender().fit(RATINGS).recommend([1], 2)
    assert table["item_id"].tolist() == [12, 13]
    # users 1 and 2 share two of three likes, 1 and 3 one of three
    np.testing.assert_allclose(table["score"], [2 / 3, 1 / 3])


def test_only_so_many_neighbours_count():
    model = UserBasedRecommender(neighbours=1).fit(RATINGS)
    rows, similarities = model.neighbours(0)
    assert (rows.tolist(), similarities.tolist()) == ([1], [2 / 3])
    assert model.scores(np.array([0]))[0, RATINGS.items.to_idx([13])] == 0


def test_low_ratings_are_no_likes():
    assert UserBasedRecommender().fit(RATINGS).neighbours(3)[0].size == 0


def test_neighbours_need_training():
    with pytest.raises(NotFittedError, match="user-jaccard"):
        UserBasedRecommender().neighbours(0)
