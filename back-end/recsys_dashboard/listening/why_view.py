"""Why: the bars that add up to the scores, how exact that is, and every term of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from recsys_core.listening.explain import ADDS
from recsys_core.models.baselines import RandomRecommender
from recsys_core.plots.why import why_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.listening.suggestion_rows import NAMED, named_together
from recsys_dashboard.texts import number, percent, plain, text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.company import Company
    from recsys_core.listening.explain import Explanation
    from recsys_core.listening.nearness import Nearness
    from recsys_core.listening.ranked_list import RankedList

_PIECES = ("strongest", "others", "anybody", "rest", "score")
_MOST, _TERMS = 20, 8  # bars and terms drawn; all are in the download


def why_card(explanation: Explanation, ranked: RankedList, *, near: Nearness | None, source: str) -> None:
    """Draw the bars with what they mean; ``explanation`` is that of the first suggestions of ``ranked``."""
    title, level = why_title(explanation, ranked), explanation.level
    axis = text("preferences.x_score_above", level=number(level)) if level else text("preferences.x_score")
    show_figure(
        why_figure(
            explanation.first(_MOST),
            number=number,
            words={piece: text(f"preferences.piece_{piece}") for piece in _PIECES},
            x_title=axis,
            dark=is_dark(),
        ),
        key="preferences.why",
        title=title,
        alt=text("preferences.why_alt", title=title),
        note=how_exact(explanation, near, by_chance=_by_chance(ranked)),
        source=source,
    )


def why_title(explanation: Explanation, ranked: RankedList) -> str:
    """Return who speaks most for the first suggestion, and how much of the whole that is, or what does."""
    first, names = plain(explanation.names[explanation.targets[0]]), named_together(explanation, 0)
    if ranked.weighed:
        kind = "weighed" if names else "weighed_only"
        return text(f"preferences.why_title_{kind}", name=first, names=names)
    if not names:
        cause = "chance" if _by_chance(ranked) else explanation.cause(0)
        return text(f"preferences.why_title_{cause}", name=first)
    others = explanation.supporters(0) - NAMED
    if others <= 0:
        return text("preferences.why_title", name=first, names=names)
    share = percent(explanation.share_of_strongest(0, NAMED))
    return text("preferences.why_title_more", name=first, names=names, share=share, n=others)


def _by_chance(ranked: RankedList) -> bool:
    own = ranked.taste.basis == "own"
    return own and ranked.suggestions.manifest.model == RandomRecommender.name


def how_exact(explanation: Explanation, near: Nearness | None, *, by_chance: bool) -> str:
    """Return how far the pieces are to be believed: the whole score, most of it, or nothing."""
    if not explanation.says_why:
        return text("preferences.why_none" if explanation.told or by_chance else "preferences.why_untold")
    if not explanation.rest.any():
        return text("preferences.why_exact")
    beyond = text("preferences.why_beyond")
    if near is None:
        return beyond
    return (
        beyond
        + " "
        + text(
            "preferences.why_near",
            kept=number(near.k * near.overlap, 2),
            k=near.k,
            correlation=number(near.correlation, 2),
            n=near.listeners,
        )
    )


def closer_look(
    explanation: Explanation, company: Company, user_idx: int | None, users: np.ndarray, file_stem: str
) -> None:
    """Draw the terms of one score, chosen here, with tags and friends; and the download of all."""
    places = {int(target): at for at, target in enumerate(explanation.targets)}
    chosen = st.selectbox(
        text("preferences.closer"),
        list(places),  # artists, not places: a new order must not put another under the same name
        format_func=lambda target: f"{places.get(target, 0) + 1}. {explanation.names[target]}",
        key="preferences.closer",
        width=390,
    )
    at = places.get(chosen, 0) if chosen is not None else 0
    st.markdown(_terms(explanation.reasons(at)))
    st.caption(_sum_line(explanation, at))
    target = int(explanation.targets[at])
    tags = company.shared_tags(target, explanation.items, 8)
    friends = company.friends_who_listen(user_idx, target)
    if tags:
        words = ", ".join(text("preferences.tag", tag=plain(one.tag), n=one.own_artists) for one in tags)
        st.markdown(text("preferences.closer_tags", tags=words))
    if len(friends):
        shown = ", ".join(plain(one) for one in users[friends])
        st.markdown(text("preferences.closer_friends", n=len(friends), ids=shown))
    file_name = f"refrain-{file_stem}-why.csv"
    csv_button(explanation.table(), file_name, key="preferences.why_csv", label=text("preferences.why_csv"))


def _terms(reasons: pd.DataFrame) -> str:
    """Return the strongest terms as a Markdown table, the rest summed up."""
    heads = text("preferences.column_because"), text("preferences.column_adds")
    lines = [f"| {heads[0]} | {heads[1]} |", "| :--- | ---: |"]
    shown, left = reasons.head(_TERMS), reasons.iloc[_TERMS:]
    lines += [f"| {plain(row.name)} | {number(row.adds)} |" for row in shown.itertuples(index=False)]
    if len(left):
        others = text("preferences.other_terms", n=len(left))
        lines.append(f"| {others} | {number(float(left[ADDS].sum()))} |")
    return "\n".join(lines)


def _sum_line(explanation: Explanation, at: int) -> str:
    return text(
        "preferences.sum",
        own=number(float(explanation.own[at])),
        anybody=number(float(explanation.anybody[at])),
        rest=number(float(explanation.rest[at])),
        level=number(explanation.level),
        score=number(float(explanation.scores[at])),
    )
