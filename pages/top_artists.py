"""Listened vs recommended: do recommendations repeat the charts, or do they open the catalogue?"""

import streamlit as st

from recsys_core.listening.popularity_findings import findings
from recsys_core.listening.popularity_shift import By
from recsys_core.plots.charts import facing_charts
from recsys_core.plots.popularity import decile_figure, lorenz_figure
from recsys_dashboard import cached
from recsys_dashboard.controls import chosen_dataset, is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.listening import popularity_view as view
from recsys_dashboard.listening.cached_lists import LONGEST_LIST, shift_of
from recsys_dashboard.listening.run_choice import pick_run, runs_or_stop, source_line
from recsys_dashboard.page_frame import footer, how_to_read, page_header, run_badge, split_badge
from recsys_dashboard.texts import compact, text

N_TOP = 10
WAYS: list[By] = ["listeners", "plays"]

dataset = chosen_dataset()
top = st.container()
manifests = cached.manifests(dataset)
if not manifests:
    with top:
        page_header("top_artists", dataset)
    runs_or_stop(dataset)

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    manifest = pick_run(manifests)
    by = st.segmented_control(
        text("top_artists.by"),
        WAYS,
        format_func=lambda way: text(f"top_artists.by_{way}"),
        default="listeners",
        key="by",
        required=True,
        bind="query-params",
        help=text("top_artists.by_help"),
    )
    k = st.slider(text("top_artists.length"), 1, LONGEST_LIST, 5, key="per", bind="query-params", width=260)
with top:
    page_header("top_artists", dataset, run_badge(manifest), split_badge(manifest))

slot = st.container()
with slot.skeleton(height=700):
    shift = shift_of(manifest.run_id, dataset, by, k)
    found = findings(shift, N_TOP)
source = source_line(dataset, manifest)
names = {"listened": text(f"top_artists.by_{by}_side"), "recommended": text("top_artists.recommendations")}
with slot:
    view.cards(found)
    with st.container(border=True):
        show_figure(
            facing_charts(
                shift.top(N_TOP),
                heads=(text(f"top_artists.head_{by}"), text("top_artists.head_recommended", k=k)),
                amount=compact,
                dark=is_dark(),
            ),
            key="top_artists.charts",
            title=view.overlap_title(found),
            alt=text("top_artists.charts_alt", title=view.overlap_title(found)),
            note=text(f"top_artists.note_{by}"),
            source=source,
        )
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        show_figure(
            lorenz_figure(
                shift.lorenz_table(),
                listened=names["listened"],
                recommended=names["recommended"],
                equal=text("top_artists.equal"),
                x_title=text("top_artists.lorenz_x"),
                y_title=text("top_artists.lorenz_y"),
                dark=is_dark(),
            ),
            key="top_artists.lorenz",
            title=view.concentration_title(found),
            alt=text("top_artists.lorenz_alt", title=view.concentration_title(found)),
            note=text("top_artists.lorenz_note"),
            source=source,
        )
    with right.container(border=True, height="stretch"):
        show_figure(
            decile_figure(
                shift.by_decile(),
                listened=names["listened"],
                recommended=names["recommended"],
                x_title=text("top_artists.decile_x"),
                y_title=text("top_artists.decile_y"),
                dark=is_dark(),
            ),
            key="top_artists.deciles",
            title=view.half_title(found),
            alt=text("top_artists.decile_alt", title=view.half_title(found)),
            note=text("top_artists.decile_note"),
            source=source,
        )
    st.subheader(text("top_artists.table_title"), anchor=False)
    view.artist_table(shift.table(), by, k, manifest.run_id)

how_to_read("top_artists")
footer(dataset, manifest.protocol.seed)
