"""Data: what are the models trained on, what became of every row, and can I bring my own?"""

import streamlit as st

from recsys_core.datasets import Dataset
from recsys_core.errors import RefrainError
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.data import choice, lastfm, overview, shapes, upload
from recsys_dashboard.page_frame import footer, how_to_read, page_header
from recsys_dashboard.texts import plain, text

# a data set that cannot be read must not keep anybody from choosing or bringing another
dataset: Dataset | None = None
try:
    dataset = chosen_dataset()
    page_header("datasets", dataset)
except RefrainError as error:
    page_header("datasets", None)
    st.error(plain(error), icon=":material/error:")
choice.draw()

names = [text(f"datasets.tab_{name}") for name in ("facts", "shapes", "bring")]
facts_tab, shapes_tab, bring_tab = st.tabs(names, key="show", bind="query-params")
if facts_tab.open and dataset is not None:
    with facts_tab:
        overview.draw(dataset)
if shapes_tab.open and dataset is not None:
    with shapes_tab:
        try:
            st.subheader(text("datasets.shapes_question"), anchor=False)
            shapes.draw_shapes(dataset)
        except RefrainError as error:
            st.warning(plain(error), icon=":material/warning:")
        st.subheader(text("datasets.scaling_question"), anchor=False)
        shapes.draw_scalings(dataset)
if bring_tab.open:
    with bring_tab:
        left, right = st.columns(2)
        with left.container(border=True, height="stretch"):
            lastfm.draw()
        with right.container(border=True, height="stretch"):
            upload.draw()

how_to_read("datasets")
footer(dataset)
