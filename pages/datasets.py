"""Data: what are the models trained on, what became of every row, and can I bring my own?"""

import streamlit as st

from recsys_core.datasets import Dataset
from recsys_core.errors import RefrainError
from recsys_dashboard import data_choice, data_lastfm, data_overview, data_shapes, data_upload
from recsys_dashboard.controls import chosen_dataset
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
data_choice.draw()

names = [text(f"datasets.tab_{name}") for name in ("facts", "shapes", "bring")]
facts, shapes, bring = st.tabs(names, key="show", bind="query-params")
if facts.open and dataset is not None:
    with facts:
        data_overview.draw(dataset)
if shapes.open and dataset is not None:
    with shapes:
        try:
            st.subheader(text("datasets.shapes_question"), anchor=False)
            data_shapes.draw_shapes(dataset)
        except RefrainError as error:
            st.warning(plain(error), icon=":material/warning:")
        st.subheader(text("datasets.scaling_question"), anchor=False)
        data_shapes.draw_scalings(dataset)
if bring.open:
    with bring:
        left, right = st.columns(2)
        with left.container(border=True, height="stretch"):
            data_lastfm.draw()
        with right.container(border=True, height="stretch"):
            data_upload.draw()

how_to_read("datasets")
footer(dataset)
