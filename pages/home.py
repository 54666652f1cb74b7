"""Home: what is here, and where to go next?"""

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_core.datasets.summary import facts, long_tail
from recsys_core.plots.datasets import long_tail_figure
from recsys_dashboard import cached
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.listening.run_words import latest, run_line
from recsys_dashboard.navigation import PAGES, page_file
from recsys_dashboard.page_frame import footer, how_to_read, page_header
from recsys_dashboard.texts import percent, text, whole

ACROSS = 4  # cards in a row: the longest title still fits

dataset = chosen_dataset()
page_header("home", dataset, heading=text("home.heading"))

figures, manifests = facts(dataset), cached.manifests(dataset)
counts = {
    "listeners": figures.n_users,
    "artists": figures.n_items,
    "plays": figures.total_weight,
    "runs": len([one for one in manifests if one.model != BASELINE]),
}
for column, (name, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
    column.metric(
        text(f"home.{name}"), whole(count), help=text(f"home.{name}_help"), border=True, height="stretch"
    )

others = [entry for entry in PAGES if entry.name != "home"]
for first in range(0, len(others), ACROSS):
    for column, entry in zip(st.columns(ACROSS), others[first : first + ACROSS], strict=False):
        with column.container(border=True, height="stretch"):
            st.page_link(entry.file, label=f"**{text(f'{entry.name}.title')}**", icon=entry.icon)
            st.caption(text(f"{entry.name}.question"))

left, right = st.columns([3, 2])
with left.container(border=True):
    share = percent(figures.share_of_top_percent)
    st.markdown(f"**{text('home.tail_title', share=share)}**")
    st.plotly_chart(
        long_tail_figure(
            long_tail(dataset), whole=whole, x_title=text("home.tail_x"), y_title=text("home.tail_y")
        ),
        config={"displayModeBar": False},
        alt=text("home.tail_alt", share=share),
        key="home.tail",
    )
with right.container(border=True):
    st.markdown(f"**{text('home.recent')}**")
    for manifest in latest(manifests, 5):
        st.markdown(run_line(manifest))
    if not manifests:
        st.markdown(text("home.no_runs"))
        st.page_link(page_file("models"), label=text("home.compare"), icon=":material/play_arrow:")

how_to_read("home")
footer(dataset)
