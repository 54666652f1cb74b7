"""How the map is drawn: the settings, how many artists remain, and the maps that are already there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.artist_map import MapSettings, default_settings
from recsys_core.artist_map.selected import remaining
from recsys_core.artist_map.store import map_name
from recsys_core.artist_map.vectors import FEWEST_ARTISTS
from recsys_core.rng import MAX_SEED
from recsys_dashboard.artist_map import address, drawing
from recsys_dashboard.artist_map.choice import delete_maps
from recsys_dashboard.artist_map.pictures import FIRST, fitting_settings, key_of, shelf_of
from recsys_dashboard.page_frame import Badge
from recsys_dashboard.texts import moment, number, percent, text, whole

if TYPE_CHECKING:
    from recsys_core.artist_map import ItemVectors, MapCard
    from recsys_core.datasets import Dataset
    from recsys_dashboard.artist_map.pictures import Picture

METHODS, METRICS = ("umap", "umap-learn", "pca"), ("cosine", "euclidean")
LEAST = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1000)


def panel(picture: Picture, dataset: Dataset) -> None:
    """Draw the closed box of settings and stored maps."""
    run_id = picture.vectors.run_id
    with st.expander(text("artist_map.panel"), icon=":material/tune:", key="artist_map.panel"):
        st.fragment(_settings)(run_id, dataset, picture)
        _stored(run_id, picture.key)


def _settings(run_id: str, dataset: Dataset, picture: Picture) -> None:
    start = picture.made.card.settings if picture.made is not None else fitting_settings(run_id, dataset)
    st.caption(text("artist_map.panel_note"))
    least = _least_listeners(picture.vectors, start.min_listeners)
    with st.grid(3, min_column_width=220):
        values = _controls(start, run_id)
    epochs = start.epochs if least == start.min_listeners else _fitting(picture.vectors, least).epochs
    settings = MapSettings().replace(min_listeners=least, epochs=epochs, **values)
    there = shelf_of(run_id).find(key_of(settings)) is not None
    job = drawing.job_of(run_id)
    if st.button(
        text("artist_map.show_this") if there else text("artist_map.make"),
        type="primary",
        key="artist_map.make",
        icon=":material/visibility:" if there else ":material/scatter_plot:",
        disabled=not there and job is not None and job.live,
        help=text("artist_map.make_help"),
    ):
        if there:
            address.show_map(key_of(settings))
        else:
            drawing.draw(run_id, settings.to_dict())
        st.rerun()


def _least_listeners(vectors: ItemVectors, start: int) -> int:
    options = sorted({*remaining(vectors.listeners[vectors.usable], LEAST, FEWEST_ARTISTS), start})
    least = st.select_slider(
        text("artist_map.least"),
        options,
        value=start,
        key=f"artist_map.least.{vectors.run_id}",
        help=text("artist_map.least_help"),
        on_change=_follow_least,
        args=(vectors,),
    )
    facts = vectors.facts(least)
    st.markdown(
        text(
            "artist_map.remain",
            n=facts.n_shown,
            of=whole(facts.n_items),
            share=percent(facts.share_of_listening),
            singletons=whole(facts.singletons),
        )
    )
    return least


def _follow_least(vectors: ItemVectors) -> None:
    """Let the smallest group fit the number of artists that the slider leaves."""
    least = st.session_state[f"artist_map.least.{vectors.run_id}"]
    fitting = _fitting(vectors, least).min_cluster_size
    st.session_state[f"artist_map.min_cluster_size.{vectors.run_id}"] = fitting


def _fitting(vectors: ItemVectors, least: int) -> MapSettings:
    return default_settings(vectors, min_listeners=least)


def _controls(start: MapSettings, run_id: str) -> dict[str, Any]:
    return {
        "method": st.selectbox(
            text("artist_map.method"),
            METHODS,
            index=METHODS.index(start.method),
            format_func=lambda one: text(f"artist_map.method_{one}"),
            key=f"artist_map.method.{run_id}",
            help=text("artist_map.method_help"),
        ),
        "neighbours": _number("neighbours", run_id, start.neighbours, 3, 200),
        "min_distance": st.slider(
            text("artist_map.min_distance"),
            0.0,
            0.99,
            start.min_distance,
            0.01,
            key=f"artist_map.min_distance.{run_id}",
            help=text("artist_map.min_distance_help"),
        ),
        "metric": st.selectbox(
            text("artist_map.metric"),
            METRICS,
            index=METRICS.index(start.metric),
            format_func=lambda one: text(f"artist_map.metric_{one}"),
            key=f"artist_map.metric.{run_id}",
            help=text("artist_map.metric_help"),
        ),
        "min_cluster_size": _number("min_cluster_size", run_id, start.min_cluster_size, 2, 2000),
        "seed": _number("seed", run_id, start.seed, 0, MAX_SEED),
    }


def _number(name: str, run_id: str, start: int, low: int, high: int) -> int:
    return int(
        st.number_input(
            text(f"artist_map.{name}"),
            low,
            high,
            start,
            key=f"artist_map.{name}.{run_id}",
            help=text(f"artist_map.{name}_help"),
        )
    )


def _stored(run_id: str, shown: str) -> None:
    """Draw the list of pictures of this run, each to be shown or deleted."""
    cards = shelf_of(run_id).cards
    st.markdown(f"**{text('artist_map.stored', n=len(cards))}**")
    for card in cards:
        _draw_line(card, run_id, shown=key_of(card.settings) == shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text("artist_map.first_line"), width="stretch")
        _open(FIRST, disabled=shown == FIRST)


def _draw_line(card: MapCard, run_id: str, *, shown: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(map_line(card), width="stretch")
        key = key_of(card.settings)
        _open(key, disabled=shown)
        st.button(
            text("artist_map.delete"),
            key=f"artist_map.delete.{key}",
            icon=":material/delete:",
            on_click=_delete,
            args=(run_id, map_name(card.settings)),
            help=text("artist_map.delete_help"),
        )


def _delete(run_id: str, name: str) -> None:
    if delete_maps(run_id, (name,)):
        address.show_map(None)


def _open(key: str, *, disabled: bool) -> None:
    st.button(
        text("artist_map.open"),
        key=f"artist_map.open.{key}",
        disabled=disabled,
        on_click=address.show_map,
        args=(key,),
    )


def map_badges(picture: Picture) -> list[Badge]:
    """Return the badge that says how the picture was drawn and with which seed."""
    if picture.made is None:
        return [Badge(text("artist_map.badge_first"), "orange", ":material/hourglass_top:")]
    settings = picture.made.card.settings
    method = text(f"artist_map.method_{settings.method}")
    return [Badge(text("artist_map.badge", method=method, seed=settings.seed))]


def map_line(card: MapCard) -> str:
    """Return one line on a stored map: how it was drawn, of how many artists, when."""
    settings = card.settings
    return text(
        "artist_map.line",
        method=text(f"artist_map.method_{settings.method}"),
        artists=whole(card.facts.n_shown),
        least=text("artist_map.listeners", n=settings.min_listeners),
        groups=whole(card.quality.n_clusters),
        neighbours=whole(settings.neighbours),
        distance=number(settings.min_distance, 2),
        seed=settings.seed,
        when=moment(card.created),
    )
