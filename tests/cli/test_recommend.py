"""``refrain recommend --like`` and ``refrain explain``."""

from __future__ import annotations

import json

import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.runs import RunStore

CREATED = "2026-01-02T03:04:05+00:00"


@pytest.fixture
def trained(refrain):
    code, _, err = refrain("compare", "--dataset", "demo", "--models", "svd", "--json", "-")
    assert code == 0, err


@pytest.fixture
def asked(refrain, trained):
    def ask(*arguments):
        code, out, err = refrain(*arguments, "--json", "-")
        assert code == 0, err
        return json.loads(out)

    return ask


def names(answer):
    return [row["name"] for row in answer["recommendations"]]


def test_somebody_new_gets_a_list_without_what_they_named(asked):
    answer = asked("recommend", "--like", "metallica", "--like", "Iron Maiden", "--k", "5")
    assert (answer["user_id"], answer["basis"], answer["model"]) == (None, "folded", "svd")
    assert len(names(answer)) == 5
    assert not {"Metallica", "Iron Maiden"} & set(names(answer))


def test_stars_and_dislikes_move_the_list(asked):
    likes = ("recommend", "--like", "Metallica", "--like", "Miles Davis")
    plain = asked(*likes)
    starred = asked(*likes, "--weight", "1", "--weight", "5")
    disliking = asked(*likes, "--dislike", "Slayer")
    assert starred["profile"][0]["verdict"] == "1"
    assert names(plain) != names(starred)
    assert "Slayer" not in names(disliking)
    assert names(plain) != names(disliking)


def test_likes_move_a_stored_listeners_list_from_where_it_stood(asked):
    before = asked("recommend", "7")
    after = asked("recommend", "7", "--like", names(before)[3])
    assert after["basis"] == "own"
    assert names(before)[3] not in names(after)
    assert set(names(before)) & set(names(after))


def test_people_are_told_where_scores_come_from(refrain, trained):
    code, out, _ = refrain("recommend", "--like", "Metallica")
    assert code == 0
    assert out.startswith("For somebody new (Metallica), Demo data, by svd")
    assert "Scores: from the artists named, without training again." in out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "Name a USER of the data set, or artists with --like NAME"),
        (("--like", "Metalica"), "There is no artist 'Metalica' in this data set. Did you mean Metallica?"),
        (("--like", "Metallica", "--weight", "1", "--weight", "2"), "1 times --like needs 1 times --weight"),
        (("--like", "Metallica", "--weight", "6"), "6 is not in the range 1<=x<=5"),
    ],
)
def test_what_cannot_be_done_is_one_helpful_line(refrain, trained, arguments, problem):
    code, out, err = refrain("recommend", *arguments)
    assert (code, out) == (2, "")
    assert problem in err
    assert err.count("\n") == 1


def test_the_terms_of_an_explanation_sum_to_the_score(asked):
    suggested = asked("recommend", "7")["recommendations"][0]
    answer = asked("explain", "--user", "7", "--item", suggested["name"])
    terms = sum(one["adds"] for one in answer["contributions"]) + sum(answer["other_terms"].values())
    assert terms == pytest.approx(answer["score"], abs=1e-9)
    assert answer["score"] == pytest.approx(suggested["score"], rel=1e-6)
    assert answer["overlap_of_explained_lists"] > 0.5


def test_an_explanation_names_tags_and_friends(asked):
    demo = load_demo()
    for suggested in asked("recommend", "7")["recommendations"]:
        answer = asked("explain", "--user", "7", "--item", str(suggested["item_id"]))
        assert {"tag", "own_artists"} == set(answer["shared_tags"][0])
        assert set(answer["friends_who_listen"]) <= set(demo.users.ids.tolist())


def test_an_explanation_is_readable(refrain, trained):
    code, out, _ = refrain("explain", "--user", "7", "--item", "Metallica", "--top", "2")
    assert code == 0
    assert out.startswith("Metallica for listener 7, by svd\nRun svd-")
    for words in ("more of their artists)", "(any listener)", "= score", "Shared tags: ", "Friends who"):
        assert words in out


def test_popularity_does_not_pretend_to_have_reasons(refrain, trained, home):
    (folder,) = (home / "runs").glob("popularity-*")
    _, out, _ = refrain("explain", "--user", "7", "--item", "Metallica", "--run", folder.name)
    assert "This model does not look at a listener's own artists." in out


def store(home, model, **settings):
    """Store a run on the demo data whose model has settings that the command line does not offer."""
    request = ComparisonRequest(models=(model,), epochs=1, settings={model: settings})
    run = next(one for one in compare(load_demo(), request, created=CREATED) if one.manifest.model == model)
    RunStore(home / "runs").save(run)
    return run.manifest.run_id


def test_a_blend_of_ranks_does_not_pretend_either(refrain, home):
    run_id = store(home, "ensemble", members="quick", blend="ranks")
    code, out, err = refrain("explain", "--user", "7", "--item", "Metallica", "--run", run_id)
    assert (code, err) == (0, "")
    assert "This model's scores cannot be taken apart" in out
    code, _, err = refrain("recommend", "--like", "Metallica", "--run", run_id)
    assert (code, "ensemble cannot score for likes" in err) == (2, True)


def test_a_sum_over_artists_is_said_to_be_one(refrain, home):
    run_id = store(home, "ease", values="log")
    _, out, _ = refrain("explain", "--user", "7", "--item", "Metallica", "--run", run_id)
    assert "Nothing of the score is left unexplained." in out


def test_without_listeners_to_measure_on_an_explanation_is_still_given(refrain, tmp_path):
    """Two pairs for each listener: nobody has the three training artists that nearness asks for."""
    pairs = tmp_path / "pairs.csv"
    rows = [f"u{user},a{(user + step) % 12},{1 + user % 5}" for user in range(24) for step in (0, 1)]
    pairs.write_text("\n".join(["user,artist,plays", *rows]) + "\n")
    code, _, err = refrain("compare", "--data", pairs, "--models", "svd", "--embedding-size", "2")
    assert code == 0, err
    code, out, err = refrain("explain", "--user", "u3", "--item", "a7")
    assert (code, err) == (0, "")
    assert "(beyond their artists) is what the model's own score is more than" in out


def test_strangers_are_named(refrain, trained):
    code, _, err = refrain("explain", "--user", "99999", "--item", "Metallica")
    assert (code, "There is no user '99999'" in err) == (2, True)
