"""Suggestions one below the other: the reason under the name, buttons that re-rank beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.listening.profile import USUAL
from recsys_core.listening.ranked_list import HEARD, LISTENERS
from recsys_dashboard.texts import plain, text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.company import Company
    from recsys_core.listening.explain import Explanation
    from recsys_core.listening.profile import Verdict
    from recsys_dashboard.listening.opinions import Opinions

_BUTTONS: tuple[tuple[str, Verdict, str], ...] = (
    ("like", USUAL, ":material/thumb_up:"),
    ("no", "no", ":material/thumb_down:"),
    ("never", "never", ":material/block:"),
)
NAMED = 3  # own artists named as the reason


def suggestion_rows(
    table: pd.DataFrame, reasons: list[str], opinions: Opinions, *, narrow: bool = False
) -> None:
    """Draw one row for each suggestion; ``reasons`` is one line for each, ``narrow`` shortens marks."""
    if len(table):
        st.caption(text("preferences.buttons"))
    for row, reason in zip(table.to_dict("records"), reasons, strict=True):
        with st.container(gap=None):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(
                    f"**{row['rank']}. {plain(row['name'])}**{_marks(row, narrow=narrow)}", width="stretch"
                )
                with st.container(horizontal=True, width="content", gap="small"):
                    for name, verdict, icon in _BUTTONS:
                        st.button(
                            icon,
                            key=f"say.{name}.{row['item_id']}",
                            type="tertiary",
                            help=text(f"preferences.say_{name}", name=plain(row["name"])),
                            on_click=opinions.say,
                            args=(row["item_id"], verdict),
                        )
            st.caption(reason)


def _marks(row: dict[str, object], *, narrow: bool) -> str:
    hit = text("preferences.hit_brief" if narrow else "preferences.hit")
    marks = f" :green-badge[:material/check: {hit}]" if row["hit"] else ""
    return marks + (f" :gray-badge[{text('preferences.heard')}]" if row[HEARD] else "")


def reason_lines(
    table: pd.DataFrame, explanation: Explanation, company: Company, user_idx: int | None
) -> list[str]:
    """Return why each suggestion is there: own artists, or how well known it is; shared tags; friends."""
    return [
        " · ".join(_reason(at, int(count), explanation, company, user_idx))
        for at, count in enumerate(table[LISTENERS])
    ]


def _reason(
    at: int, count: int, explanation: Explanation, company: Company, user_idx: int | None
) -> list[str]:
    target = int(explanation.targets[at])
    because = because_of(explanation, at)
    found = [because] if because else [text("preferences.well_known", n=count)]
    tags = [plain(one.tag) for one in company.shared_tags(target, explanation.items)]
    friends = len(company.friends_who_listen(user_idx, target))
    found += [text("preferences.reason_tags", tags=", ".join(tags))] if tags else []
    return found + ([text("preferences.reason_friends", n=friends)] if friends else [])


def because_of(explanation: Explanation, at: int) -> str:
    """Return "because of A, B, C and 35 others", or nothing where no own artist speaks for the target."""
    others = explanation.supporters(at) - NAMED
    if others > 0:
        return text("preferences.because_more", names=", ".join(strongest_names(explanation, at)), n=others)
    names = named_together(explanation, at)
    return text("preferences.because", names=names) if names else ""


def strongest_names(explanation: Explanation, at: int) -> list[str]:
    """Return the own artists that speak most for a target, three at most."""
    return [plain(explanation.names[explanation.items[own]]) for own in explanation.strongest(at, NAMED)]


def named_together(explanation: Explanation, at: int) -> str:
    """Return "A, B and C", or nothing where no own artist speaks for the target."""
    *head, last = strongest_names(explanation, at) or [""]
    return text("preferences.and", head=", ".join(head), last=last) if head else last
