"""Artist map: which artists share listeners, and how far can the picture be believed?"""

import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.artist_map import address, drawing
from recsys_dashboard.artist_map.artist_card import artist_card
from recsys_dashboard.artist_map.beside import pick_beside
from recsys_dashboard.artist_map.choice import (
    mappable,
    pick_mapped_run,
    picture_of,
    stop_without_artists,
    stop_without_run,
)
from recsys_dashboard.artist_map.colours import pick_colour
from recsys_dashboard.artist_map.find import finds, search_box
from recsys_dashboard.artist_map.groups import group_list
from recsys_dashboard.artist_map.listener import pick_somebody
from recsys_dashboard.artist_map.map_figures import pick_drag
from recsys_dashboard.artist_map.panel import map_badges, panel
from recsys_dashboard.artist_map.quality import quality_card
from recsys_dashboard.artist_map.selection import selection_view
from recsys_dashboard.artist_map.take_away import take_away
from recsys_dashboard.artist_map.view import Asked, draw_picture
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.listening.run_choice import source_line, tell_why_shown
from recsys_dashboard.notices import show_notice
from recsys_dashboard.page_frame import footer, how_to_read, page_header, run_badge, split_badge
from recsys_dashboard.texts import text

dataset = chosen_dataset()
top = st.empty()
manifests = mappable(cached.manifests(dataset))
if not manifests:
    with top.container():
        page_header("artist_map", dataset)
    stop_without_run()

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    typed = search_box()
    manifest = pick_mapped_run(manifests, dataset)
    listener = pick_somebody(manifest, dataset)
badges = run_badge(manifest), split_badge(manifest)
with top.container():  # before anything that may fail: an error has a title above it
    page_header("artist_map", dataset, *badges)
stop_without_artists(manifest, dataset)
controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
settings, messages, slot = st.container(), st.container(), st.container()
with slot.skeleton(height=760):
    with messages:
        show_notice(drawing.NOTICES)
        job = drawing.job_of(manifest.run_id)
        picture = picture_of(manifest, dataset)
        item = address.asked_artist(dataset)
        drawing.follow(manifest.run_id, job or drawing.job_of(manifest.run_id))
        finds(typed, picture, dataset)
    with controls:
        colour = pick_colour(picture)
        drag = pick_drag()
        names = st.toggle(text("artist_map.names"), value=True, key="names", bind="query-params")
        other = pick_beside(manifests, picture, dataset)
with settings:
    tell_why_shown(manifests, manifest)
    panel(picture, dataset)
with messages:
    address.tell_refused()
with top.container():
    page_header("artist_map", dataset, *badges, *map_badges(picture))
for name in (address.ARTIST, address.LISTENER, address.MAP, address.WITH):
    address.write(name)

with slot:
    left, right = (st.container(), st.container()) if other else st.columns([5, 2])
    with left.container(border=True):
        draw_picture(picture, other, Asked(item, listener, colour, names=names, drag=drag))
        st.caption(text("artist_map.axes") + "  \n" + source_line(dataset, manifest))
    with right:
        if item is not None:
            with st.container(border=True):
                artist_card(item, picture, dataset)
        with st.container(border=True):
            quality_card(picture)
    selection_view(picture, dataset)
    group_list(picture)
    take_away(picture)

how_to_read("artist_map")
footer(dataset, manifest.protocol.seed)
