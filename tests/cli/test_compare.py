"""``refrain compare``: the JSON of the golden command, options for everything, honest remarks."""

from __future__ import annotations

import json

import msgspec
import pytest

from recsys_cli.training_options import HELP
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.models.registry import create_model
from recsys_core.models.tuned import tuned_settings
from recsys_core.runs import RunStore

DEMO = ("--dataset", "demo", "--models", "svd")
COLUMNS = ("--user-column", "Fan", "--item-column", "Tune", "--weight-column", "Times")


@pytest.fixture
def own(plays):
    """The options that name a small file, and the quickest model."""
    return ("--data", plays, *COLUMNS, "--models", "svd")


@pytest.fixture
def compared(refrain, own):
    """Call ``refrain compare ... --json -`` on the small file; return the decoded answer."""

    def call(*arguments):
        code, out, err = refrain("compare", *own, *arguments, "--json", "-")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call


@pytest.mark.slow
def test_the_golden_command(program, lastfm_dir):
    """The figures of the owner's driver, to four decimals, through the front door."""
    golden = (
        f"compare --dataset lastfm --data-dir {lastfm_dir} --protocol driver --models lightfm-warp,svd "
        "--epochs 10 --embedding-size 10 --learning-rate 0.05 --seed 42 --threads 1 --json -"
    )
    with program(*golden.split()) as process:
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    answer = json.loads(out)
    assert set(answer) == {"dataset", "split", "models"}
    assert (answer["split"]["train"], answer["split"]["test"]) == (73_758, 18_440)
    by_name = {one["name"]: one for one in answer["models"]}
    assert list(by_name) == ["popularity", "lightfm-warp", "svd"]
    warp = {name: round(one["mean"], 4) for name, one in by_name["lightfm-warp"]["test"].items()}
    assert (warp["auc"], warp["precision@10"], warp["recall@10"]) == (0.8568, 0.1316, 0.1339)
    assert round(by_name["svd"]["test"]["auc"]["mean"], 4) == 0.8554
    assert round(by_name["popularity"]["test"]["auc"]["mean"], 4) == 0.7805


def test_the_shape_of_the_answer(compared):
    answer = compared("--models", "lightfm-warp", "--epochs", "2", "--list-length", "5")
    assert set(answer) == {"dataset", "split", "models"}
    for model in answer["models"]:
        assert set(model) == {
            "name",
            "parameters",
            "test",
            "train",
            "curve",
            "epochs_to_95",
            "epochs_to_99",
            "seconds",
        }
        for part in ("test", "train"):
            assert set(model[part]) == {"auc", "precision@5", "recall@5", "ndcg@5", "mrr", "map"}
            for one in model[part].values():
                assert set(one) == {"mean", "low", "high"}
                assert one["low"] <= one["mean"] <= one["high"]
        assert [row["epoch"] for row in model["curve"]] == list(range(1, len(model["curve"]) + 1))
        assert {"seconds", "test_auc", "train_auc"} <= set(model["curve"][0])
        assert 1 <= model["epochs_to_95"] <= model["epochs_to_99"] <= len(model["curve"])
        assert set(model["seconds"]) == {"fit", "evaluation"}


def test_popularity_is_among_the_models_unasked(compared):
    assert [model["name"] for model in compared()["models"]] == ["popularity", "svd"]


def test_the_same_seed_prints_the_same_figures(compared):
    def figures(*seed):
        models = compared("--models", "lightfm-bpr", "--epochs", "2", *seed)["models"]
        return [(model["test"], model["train"]) for model in models]

    assert figures() == figures("--seed", "42") != figures("--seed", "43")
    assert figures("--seed", "7") != figures("--seed", "7", "--split-seed", "8")


def test_every_lightfm_parameter_is_an_option_and_reaches_the_model(compared):
    given = {
        "embedding_size": 4,
        "learning_rate": 0.02,
        "learning_schedule": "adadelta",
        "k": 3,
        "n": 7,
        "max_sampled": 20,
        "sample_weight": "log",
        "user_alpha": 1e-5,
        "item_alpha": 1e-6,
        "rho": 0.9,
        "epsilon": 1e-5,
        "seed": 9,
        "threads": 2,
    }
    assert set(given) == set(HELP) == set(LightFMSettings.__struct_fields__)
    arguments = [
        part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", str(value))
    ]
    answer = compared("--models", "lightfm-warp-kos", "--epochs", "1", "--quiet", *arguments)
    assert answer["models"][1]["parameters"] == given


def test_defaults_are_those_of_the_library(compared):
    answer = compared("--models", "lightfm-warp", "--epochs", "1")
    assert answer["models"][1]["parameters"] == msgspec.to_builtins(LightFMSettings())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--protocol", "all-pairs", "--test-share", "0.5"), {"scaling": "none", "test_share": 0.5}),
        (("--protocol", "leave-k-out", "--held-out", "2"), {"method": "leave_k_out", "held_out": 2}),
        (("--scaling", "log"), {"scaling": "log", "method": "random", "name": "driver"}),
    ],
)
def test_the_split_is_chosen(compared, options, expected):
    split = compared(*options)["split"]
    assert {name: split[name] for name in expected} == expected


def parameters_of(answer):
    return {one["name"]: one["parameters"] for one in answer["models"]}


def test_what_is_not_typed_is_each_models_own_default_and_what_is_typed_reaches_all(compared):
    models = ("--models", "als,svd,lightfm-warp")
    plain = parameters_of(compared(*models))
    assert plain["als"] == create_model("als").settings.to_dict()
    assert plain["als"]["embedding_size"] != plain["lightfm-warp"]["embedding_size"]
    given = parameters_of(compared(*models, "--embedding-size", 7))
    assert [given[name]["embedding_size"] for name in ("als", "svd", "lightfm-warp")] == [7, 7, 7]


def test_tuned_settings_are_taken_but_for_what_is_typed(compared):
    tuned = tuned_settings()["fast-warp"]
    answer = compared("--models", "fast-warp", "--tuned", "--embedding-size", 4)
    found = answer["models"][1]
    assert found["parameters"] == {**tuned.parameters, "embedding_size": 4}
    assert len(found["curve"]) == tuned.epochs != 3
    few = compared("--models", "fast-warp", "--tuned", "--embedding-size", 4, "--epochs", 3)
    assert len(few["models"][1]["curve"]) == 3


def test_your_own_file(compared):
    card = compared()["dataset"]
    assert (card["name"], card["n_users"], card["n_items"], card["n_interactions"]) == ("file", 20, 12, 160)


def test_every_model_is_stored_as_a_run(compared, home):
    compared()
    manifests = RunStore(home / "runs").list()
    assert {one.model for one in manifests} == {"popularity", "svd"}
    assert manifests[0].dataset.choice["columns"]["user"] == "Fan"


def test_people_get_a_table_best_first_and_files_the_json(refrain, tmp_path):
    target = tmp_path / "answer.json"
    code, out, err = refrain("compare", *DEMO, "--json", target)
    assert (code, err) == (0, "")
    assert "simulated listeners" in out
    lines = out.splitlines()
    assert lines[2].split()[:3] == ["model", "test", "auc"]
    assert (lines[3].split()[0], lines[4].split()[0]) == ("svd", "popularity")
    assert json.loads(target.read_text())["models"][1]["name"] == "svd"


def test_parameters_that_change_nothing_are_said_to(refrain, own):
    _, _, err = refrain("compare", *own, "--k", "3", "--learning-rate", "0.2", "--embedding-size", "4")
    remarks = [f"Note: --{name} has no effect on these models." for name in ("k", "learning-rate")]
    assert sorted(err.splitlines()) == remarks
    assert refrain("compare", *own, "--k", "3", "--quiet")[2] == ""
