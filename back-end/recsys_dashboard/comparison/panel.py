"""The part of the comparison page that follows a training while it runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.comparison import BASELINE
from recsys_dashboard import cached
from recsys_dashboard.comparison.actions import draw_downloads
from recsys_dashboard.comparison.columns import draw_table
from recsys_dashboard.comparison.results import draw_cards, draw_chart, draw_sentences
from recsys_dashboard.comparison.view import ComparisonView, view_of
from recsys_dashboard.comparison.words import model_name, roughly, with_names
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

EVERY = 0.5  # seconds between two looks at a live job
PATIENCE = 0.4  # seconds that a look waits for the first curve, which often comes before the next look would


def follow(view: ComparisonView, status: DeltaGenerator, main: DeltaGenerator, below: DeltaGenerator) -> None:
    """Draw a comparison into three places of the page, again and again while it is live."""
    st.fragment(_draw, run_every=EVERY if view.live else None)(
        view.comparison_id, view.live, status, main, below
    )


def _draw(
    comparison_id: str, live: bool, status: DeltaGenerator, main: DeltaGenerator, below: DeltaGenerator
) -> None:
    view = view_of(comparison_id)
    if view is None or (live and not view.live):
        st.rerun()  # it has ended: the whole page once more, and no more polling
    # each place is written to every time, empty or not: Streamlit keeps no room for a place left out
    progress = status.empty()
    with progress.container():
        _draw_status(view)
    if (later := _with_first_curve(view)) is not view:
        if not later.live:
            st.rerun()
        view = later
        with progress.container():
            _draw_status(view)
    table = view.table() if BASELINE in view.judged else None
    with main.container():
        _draw_outcome(view)
        if table is not None:
            if not view.fruitless:
                draw_cards(view, table)
            draw_chart(view, table)
        elif view.live:
            st.skeleton(height=420)
    with below.container():
        if table is not None:
            _draw_details(view, table)


def _with_first_curve(view: ComparisonView) -> ComparisonView:
    """Return a live comparison with the first point of a trained model, if that comes soon."""
    deadline = time.monotonic() + PATIENCE
    while view.live and view.job is not None and not set(view.curves) - {BASELINE}:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        cached.job_queue().wait(view.comparison_id, len(view.job.raw_events), left)
        view = view_of(view.comparison_id) or view
    return view


def _draw_details(view: ComparisonView, table: pd.DataFrame) -> None:
    draw_table(table, view.runs if not view.live else ())
    if not view.live:
        draw_downloads(view, table)
        if not view.fruitless:
            draw_sentences(view, table)


def _draw_status(view: ComparisonView) -> None:
    job, progress = view.job, view.progress
    if job is None or not job.live:
        return
    if job.state == "queued":
        warm = cached.job_queue().warm
        words = text("models.queued", n=job.position) if warm else text("models.warming")
        st.progress(0.0, words)
    elif not progress.model:
        st.progress(0.0, text("models.loading"))
    else:
        left = progress.seconds_left
        words = text(
            "models.progress",
            model=model_name(progress.model),
            epoch=whole(min(progress.epoch + 1, progress.epochs)),
            epochs=whole(progress.epochs),
        )
        st.progress(
            progress.fraction,
            words if left is None else f"{words} · {text('models.left', time=roughly(left))}",
        )


def _draw_outcome(view: ComparisonView) -> None:
    """Say what went wrong, if anything did, and what to do next."""
    job = view.job
    if job is not None and job.state == "failed":
        st.error(f"{plain(with_names(job.error))} {text('models.failed_next')}", icon=":material/error:")
    elif job is not None and job.state == "cancelled":
        st.info(text("models.cancelled"), icon=":material/stop_circle:")
    for problem in view.problems:
        st.warning(plain(problem), icon=":material/warning:")
