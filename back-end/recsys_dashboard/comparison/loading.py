"""The settings of a comparison put back into the controls, to change one of them and train again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.history import settings_used
from recsys_core.models.tuned import as_tuned
from recsys_core.splitting import PROTOCOLS
from recsys_dashboard.comparison.controls import (
    ALPHAS,
    LEAST_SHARE,
    MOST,
    MOST_ALPHA,
    MOST_EPOCHS,
    MOST_SHARE,
    OWN,
    RATES,
    SIZES,
    TUNED,
)
from recsys_dashboard.comparison.model_choice import choose
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs.manifest import Manifest
    from recsys_core.splitting import Protocol

# setting -> key of its control
_KEYS = {"learning_schedule": "m_schedule", "seed": "m_seed"}
_STEPS = {"embedding_size": ("m_size", SIZES), "learning_rate": ("m_rate", RATES)}
# setting -> key of its control, and how far that reaches: a command may have gone further
_REACH = {
    "epochs": ("m_epochs", 1, MOST_EPOCHS),
    **{name: (key, 1, most) for name, (key, most) in MOST.items()},
    **{name: (f"m_{name}", 0.0, MOST_ALPHA) for name in ALPHAS},
}


def load_button(manifests: Sequence[Manifest]) -> None:
    """Draw the button that sets the controls as the comparison shown was made."""
    st.button(
        text("models.load"), key="models.load", icon=":material/settings_backup_restore:", width="stretch",
        on_click=load_settings, args=(manifests,), help=text("models.load_help"),
    )  # fmt: skip


def load_settings(manifests: Sequence[Manifest]) -> None:
    """Put settings and models into the controls' state; of several values the first, the nearest of steps."""
    used = {name: _first(value) for name, value in settings_used(manifests).items()}
    models = tuple(one.model for one in manifests if one.model != BASELINE)
    choose(models)
    state = {_KEYS[name]: value for name, value in used.items() if name in _KEYS}
    state |= {
        key: min(steps, key=lambda step: abs(step - used[name]))
        for name, (key, steps) in _STEPS.items()
        if name in used
    }
    used |= {"held_out": manifests[0].protocol.held_out}
    state |= {
        key: min(max(used[name], least), most) for name, (key, least, most) in _REACH.items() if name in used
    }
    state |= _split_state(manifests[0].protocol)
    state["m_mode"] = TUNED if _was_tuned(manifests) else OWN
    st.session_state.update(state)
    near = any(name in used and state[key] != used[name] for name, (key, *_) in _REACH.items())
    st.toast(
        text("models.loaded_near" if near else "models.loaded"), icon=":material/settings_backup_restore:"
    )


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _split_state(protocol: Protocol) -> dict[str, Any]:
    if protocol.method == "random":
        name = "driver" if protocol.scaling == PROTOCOLS["driver"].scaling else "all-pairs"
    else:
        name = {"leave_k_out": "leave-k-out", "time": "time"}[protocol.method]
    return {
        "m_protocol": name,
        "m_share": min(max(round(100 * protocol.test_share / 5) * 5, LEAST_SHARE), MOST_SHARE),
    }


def _was_tuned(manifests: Sequence[Manifest]) -> bool:
    """Whether all models that tuning found settings for were trained by them."""
    tuned = as_tuned(tuple(one.model for one in manifests))
    varying = ("seed", "threads")

    def own(parameters: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in parameters.items() if name not in varying}

    known = [one for one in manifests if one.model in tuned["settings"]]
    return bool(known) and all(
        own(one.parameters) == own(tuned["settings"][one.model])
        and one.epochs == tuned["epochs_of"].get(one.model, one.epochs)
        for one in known
    )
