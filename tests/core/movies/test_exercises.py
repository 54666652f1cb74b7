"""The seminar's two exercises: what comes first by text, and whose taste is near by ratings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from recsys_core.errors import DataError, SettingsError
from recsys_core.lessons import tastes
from recsys_core.lessons.lures import SEMINAR
from recsys_core.movies.jaccard import jaccard_distances, jaccard_similarities
from recsys_core.movies.profile import bag_of_words_profile, rank_by_profile, tokens

VIEWED, CANDIDATES, STOP_WORDS = SEMINAR.viewed, SEMINAR.candidates, SEMINAR.stop_words


@pytest.mark.parametrize(
    ("language", "stop_words", "expected"),
    [
        ("russian", STOP_WORDS, {1: 0.5446, 2: 0.7239, 3: 0.5171}),
        ("russian", (), {1: 0.4548, 2: 0.6759, 3: 0.5547}),
        (None, (), {1: 0.2652, 2: 0.2942, 3: 0.3062}),
        (None, STOP_WORDS, {1: 0.3203, 2: 0.3203, 3: 0.2321}),
    ],
    ids=["stems", "stems, all words", "words as they are, all", "words as they are"],
)
def test_the_seminar_s_candidates(language, stop_words, expected):
    ranked = rank_by_profile(bag_of_words_profile(VIEWED, language, stop_words=stop_words), CANDIDATES)
    found = dict(zip(ranked["position"], ranked["similarity"], strict=True))
    assert found == pytest.approx(expected, abs=5e-5)
    assert ranked["position"].tolist() == sorted(expected, key=lambda one: (-expected[one], one))


def test_the_winner_counted_by_hand():
    """Five stems are in both viewed texts, 14 in one; item 2 has 11, 4 of those and 6 of these."""
    ranked = rank_by_profile(bag_of_words_profile(VIEWED, "russian", stop_words=STOP_WORDS), CANDIDATES)
    first = ranked.iloc[0]
    by_hand = (4 * 1 + 6 * 0.5) / (np.sqrt(5 + 14 / 4) * np.sqrt(11))
    assert (first["position"], first["similarity"]) == (2, pytest.approx(by_hand))
    assert set(first["shared"][:4]) == {"приманк", "воблер", "искусствен", "рыболовн"}


def test_a_profile_is_the_mean_of_what_was_viewed():
    profile = bag_of_words_profile(["dogs run", "a dog sleeps", "a"], stop_words=["A"])
    assert dict(profile.weights) == {"dog": 2 / 3, "run": 1 / 3, "sleep": 1 / 3}


def test_nothing_in_common_is_zero_and_the_order_given_decides():
    ranked = rank_by_profile(bag_of_words_profile(["dog"]), ["cat", "", "cow"])
    assert ranked["similarity"].tolist() == [0, 0, 0]
    assert ranked["position"].tolist() == [1, 2, 3]
    assert rank_by_profile(bag_of_words_profile(["dog"]), []).empty


def test_texts_without_words_and_unknown_languages_are_refused():
    with pytest.raises(DataError, match="no word to make a profile"):
        bag_of_words_profile(["", "..."])
    with pytest.raises(SettingsError, match="no stemmer for 'klingon'"):
        tokens("a", "klingon")


MATRIX = np.nan_to_num(np.array(tastes.STARS))


@pytest.mark.parametrize("made", [np.array, sparse.csr_matrix, sparse.coo_array])
def test_the_seminar_s_matrix(made):
    expected = np.array([[0, 1 - 2 / 5, 1 - 2 / 6], [1 - 2 / 5, 0, 1 - 1 / 6], [1 - 2 / 6, 1 - 1 / 6, 0]])
    np.testing.assert_allclose(jaccard_distances(made(MATRIX)), expected)


def test_empty_cells_may_be_nan():
    table = np.array(tastes.STARS)
    np.testing.assert_array_equal(jaccard_distances(table), jaccard_distances(MATRIX))


def test_who_likes_nothing_is_far_from_everybody_but_himself():
    distances = jaccard_distances([[1, 2], [5, 5], [0, 0]])
    np.testing.assert_array_equal(distances, 1 - np.eye(3))


@given(arrays.arrays(np.int8, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.integers(0, 5)))
def test_it_is_what_sets_say(ratings):
    sets = [set(np.flatnonzero(row >= 3)) for row in ratings]
    for a, row in enumerate(jaccard_distances(ratings)):
        for b, distance in enumerate(row):
            either = sets[a] | sets[b]
            expected = 1 - len(sets[a] & sets[b]) / len(either) if either else float(a != b)
            assert distance == pytest.approx(0 if a == b else expected)


def test_pairs_that_share_nothing_are_not_stored():
    assert jaccard_similarities(np.diag([5, 4, 3, 2])).nnz == 3


def test_what_is_no_table_is_refused():
    with pytest.raises(DataError, match="table of numbers"):
        jaccard_distances(["a", "b"])
