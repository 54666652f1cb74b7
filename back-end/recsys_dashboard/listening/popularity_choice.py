"""What the visitor chose on the page of listened against recommended, all of it in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import msgspec
import streamlit as st

from recsys_core.listening.popularity_rerank import METHODS, Method
from recsys_core.listening.popularity_spread import By
from recsys_core.models.baselines import PopularityRecommender
from recsys_core.runs.manifest import Manifest
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.listening.run_choice import pick_run
from recsys_dashboard.listening.run_words import run_name
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

Way = TypeVar("Way", bound=str)
WITH = "with"
MOST_OTHERS, LONGEST, FEWEST_SHOWN, MOST_SHOWN = 2, 20, 3, 20
WAYS: tuple[By, ...] = ("listeners", "plays")
_STRENGTHS = tuple(range(0, 101, 10))


class Choice(msgspec.Struct, frozen=True):
    """The run the page speaks of, up to two more beside it, and how to count, cut and re-rank.

    ``strength`` of the re-ranking runs from 0 (as trained) to 1.
    """

    manifest: Manifest
    others: tuple[Manifest, ...]
    by: By
    k: int
    shown: int
    method: Method
    strength: float

    @property
    def reranked(self) -> bool:
        """Whether the lists of the run are not its own any more."""
        return self.strength > 0


def pick(manifests: Sequence[Manifest]) -> Choice:
    """Draw all controls and return what they say."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        manifest = pick_run(manifests)
        others = _pick_others(manifests, manifest)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        by = _pick("by", WAYS)
        k = _slider("per", text("top_artists.length"), text("top_artists.length_help"), (1, LONGEST), 5)
        shown = _slider(
            "show", text("top_artists.shown"), text("top_artists.shown_help"), (FEWEST_SHOWN, MOST_SHOWN), 10
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method = _pick("method", METHODS, key="rerank")
        strength = _pick_strength()
    return Choice(manifest, others, by, k, shown, method, strength)


def _pick_others(manifests: Sequence[Manifest], chosen: Manifest) -> tuple[Manifest, ...]:
    """Draw the choice of runs to set beside ``chosen``; ``?with=`` names them, separated by commas.

    The popularity baseline is shown anyway.
    """
    known = {
        one.run_id: one
        for one in manifests
        if one.run_id != chosen.run_id and one.model != PopularityRecommender.name
    }
    wanted = st.session_state.get(WITH, st.query_params.get(WITH, "").split(","))
    st.session_state[WITH] = [run_id for run_id in wanted if run_id in known][:MOST_OTHERS]
    picked = st.multiselect(
        text("top_artists.others"),
        list(known),
        format_func=lambda run_id: run_name(known[run_id].model, run_id),
        key=WITH,
        max_selections=MOST_OTHERS,
        placeholder=text("top_artists.others_none"),
        help=text("top_artists.others_help"),
        disabled=not known,
        width=390,
    )
    if picked:
        st.query_params[WITH] = ",".join(picked)
    else:
        st.query_params.pop(WITH, None)
    return tuple(known[run_id] for run_id in picked)


def _pick(name: str, options: Sequence[Way], *, key: str | None = None) -> Way:
    """Draw a choice whose words are the messages ``name_option``."""
    picked = pick_addressed(
        key or name,
        options,
        label=text(f"top_artists.{name}"),
        words=lambda way: text(f"top_artists.{name}_{way}"),
        about=text(f"top_artists.{name}_help"),
    )
    return cast("Way", picked)


def _pick_strength() -> float:
    """Draw the choice of how much to re-rank, 0 to 1; the address holds it as the slider writes it."""
    picked = st.select_slider(
        text("top_artists.strength"),
        _STRENGTHS,
        value=0,
        key="strength",
        bind="query-params",
        format_func=lambda value: f"{value}%",  # in no language's own way: a link must open in all
        help=text("top_artists.strength_help"),
        width=260,
    )
    return picked / 100


def _slider(key: str, label: str, about: str, limits: tuple[int, int], value: int) -> int:
    return st.slider(label, *limits, value, key=key, bind="query-params", help=about, width=260)
