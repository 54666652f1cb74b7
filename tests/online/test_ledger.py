"""The ledger of experiments: a name never changes what it means."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from recsys_core.errors import SettingsError
from recsys_online.experiments import Experiment
from recsys_online.experiments.ledger import remember
from recsys_online.experiments.plan import Arms, Plan, Variant

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def meaning(*experiments: Experiment, control: str = "random", **variants: Variant) -> dict[str, str]:
    arms = [Arms(one, {**dict.fromkeys(one.treatments, "indexed"), "C": control}) for one in experiments]
    return Plan("random", tuple(arms), variants).meanings()


def test_a_changed_definition_under_the_same_name_is_refused(tmp_path):
    path = tmp_path / "online" / "experiments.json"
    remember(path, meaning(Experiment("x", (5000, 5000), 2, traffic=100)))
    remember(path, meaning(Experiment("x", (5000, 5000), 2, traffic=9000, starts=NOW), Experiment("y", 3)))
    with pytest.raises(SettingsError, match=r"x was defined differently.*new name"):
        remember(path, meaning(Experiment("x", (6000, 4000), 2)))
    with pytest.raises(SettingsError, match="y was defined differently"):
        remember(path, meaning(Experiment("y", 4)))


def test_another_recommender_under_the_same_name_is_refused(tmp_path):
    path = tmp_path / "experiments.json"
    remember(path, meaning(Experiment("x"), control="random"))
    with pytest.raises(SettingsError, match=r"x stood for other recommenders.*new name"):
        remember(path, meaning(Experiment("x"), control="top-pop"))


def test_other_settings_of_a_recommender_under_the_same_name_are_refused(tmp_path):
    path, own = tmp_path / "experiments.json", Variant("indexed", {"skip_ever": True})
    remember(path, meaning(Experiment("x"), control="own", own=own))
    remember(path, meaning(Experiment("x"), control="own", own=own, other=Variant("session")))
    with pytest.raises(SettingsError, match="stood for other recommenders"):
        remember(path, meaning(Experiment("x"), control="own", own=Variant("indexed")))


def test_a_ledger_that_knows_no_recommenders_yet_learns_them(tmp_path):
    path = tmp_path / "experiments.json"
    path.write_text(json.dumps({"x": Experiment("x").definition, "gone": "0123456789abcdef"}))
    remember(path, meaning(Experiment("x")))
    assert json.loads(path.read_text()) == {**meaning(Experiment("x")), "gone": "0123456789abcdef"}


def test_a_ledger_with_nothing_new_is_not_written(tmp_path):
    path = tmp_path / "experiments.json"
    remember(path, meaning(Experiment("x")))
    written = path.stat()
    remember(path, meaning(Experiment("x")))
    assert path.stat() == written


@pytest.mark.parametrize("content", [b'{"x": ', b"\xff\xfe", b'{"x": ""}', b"[]"])
def test_a_damaged_ledger_is_named(tmp_path, content):
    path = tmp_path / "experiments.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"experiments\.json"):
        remember(path, meaning(Experiment("x")))


def test_a_ledger_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"experiments\.json"):
        remember(tmp_path / "file" / "experiments.json", meaning(Experiment("x")))
