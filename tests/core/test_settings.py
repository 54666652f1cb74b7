"""One validation for every door: nothing is cast, every limit holds, the text names the field."""

from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from recsys_core.comparison import ComparisonRequest
from recsys_core.errors import SettingsError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.settings import Settings


class Cake(Settings, frozen=True):
    layers: Annotated[int, Meta(ge=1, le=9)] = 2
    sugar: Annotated[float, Meta(gt=0)] = 0.5
    tin: str = "round"


def test_what_is_not_given_is_the_default():
    assert Cake.from_dict({"layers": 3}) == Cake(layers=3, sugar=0.5, tin="round")


def test_a_whole_number_may_stand_for_a_fraction():
    assert Cake.from_dict({"sugar": 1}).sugar == 1.0


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"layers": 0}, "layers: expected a whole number of at least 1."),
        ({"layers": 10}, "layers: expected a whole number of at most 9."),
        ({"layers": -1}, "layers: expected a whole number of at least 1."),
        ({"layers": 10**400}, "layers: expected a whole number of at most 9."),
        ({"layers": 2.5}, "layers: expected a whole number, got a number."),
        ({"layers": "2"}, "layers: expected a whole number, got text."),
        ({"layers": True}, "layers: expected a whole number, got true or false."),
        ({"layers": None}, "layers: expected a whole number, got nothing."),
        ({"sugar": 0}, "sugar: expected a number above 0.0."),
        ({"sugar": float("nan")}, "sugar: nan is not a finite number."),
        ({"sugar": float("inf")}, "sugar: inf is not a finite number."),
        ({"tin": 5}, "tin: expected text, got a whole number."),
        ({"icing": 1}, "Object contains unknown field icing."),
    ],
)
def test_bad_values_are_refused_by_name(values, text):
    with pytest.raises(SettingsError) as error:
        Cake.from_dict(values)
    assert str(error.value) == text


def test_values_given_to_the_constructor_are_checked_when_asked():
    with pytest.raises(SettingsError, match="layers"):
        Cake(layers=99).checked()
    with pytest.raises(SettingsError, match="layers"):
        Cake().replace(layers=99)
    assert Cake().replace(layers=9) == Cake(layers=9)


def test_settings_cannot_be_changed_behind_ones_back():
    with pytest.raises(AttributeError):
        Cake().layers = 3


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_settings_of_every_model_survive_json(model):
    settings = model.settings_type()
    again = model.settings_type.from_dict(msgspec.json.decode(msgspec.json.encode(settings.to_dict())))
    assert again == settings


@pytest.mark.parametrize(
    "values",
    [
        {"embedding_size": 0},
        {"embedding_size": 10**6},
        {"learning_rate": 0.0},
        {"learning_rate": 1e9},
        {"learning_rate": float("nan")},
        {"learning_schedule": "rmsprop"},
        {"k": 0},
        {"n": -1},
        {"max_sampled": 0},
        {"user_alpha": -0.1},
        {"item_alpha": -0.1},
        {"rho": 1.0},
        {"epsilon": 0.0},
        {"seed": -1},
        {"seed": 2**32},
        {"threads": 0},
        {"threads": 10**4},
    ],
)
def test_parameters_lightfm_would_choke_on_never_reach_it(values):
    with pytest.raises(SettingsError, match=next(iter(values))):
        create_model("lightfm-warp", values)


@pytest.mark.parametrize(
    "values",
    [
        {"models": []},
        {"models": ["svd"] * 65},
        {"models": "svd"},
        {"models": ["svd"], "epochs": 0},
        {"models": ["svd"], "epochs": 10**9},
        {"models": ["svd"], "list_length": 0},
        {"models": ["svd"], "protocol": {"test_share": float("nan")}},
        {"models": ["svd"], "protocol": {"method": "magic"}},
        {"models": ["svd"], "surprise": 1},
        {},
    ],
)
def test_bad_requests_are_refused(values):
    with pytest.raises(SettingsError):
        ComparisonRequest.from_dict(values)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
field_names = st.sampled_from(ComparisonRequest.__struct_fields__)


@given(values=st.dictionaries(field_names | st.text(max_size=8), json_values, max_size=6))
def test_whatever_arrives_is_a_request_or_a_settings_error(values):
    try:
        request = ComparisonRequest.from_dict(values)
    except SettingsError:
        return
    assert request.checked() == request
