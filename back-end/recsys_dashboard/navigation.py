"""The pages there are, in the order and the groups of the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_dashboard.settings import ROOT
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.navigation.page import Page


class PageEntry(msgspec.Struct, frozen=True):
    """One page: its file in ``pages/`` and its address are called ``name``."""

    name: str
    group: str
    icon: str

    @property
    def file(self) -> Path:
        """The script, as an absolute path."""
        return ROOT / "pages" / f"{self.name}.py"


PAGES = (
    PageEntry("home", "", ":material/home:"),
    PageEntry("movies", "explore", ":material/movie:"),
    PageEntry("preferences", "explore", ":material/person_search:"),
    PageEntry("artist_map", "explore", ":material/scatter_plot:"),
    PageEntry("top_artists", "explore", ":material/leaderboard:"),
    PageEntry("models", "models", ":material/monitoring:"),
    PageEntry("tuning", "models", ":material/tune:"),
    PageEntry("experiment", "service", ":material/experiment:"),
    PageEntry("learn", "understand", ":material/school:"),
    PageEntry("datasets", "understand", ":material/database:"),
)


def menu() -> Page:
    """Draw the menu and return the chosen page, ready to run."""
    groups: dict[str, list[Page]] = {}
    for entry in PAGES:
        heading = text(f"navigation.{entry.group}") if entry.group else ""
        groups.setdefault(heading, []).append(
            st.Page(
                entry.file,
                title=text(f"{entry.name}.title"),
                icon=entry.icon,
                url_path=entry.name,
                default=not entry.group,
                help=text(f"{entry.name}.question"),
            )
        )
    return st.navigation(groups)


def page_file(name: str) -> Path:
    """Return the script of the page called ``name``, for ``st.page_link`` and ``st.switch_page``."""
    return next(entry.file for entry in PAGES if entry.name == name)
