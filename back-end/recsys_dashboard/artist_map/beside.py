"""A second picture beside the first: another run, another seed, another projection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.artist_map.side_by_side import side_by_side
from recsys_core.errors import RefrainError
from recsys_dashboard.artist_map import address
from recsys_dashboard.artist_map.panel import map_line
from recsys_dashboard.artist_map.pictures import FIRST, first_picture, key_of, shelf_of, stored_picture
from recsys_dashboard.listening.run_words import run_name
from recsys_dashboard.texts import number, percent, plain, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.artist_map.side_by_side import SideBySide
    from recsys_core.datasets import Dataset
    from recsys_core.runs.manifest import Manifest
    from recsys_dashboard.artist_map.pictures import Picture

_PICK, _BETWEEN = "artist_map.pick_beside", "~"


def pick_beside(manifests: Sequence[Manifest], picture: Picture, dataset: Dataset) -> Picture | None:
    """Draw the choice of a second picture and return it, None for none; ``?with=`` names it."""
    options = _options(manifests, picture)
    asked = address.kept(address.WITH)
    if asked and asked not in options:
        address.refuse(address.WITH, asked)
        asked = None
    st.session_state[_PICK] = asked or None
    st.selectbox(
        text("artist_map.with"),
        list(options),
        key=_PICK,
        format_func=options.__getitem__,
        placeholder=text("artist_map.with_none"),
        on_change=lambda: address.keep(address.WITH, st.session_state[_PICK]),
        help=text("artist_map.with_help"),
        width=240,
    )
    if not asked:
        return None
    try:
        return _picture(asked, dataset)
    except RefrainError as error:
        st.error(plain(error), icon=":material/error:")
        return None


def beside_words(found: SideBySide) -> str:
    """Return how alike two pictures are, in words."""
    words = [text("artist_map.beside_common", n=found.n_common, alike=percent(1 - found.disparity))]
    if found.agreement is not None:
        words.append(text("artist_map.beside_groups", agreement=number(found.agreement, 2)))
    return " ".join([*words, text("artist_map.beside_note")])


def laid_beside(picture: Picture, other: Picture) -> SideBySide:
    """Return the other picture turned to lie like the first."""
    return _laid((picture.vectors.run_id, picture.key, other.vectors.run_id, other.key), picture, other)


def picture_words(picture: Picture) -> str:
    """Return which run a picture is of, and how it was drawn."""
    name = run_name(picture.vectors.model, picture.vectors.run_id)
    line = text("artist_map.first_short") if picture.made is None else map_line(picture.made.card)
    return text("artist_map.with_option", name=name, line=line)


@st.cache_resource(max_entries=16, show_spinner=False)
def _laid(keys: tuple[str, ...], _picture: Picture, _other: Picture) -> SideBySide:
    return side_by_side(_picture.artists, _other.artists)


def _options(manifests: Sequence[Manifest], picture: Picture) -> dict[str, str]:
    """Return what may stand beside, and what to call it; pictures of the same run first."""
    here = picture.vectors.run_id
    found = {}
    for one in sorted(manifests, key=lambda manifest: manifest.run_id != here):
        name = run_name(one.model, one.run_id)
        for card in shelf_of(one.run_id).cards:
            key = f"{one.run_id}{_BETWEEN}{key_of(card.settings)}"
            found[key] = text("artist_map.with_option", name=name, line=map_line(card))
        line = text("artist_map.first_short")
        found[f"{one.run_id}{_BETWEEN}{FIRST}"] = text("artist_map.with_option", name=name, line=line)
    found.pop(f"{here}{_BETWEEN}{picture.key}", None)
    return found


def _picture(asked: str, dataset: Dataset) -> Picture:
    run_id, _, key = asked.partition(_BETWEEN)
    card = shelf_of(run_id).find(key)
    return first_picture(run_id, dataset) if card is None else stored_picture(run_id, card, dataset)
