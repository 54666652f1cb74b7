"""``refrain tune``, ``refrain models`` and the name ``best``: a search that can be left and gone on with."""

from __future__ import annotations

import json
import signal
import time

import pytest

from recsys_cli.models import describe, sources
from recsys_core.models.registry import MODELS
from recsys_core.runs import RunStore
from recsys_core.runs.default_model import read_default
from recsys_core.tuning import StudyStore

COLUMNS = ("--user-column", "Fan", "--item-column", "Tune", "--weight-column", "Times")


@pytest.fixture
def own(plays):
    """A quick search on a small file."""
    return ("tune", "--data", plays, *COLUMNS, "--model", "svd", "--study", "mine", "--fix", "values=binary")


@pytest.fixture
def tuned(refrain, own):
    """Call ``refrain tune ... --json -`` on the small file; return the decoded answer."""

    def call(*arguments):
        code, out, err = refrain(*own, *arguments, "--json", "-")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


def test_the_shape_of_the_answer(tuned):
    answer = tuned("--trials", "4", "--objective", "ndcg@5")
    assert (answer["study"], answer["judged_on"], answer["ended"]) == ("mine", "validation", "trials")
    assert len(answer["trials"]) == 4
    assert answer["counts"] == {"complete": 4}
    assert {"trial", "ndcg@5", "model", "parameters", "epochs"} == set(answer["best"])
    assert answer["best"]["ndcg@5"] == max(one["ndcg@5"] for one in answer["trials"])
    assert answer["request"]["protocol"]["validation_share"] == 0.16
    assert answer["best"]["parameters"]["values"] == "binary"
    assert answer["run_id"] is None


def test_the_same_command_goes_on_and_the_name_alone_does_too(tuned, refrain):
    first = tuned("--trials", "3")
    assert tuned("--trials", "5")["trials"][:3] == first["trials"]
    code, out, err = refrain("tune", "--study", "mine", "--trials", "6", "--json", "-")
    assert (code, err) == (0, "")
    assert len(json.loads(out)["trials"]) == 6
    again = tuned("--trials", "6")
    assert len(again["trials"]) == 6


def test_a_setting_can_be_asked_for_and_is_tried_once_whatever_is_gone_on_with(tuned):
    wanted = ("--try", "embedding_size=6,user_power=0.25")
    for trials in ("2", "3"):
        answer = tuned("--trials", trials, *wanted)
    assert [one["asked"] for one in answer["trials"]] == [True, False, False]
    first = answer["trials"][0]
    assert (first["embedding_size"], first["user_power"]) == (6, 0.25)


def test_the_text_says_what_was_judged_on_what(refrain, own):
    code, out, err = refrain(*own, "--trials", "3")
    assert (code, err) == (0, "")
    assert "judged on the validation part (16% of all pairs); the test part was not looked at" in out
    assert "Best: trial" in out
    assert "3 of 15 trials needed to say" in out


def test_the_grid_of_sizes_and_rates(refrain, plays):
    grid = (
        "--sampler",
        "grid",
        "--sizes",
        "4,8",
        "--rates",
        "0.05,0.1",
        "--pruning",
        "none",
        "--epochs",
        "2",
    )
    own = ("tune", "--data", plays, *COLUMNS, "--model", "fast-bpr", "--fix", "user_alpha=1e-5")
    code, out, err = refrain(*own, *grid, "--json", "-")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert (answer["ended"], answer["study"]) == ("grid", "fast-bpr-file")
    assert answer["best"]["parameters"]["user_alpha"] == 1e-5
    cells = [(one["embedding_size"], one["learning_rate"]) for one in answer["trials"]]
    assert cells == [(4, 0.05), (4, 0.1), (8, 0.05), (8, 0.1)]


def test_the_best_is_trained_made_the_default_and_compared_by_name(tuned, refrain, plays, home):
    answer = tuned("--trials", "3", "--adopt")
    default = read_default(home / "default_model.json")
    assert (default.run_id, default.model) == (answer["run_id"], "svd")
    assert default.parameters == answer["best"]["parameters"]
    assert RunStore(home / "runs").manifest(answer["run_id"]).tuned_from["study"] == "mine"
    own = ("--data", plays, *COLUMNS)
    code, out, err = refrain("compare", *own, "--models", "best,ease", "--json", "-")
    assert code == 0
    assert "Note: best is svd" in err
    models = {one["name"]: one for one in json.loads(out)["models"]}
    assert set(models) == {"popularity", "svd", "ease"}
    assert models["svd"]["parameters"] == default.parameters
    # adopting once more searches nothing
    assert len(tuned("--adopt")["trials"]) == 3


def test_several_split_seeds_and_a_table_to_take_away(refrain, plays, tmp_path):
    table = tmp_path / "verdicts.md"
    own = ("compare", "--data", plays, *COLUMNS, "--models", "svd,ease", "--split-seeds", "1,2")
    code, out, err = refrain(*own, "--table", table, "--json", "-")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["seeds"] == [1, 2]
    assert {one["model"] for one in answer["over_seeds"]["auc"]} == {"popularity", "svd", "ease"}
    assert answer["verdicts"]["auc"][0]["p_holm"] is None
    assert table.read_text().startswith("| metric | model | mean |")
    code, out, _ = refrain(*own)
    assert code == 0
    assert "2 splits, seeds 1, 2" in out
    assert "p (Holm)" in out


BAD = {
    "no model": (("tune",), "Name a --model"),
    "unknown model": (("tune", "--model", "nonsense"), "no model 'nonsense'"),
    "nothing to tune": (("tune", "--model", "popularity"), "nothing to tune"),
    "objective": (("tune", "--model", "svd", "--objective", "magic"), "no objective 'magic'"),
    "trials": (("tune", "--dataset", "demo", "--model", "svd", "--trials", "0"), "trials"),
    "minutes": (("tune", "--dataset", "demo", "--model", "svd", "--minutes", "nan"), "minutes"),
    "fix": (("tune", "--model", "svd", "--fix", "values"), "NAME=VALUE"),
    "try": (("tune", "--model", "svd", "--dataset", "demo", "--try", "depth"), "NAME=VALUE"),
    "fix unknown": (("tune", "--model", "svd", "--fix", "depth=3"), "no parameter 'depth'"),
    "sizes": (("tune", "--model", "fast-bpr", "--sampler", "grid", "--sizes", "a"), "--sizes"),
    "no validation": (("tune", "--model", "svd", "--validation-share", "0"), "validation part"),
    "workers": (("tune", "--dataset", "demo", "--model", "svd", "--workers", "0"), "workers"),
    "study name": (("tune", "--dataset", "demo", "--model", "svd", "--study", "../x"), "cannot name"),
    "no best": (("compare", "--dataset", "demo", "--models", "best"), "refrain tune --adopt"),
    "split seeds": (("compare", "--dataset", "demo", "--split-seeds", "one"), "--split-seeds"),
    "same seed": (("compare", "--dataset", "demo", "--split-seeds", "1,1"), "none twice"),
    "table": (("compare", "--dataset", "demo", "--table", "verdicts.doc"), "--table"),
}


@pytest.mark.parametrize(("arguments", "text"), BAD.values(), ids=BAD)
def test_bad_input_is_one_line_and_exit_code_2(refrain, arguments, text):
    code, out, err = refrain(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert text in err


def test_another_search_under_the_same_name_is_refused(tuned, refrain, own):
    tuned("--trials", "1")
    code, _, err = refrain(*own, "--trials", "2", "--seed", "9")
    assert code == 2
    assert "other settings (seed)" in err


@pytest.mark.slow
def test_ctrl_c_keeps_every_finished_trial_and_says_how_to_go_on(program, home):
    arguments = ("tune", "--dataset", "demo", "--model", "fast-warp", "--study", "long", "--minutes", "5")
    journal = home / "studies" / "long" / "journal.jsonl"
    with program(*arguments, "--pruning", "none") as process:
        deadline = time.monotonic() + 90
        while not journal.is_file() or journal.read_bytes().count(b'"best_epoch"') < 2:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Go on with: refrain tune --study long" in err
    assert "Ended by: stopped" in out
    states = [one.state for one in StudyStore(home / "studies").open("long").trials()]
    assert states.count("complete") >= 2
    assert set(states) <= {"complete", "stopped"}


# ---- refrain models --------------------------------------------------------------------------


def test_models_are_listed_with_all_their_parameters(refrain):
    code, out, err = refrain("models", "--json", "-")
    assert (code, err) == (0, "")
    found = {one["name"]: one for one in json.loads(out)}
    assert set(found) == set(MODELS)
    rate = next(one for one in found["lightfm-warp"]["parameters"] if one["name"] == "learning_rate")
    assert rate == {
        "name": "learning_rate",
        "default": 0.05,
        "limits": "number above 0 to 10",
        "searched": "0.005 to 0.3 (log scale)",
        "not_searched": None,
    }
    idle = next(one for one in found["lightfm-warp"]["parameters"] if one["name"] == "k")
    assert (idle["searched"], idle["not_searched"]) == (None, "it changes nothing for this model")
    code, out, _ = refrain("models")
    assert (code, out.count("\nals (")) == (0, 1)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_says_what_it_is_and_where_it_comes_from(name):
    one = describe(name)
    assert len(one["about"]) > 20
    assert one["source"] or name in ("popularity", "random")
    assert sources(MODELS[name]) == one["source"]
    for parameter in one["parameters"]:
        assert bool(parameter["searched"]) != bool(parameter["not_searched"])
