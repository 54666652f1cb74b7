"""``refrain top``: both charts, and how attention is spread."""

from __future__ import annotations

import json
import shutil

import pytest

from recsys_cli.main import run
from recsys_core.listening.popularity_lists import NAME
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import artefact_names


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    """A home with the runs of one comparison."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFRAIN_HOME", str(folder))
        assert run(["compare", "--dataset", "demo", "--models", "svd"]) == 0
    return folder


@pytest.fixture
def store(trained_once, home):
    shutil.copytree(trained_once, home)
    return RunStore(home / "runs")


@pytest.fixture
def svd(store):
    return next(one.run_id for one in store.list() if one.model == "svd")


def answer(refrain, *arguments):
    code, out, err = refrain("top", *arguments, "--json", "-")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_both_charts_their_spread_and_the_charts_alone(refrain, store, svd):
    found = answer(refrain, "--run", svd, "--n", "5", "--show", "7")
    assert (found["run_id"], found["model"], found["n"], found["by"]) == (svd, "svd", 5, "listeners")
    for side in ("most_listened", "most_recommended"):
        chart = found[side]
        assert [row["rank"] for row in chart] == [1, 2, 3, 4, 5, 6, 7]
        assert [row["count"] for row in chart] == sorted((row["count"] for row in chart), reverse=True)
        assert set(chart[0]) == {"rank", "item_id", "name", "count"}
    shared = {row["item_id"] for row in found["most_listened"]} & {
        row["item_id"] for row in found["most_recommended"]
    }
    assert found["in_both"] == len(shared)
    spread = found["spread"]
    assert set(spread) == {"listened", "recommended", "baseline"}
    assert spread["baseline"]["gini"] > spread["recommended"]["gini"] > 0
    assert spread["recommended"]["coverage"] == spread["recommended"]["items"] / 303
    assert sum(found["deciles"]["recommended"]) == pytest.approx(1)
    assert found["precision"]["precision"] == found["precision"]["precision_before"]
    assert found["protocol"]["seed"] == 42


def test_the_best_run_speaks_if_none_is_named_and_the_lists_are_kept(refrain, store, svd):
    first = answer(refrain)
    assert first["run_id"] == svd
    assert artefact_names(store, svd) == [NAME]
    assert answer(refrain) == first


def test_re_ranking_is_set_beside_the_lists_as_trained(refrain, store, svd):
    plain = answer(refrain)
    found = answer(refrain, "--rerank", "own-taste", "--strength", "0.6")
    assert found["spread"]["as_trained"] == plain["spread"]["recommended"]
    assert found["spread"]["recommended"] != plain["spread"]["recommended"]
    assert found["precision"]["precision_before"] == plain["precision"]["precision"]


def test_people_get_two_tables_and_a_sentence(refrain, store, svd):
    code, out, err = refrain("top", "--run", svd, "--by", "plays", "--show", "3")
    assert (code, err) == (0, "")
    assert out.startswith(f"Demo data, svd (run {svd}), 5 artists each")
    assert "Trained and judged on Demo data, random split, 20% held out, seed 42" in out
    assert "most popular only" in out
    assert "80 % of recommendations go to" in out
    assert len(out.splitlines()) == 3 + 4 + 1 + 4 + 1 + 2


@pytest.mark.parametrize("arguments", [("--n", "0"), ("--n", "101"), ("--strength", "1.1"), ("--by", "x")])
def test_what_makes_no_sense_is_refused(refrain, store, arguments):
    code, out, err = refrain("top", *arguments)
    assert (code, out) == (2, "")
    assert arguments[0] in err


def test_without_a_run_it_says_how_to_get_one(refrain):
    code, _, err = refrain("top")
    assert code == 2
    assert "refrain compare" in err
