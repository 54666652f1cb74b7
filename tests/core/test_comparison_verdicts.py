"""Verdicts over users and split seeds, from runs whose per-user values are made up or really measured."""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pandas as pd
import pytest

from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison.past import past_comparisons, without_repeats
from recsys_core.comparison.per_user import of_split, per_seed_means, per_user_values
from recsys_core.comparison.split_seeds import compare_on_seeds, request_again, seeds_of, whole_seeds
from recsys_core.comparison.verdicts import pairs_table, seeds_table, verdict_table, verdicts_at
from recsys_core.errors import DataError, SettingsError
from recsys_core.runs import Run
from recsys_core.splitting import PROTOCOLS, split
from recsys_core.statistics import holm, paired_difference
from tests.core.small_data import random_dataset

NOW = "2026-11-23T10:00:00+00:00"
REQUEST = ComparisonRequest(models=("svd", "ease"), protocol=PROTOCOLS["all-pairs"])


@cache
def data():
    return random_dataset(60, 40, 700)


@cache
def runs(*seeds):
    return tuple(compare_on_seeds(data(), REQUEST, seeds, created=NOW))


def with_values(run, model, values):
    """Return ``run`` as if ``model`` had these test AUCs, one per user."""
    table = pd.DataFrame({"part": "test", "user_id": np.arange(len(values)), "auc": values})
    return Run(msgspec.structs.replace(run.manifest, model=model), run.curve, table)


def made_up(**values):
    return [with_values(runs(1)[0], model, one) for model, one in values.items()]


RNG = np.random.default_rng(5)
BASE = RNG.uniform(0.4, 0.9, 300)
THREE = made_up(low=BASE - 0.1, best=BASE, level=BASE - RNG.normal(0.0005, 0.05, 300))


def test_the_verdict_is_the_paired_bootstrap_with_holm_on_top():
    table = verdict_table(THREE, "auc", resamples=2000).set_index("model")
    assert table.index[0] in ("best", "level")
    reference = per_user_values(THREE, "auc")
    p_values = {}
    for model in table.index[1:]:
        pair = paired_difference(reference[table.index[0]], reference[model], resamples=2000)
        assert table.loc[model, "behind"] == pytest.approx(pair.mean)
        assert table.loc[model, "behind_low"] == pytest.approx(pair.low, abs=0.002)
        p_values[model] = table.loc[model, "p_value"]
    assert table.loc[list(p_values), "p_holm"].to_dict() == pytest.approx(holm(p_values))


def test_what_luck_may_decide_is_level_and_what_it_cannot_is_not():
    table = verdict_table(THREE, "auc").set_index("model")
    assert table["level_with_best"].to_dict() == {"best": True, "level": True, "low": False}
    assert np.isnan(table["p_value"].iloc[0])
    assert table["mean_rank"].iloc[-1] > 2
    assert (table["n_users"] == 300).all()
    assert ((table["low"] < table["mean"]) & (table["mean"] < table["high"])).all()


def test_a_model_against_itself_is_level():
    table = verdict_table(made_up(one=BASE, other=BASE.copy()), "auc")
    assert table["level_with_best"].all()
    assert table["mean_rank"].tolist() == [1.5, 1.5]


def test_holm_takes_claims_back_that_hold_one_by_one_only():
    rng = np.random.default_rng(0)
    noise = {f"m{at}": BASE - 0.0055 + rng.normal(0, 0.06, 300) for at in range(12)}
    table = verdict_table(made_up(best=BASE + 0.002, **noise), "auc")
    alone, together = table["p_value"].lt(0.05).sum(), table["p_holm"].lt(0.05).sum()
    assert alone > together > 0


def test_all_pairs():
    table = pairs_table(THREE, "auc", resamples=1000)
    assert len(table) == 3
    assert (table["behind"] >= 0).all()
    last = table[table["other"] == "low"]
    assert (last["p_holm"] < 0.05).all()
    assert (table["p_holm"] >= table["p_value"]).all()


def test_one_model_alone_is_the_best():
    table = verdict_table(made_up(one=BASE), "auc")
    assert (table["mean_rank"][0], table["level_with_best"][0]) == (1.0, True)
    assert pairs_table(made_up(one=BASE), "auc").empty


# ---- several split seeds ------------------------------------------------------------------


def test_every_seed_is_a_split_of_its_own():
    found = runs(3, 4, 5)
    assert [run.manifest.protocol.seed for run in found] == [3] * 3 + [4] * 3 + [5] * 3
    assert [run.manifest.model for run in found[:3]] == ["popularity", "svd", "ease"]
    assert len({run.manifest.run_id for run in found}) == 9
    first = found[0].manifest.comparison_id
    ids = [first] * 3 + [f"{first}-seed-4"] * 3 + [f"{first}-seed-5"] * 3
    assert [run.manifest.comparison_id for run in found] == ids
    assert seeds_of(first, [*found, *runs(1)]) == list(found)


def test_a_seed_gives_what_it_gives_alone():
    assert runs(3, 4, 5)[3].manifest.metrics == runs(4)[0].manifest.metrics


def test_a_user_counts_once_with_the_mean_over_the_seeds():
    found = runs(3, 4, 5)
    values = per_user_values(found, "auc")
    by_hand = pd.concat([run.per_user for run in found if run.manifest.model == "svd"])
    test = by_hand[by_hand["part"] == "test"].groupby("user_id")["auc"].mean()
    assert values["svd"].to_dict() == pytest.approx(test.to_dict())
    assert verdict_table(found, "auc")["n_users"].tolist() == [len(test)] * 3
    assert verdict_table(found, "auc")["n_seeds"].tolist() == [3] * 3


def test_the_table_over_seeds():
    found = runs(3, 4, 5)
    table = seeds_table(found, "auc").set_index("model")
    means = [run.manifest.metrics["test"]["auc"]["mean"] for run in found if run.manifest.model == "svd"]
    assert table.loc["svd", "mean"] == pytest.approx(np.mean(means))
    assert table.loc["svd", "deviation"] == pytest.approx(np.std(means, ddof=1))
    assert (table.loc["svd", "lowest"], table.loc["svd", "highest"]) == pytest.approx(
        (min(means), max(means))
    )
    assert table["firsts"].sum() == 3
    assert table["mean_rank"].sum() == pytest.approx(6)
    assert np.isnan(seeds_table(runs(3), "auc")["deviation"]).all()
    assert per_seed_means(found, "auc").index.tolist() == [3, 4, 5]


def test_events_say_which_seed():
    events = []
    compare_on_seeds(data(), REQUEST, [8, 9], created=NOW, on_event=events.append)
    assert {(event["seed"], event["seed_index"], event["seeds"]) for event in events} == {
        (8, 0, 2),
        (9, 1, 2),
    }


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(SettingsError, match="none twice"):
        compare_on_seeds(data(), REQUEST, [1, 1], created=NOW)
    with pytest.raises(DataError, match="different split seeds"):
        per_user_values([*runs(3, 4)[:3], runs(4)[0]], "auc")
    held_out_otherwise = REQUEST.protocol.replace(test_share=0.4)
    other = compare_on_seeds(data(), REQUEST.replace(protocol=held_out_otherwise.to_dict()), [3], created=NOW)
    with pytest.raises(DataError, match="hold out test pairs in different ways"):
        per_user_values([*runs(3)[:2], other[2]], "auc")
    with pytest.raises(DataError, match="no run"):
        verdict_table([], "auc")
    with pytest.raises(DataError, match="no metric 'ndcg@99'"):
        verdict_table(runs(3), "ndcg@99")
    with pytest.raises(DataError, match="another split"):
        of_split(runs(3), split(data(), REQUEST.protocol))


def test_several_metrics_below_each_other():
    table = verdicts_at(runs(3), ["auc", "ndcg@10"], resamples=200)
    assert table["metric"].tolist() == ["auc"] * 3 + ["ndcg@10"] * 3
    assert next(iter(table)) == "metric"


# ---- settings of one model ---------------------------------------------------------------------


def test_a_model_may_have_settings_and_epochs_of_its_own():
    request = ComparisonRequest(
        models=("lightfm-warp", "lightfm-bpr", "svd"),
        protocol=PROTOCOLS["all-pairs"],
        epochs=2,
        embedding_size=4,
        settings={"lightfm-warp": {"embedding_size": 7}, "svd": {"values": "log"}},
        epochs_of={"lightfm-warp": 5},
    )
    by_model = {
        run.manifest.model: run.manifest for run in compare_on_seeds(data(), request, [1], created=NOW)
    }
    assert [by_model[one].parameters["embedding_size"] for one in request.models] == [7, 4, 4]
    assert by_model["svd"].parameters["values"] == "log"
    assert [by_model[one].epochs for one in request.models] == [5, 2, 1]


def test_a_comparison_is_repeated_as_it_was_made_but_for_the_split():
    manifests = [run.manifest for run in runs(1)]
    again = request_again(manifests, 5, list_length=10)
    assert again.protocol == manifests[0].protocol.replace(seed=5)
    for one in manifests[1:]:
        own = {name: again.parameters(one.model)[name] for name in one.parameters}
        assert (own, again.epochs_for(one.model)) == (one.parameters, one.epochs)


def test_repeats_are_listed_under_the_comparison_they_repeat_and_alone_without_it():
    manifests = [run.manifest for run in runs(1, 2)]
    first = manifests[0].comparison_id
    assert [one.comparison_id for one in without_repeats(past_comparisons(manifests))] == [first]
    repeats = [one for one in manifests if one.comparison_id != first]
    assert len(without_repeats(past_comparisons(repeats))) == 1


def test_a_split_that_lacks_a_model_is_left_out_whole():
    found = list(runs(1, 2))
    models = {run.manifest.model for run in found}
    assert whole_seeds(found, models) == found
    assert {run.manifest.protocol.seed for run in whole_seeds(found[:-1], models)} == {1}
