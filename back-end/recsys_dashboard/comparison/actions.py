"""What one can do with a comparison: start it, stop it, find it again, take it away, delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
import streamlit as st

from recsys_core.comparison.past import past_comparisons, without_repeats
from recsys_core.comparison.table import curves_table
from recsys_core.errors import SettingsError
from recsys_dashboard import cached
from recsys_dashboard.comparison.controls import request_of
from recsys_dashboard.comparison.exports import export_buttons
from recsys_dashboard.controls import chosen
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.texts import plain, text
from recsys_dashboard.visitor import may_cancel, owner

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_dashboard.comparison.view import ComparisonView
    from recsys_dashboard.jobs.job import JobSnapshot

RUN = "run"
_LAST, _DATA = "models.last", "models.data"


def wanted_comparison(dataset: Dataset) -> str | None:
    """Return which comparison to show: that of the address, else this visit's, else the last on these data.

    A comparison made for other data is let go when the visitor changes the data set.
    """
    if st.session_state.get(_DATA, dataset.fingerprint) != dataset.fingerprint:
        st.query_params.pop(RUN, None)
        st.session_state.pop(_LAST, None)
    st.session_state[_DATA] = dataset.fingerprint
    if asked := st.query_params.get(RUN):
        return asked
    if found := st.session_state.get(_LAST) or _mine_alive() or _latest_finished(dataset):
        show_comparison(found)
    return found


def _latest_finished(dataset: Dataset) -> str | None:
    """Return the newest comparison on these data that ended with at least one trained model."""
    live = {job.id for job in cached.job_queue().recent() if job.live}
    ended = past_comparisons(one for one in cached.manifests(dataset) if one.comparison_id not in live)
    return next((one.comparison_id for one in without_repeats(ended) if one.trained), None)


def show_comparison(comparison_id: str) -> None:
    """Put a comparison into the address, where a reload finds it again."""
    st.session_state[_LAST] = comparison_id
    st.query_params[RUN] = comparison_id


def train_and_cancel(values: dict[str, Any], view: ComparisonView | None) -> None:
    """Draw the two buttons and do what they say."""
    job = view.job if view is not None and view.live else None
    mine = job is not None and may_cancel(job)
    busy = mine or _mine_alive() is not None
    train = st.button(
        text("models.train"), type="primary", icon=":material/play_arrow:", shortcut="Ctrl+Enter",
        key="models.train", disabled=busy or not values["models"],
        help=text("models.train_help"), width="stretch",
    )  # fmt: skip
    if mine:
        st.button(
            text("models.cancel"), icon=":material/stop:", key="models.cancel", width="stretch",
            on_click=_cancel, args=(job,), help=text("models.cancel_help"),
        )  # fmt: skip
    if not values["models"]:
        st.caption(text("models.choose_one"))
    if train:
        try:
            _submit(values)
        except SettingsError as error:
            st.error(plain(error))
        else:
            st.rerun()


def _cancel(job: JobSnapshot) -> None:
    """Stop a job before the page is drawn again, and say at once that this was heard."""
    try:
        cached.job_queue().cancel(job.id, job.owner)
    except SettingsError as error:
        st.toast(plain(error), icon=":material/error:")
    else:
        st.toast(text("models.cancelling"), icon=":material/stop_circle:")


def draw_downloads(view: ComparisonView, table: pd.DataFrame) -> None:
    """Draw the buttons that take results away, and the link that brings somebody here."""
    name = f"refrain-comparison-{view.comparison_id}"
    manifests = msgspec.json.format(msgspec.json.encode(view.manifests), indent=2)
    export_buttons(table.drop(columns="curve"), name, key="m_table_file", what=text("models.export_table"))
    with st.container(horizontal=True):
        csv_button(
            curves_table(view.curves),
            f"{name}-curves.csv",
            key="m_csv_curves",
            label=text("models.csv_curves"),
        )
        st.download_button(
            text("models.json"), manifests, f"{name}.json", "application/json", key="m_json",
            icon=":material/data_object:", on_click="ignore", help=text("models.json_help"),
        )  # fmt: skip
        with st.popover(text("models.link"), icon=":material/link:"):
            st.caption(text("models.link_help"))
            st.code(_link(view.comparison_id), language=None, wrap_lines=True)


def forget_comparison(comparison_id: str) -> None:
    """Take a deleted comparison out of the address and of this visit."""
    if st.query_params.get(RUN) == comparison_id:
        del st.query_params[RUN]
    if st.session_state.get(_LAST) == comparison_id:
        del st.session_state[_LAST]


def _submit(values: dict[str, Any]) -> None:
    payload = {"dataset": msgspec.to_builtins(chosen()), "request": request_of(values).to_dict()}
    show_comparison(cached.job_queue().submit("compare", payload, owner()))


def _mine_alive() -> str | None:
    """Return the comparison this tab has waiting or running."""
    mine = (job for job in cached.job_queue().recent() if job.live and job.owner == owner())
    return next((job.id for job in mine if job.task == "compare"), None)


def _link(comparison_id: str) -> str:
    pairs = [(key, value) for key in st.query_params for value in st.query_params.get_all(key) if key != RUN]
    return f"{st.context.url or ''}?{urlencode([*pairs, (RUN, comparison_id)])}"
