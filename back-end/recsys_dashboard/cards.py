"""A row of figures: bordered cards of equal height, four side by side, two on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Sequence

_NARROWEST = 145  # pixels: two fit on a phone


class Card(msgspec.Struct, frozen=True):
    """A short label, a value, the long explanation, and a remark below the value."""

    label: str
    value: str
    help: str
    remark: str | None = None


def draw_cards(cards: Sequence[Card]) -> None:
    """Draw ``cards``, at most four."""
    with st.grid(len(cards), min_column_width=_NARROWEST):
        for card in cards:
            st.metric(
                card.label,
                card.value,
                card.remark,
                delta_color="off",
                delta_arrow="off",
                help=card.help,
                border=True,
                height="stretch",
            )
