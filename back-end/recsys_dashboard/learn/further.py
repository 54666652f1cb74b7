"""Where to go on: the notebooks that tell the same as stories, and the survey with its references."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from recsys_dashboard.settings import ROOT
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = ("movies", "lastfm", "interactions", "personalized", "experiment")
_FOLDER = ROOT / "notebooks"


def draw() -> None:
    """Draw a button for each notebook that is there, and one for the survey."""
    with st.expander(text("learn.further"), icon=":material/local_library:"):
        st.markdown(text("learn.further_text"))
        with st.container(horizontal=True):
            _download(ROOT / "docs" / "survey.md", text("learn.further_survey"), "text/markdown")
            for name in NOTEBOOKS:
                _download(
                    _FOLDER / f"{name}.ipynb", text(f"learn.notebook_{name}"), "application/x-ipynb+json"
                )


def _download(path: Path, label: str, mime: str) -> None:
    if path.is_file():
        st.download_button(
            label,
            data=partial(path.read_bytes),
            file_name=path.name,
            mime=mime,
            key=f"learn.file.{path.name}",
            icon=":material/download:",
            on_click="ignore",
        )
