"""What a search varies: only what acts, within the limits, for every model or with a reason."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest

from recsys_core.errors import SettingsError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.tuning.space import NOTHING_TO_TUNE, active, left_alone, limits_of, space_of, tunable_models
from recsys_core.tuning.study import whole_setting
from tests.core.tuning.studies import small_request, talkative

TUNED = tunable_models()


def dimensions():
    """Return every model with every dimension; a model without a space fails in a test, not here."""
    found = []
    for model in TUNED:
        with suppress(SettingsError):
            found += [(model, one.name) for one in space_of(model)]
    return found


def test_every_model_has_a_space_or_a_reason():
    """Fails when a model is added whose settings have neither a range nor a reason to have none."""
    for model in MODELS:
        if model in NOTHING_TO_TUNE:
            assert len(NOTHING_TO_TUNE[model]) > 10
            with pytest.raises(SettingsError, match="nothing to tune"):
                space_of(model)
        else:
            assert space_of(model)


@pytest.mark.parametrize("model", TUNED)
def test_every_setting_is_searched_or_left_alone_for_a_reason(model):
    settings = set(MODELS[model].settings_type.__struct_fields__)
    searched = {one.name for one in space_of(model)}
    idle = set(create_model(model).without_effect())
    assert searched <= settings
    assert all(left_alone(model, one) or one in idle for one in settings - searched)


@pytest.mark.parametrize("model", TUNED)
def test_both_ends_of_every_range_are_settings_the_model_takes(model):
    for one in space_of(model):
        for value in one.choices or (one.low, one.high):
            assert create_model(model, {one.name: int(value) if one.kind == "whole" else value})
        if one.kind != "choice":
            assert one.low < one.high
            assert not one.log or one.low > 0


def ends(model, name):
    """Return two settings that differ in ``name`` only, at the ends of its range."""
    one = next(dimension for dimension in space_of(model) if dimension.name == name)
    choices = [{}, *({o.name: v} for o in space_of(model) if o.kind == "choice" for v in o.choices)]
    rest = next(chosen for chosen in choices if active(model, one, chosen))
    low, high = (one.choices[0], one.choices[-1]) if one.choices else (one.low, one.high)
    whole = one.kind == "whole"
    return [{**rest, name: int(value) if whole else value} for value in (low, high)]


@pytest.mark.parametrize(("model", "name"), dimensions())
def test_a_parameter_of_the_space_changes_what_is_learned(model, name):
    data = talkative()
    low, high = (
        create_model(model, setting).fit(data, epochs=4).scores(range(20)).tobytes()
        for setting in ends(model, name)
    )
    assert low != high


def test_what_does_nothing_is_not_in_the_space():
    assert {"k", "n", "max_sampled"} & {one.name for one in space_of("lightfm-bpr")} == set()
    assert {"k", "n"} & {one.name for one in space_of("lightfm-warp")} == set()
    assert {"k", "n", "max_sampled"} <= {one.name for one in space_of("lightfm-warp-kos")}
    assert not {"seed", "threads"} & {name for _, name in dimensions()}


def test_the_schedule_decides_which_rate_acts():
    assert "learning_rate" in whole_setting(small_request(), {"learning_schedule": "adagrad"})
    assert "rho" not in whole_setting(small_request(), {"learning_schedule": "adagrad"})
    assert "learning_rate" not in whole_setting(small_request(), {"learning_schedule": "adadelta"})
    with pytest.raises(SettingsError, match="rho changes nothing"):
        whole_setting(small_request(), {"rho": 0.9})


def test_what_is_fixed_takes_along_what_then_never_acts():
    by_rate = {one.name for one in small_request(fixed={"learning_schedule": "adagrad"}).space()}
    assert "learning_rate" in by_rate
    assert not {"learning_schedule", "rho", "epsilon"} & by_rate
    without = {one.name for one in small_request(fixed={"learning_schedule": "adadelta"}).space()}
    assert {"rho", "epsilon"} <= without
    assert "learning_rate" not in without


def test_sizes_and_rates_are_searched_by_factors():
    by_name = {one.name: one for one in space_of("fast-warp")}
    assert by_name["embedding_size"].log
    assert by_name["learning_rate"].log


def test_a_search_begins_at_the_defaults_moved_into_the_ranges():
    defaults = create_model("svd").settings.to_dict()
    assert whole_setting(small_request(model="svd"), {}).items() <= defaults.items()
    assert whole_setting(small_request(), {})["user_alpha"] == 0


def test_limits_are_told_in_words():
    limits = limits_of(MODELS["svd"].settings_type)
    assert limits["embedding_size"] == "whole number from 1 to 512"
    assert limits["values"] == "binary, log, weight"
    assert limits["seed"] == f"whole number from 0 to {2**32 - 1}"


def test_dimensions_can_be_written_down():
    whole = space_of("fast-warp")
    assert msgspec.json.decode(msgspec.json.encode(whole), type=type(whole)) is not None
