"""The controls of the comparison page. Sliders wait for Train; only what changes other controls reruns."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import ComparisonRequest
from recsys_core.comparison.idle_settings import idle_settings
from recsys_core.models.tuned import as_tuned, tuned_settings
from recsys_core.rng import MAX_SEED
from recsys_core.splitting import PROTOCOLS, Protocol
from recsys_dashboard.comparison.model_choice import pick_models
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from recsys_core.datasets import Dataset

SIZES = (4, 8, 10, 16, 32, 64, 128, 256)
RATES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SCHEDULES = ("adagrad", "adadelta")
# setting -> key of its control, and how far that reaches
MOST = {
    "max_sampled": ("m_sampled", 1000),
    "k": ("m_k", 100),
    "n": ("m_n", 100),
    "list_length": ("m_list", 100),
    "held_out": ("m_held_out", 100),
}
MOST_EPOCHS, LEAST_SHARE, MOST_SHARE = 100, 5, 50
ALPHAS, MOST_ALPHA = ("user_alpha", "item_alpha"), 1.0
OWN, TUNED = "own", "tuned"
_NOT_SENT = ("protocol", "test_share", "held_out", "mode")
_BOUND: dict[str, Any] = {"bind": "query-params"}
_QUIET: dict[str, Any] = {**_BOUND, "on_change": "ignore"}


def comparison_controls(dataset: Dataset) -> tuple[dict[str, Any], DeltaGenerator]:
    """Draw all controls and return their values, fit for :func:`request_of`, and a place for the buttons.

    The place is above the further settings, which may be long.
    """
    values: dict[str, Any] = {"models": pick_models(), "mode": _mode()}
    main, actions = st.container(), st.container()
    with st.expander(text("models.more"), icon=":material/tune:"):
        values |= _split_controls(dataset)
        schedule = st.segmented_control(
            text("models.schedule"), SCHEDULES, default=SCHEDULES[0], required=True, key="m_schedule",
            help=text("models.schedule_help"), **_BOUND,
        )  # fmt: skip
        values["learning_schedule"] = schedule
        idle = _idle(values)
        values |= _more_controls(idle)
    with main:
        values |= _main_controls(idle)
    return values, actions


def request_of(values: dict[str, Any]) -> ComparisonRequest:
    """Return the request that the controls spell.

    Raises
    ------
    SettingsError
        If a value is out of range, whatever the browser allowed.
    """
    rest = {key: value for key, value in values.items() if key not in _NOT_SENT}
    if values.get("mode") == TUNED:
        rest |= as_tuned(values["models"], seed=values["seed"], threads=values.get("threads", 1))
    protocol = PROTOCOLS[values["protocol"]].to_dict()
    protocol |= {key: values[key] for key in ("test_share", "held_out") if key in values}
    return ComparisonRequest.from_dict({**rest, "protocol": {**protocol, "seed": values["seed"]}})


def _mode() -> str:
    return st.segmented_control(
        text("models.mode"), (OWN, TUNED), default=OWN, required=True, key="m_mode",
        format_func=lambda name: text(f"models.mode_{name}"), help=text("models.mode_help"), **_BOUND,
    )  # fmt: skip


def _idle(values: dict[str, Any]) -> set[str]:
    """Return settings that do nothing for the chosen models, and say so under the schedule."""
    steered = [name for name in values["models"] if values["mode"] == OWN or not tuned_settings()[name].found]
    if not values["models"]:
        return set()
    own = {"learning_schedule": values["learning_schedule"]}
    idle = set(idle_settings(steered, own)) - {"threads"}
    shown = [name for name in _SHOWN if name in idle]
    if shown:
        st.caption(text("models.idle", settings=", ".join(text(f"models.{name}") for name in shown)))
    return idle


_SHOWN = (
    "epochs",
    "embedding_size",
    "learning_rate",
    "learning_schedule",
    "max_sampled",
    "k",
    "n",
    "user_alpha",
    "item_alpha",
    "threads",
)


def _main_controls(idle: set[str]) -> dict[str, Any]:
    return {
        "epochs": st.slider(
            text("models.epochs"), 1, MOST_EPOCHS, 10, key="m_epochs", disabled="epochs" in idle,
            help=text("models.epochs_help"), **_QUIET,
        ),
        "embedding_size": st.select_slider(
            text("models.embedding_size"), SIZES, 32, key="m_size", disabled="embedding_size" in idle,
            help=text("models.embedding_size_help"), **_QUIET,
        ),
        "learning_rate": st.select_slider(
            text("models.learning_rate"), RATES, 0.05, key="m_rate", format_func="{:g}".format,
            disabled="learning_rate" in idle, help=text("models.learning_rate_help"), **_QUIET,
        ),
    }  # fmt: skip


def _split_controls(dataset: Dataset) -> dict[str, Any]:
    names = [name for name in PROTOCOLS if name != "time" or dataset.interactions.timestamps is not None]
    chosen = st.selectbox(
        text("models.protocol"), names, format_func=lambda name: text(f"models.protocol_{name}"),
        key="m_protocol", help=text("models.protocol_help"), **_BOUND,
    )  # fmt: skip
    defaults: Protocol = PROTOCOLS[chosen]
    values: dict[str, Any] = {"protocol": chosen}
    if defaults.method == "leave_k_out":
        values["held_out"] = _whole("held_out", *MOST["held_out"], defaults.held_out)
    else:
        percentage = st.slider(
            text("models.test_share"), LEAST_SHARE, MOST_SHARE, round(100 * defaults.test_share), 5,
            format="%d%%", key="m_share", help=text("models.test_share_help"), **_QUIET,
        )  # fmt: skip
        values["test_share"] = percentage / 100
    values["seed"] = _whole("seed", "m_seed", MAX_SEED, defaults.seed, low=0)
    values["list_length"] = _whole("list_length", *MOST["list_length"], 10)
    return values


def _more_controls(idle: set[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, default in (("max_sampled", 10), ("k", 5), ("n", 10)):
        values[name] = _whole(name, *MOST[name], default, disabled=name in idle)
    cores = os.cpu_count() or 1
    idle_threads = "threads" in idle
    values["threads"] = _whole("threads", "m_threads", cores, 1, disabled=idle_threads) if cores > 1 else 1
    for name in ALPHAS:
        values[name] = st.number_input(
            text(f"models.{name}"), 0.0, MOST_ALPHA, 0.0, 1e-6, format="%g", key=f"m_{name}",
            disabled=name in idle,
            help=text(f"models.{name}_help"), **_QUIET,
        )  # fmt: skip
    return values


def _whole(name: str, key: str, high: int, default: int, *, low: int = 1, disabled: bool = False) -> int:
    return st.number_input(
        text(f"models.{name}"), low, high, default, 1, key=key, disabled=disabled,
        help=text(f"models.{name}_help"), **_QUIET,
    )  # fmt: skip
