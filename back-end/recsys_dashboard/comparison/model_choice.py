"""The choice among some twenty models, by kind, behind one button; kept in the address as ``m_models``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.models.registry import MODELS
from recsys_dashboard.comparison.words import model_name
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterable

ADDRESS = "m_models"
CHOSEN_FIRST = ("lightfm-warp", "lightfm-bpr", "lightfm-warp-kos", "lightfm-logistic")
ONE_OF_EACH = ("lightfm-warp", "fast-warp", "fast-hybrid", "als", "ease", "ease-tags", "item-knn", "svd")
_GROUPS: dict[str, tuple[str, ...]] = {
    "lightfm": CHOSEN_FIRST,
    "fast": ("fast-warp", "fast-bpr", "fast-warp-kos", "fast-logistic"),
    "factors": ("als", "implicit-bpr", "svd"),
    "similar": ("ease", "item-knn", "rp3beta"),
    "side": ("lightfm-hybrid", "fast-hybrid", "als-tags", "ease-tags"),
    "blends": ("hybrid", "quick-hybrid", "ensemble"),
    "chance": ("random",),
}
_KEPT = "models.chosen_before"  # widgets forget what they held when another page is shown


def groups() -> dict[str, tuple[str, ...]]:
    """Return the models but the baseline by kind; one that no kind names is among the ``other``."""
    named = {name for group in _GROUPS.values() for name in group}
    other = tuple(name for name in MODELS if name not in named and name != BASELINE)
    return {**_GROUPS, **({"other": other} if other else {})}


def pick_models() -> tuple[str, ...]:
    """Draw the button with the choice behind it and return the models chosen, in the registry's order."""
    _start()
    count = len(_chosen())
    with st.popover(text("models.choose", n=count), icon=":material/checklist:", width="stretch"):
        with st.container(horizontal=True):
            for name, models in _quick().items():
                st.button(
                    text(f"models.pick_{name}"), key=f"models.pick.{name}", on_click=choose, args=(models,)
                )
        for group, models in groups().items():
            st.pills(
                text(f"models.group_{group}"), models, selection_mode="multi", format_func=model_name,
                key=key_of(group), help=text(f"models.group_{group}_help"), wrap=True,
            )  # fmt: skip
    chosen = _chosen()
    st.session_state[_KEPT] = chosen
    _write(chosen)
    if chosen:
        st.caption(text("models.chosen", models=", ".join(map(model_name, chosen))))
    return chosen


def choose(models: Iterable[str]) -> None:
    """Put ``models`` in the place of what is chosen now; for callbacks, before the page is drawn."""
    wanted = set(models)
    for group, known in groups().items():
        st.session_state[key_of(group)] = [name for name in known if name in wanted]


def key_of(group: str) -> str:
    """Return the key of the pills of a kind of models."""
    return f"{ADDRESS}_{group}"


def _quick() -> dict[str, tuple[str, ...]]:
    everything = tuple(name for name in MODELS if name != BASELINE)
    return {"lightfm": CHOSEN_FIRST, "each": ONE_OF_EACH, "all": everything, "none": ()}


def _start() -> None:
    """On the first drawing of the page take the models of the address, else what was chosen before."""
    if key_of(next(iter(_GROUPS))) in st.session_state:
        return
    names = {model_name(name): name for name in MODELS} | {name: name for name in MODELS}
    asked = [names[one] for one in st.query_params.get_all(ADDRESS) if one in names]
    choose(asked or st.session_state.get(_KEPT) or CHOSEN_FIRST)


def _chosen() -> tuple[str, ...]:
    picked = {name for group in groups() for name in st.session_state.get(key_of(group)) or ()}
    return tuple(name for name in MODELS if name in picked)


def _write(chosen: tuple[str, ...]) -> None:
    if chosen == CHOSEN_FIRST:
        st.query_params.pop(ADDRESS, None)
    elif tuple(st.query_params.get_all(ADDRESS)) != chosen:
        st.query_params[ADDRESS] = chosen
