"""What the films page asks beyond similar films: standings, lists joined, reasons summed, facts counted."""

from __future__ import annotations

import numpy as np
import pytest

from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.facts import film_facts
from recsys_core.movies.reason_groups import GROUP_ORDER, grouped, share_of_groups, spelled
from recsys_core.movies.side_by_side import side_by_side
from recsys_core.movies.standing import Standings
from recsys_core.movies.weighted_rating import rating_scale
from tests.core.movies.film_data import films, ratings_of

VOTED = films(
    {"vote_count": 100, "vote_average": 8.0},
    {"vote_count": 1, "vote_average": 10.0},
    {"vote_count": 0},
    {"vote_count": 50, "vote_average": 5.0},
)
ALIKE = films(
    {"title": "Ring", "overview": "a ring of power", "keywords": ["ring"], "genres": ["Fantasy"]},
    {"title": "Ring", "overview": "the ring returns", "keywords": ["ring"], "genres": ["Horror"]},
    {"title": "Quest", "overview": "a quest for power", "director": "A, B", "genres": ["Fantasy"]},
    {"title": "Other", "overview": "cooking", "genres": ["Comedy"]},
)


def test_a_standing_is_the_weighted_rating_and_its_place():
    standing = Standings(VOTED).of(0)
    scale = rating_scale(VOTED.frame)
    assert standing.rating == float(scale.weigh(np.array([100]), np.array([8.0]))[0])
    assert (standing.votes, standing.mean, standing.place, standing.films) == (100, 8.0, 1, 3)
    assert Standings(VOTED).of(3).place == 3, "the last of those that somebody voted for"


def test_a_film_without_votes_and_a_catalogue_without_any_have_no_standing():
    assert Standings(VOTED).of(2) is None
    assert Standings(ALIKE).of(0) is None
    assert Standings(ALIKE).best(2) == [0, 1]
    assert Standings(VOTED).best(1) == [0]


def test_where_votes_are_not_counted_the_mean_decides():
    standing = Standings(films({"vote_average": 4.0}, {"vote_average": 9.0}, {})).of(1)
    assert standing == (0, 9.0, 9.0, 1, 2)


def test_a_surprise_is_a_film_that_people_know_and_another_one():
    standings = Standings(VOTED)
    drawn = {standings.draw(np.random.default_rng(seed), besides=0) for seed in range(20)}
    assert drawn == {3}
    assert Standings(films({})).draw(np.random.default_rng(1), besides=0) == 0


@pytest.fixture(scope="module")
def models():
    texts = FilmTexts(ALIKE)
    return {method: ContentModel(texts, method) for method in ("overview", "soup", "both")}


def test_lists_side_by_side_are_joined_by_film_and_not_by_title(models):
    lists = {method: model.similar_movies(1, 3) for method, model in models.items()}
    joined = side_by_side(lists)
    assert sorted(joined.table["movie_id"]) == [2, 3]
    assert joined.in_all == 2
    for (one, other), shared in joined.shared.items():
        slow = set(lists[one].table["movie_id"]) & set(lists[other].table["movie_id"])
        assert shared == len(slow)
    for method, similar in lists.items():
        ranks = joined.table.set_index("movie_id")[method].dropna().to_dict()
        assert ranks == dict(zip(similar.table["movie_id"], similar.table["rank"], strict=True))


def test_a_film_of_one_list_only_has_no_rank_elsewhere(models):
    lists = {"overview": models["overview"].similar_movies(4, 3), "soup": models["soup"].similar_movies(1, 1)}
    joined = side_by_side(lists)
    assert lists["overview"].table.empty
    assert joined.table["overview"].isna().all()
    assert (joined.in_all, joined.shared) == (0, {("overview", "soup"): 0})
    assert joined.lists_of(joined.table["movie_id"].iloc[0]) == 1
    assert joined.lists_of("nobody") == 0


def test_groups_of_reasons_sum_to_the_similarity(models):
    similar = models["both"].similar_movies(1, 3)
    groups = grouped(similar)
    sums = groups[list(GROUP_ORDER)].sum(axis=1).to_numpy()
    np.testing.assert_allclose(sums, similar.table["similarity"], rtol=1e-6)
    shares = share_of_groups(groups)
    assert sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert set(shares) == {"words", "keywords", "genres"}


def test_reasons_of_nothing_are_nothing(models):
    nothing = models["overview"].similar_movies(4, 3)
    assert share_of_groups(grouped(nothing)) == {}
    assert spelled(nothing).empty


def test_reasons_are_spelled_for_a_file(models):
    written = spelled(models["soup"].similar_movies(1, 1))["reasons"].iloc[0]
    assert written == "keyword: ring 0.5000"


def test_facts_are_counted():
    rated = films({"overview": "x"}, {"cast": ["A"]}, {"director": "B"}, ratings=ratings_of([("u", 1, 4)]))
    facts = film_facts(rated)
    assert (facts.films, facts.overview, facts.people, facts.keywords) == (3, 1, 2, 0)
    assert (facts.ratings, facts.raters, facts.first_year) == (1, 1, None)
    assert film_facts(VOTED).votes == 3


def test_votes_without_a_mean_are_no_votes_to_rate_by():
    half = films({"vote_count": 5, "vote_average": np.nan}, {"vote_count": 7, "vote_average": 6.0})
    assert film_facts(half).votes == 1
