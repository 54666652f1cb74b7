"""The page that teaches: every chapter opens by its address, and every toy says what the library says."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys_core.lessons.hand_list import judge
from recsys_core.lessons.lures import SEMINAR
from recsys_core.lessons.measured import measured
from recsys_core.lessons.score import score_table
from recsys_core.models.timesvd import FAMILIES, held_out_table, planted_ratings
from recsys_dashboard.learn import further, rated_films
from recsys_dashboard.learn.chapters import CHAPTERS
from recsys_dashboard.learn.lightfm_lists import ARTISTS, LOVED
from recsys_dashboard.texts import number, percent, seconds, text
from recsys_online.analysis.peeking import false_alarms
from tests.dashboard.page_visits import metrics, visit, words


def chapter(name):
    at = visit("learn", chapter=name)
    assert not at.exception
    assert not at.error
    return at


def alts(at):
    """What the figures say to those who do not see them."""
    return [chart.proto.alt for chart in at.get("plotly_chart")]


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_has_an_address_a_toy_and_a_figure(data_root, name):
    at = chapter(name)
    assert at.header[0].value == text(f"learn.name_{name}")
    assert text("learn.try_it") in words(at)
    assert alts(at)
    assert all(len(alt) > 20 for alt in alts(at))
    assert text("learn.badge") in words(at)


@pytest.mark.parametrize("query", [{}, {"chapter": "nonsense"}, {"chapter": ""}])
def test_an_address_without_a_chapter_opens_the_first(data_root, query):
    at = visit("learn", **query)
    assert at.header[0].value == text("learn.name_feedback")


def test_the_pages_are_turned_forwards_and_backwards(data_root):
    at = visit("learn", chapter="words", data="demo")
    at.button(key="learn.turn.neighbours").click().run()
    assert at.query_params["chapter"] == "neighbours"
    assert at.header[0].value == text("learn.name_neighbours")
    at.button(key="learn.turn.words").click().run()
    assert at.header[0].value == text("learn.name_words")


def test_what_becomes_a_one_is_chosen(data_root):
    at = chapter("feedback")
    assert text("learn.feedback_title_rated", ones=14, zeros=16) in words(at)
    at.button_group(key="learn.rule").set_value("liked").run()
    assert text("learn.feedback_title_liked", ones=10, zeros=20, disliked=4, unknown=16) in words(at)


def test_the_choice_of_a_recommender_rests_on_what_was_measured(data_root):
    at = chapter("field")
    found = measured()
    assert number(10 * found.models[0].precision.mean, 2) in words(at)
    assert at.dataframe[0].value.shape == (len(found.models), 6)
    assert at.code[0].value == found.command
    at.button_group(key="learn.wish").set_value("seconds").run()
    quickest = min(found.models, key=lambda one: one.seconds)
    assert text("learn.field_title_seconds", model=text(f"model.{quickest.model}")) in words(at)
    assert seconds(quickest.seconds) in at.dataframe[0].value.iloc[:, -1].tolist()


def test_the_taste_moves_and_the_head_start_is_switched_off(data_root):
    at = chapter("lightfm")
    at.slider(key="learn.loud").set_value(1.0)
    at.toggle(key="learn.bias").set_value(False).run()
    first = score_table(0.6, 1.0, with_biases=False).iloc[0]
    assert f"First comes {first['name']}: match {number(first['match'], 2)} + head start 0" in words(at)


def test_four_losses_have_a_picture_each(data_root):
    at = chapter("lightfm")
    at.slider(key="learn.place").set_value(12).run()
    assert not at.exception
    assert [text(f"learn.loss_{one}_note") in words(at) for one in ("logistic", "bpr", "warp", "warp-kos")]


def test_a_model_is_trained_on_before_one_s_eyes(data_root):
    at = chapter("lightfm")
    at.button(key="learn.resume.one").click().run(timeout=60)
    at.button(key="learn.resume.five").click().run(timeout=60)
    assert not at.exception
    assert "1 + 5 = 6 epochs" in words(at)
    assert text("learn.resume_same") in words(at)
    at.button(key="learn.resume.again").click().run()
    assert text("learn.resume_nothing") in words(at)


def test_a_list_reordered_by_hand_is_judged_anew(data_root):
    at = chapter("lightfm")
    order = list(range(ARTISTS))
    assert metrics(at)[text("learn.card_auc")] == number(judge([one in LOVED for one in order], 3).auc)
    at.button(key="learn.move.up.1").click().run()
    order[0], order[1] = order[1], order[0]
    at.slider(key="learn.k").set_value(2).run()
    judged = judge([one in LOVED for one in order], 2)
    assert metrics(at)[text("learn.card_precision", k=2)] == number(judged.precision) == "0.500"
    assert metrics(at)[text("learn.card_auc")] == number(judged.auc)
    at.slider(key="learn.tied").set_value(8).run()
    assert at.dataframe[0].value.iloc[1, -1] == "0.500"
    assert text("learn.ties_differ", tied=8) in words(at)
    assert at.dataframe[0].value.iloc[0, -1].startswith("-")
    assert text("learn.ties_below_zero") in words(at)
    at.slider(key="learn.tied").set_value(1).run()
    assert text("learn.ties_below_zero") not in words(at)


def test_stems_change_the_answer(data_root):
    at = chapter("words")
    assert "Candidate 2 is the most similar" in words(at)
    assert at.dataframe[0].value.iloc[:, -1].tolist() == ["2", "2", "1", "1"]
    at.toggle(key="learn.stems").set_value(False).run()
    assert "Candidate 1 is the most similar" in words(at)


def test_the_seminar_s_own_texts_are_a_button_away(data_root):
    at = chapter("words")
    at.button(key="learn.load.seminar").click().run()
    assert not at.exception
    assert at.text_area(key="learn.candidate.2").value == SEMINAR.candidates[1]
    assert at.selectbox(key="learn.language").value == "russian"
    assert at.dataframe[0].value.iloc[:, -1].tolist() == ["2", "2", "1 = 2", "3"]
    at.button(key="learn.load.first").click().run()
    assert at.dataframe[0].value.iloc[:, -1].tolist() == ["2", "2", "1", "1"]


def test_words_that_say_nothing_may_stand_between_commas(data_root):
    at = chapter("words")
    as_shown = at.dataframe[0].value
    listed = ", ".join(text("learn.words_stop_default").split())
    at.text_input(key="learn.stop").set_value(listed).run()
    assert at.dataframe[0].value.equals(as_shown)
    at.text_input(key="learn.stop").set_value("").run()
    assert not at.dataframe[0].value.equals(as_shown)


def test_own_texts_may_hold_anything(data_root):
    at = chapter("words")
    for place in (1, 2):
        at.text_area(key=f"learn.viewed.{place}").set_value("...")
    at.run()
    assert not at.exception
    assert "no word to make a profile" in at.warning[0].value
    at.text_area(key="learn.viewed.1").set_value("<b>**hund**</b> hunde")
    at.selectbox(key="learn.language").set_value("german").run()
    assert not at.exception
    assert text("learn.words_title_none") in words(at)


def test_the_bound_of_liking_changes_the_neighbours(data_root):
    at = chapter("neighbours")
    assert text("learn.neighbours_title", one="A", other="B", distance="0.600") in words(at)
    at.slider(key="learn.positive").set_value(5).run()
    assert not at.exception
    assert all(text("learn.neighbours_alone", person=one) in words(at) for one in "ABC")
    assert text("learn.neighbours_title_none") in words(at)
    assert "are nearest" not in words(at)


def test_simulated_films_are_drawn_with_what_was_planted(data_root):
    at = chapter("drift")
    assert text("learn.drift_no_movielens") in words(at)
    at.selectbox(key="learn.film").set_value(3).run()
    at.button_group(key="learn.families").set_value(["decay"]).run()
    assert not at.exception
    assert "planted: fading" in words(at)
    assert text("learn.drift_note_truth") in words(at)
    at.button_group(key="learn.families").set_value([]).run()
    assert not at.exception


def test_drifts_are_judged_on_held_out_ratings(data_root):
    at = chapter("drift")
    at.button_group(key="learn.way").set_value("random").run()
    at.button(key="learn.measure").click().run(timeout=60)
    assert not at.exception
    table = held_out_table(planted_ratings().ratings, "random")
    assert at.dataframe[0].value[text("learn.drift_head_rmse")].tolist() == table["rmse"].tolist()
    assert "Better than no drift beyond luck" in words(at)
    assert text("learn.drift_note_known") in words(at)
    assert (rated_films.SIMULATED, "random") in rated_films.tables()


def test_simulated_people_are_known_in_either_way_of_hiding(data_root):
    at = chapter("drift")
    at.button(key="learn.measure").click().run(timeout=60)
    assert "100% of them by people" in words(at)
    assert text("learn.drift_note_known") in words(at), "there are no newcomers among them"


def test_only_what_survives_the_correction_is_claimed(data_root, monkeypatch):
    rows = {name: (0.0, 0.0, 0.0, float("nan")) for name in FAMILIES}
    rows |= {"decay": (-0.1, -0.2, -0.01, 0.012), "step": (-0.1, -0.2, -0.01, 0.2)}
    table = pd.DataFrame(rows.values(), columns=["change", "change_low", "change_high", "p_holm"])
    table = table.assign(
        family=list(rows), weights_an_item=1, rmse=0.9, n_ratings=9, n_people=9, share_known=0.1
    )
    chapter("drift")
    rated_films.tables()[rated_films.SIMULATED, "time"] = table
    said = words(chapter("drift"))
    assert text("learn.drift_helped", families=text("learn.family_decay"), error="0.900") in said
    assert text("learn.drift_note_strangers") in said


def test_real_films_are_drawn_where_movielens_is(data_root, monkeypatch, movielens_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(movielens_dir))
    at = chapter("drift")
    assert at.selectbox(key="learn.film").options[0] == "Forrest Gump (1994)"
    assert text("learn.drift_source_movielens") in words(at)
    assert text("learn.drift_no_movielens") not in words(at)


def test_peeking_is_counted(data_root):
    at = chapter("experiments")
    last = false_alarms(0, looks=20, users=2000).iloc[-1]
    assert metrics(at)[text("learn.card_peeked")] == percent(last["one_look"])
    assert metrics(at)[text("learn.card_any_time")] == percent(last["any_time"])
    at.select_slider(key="learn.looks").set_value(1).run()
    assert "Looking once" in words(at)
    before = words(at)
    at.button(key="learn.again").click().run()
    assert "draw number 1" in words(at)
    assert before != words(at)


def test_notebooks_and_survey_are_offered_where_they_are(data_root):
    at = chapter("feedback")
    offered = {button.label for button in at.get("download_button")}
    there = {name for name in further.NOTEBOOKS if (further.ROOT / "notebooks" / f"{name}.ipynb").is_file()}
    assert {text(f"learn.notebook_{name}") for name in there} <= offered
    assert text("learn.further_survey") in offered
