"""An experiment to take away: tables as CSV, the whole report as JSON, a link."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
import pandas as pd
import streamlit as st

from recsys_dashboard.downloads import csv_button
from recsys_dashboard.experiment.choice import EXPERIMENT
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from recsys_dashboard.experiment.findings import Findings


def draw_downloads(found: Findings) -> None:
    """Draw the buttons; files are made when asked for."""
    with st.container(horizontal=True):
        csv_button(
            effects_frame(found), f"refrain-{found.key}-effects.csv", key=f"e_csv_{found.key}",
            label=text("experiment.csv_effects"),
        )  # fmt: skip
        csv_button(
            found.look.course, f"refrain-{found.key}-over-time.csv", key=f"e_course_csv_{found.key}",
            label=text("experiment.csv_course"),
        )  # fmt: skip
        st.download_button(
            text("experiment.json"), data=lambda: report_json(found), mime="application/json",
            file_name=f"refrain-{found.key}.json", key=f"e_json_{found.key}", icon=":material/data_object:",
            on_click="ignore",
        )  # fmt: skip
        with st.popover(text("experiment.link"), icon=":material/link:"):
            st.caption(text("experiment.link_help"))
            st.code(_link(), language=None, wrap_lines=True)


def effects_frame(found: Findings) -> pd.DataFrame:
    """Return a row per treatment and metric, intervals spread over columns; effects as shares."""
    rows = []
    for one in found.look.report.effects:
        row = msgspec.to_builtins(one)
        for name in [name for name, value in row.items() if isinstance(value, dict)]:
            row |= {f"{name}_{end}": value for end, value in row.pop(name).items()}
        rows.append(row)
    return pd.DataFrame(rows)


def report_json(found: Findings) -> bytes:
    """Return the report, the traffic, and that the listeners are simulated."""
    whole = {
        "simulated": found.loop is not None,
        "treatments": found.treatments,
        "report": msgspec.to_builtins(found.look.report),
        "traffic": msgspec.to_builtins(found.look.traffic),
        "loop": None if found.loop is None else msgspec.to_builtins(found.loop.card),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def _link() -> str:
    pairs = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
    own = [pair for pair in pairs if pair[0] == EXPERIMENT]
    others = [pair for pair in pairs if pair[0] != EXPERIMENT]
    return f"{st.context.url or ''}?{urlencode([*others, *own])}"
