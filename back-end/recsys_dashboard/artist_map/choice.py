"""Which run is mapped, and which of its pictures is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.artist_map import can_be_mapped
from recsys_core.artist_map.vectors import FEWEST_ARTISTS
from recsys_core.errors import RunError
from recsys_core.runs.artefacts import delete_artefact
from recsys_dashboard import cached
from recsys_dashboard.artist_map import address, drawing
from recsys_dashboard.artist_map.pictures import (
    FIRST,
    Picture,
    first_picture,
    fitting_settings,
    key_of,
    shelf_of,
    stored_picture,
    vectors_of,
)
from recsys_dashboard.listening.run_choice import MODEL, pick_run
from recsys_dashboard.navigation import page_file
from recsys_dashboard.notices import notice
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.artist_map import MapCard
    from recsys_core.datasets import Dataset
    from recsys_core.runs.manifest import Manifest
    from recsys_dashboard.artist_map.pictures import Shelf


def mappable(manifests: Sequence[Manifest]) -> list[Manifest]:
    """Return the runs whose models keep a vector per artist."""
    return [one for one in manifests if can_be_mapped(one.model)]


def stop_without_run() -> None:
    """Say that no run can be mapped, how to get one, and end the page here."""
    with st.container(border=True):
        st.markdown(text("artist_map.no_run"))
        st.page_link(page_file("models"), label=text("artist_map.no_run_link"), icon=":material/play_circle:")
    st.stop()


def pick_mapped_run(manifests: Sequence[Manifest], dataset: Dataset) -> Manifest:
    """Draw the choice among runs that can be mapped and return the chosen."""
    before = st.session_state.get(MODEL)
    known = {one.run_id: one for one in manifests}
    address.take_run(known)
    picked = pick_run(manifests)
    if before is not None and before not in known and st.session_state.get(MODEL) != before:
        st.caption(text("artist_map.other_run"))
    address.forget_other(dataset.fingerprint, picked.run_id)
    return picked


def stop_without_artists(manifest: Manifest, dataset: Dataset) -> None:
    """Where the model knows too few artists for a map, say so with a next step, and end the page here."""
    known = len(vectors_of(manifest.run_id, dataset).chosen(1))
    if known >= FEWEST_ARTISTS:
        return
    with st.container(border=True):
        st.markdown(text("artist_map.too_few", n=known, least=whole(FEWEST_ARTISTS)))
        st.page_link(page_file("datasets"), label=text("artist_map.too_few_link"), icon=":material/database:")
    st.stop()


def picture_of(manifest: Manifest, dataset: Dataset) -> Picture:
    """Return the picture to show: the one asked for, the usual map, or a first view while that is drawn."""
    run_id = manifest.run_id
    drawing.show_outcome(run_id)
    shelf = shelf_of(run_id)  # only now: a map that is turned to must be on it
    _tell_damaged(run_id, shelf.damaged)
    card = _card(shelf, run_id, dataset)
    if card is not None:
        try:
            return stored_picture(run_id, card, dataset)
        except RunError as error:
            _tell_damaged(run_id, (key_of(card.settings),), str(error))
            return first_picture(run_id, dataset)
    if not shelf.cards and not shelf.damaged:
        drawing.draw_once(run_id)
    return first_picture(run_id, dataset)


def _card(shelf: Shelf, run_id: str, dataset: Dataset) -> MapCard | None:
    asked = address.kept(address.MAP)
    if asked == FIRST:
        return None
    if asked:
        if found := shelf.find(asked):
            return found
        address.refuse(address.MAP, asked)
    usual = shelf.find(key_of(fitting_settings(run_id, dataset)))
    return usual or next(iter(shelf.cards), None)


def _tell_damaged(run_id: str, names: Sequence[str], why: str = "") -> None:
    """Say which maps cannot be read, with a button that makes them again or throws them away."""
    if not names:
        return
    with st.container(border=True):
        st.error(plain(why or text("artist_map.damaged", n=len(names))), icon=":material/broken_image:")
        st.button(
            text("artist_map.again"),
            key="artist_map.again",
            icon=":material/refresh:",
            on_click=_make_again,
            args=(run_id, tuple(names)),
            help=text("artist_map.again_help"),
        )


def _make_again(run_id: str, names: Sequence[str]) -> None:
    if delete_maps(run_id, names):
        drawing.draw(run_id, {})


def delete_maps(run_id: str, names: Sequence[str]) -> bool:
    """Delete stored maps by the names of their artefacts; says so and returns False if that fails."""
    try:
        for name in names:
            delete_artefact(cached.run_store(), run_id, name)
    except RunError as error:
        notice(drawing.NOTICES, "error", str(error))
        return False
    return True
