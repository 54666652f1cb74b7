"""Listened against recommended: the same figures as the library, in words and with a definition."""

from __future__ import annotations

import pytest

from recsys_core.datasets.demo import load_demo
from recsys_core.listening.popularity_findings import Findings, Side, findings
from recsys_core.listening.popularity_shift import popularity_shift
from recsys_core.listening.preferences import Suggestions
from recsys_dashboard.listening.popularity_view import overlap_title
from recsys_dashboard.texts import percent, text, whole
from tests.dashboard.page_visits import metrics, store_demo_runs, visit, words


@pytest.fixture
def runs(data_root):
    return store_demo_runs(data_root, "lightfm-warp")


def shift_of(run, by, k):
    suggestions = Suggestions(run, load_demo())
    lists = suggestions.lists(suggestions.dataset.users.ids, 20)
    return popularity_shift(suggestions.dataset, lists, by=by, k=k)


def test_without_a_run_the_page_says_what_to_do(data_root):
    at = visit("top_artists")
    assert not at.exception
    assert text("run_choice.none") in words(at)


@pytest.mark.parametrize(("by", "k"), [("listeners", 5), ("plays", 5), ("listeners", 20)])
def test_cards_titles_and_table_are_those_of_the_library(runs, by, k):
    at = visit("top_artists", by=text(f"top_artists.by_{by}"), per=str(k))
    shift = shift_of(runs["lightfm-warp"], by, k)
    found = findings(shift)
    assert metrics(at)[text("top_artists.card_reach")] == whole(found.recommended.items)
    assert metrics(at)[text("top_artists.card_top")] == percent(found.recommended.top_1_percent)
    assert metrics(at)[text("top_artists.card_both")] == f"{found.in_both} of 10"
    assert overlap_title(found) in words(at)
    assert text(f"top_artists.note_{by}") in words(at)
    assert at.dataframe[0].value["recommended"].tolist() == shift.table()["recommended"].tolist()


def test_listening_is_counted_by_listeners_unless_asked_otherwise(runs):
    at = visit("top_artists")
    assert at.slider(key="per").value == 5
    assert text("top_artists.note_listeners") in words(at)


@pytest.mark.parametrize(
    "query", [{"by": "nonsense"}, {"per": "0"}, {"per": "1000"}, {"per": "x"}, {"model": "x"}]
)
def test_a_bad_address_falls_back_to_what_there_is(runs, query):
    at = visit("top_artists", **query)
    assert not at.exception
    assert not at.error
    assert len(at.metric) == 4
    assert 1 <= at.slider(key="per").value <= 20


@pytest.mark.parametrize(
    ("in_both", "n_top", "words_expected"),
    [
        (0, 10, "None of the ten most listened artists is among the ten most recommended"),
        (1, 10, "One of the ten most listened artists is also among the ten most recommended"),
        (6, 10, "Six of the ten most listened artists are also among the ten most recommended"),
        (10, 10, "All ten most listened artists are also the ten most recommended"),
        (2, 4, "Two of the four most listened artists are also among the four most recommended"),
        (1, 1, "All one most listened artists are also the one most recommended"),
    ],
)
def test_the_finding_is_an_english_sentence(in_both, n_top, words_expected):
    side = Side(1, 0.1, 0.5, 0.2, 0.3, 0.1)
    assert overlap_title(Findings(n_top, in_both, side, side)) == words_expected
