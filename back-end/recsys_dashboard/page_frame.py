"""What every page has in common: title with badges, its question, its reading aid, its last line."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import streamlit as st

from recsys_dashboard.installation import project_version
from recsys_dashboard.listening.run_words import run_name
from recsys_dashboard.texts import percent, plain, text, whole

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.runs.manifest import Manifest

ASSETS = Path(__file__).with_name("assets")
TAB_ICON = f"data:image/png;base64,{b64encode((ASSETS / 'icon.png').read_bytes()).decode()}"
"""As a file it would be stored anew at every run, and gone for a moment when another visitor's run ends."""


class Badge(msgspec.Struct, frozen=True):
    """A short remark beside the title, written in Markdown."""

    words: str
    colour: Literal["green", "orange", "gray"] = "gray"
    icon: str | None = None


def dataset_badge(dataset: Dataset) -> Badge:
    """Return the badge that says whose listening is shown; simulated listeners are never left unsaid."""
    if dataset.source.simulated:
        return Badge(text("badge.demo"), "orange", ":material/science:")
    words = text(
        "badge.real",
        title=plain(dataset.source.title),
        listeners=whole(dataset.n_users),
        artists=whole(dataset.n_items),
    )
    return Badge(words, "green", ":material/verified:")


def run_badge(manifest: Manifest) -> Badge:
    """Return the badge that names the model a page speaks of."""
    return Badge(run_name(manifest.model, manifest.run_id))


def split_badge(manifest: Manifest) -> Badge:
    """Return the badge that says what was held out for testing, and with which seed."""
    share = manifest.n_test / (manifest.n_train + manifest.n_test)
    return Badge(text("badge.split", share=percent(share), seed=manifest.protocol.seed))


def page_header(name: str, dataset: Dataset | None, *badges: Badge, heading: str | None = None) -> None:
    """Draw title, badges on the same line, and the page's question.

    ``dataset`` is None only where the page itself is what chooses the data; ``heading`` stands in for
    the title that the menu shows.
    """
    shown = ([dataset_badge(dataset)] if dataset is not None else []) + list(badges)
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="small"
    ):
        st.title(heading or text(f"{name}.title"), anchor=False, width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            for badge in shown:
                st.badge(badge.words, icon=badge.icon, color=badge.colour)
    st.markdown(text(f"{name}.question"))


def how_to_read(name: str) -> None:
    """Draw the closed box that explains the page in plain words."""
    with st.expander(text("app.how_to_read"), icon=":material/menu_book:"):
        st.markdown(text(f"{name}.how"))


def footer(dataset: Dataset | None = None, seed: int | None = None) -> None:
    """Draw the last line: version, seed and data, so that a screenshot can be traced back."""
    parts = [text("footer.version", version=project_version())]
    parts += [text("footer.seed", seed=seed)] if seed is not None else []
    parts += [text("footer.data", fingerprint=dataset.fingerprint)] if dataset is not None else []
    parts += [text("footer.simulated")] if dataset is not None and dataset.source.simulated else []
    st.caption(" · ".join(parts))
