"""What a listener plays, as bars: by plays or by ``playCountScaled``, on a scale that says which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.columns import Columns
from recsys_core.listening.preferences import PLAY_COUNT_SCALED
from recsys_core.plots.preferences import listening_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.listening.listener_view import listening_title
from recsys_dashboard.texts import amount, compact, number, text, whole

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 15
WAYS = {"plays": Columns.WEIGHT, "scaled": PLAY_COUNT_SCALED}


def listening_card(truth: pd.DataFrame, user_id: object, source: str, *, narrow: bool) -> None:
    """Draw the bars with the choice of measure and scale; in a ``narrow`` card large counts are shortened."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        way = pick_addressed(
            "measure",
            list(WAYS),
            label=text("preferences.measure"),
            words=lambda one: text(f"preferences.measure_{one}"),
        )
        log = st.toggle(
            text("preferences.log"), key="log", bind="query-params", help=text("preferences.log_help")
        )
    scale = "log" if log else "linear"
    show_figure(
        listening_figure(
            truth,
            amount=number if way == "scaled" else compact if narrow else amount,
            x_title=text("preferences.x_narrow") if narrow and log else text(f"preferences.x_{way}_{scale}"),
            hidden=text("preferences.hidden"),
            value=WAYS[way],
            log=log,
            narrow=narrow,
            n=SHOWN,
            dark=is_dark(),
        ),
        key="preferences.listening",
        title=listening_title(truth),
        alt=text("preferences.listening_alt", user=user_id, title=listening_title(truth)),
        note=text(
            f"preferences.listening_note_{'dots' if log else 'bars'}",
            shown=whole(min(SHOWN, len(truth))),
            n=len(truth),
        ),
        source=source,
    )
