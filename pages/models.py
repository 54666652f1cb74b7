"""Compare models: which ranks the artists a listener will love highest, and how quickly?"""

import streamlit as st

from recsys_core.comparison.expected_time import expected_seconds
from recsys_core.errors import SettingsError
from recsys_dashboard.comparison.actions import train_and_cancel, wanted_comparison
from recsys_dashboard.comparison.controls import comparison_controls, request_of
from recsys_dashboard.comparison.history import draw_past
from recsys_dashboard.comparison.loading import load_button
from recsys_dashboard.comparison.panel import follow
from recsys_dashboard.comparison.tabs import draw_tabs
from recsys_dashboard.comparison.view import view_of
from recsys_dashboard.comparison.words import roughly
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.page_frame import footer, how_to_read, page_header, split_badge
from recsys_dashboard.texts import moment, plain, text

dataset = chosen_dataset()
wanted = wanted_comparison(dataset)
view = view_of(wanted) if wanted is not None else None
manifest = view.manifests[0] if view is not None and view.manifests else None

page_header("models", dataset, *([split_badge(manifest)] if manifest is not None else []))

left, right = st.columns([1, 3])
with left.container(border=True):
    values, actions = comparison_controls(dataset)
    with actions:
        train_and_cancel(values, view)
        status = st.container()
    if manifest is not None and view is not None and not view.live:
        st.caption(text("models.shown", when=moment(manifest.created), data=plain(manifest.dataset.title)))
        load_button(view.manifests)
with right:
    if wanted is not None and view is None:
        st.warning(text("models.unknown", run=plain(wanted)), icon=":material/search_off:")
    if manifest is not None and manifest.dataset.fingerprint != dataset.fingerprint:
        st.info(text("models.other_data", data=plain(manifest.dataset.title)), icon=":material/database:")
    if wanted is None:
        with st.container(border=True):
            st.markdown(f"**{text('models.empty_title', data=plain(dataset.source.title))}**")
            try:
                expected = roughly(expected_seconds(dataset, request_of(values)))
                st.markdown(text("models.empty", time=expected))
            except SettingsError as error:
                st.markdown(plain(error))
    main = st.container()
below = st.container()
if view is not None:
    follow(view, status, main, below)
    draw_tabs(view, dataset)

draw_past(view.comparison_id if view is not None else None)
how_to_read("models")
footer(dataset, manifest.protocol.seed if manifest is not None else None)
