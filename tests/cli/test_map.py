"""``refrain map`` and ``refrain similar``."""

from __future__ import annotations

import json
import shutil
import unicodedata

import pandas as pd
import pytest

from recsys_cli.main import run
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import load_demo
from recsys_core.runs import RunStore
from recsys_core.splitting import split

FEW = ("--epochs", "20")


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mapped")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFRAIN_HOME", str(folder))
        arguments = ["--dataset", "demo", "--models", "svd,fast-warp", "--epochs", "5", "--quiet"]
        assert run(["compare", *arguments]) == 0
    return folder


@pytest.fixture
def trained(trained_once, home):
    shutil.copytree(trained_once, home)


def run_id(home, model):
    return next(one.run_id for one in RunStore(home / "runs").list() if one.model == model)


def test_a_map_says_its_quality_its_groups_and_where_its_coordinates_are(refrain, trained, home):
    code, out, err = refrain("map", "--run", run_id(home, "fast-warp"), *FEW, "--json", "-")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert {"trustworthiness", "unclustered", "density_validity", "tag_agreement", "seed_agreement"} <= set(
        answer["quality"]
    )
    assert all(one["name"] and one["size"] for one in answer["clusters"])
    artists = pd.read_parquet(answer["coordinates"])
    assert len(artists) == answer["facts"]["n_shown"]
    assert {"item_id", "name", "x", "y", "cluster"} <= set(artists)
    assert answer["settings"]["epochs"] == 20
    assert (answer["dataset"], answer["protocol"]["seed"]) == ("demo", 42)


def test_a_second_call_reads_what_the_first_stored(refrain, trained, home):
    first = json.loads(refrain("map", *FEW, "--json", "-")[1])
    assert json.loads(refrain("map", *FEW, "--json", "-")[1]) == first
    code, text, _ = refrain("map", *FEW)
    assert code == 0
    assert first["clusters"][0]["name"] in text
    assert first["coordinates"] in text
    assert "Trained on Demo data, random split, 20% held out, seed 42; map seed 42" in text


def test_vectors_are_written_for_tensorboard(refrain, trained, tmp_path):
    folder = tmp_path / "log"
    answer = json.loads(refrain("map", *FEW, "--projector", folder, "--json", "-")[1])
    assert sorted(answer["projector"]) == sorted(str(path) for path in folder.iterdir())
    assert (folder / "projector_config.pbtxt").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--neighbours", "1"), "neighbours"),
        (("--method", "tsne"), "method"),
        (("--min-listeners", "99999"), "fewer listeners"),
        (("--run", "nothing"), "no run"),
    ],
)
def test_what_cannot_be_mapped_is_refused_in_one_line(refrain, trained, arguments, words):
    code, out, err = refrain("map", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


def test_a_model_without_vectors_is_refused(refrain, trained, home):
    code, _, err = refrain("map", "--run", run_id(home, "popularity"))
    assert code == 2
    assert "factor model" in err


def test_similar_finds_an_artist_whatever_the_case_and_accents(refrain, trained, home):
    names = load_demo().names
    accented = next((name for name in names if not name.isascii()), names[0])
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", accented) if not unicodedata.combining(letter)
    )
    answers = [
        json.loads(
            refrain("similar", "--item", typed, "--run", run_id(home, "svd"), "--k", "3", "--json", "-")[1]
        )
        for typed in (accented, plain.upper(), accented.lower())
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["name"] == accented
    assert [one["rank"] for one in answers[0]["similar"]] == [1, 2, 3]
    by_id = refrain("similar", "--item", answers[0]["item_id"], "--run", answers[0]["run_id"], "--k", "3")
    assert by_id[1].startswith(f"Nearest to {accented} by svd")


@pytest.mark.parametrize("model", ["ease", "item-knn", "rp3beta"])
def test_models_without_vectors_say_whom_an_artist_speaks_for(refrain, home, model):
    request = ComparisonRequest(models=(model,))
    run = next(one for one in compare(load_demo(), request, created="") if one.manifest.model == model)
    RunStore(home / "runs").save(run)
    asked = ("similar", "--item", "Metallica", "--run", run.manifest.run_id, "--k", "5")
    answer = json.loads(refrain(*asked, "--json", "-")[1])
    trained = run.model(split(load_demo(), run.manifest.protocol).training)
    expected = trained.similar_items([answer["item_id"]], 5)
    assert [one["item_id"] for one in answer["similar"]] == expected["item_id"].tolist()
    assert [one["score"] for one in answer["similar"]] == pytest.approx(expected["score"].tolist())
    few = json.loads(refrain(*asked, "--min-listeners", "100", "--json", "-")[1])["similar"]
    assert [one["rank"] for one in few] == [1, 2, 3, 4, 5]
    assert min(one["listeners"] for one in few) >= 100
    assert f"by {model}" in refrain(*asked)[1]


def test_a_model_that_knows_nothing_of_artists_has_none_alike(refrain, trained, home):
    code, _, err = refrain("similar", "--item", "Metallica", "--run", run_id(home, "popularity"))
    assert (code, "no item embeddings" in err) == (2, True)


def test_an_unknown_artist_is_refused(refrain, trained):
    code, _, err = refrain("similar", "--item", "Zzyzzyx Qwv")
    assert code == 2
    assert "Zzyzzyx" in err
