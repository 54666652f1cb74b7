"""A report: what it counts is true, what it says is in its tables, and nothing is trained twice."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import msgspec
import numpy as np
import pandas as pd
import pytest

from recsys_core.comparison.verdicts import verdict_table
from recsys_core.datasets import load_demo
from recsys_core.datasets.features import FeatureMatrix
from recsys_core.errors import RunError, SettingsError
from recsys_core.models.tuned import tuned_settings
from recsys_core.reporting import MODELS_REPORTED, ReportPlan, gather, tried, write_report
from recsys_core.reporting.figures import intervals_figure, time_figure
from recsys_core.reporting.goals import goal_rows
from recsys_core.reporting.misses import found_rows
from recsys_core.reporting.pace import timed_again
from recsys_core.reporting.reach import reach
from recsys_core.reporting.sections import budget_lines, goal_lines
from recsys_core.reporting.unseen import unseen_lines
from recsys_core.runs import Run, RunStore
from recsys_core.splitting import PROTOCOLS, split
from tests.core.small_data import random_dataset

NOW = "2026-11-23T10:00:00+00:00"
PLAN = ReportPlan(models=("svd", "ease"), seeds=(3, 4))


def tagged_dataset():
    """Sixty listeners of four hundred items, most of them cold in any split, and tags by some listeners."""
    rng = np.random.default_rng(5)
    data = random_dataset(60, 400, 900)
    own = data.interactions
    # some by anybody, one in three by somebody who plays the item
    givers = np.concatenate([rng.integers(-1, 60, 200), own.user_idx[::9]])
    items = np.concatenate([rng.integers(0, 400, 200), own.item_idx[::9]])
    names = [f"tag:{number}" for number in rng.integers(0, 9, len(items))]
    features = FeatureMatrix.from_pairs(items, names, 400, givers)
    return data.__class__(**{**vars(data), "item_features": features}), set(zip(givers, items, strict=True))


def test_what_is_within_reach_is_counted_pair_by_pair():
    data, said = tagged_dataset()
    parts = split(data, PROTOCOLS["all-pairs"])
    heard = set(parts.train.item_idx.tolist())
    pairs = list(zip(parts.test.user_idx.tolist(), parts.test.item_idx.tolist(), strict=True))
    cold = [(user, item) for user, item in pairs if item not in heard]
    told = [(user, item) for user, item in cold if any(i == item and u != user for u, i in said)]
    own = [pair for pair in cold if pair in said and pair not in told]
    found = reach(parts)
    assert cold
    assert told
    assert own
    assert (found.n_pairs, found.n_cold, found.told, found.own_only) == tuple(
        map(len, (pairs, cold, told, own))
    )
    assert found.unknowable == len(cold) - len(told)
    lost = set(cold) - set(told)
    users = {user for user, _ in pairs}
    shares = [np.mean([0.5 if pair in lost else 1.0 for pair in pairs if pair[0] == user]) for user in users]
    assert found.ceiling == pytest.approx(np.mean(shares))
    counts = [sum(pair[0] == user and pair not in lost for pair in pairs) for user in users]
    assert reach(parts, 3).list_ceiling == pytest.approx(np.mean([min(one, 3) / 3 for one in counts]))


def test_who_finds_what_is_counted_pair_by_pair_and_adds_up(written):
    data, _, runs, _, _ = written
    parts, (first, second) = split(data, runs[0].manifest.protocol), runs[1:3]
    pairs = list(zip(parts.test.user_idx.tolist(), parts.test.item_idx.tolist(), strict=True))
    lists = [run.model(parts.training).recommend(data.users.ids, 10) for run in (first, second)]
    found = [set(zip(one["user_id"], one["item_id"], strict=True)) for one in lists]
    named = [(data.users.ids[user], data.items.ids[item]) for user, item in pairs]
    both = sum(pair in found[0] and pair in found[1] for pair in named)
    alone = sum(pair in found[0] and pair not in found[1] for pair in named)
    table = found_rows(first, second, parts)
    # of equal scores at the end of a list the held-out one counts as left out
    assert table["count"].tolist()[:2] == pytest.approx([both, alone], abs=2)
    assert table["count"].sum() == len(pairs)
    assert alone > 0


def test_without_tags_every_cold_pair_is_out_of_reach():
    found = reach(split(random_dataset(60, 400, 900), PROTOCOLS["all-pairs"]))
    assert (found.told, found.own_only, found.by_friends) == (0, 0, 0)
    assert found.unknowable == found.n_cold > 0


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The demo report on two seeds, its runs and the store they are in."""
    folder = tmp_path_factory.mktemp("report")
    store, data = RunStore(folder / "runs"), load_demo()
    runs = gather(data, PLAN, store, created=NOW)
    out = folder / "results.md"
    files = write_report(runs, data, store, out, command="refrain report --dataset demo")
    return data, store, runs, out, files


def test_there_is_a_run_per_model_and_seed(written):
    _, _, runs, _, _ = written
    made = [(run.manifest.protocol.seed, run.manifest.model) for run in runs]
    assert made == [(seed, model) for seed in (3, 4) for model in ("popularity", "svd", "ease")]
    ease = next(run.manifest for run in runs if run.manifest.model == "ease")
    assert ease.parameters == tuned_settings()["ease"].parameters


def test_what_is_stored_is_not_trained_again_and_what_is_missing_is(written):
    data, store, runs, _, _ = written
    trained = []
    again = gather(data, PLAN, store, created="2027", on_event=trained.append)
    assert [run.manifest.run_id for run in again] == [run.manifest.run_id for run in runs]
    assert not trained
    more = PLAN.replace(models=("svd", "ease", "item-knn"), seeds=(3,))
    gather(data, more, store, created="2027", on_event=trained.append)
    assert {event["model"] for event in trained} == {"popularity", "item-knn"}


def test_a_baseline_that_was_deleted_is_trained_again_and_no_other(tmp_path):
    store = RunStore(tmp_path)
    runs = gather(load_demo(), PLAN.replace(seeds=(3,)), store, created=NOW)
    store.delete(next(run.manifest.run_id for run in runs if run.manifest.model == "popularity"))
    again = gather(load_demo(), PLAN.replace(seeds=(3,)), store, created="2027")
    assert [run.manifest.model for run in again] == ["popularity", "svd", "ease"]
    assert [run.manifest.created for run in again] == ["2027", NOW, NOW]


@pytest.mark.parametrize("older", [{"code": "of before"}, {"versions": {"numpy": "1.0"}}])
def test_runs_of_other_code_or_packages_are_not_reported(tmp_path, older):
    store, plan = RunStore(tmp_path), PLAN.replace(models=("svd",), seeds=(3,))
    runs = gather(load_demo(), plan, store, created=NOW)
    for run in runs:
        store.delete(run.manifest.run_id)
        store.save(Run(msgspec.structs.replace(run.manifest, **older), run.curve, run.per_user, run.arrays))
    assert {run.manifest.created for run in gather(load_demo(), plan, store, created="2027")} == {"2027"}


def test_the_answer_is_what_the_tables_say(written):
    _, _, runs, out, _ = written
    text = out.read_text()
    means = pd.DataFrame(
        [
            {"model": run.manifest.model, "ndcg@10": run.manifest.metrics["test"]["ndcg@10"]["mean"]}
            for run in runs
        ]
    ).groupby("model").mean()  # fmt: skip
    best = means["ndcg@10"].idxmax()
    assert f"**Use `{best}`.**" in text
    assert "simulated" in text
    assert text.index("## The answer") < text.index("## Verdicts")
    assert "refrain report --dataset demo" in text
    assert "Split seeds: 3, 4" in text


def test_every_file_the_document_names_is_beside_it_and_figures_are_well_formed(written):
    *_, out, files = written
    assert [one.name for one in files[1:]] == ["results-quality.svg", "results-time.svg", "results.json"]
    for one in files[1:]:
        assert f"({one.name})" in out.read_text()
        if one.suffix == ".svg":
            assert ET.parse(one).getroot().tag.endswith("svg")


def test_the_numbers_are_those_of_the_document(written):
    _, _, runs, out, files = written
    found = msgspec.json.decode(files[-1].read_bytes())
    assert found["seeds"] == [3, 4]
    assert {one["model"] for one in found["models"]} == {"popularity", "svd", "ease"}
    assert found["goals"] == []
    best, last = found["models"][0], found["models"][-1]
    assert f"**Use `{best['model']}`.**" in out.read_text()
    assert best["ndcg@10"]["p_holm"] is None
    assert last["ndcg@10"]["p_holm"] is not None
    assert f"| {best['ndcg@10']['mean']:.4f} |" in out.read_text()
    own = [run.manifest.seconds["fit"] for run in runs if run.manifest.model == best["model"]]
    assert 0 < best["seconds"] <= min(own) + 1e-3


def test_only_what_is_soon_trained_is_timed_again_and_the_fewest_seconds_count(written):
    data, _, runs, _, _ = written
    ticks = iter(range(10_000))
    table = pd.DataFrame(
        {"model": ["svd", "ease"], "fit seconds": [4.9, 60.0], "seconds to 95 %": [4.9, 30.0]}
    )
    again = timed_again(table, runs, data, clock=lambda: float(next(ticks)))
    assert again["fit seconds"].tolist() == [1.0, 60.0]
    assert again["seconds to 95 %"].tolist() == pytest.approx([1.0, 30.0])
    slow = timed_again(table, runs, data, clock=lambda: 100.0 * next(ticks))
    assert slow["fit seconds"].tolist() == [4.9, 60.0]


def test_what_was_tried_is_told_in_full_and_no_model_was_compared_untuned():
    table, page = tried.tried(), tried.tried_page()
    assert page.count("| by hand |") + page.count("| search |") == len(table)
    without = table[table[["auc", "precision@10", "ndcg@10"]].isna().any(axis=1)]
    assert without["tried"].str.contains("diverged").all()
    rows = tried.budget_rows()
    assert (rows["settings tried"] >= 8).all()
    assert set(MODELS_REPORTED) - {"lightfm-warp"} == set(rows["model"])
    of_ease = table[(table["how"] == "search") & (table["model"] == "ease")]
    assert rows.set_index("model").loc["ease", "best ndcg@10"] == of_ease["ndcg@10"].max()


def test_splits_nobody_tuned_on_are_judged_on_their_own(tmp_path):
    runs = gather(load_demo(), PLAN.replace(seeds=(42, 5, 6)), RunStore(tmp_path), created=NOW)
    assert unseen_lines(runs[:3], "ndcg@10") == []
    text = "\n".join(unseen_lines(runs, "ndcg@10"))
    others = [run for run in runs if run.manifest.protocol.seed != 42]
    best = verdict_table(others, "ndcg@10").iloc[0]
    assert "On the 2 other splits" in text
    assert f"| {best['model']} |" in text
    assert f"{best['mean']:.4f}" in text


def test_figures_place_what_is_larger_further_and_name_everything():
    table = pd.DataFrame(
        {
            "model": ["a<b", "c"],
            "mean": [0.3, 0.2],
            "low": [0.29, 0.19],
            "high": [0.31, 0.21],
            "seconds": [10, 0.1],
        }
    )
    for draw in (intervals_figure, time_figure):
        root = ET.fromstring(draw(table, "title & more"))
        texts = " ".join(one.text or "" for one in root.iter() if one.tag.endswith("text"))
        dots = [one for one in root.iter() if one.tag.endswith("circle")]
        assert "a<b" in texts
        assert "title & more" in texts
        assert float(dots[0].get("cx")) > float(dots[1].get("cx"))


def test_a_folder_that_cannot_be_written_is_named(written, tmp_path):
    data, store, runs, _, _ = written
    with pytest.raises(RunError, match="could not be written"):
        write_report(runs, data, store, tmp_path / "nowhere" / "r.md", command="")


@pytest.mark.parametrize(
    ("changes", "message"), [({"models": ("nope",)}, "no model 'nope'"), ({"seeds": (1, 1)}, "twice")]
)
def test_a_plan_that_makes_no_sense_is_refused(changes, message, tmp_path):
    with pytest.raises(SettingsError, match=message):
        gather(load_demo(), PLAN.replace(**changes), RunStore(tmp_path), created=NOW)


def test_only_tuned_models_are_reported_by_default():
    assert all(tuned_settings()[name].found for name in MODELS_REPORTED)
    assert "popularity" not in MODELS_REPORTED


def test_goals_are_held_against_the_one_model_that_is_best_on_the_first_split_and_in_the_mean():
    seeds = pd.Index([11, 42], name="seed")
    means = {
        metric: pd.DataFrame({"hybrid": hybrid, "fast-warp": warp}, index=seeds)
        for metric, hybrid, warp in (
            ("auc", [0.93, 0.93], [0.91, 0.89]),
            ("precision@10", [0.208, 0.214], [0.207, 0.206]),
            ("ndcg@10", [0.29, 0.26], [0.2, 0.2]),
        )
    }
    seconds = pd.DataFrame(
        {"model": ["hybrid", "fast-warp"], "precision@10": [0.2, 0.195], "fit seconds": [30, 0.4]}
    )
    rows = pd.DataFrame(goal_rows("lastfm", means, 42, seconds, 10)).set_index("goal")
    lightfm = "the best of LightFM's objectives, on either trainer, any features"
    for goal, model, first, mean, reached in (
        ("the best recommender: auc at least 0.92", "hybrid", 0.93, 0.93, True),
        ("the best recommender: precision@10 at least 0.21", "hybrid", 0.214, 0.211, True),
        ("the best recommender: ndcg@10 at least 0.27", "hybrid", 0.26, 0.275, False),
        (f"{lightfm}: auc at least 0.9", "fast-warp", 0.89, 0.9, False),
        (f"{lightfm}: precision@10 at least 0.205", "fast-warp", 0.206, 0.2065, True),
    ):
        found = rows.loc[goal]
        assert (found["model"], found["reached"]) == (model, reached), goal
        assert found[["first split", "mean of splits"]].tolist() == pytest.approx([first, mean])
    soon = rows.loc["95% of the best precision@10 within 0.5 seconds of training"]
    assert (soon["model"], soon["mean of splits"], soon["reached"]) == ("fast-warp", 0.4, True)
    assert goal_rows("demo", means, 42, seconds, 10) == []


def test_a_missed_goal_says_where_to_read_on():
    row = {"goal": "g", "model": "m", "first split": 0.1, "mean of splits": 0.1}
    assert "What could be known at all" in " ".join(goal_lines([{**row, "reached": False}], [42, 1]))
    assert "Missed" not in " ".join(goal_lines([{**row, "reached": True}], [42, 1]))
    assert goal_lines([], [42]) == []


def test_what_was_looked_at_before_and_what_is_left_out_is_told():
    seeds, models = tried.looked_at()
    text = " ".join(budget_lines("tried.md"))
    assert f"split seeds {', '.join(map(str, seeds))} were looked at" in text
    assert 42 in seeds
    assert not {11, 12, 13, 14} & set(seeds)
    assert all(f"`{model}`" in text for model in models)
    few = [row.model for row in tried.budget_rows().itertuples() if row.trials <= 10]
    assert ("drawn at random" in text) == bool(few)


def test_every_model_is_compared_or_said_why_not(written):
    out = written[3]
    text = out.read_text()
    assert "`lightfm-hybrid`: left out" in text
    for name, one in tuned_settings().items():
        assert one.found or f"`{name}`" in text
