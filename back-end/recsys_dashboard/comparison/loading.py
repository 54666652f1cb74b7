"""The settings of a comparison put back into the controls, to change one of them and train again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.comparison.history import settings_used
from recsys_core.models.tuned import as_tuned
from recsys_core.splitting import PROTOCOLS
from recsys_dashboard.comparison.controls import OWN, RATES, SIZES, TUNED
from recsys_dashboard.comparison.model_choice import choose
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs.manifest import Manifest
    from recsys_core.splitting import Protocol

# setting -> key of its control
_KEYS = {
    "epochs": "m_epochs",
    "learning_schedule": "m_schedule",
    "max_sampled": "m_sampled",
    "k": "m_k",
    "n": "m_n",
    "user_alpha": "m_user_alpha",
    "item_alpha": "m_item_alpha",
    "list_length": "m_list",
    "seed": "m_seed",
}
_STEPS = {"embedding_size": ("m_size", SIZES), "learning_rate": ("m_rate", RATES)}
MOST_EPOCHS = 100


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
    if "m_epochs" in state:
        state["m_epochs"] = min(state["m_epochs"], MOST_EPOCHS)
    state |= _split_state(manifests[0].protocol)
    state["m_mode"] = TUNED if _was_tuned(manifests) else OWN
    st.session_state.update(state)
    st.toast(text("models.loaded"), icon=":material/settings_backup_restore:")


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _split_state(protocol: Protocol) -> dict[str, Any]:
    if protocol.method == "random":
        name = "driver" if protocol.scaling == PROTOCOLS["driver"].scaling else "all-pairs"
    else:
        name = {"leave_k_out": "leave-k-out", "time": "time"}[protocol.method]
    return {
        "m_protocol": name,
        "m_share": round(100 * protocol.test_share / 5) * 5,
        "m_held_out": protocol.held_out,
    }


def _was_tuned(manifests: Sequence[Manifest]) -> bool:
    """Whether any iterative model was trained just as tuned, other than by the sliders' defaults."""
    models = tuple(one.model for one in manifests)
    tuned = as_tuned(models)
    varying = ("seed", "threads")

    def own(parameters: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in parameters.items() if name not in varying}

    known = [one for one in manifests if one.model in tuned["epochs_of"]]
    return bool(known) and all(
        own(one.parameters) == own(tuned["settings"][one.model])
        and one.epochs == tuned["epochs_of"][one.model]
        for one in known
    )
