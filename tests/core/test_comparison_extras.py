"""Small questions around a comparison: what has no effect, how long it takes, which runs belong together."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison.expected_time import expected_seconds
from recsys_core.comparison.idle_settings import idle_settings
from recsys_core.comparison.past import past_comparisons
from tests.core.comparison_data import small_comparison
from tests.core.small_data import random_dataset


def test_k_and_n_act_under_k_os_warp_only():
    assert {"k", "n"} <= set(idle_settings(["lightfm-warp", "svd"], {}))
    assert not {"k", "n"} & set(idle_settings(["lightfm-warp", "lightfm-warp-kos"], {}))


def test_the_schedule_decides_about_the_learning_rate():
    assert "learning_rate" not in idle_settings(["lightfm-bpr"], {"learning_schedule": "adagrad"})
    assert "learning_rate" in idle_settings(["lightfm-bpr"], {"learning_schedule": "adadelta"})


def test_models_of_one_step_have_no_use_for_epochs():
    assert "epochs" in idle_settings(["svd", "random"], {})
    assert "embedding_size" not in idle_settings(["svd"], {})
    assert "epochs" not in idle_settings(["svd", "lightfm-bpr"], {})


def test_more_epochs_models_and_sizes_are_expected_to_take_longer():
    data = random_dataset(200, 100, 2000)

    def seconds(*models, **values):
        return expected_seconds(data, ComparisonRequest(models=models or ("lightfm-warp",), **values))

    assert 0 < seconds() < seconds(epochs=20)
    assert seconds() < seconds(embedding_size=64)
    assert seconds() < seconds("lightfm-warp", "lightfm-bpr")
    assert seconds("svd") == pytest.approx(seconds("svd", epochs=50))


@pytest.mark.parametrize(
    ("model", "own", "epochs", "measured"),
    [
        ("hybrid", {}, 1, 24.0),
        ("ensemble", {}, 1, 10.5),
        ("quick-hybrid", {}, 1, 0.33 + 1.3),
        ("fast-hybrid", {"embedding_size": 64}, 40, 29 + 4.6),
        ("als-tags", {"embedding_size": 64}, 12, 7.2 + 3.4),
        ("lightfm-warp", {"embedding_size": 128}, 46, 16.1 + 3.4),
        ("fast-warp", {"embedding_size": 128}, 46, 1.7 + 2.6),
    ],
)
def test_what_is_expected_on_lastfm_is_what_was_measured_there_within_a_factor_of_three(
    model, own, epochs, measured
):
    """Seconds of training and of judging as docs/results.md has them."""
    lastfm = SimpleNamespace(n_users=1892, n_items=17632, interactions=range(92_834))
    request = ComparisonRequest(models=(model,), epochs=epochs, settings={model: own})
    assert measured / 3 < expected_seconds(lastfm, request) < measured * 3


def test_runs_of_one_comparison_are_found_together_newest_first():
    old = [run.manifest for run in small_comparison("lightfm-warp", "svd")[1]]
    new = [
        msgspec.structs.replace(one, comparison_id="later", created="2026-12-01T00:00:00+00:00")
        for one in old
    ]
    found = past_comparisons([old[2], new[1], old[0], new[0], old[1], new[2]])
    assert [one.comparison_id for one in found] == ["later", old[0].comparison_id]
    assert [run.model for run in found[0].manifests] == ["popularity", "lightfm-warp", "svd"]
    best = max(old, key=lambda manifest: manifest.metrics["test"]["auc"]["mean"])
    assert found[1].best.model == best.model
