"""Listened against recommended: the same figures as the library, in words and with a definition."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.listening.popularity_findings import two_charts
from recsys_core.listening.popularity_lists import NAME, baseline_lists, best_lists
from recsys_core.listening.popularity_rerank import candidates
from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED
from recsys_core.listening.popularity_story import AS_TRAINED, BASELINE, tell
from recsys_core.listening.popularity_tradeoff import Cost, cost
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import read_artefact
from recsys_core.splitting import Protocol, split
from recsys_core.statistics import Interval
from recsys_dashboard.downloads import csv_bytes
from recsys_dashboard.listening.popularity_choice import Choice
from recsys_dashboard.listening.popularity_words import cost_title, overlap_title, two_charts_sentence
from recsys_dashboard.listening.run_choice import source_line
from recsys_dashboard.texts import number, percent, text, whole
from tests.dashboard.page_visits import metrics, store_demo_runs, visit, words


@pytest.fixture
def runs(data_root):
    return store_demo_runs(data_root, "lightfm-warp", "svd")


@pytest.fixture
def candidates_of(runs):
    def made():
        run = runs["lightfm-warp"]
        parts = split(load_demo(), run.manifest.protocol)
        return candidates(best_lists(run.model(parts.training).scorer, parts), parts)

    return made


@pytest.fixture
def story_of(runs, candidates_of):
    def told(**choices):
        parts = split(load_demo(), runs["lightfm-warp"].manifest.protocol)
        return tell(load_demo(), candidates_of(), baseline=baseline_lists(parts), **choices)

    return told


def test_without_a_run_the_page_says_what_to_do(data_root):
    at = visit("top_artists")
    assert not at.exception
    assert text("run_choice.none") in words(at)


@pytest.mark.parametrize(("by", "k"), [("listeners", 5), ("plays", 5), ("listeners", 20)])
def test_cards_titles_and_tables_are_those_of_the_library(story_of, by, k):
    at = visit("top_artists", by=by, per=str(k))
    story = story_of(k=k, by=by)
    there, here = story.spreads[RECOMMENDED], story.spreads[LISTENED]
    assert metrics(at)[text("top_artists.card_reach")] == whole(there.items)
    assert metrics(at)[text("top_artists.card_top")] == percent(there.top_1_percent)
    assert metrics(at)[text("top_artists.card_gini")] == number(there.gini)
    assert metrics(at)[text("top_artists.card_both")] == f"{story.shift.in_both(10)} of 10"
    assert overlap_title(story.shift.in_both(10), 10) in words(at)
    assert text(f"top_artists.note_{by}") in words(at)
    assert f"80% of recommendations go to {percent(there.items_for_80)} of artists" in words(at)
    assert f"80% of listening goes to {percent(here.items_for_80)}" in words(at)
    spreads, artists = (table.value for table in at.dataframe)
    assert spreads["gini"].tolist() == [one.gini for one in story.spreads.values()]
    assert artists["ratio"].tolist() == story.shift.over()["ratio"].tolist()


def test_the_lists_are_kept_beside_the_run(runs, data_root):
    visit("top_artists")
    run_id = runs["lightfm-warp"].manifest.run_id
    assert read_artefact(RunStore(data_root / "runs"), run_id, NAME) is not None


def test_listening_is_counted_by_listeners_unless_asked_otherwise(runs):
    at = visit("top_artists")
    assert at.slider(key="per").value == 5
    assert at.slider(key="show").value == 10
    assert text("top_artists.note_listeners") in words(at)


def test_both_charts_of_listening_are_compared_and_scales_are_named(story_of):
    at = visit("top_artists", show="7")
    assert two_charts_sentence(two_charts(load_demo(), 7)).replace("\\", "") in words(at)
    shift = story_of(k=5).shift
    assert f"{whole(shift.listened.max())} listeners on the left" in words(at)
    assert f"{whole(shift.recommended.max())} lists on the right" in words(at)


@pytest.mark.parametrize("method", ["penalty", "own-taste"])
def test_a_strength_changes_the_lists_and_says_what_that_costs(story_of, candidates_of, method):
    at = visit("top_artists", rerank=method, strength="50%")
    assert not at.exception
    story = story_of(k=5, method=method, strength=0.5)
    assert metrics(at)[text("top_artists.card_reach")] == whole(story.spreads[RECOMMENDED].items)
    assert text("top_artists.badge", strength="50%") in words(at)
    table = at.dataframe[0].value
    assert table["items"].tolist() == [one.items for one in story.spreads.values()]
    assert list(story.spreads) == [LISTENED, RECOMMENDED, AS_TRAINED, BASELINE]
    price = cost(candidates_of(), load_demo().n_items, method, 0.5, 5)
    assert f"to {number(100 * price.precision)}%: {number(100 * price.change.mean)} points" in words(at)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.02, -0.01, "costs 0.075 right suggestions out of 5"),
        (0.01, 0.02, "also brings 0.075 more right suggestions out of 5"),
        (-0.02, 0.01, "changes precision by no more than luck may"),
        (-0.01, 0.02, "changes precision by no more than luck may"),
    ],
)
def test_a_title_says_that_precision_goes_up_or_down_only_where_the_interval_does(low, high, said):
    change = Interval(0.015 if low + high > 0 else -0.015, low, high)
    found = Cost(5, 100, 0.2, 0.2 - change.mean, change, items=40, items_before=30, gini=0.5, gini_before=0.6)
    choice = Choice(None, (), "listeners", 5, 10, "penalty", 0.5)
    assert cost_title(choice, found) == f"Reaching 40 artists instead of 30 {said}"


def test_a_model_of_another_split_is_named_with_its_seed(runs, data_root):
    elsewhere = ComparisonRequest(models=("svd",), embedding_size=8, protocol=Protocol(seed=7))
    run = compare(load_demo(), elsewhere, created="2026-01-03T03:04:05+00:00")[-1]
    RunStore(data_root / "runs").save(run)
    at = visit("top_artists", **{"with": run.manifest.run_id})
    four_of_all = words(at).count(source_line(load_demo(), run.manifest))
    assert four_of_all == 4
    same = visit("top_artists", **{"with": runs["svd"].manifest.run_id})
    assert source_line(load_demo(), runs["svd"].manifest) not in words(same)


def test_other_models_stand_beside_the_first_and_in_the_address(runs):
    other = runs["svd"].manifest.run_id
    at = visit("top_artists", **{"with": other})
    assert at.multiselect(key="with").value == [other]
    assert at.query_params["with"] == other
    parts = at.dataframe[0].value["part"].tolist()
    assert len(parts) == 4
    assert parts[2].startswith("SVD")
    at.multiselect(key="with").set_value([]).run()
    assert "with" not in at.query_params
    assert len(at.dataframe[0].value) == 3


def test_the_charts_need_no_baseline_beside_them(runs):
    at = visit("top_artists", model=runs["popularity"].manifest.run_id)
    assert not at.exception
    assert len(at.dataframe[0].value) == 2


@pytest.mark.parametrize("view", ["under", "all"])
def test_the_table_shows_who_loses_and_everybody(story_of, view):
    at = visit("top_artists", artists=view)
    shift = story_of(k=5).shift
    expected = {"under": shift.under, "all": shift.table}[view]()
    assert at.dataframe[1].value["name"].tolist() == expected["name"].tolist()


def test_the_download_holds_every_artist_with_both_ratios(story_of):
    table = story_of(k=5).shift.table()
    back = pd.read_csv(io.BytesIO(csv_bytes(table)))
    assert len(back) == len(table)
    assert {"ratio", "raw_ratio", "expected", "listened_rank", "recommended_rank"} <= set(back.columns)


@pytest.mark.parametrize(
    "query",
    [
        {"by": "nonsense"},
        {"per": "0"},
        {"per": "1000"},
        {"per": "x"},
        {"show": "-1"},
        {"model": "x"},
        {"with": "x,y,z"},
        {"strength": "17%"},
        {"rerank": "magic"},
        {"axis": "x"},
        {"artists": "x"},
    ],
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
        (13, 20, "13 of the 20 most listened artists are also among the 20 most recommended"),
    ],
)
def test_the_finding_is_an_english_sentence(in_both, n_top, words_expected):
    assert overlap_title(in_both, n_top) == words_expected
