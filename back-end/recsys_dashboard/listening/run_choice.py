"""Which trained model a page speaks of: chosen among the stored runs of the data, kept in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.listening.best_run import auc_of, best_run
from recsys_dashboard import cached
from recsys_dashboard.navigation import page_file
from recsys_dashboard.texts import moment, number, percent, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.datasets import Dataset
    from recsys_core.runs.manifest import Manifest

MODEL = "model"


def pick_run(manifests: Sequence[Manifest]) -> Manifest:
    """Draw the choice among ``manifests`` (at least one) and return the chosen; ``?model=`` names its run."""
    known = {one.run_id: one for one in sorted(manifests, key=auc_of, reverse=True)}
    if st.session_state.get(MODEL, st.query_params.get(MODEL)) not in known:
        st.session_state[MODEL] = best_run(manifests, cached.default_run_id()).run_id
    elif MODEL not in st.session_state:
        st.session_state[MODEL] = st.query_params[MODEL]
    chosen = st.selectbox(
        text("run_choice.label"),
        list(known),
        format_func=lambda run_id: describe(known[run_id]),
        key=MODEL,
        help=text("run_choice.help"),
        persist_state="session",
        width=390,
    )
    st.query_params[MODEL] = chosen
    return known[chosen]


def tell_why_shown(manifests: Sequence[Manifest], shown: Manifest) -> None:
    """Say why this run is shown as long as nobody chooses another; nothing where there is no choice."""
    default = cached.default_run_id()
    if len(manifests) < 2 or shown.run_id != best_run(manifests, default).run_id:
        return
    best = max(manifests, key=auc_of)
    if shown.run_id == default:
        words = text("run_choice.why_default")
    elif auc_of(best) > auc_of(shown):
        model, auc = text(f"model.{best.model}"), number(auc_of(best))
        words = text("run_choice.why_lightfm", model=model, auc=auc)
    else:
        words = text("run_choice.why_best")
    st.caption(words)


def runs_or_stop(dataset: Dataset) -> list[Manifest]:
    """Return the stored runs of ``dataset``; without any, say what to do and end the page here."""
    manifests = cached.manifests(dataset)
    if not manifests:
        with st.container(border=True):
            st.markdown(text("run_choice.none"))
            st.page_link(page_file("models"), label=text("run_choice.train"), icon=":material/play_circle:")
        st.stop()
    return manifests


def source_line(dataset: Dataset, manifest: Manifest) -> str:
    """Return where a figure comes from: data, held-out share, seed, model and run."""
    share = manifest.n_test / (manifest.n_train + manifest.n_test)
    return text(
        "run_choice.source_simulated" if dataset.source.simulated else "run_choice.source",
        data=dataset.source.title,
        method=text(f"split.{manifest.protocol.method}"),
        share=percent(share),
        seed=manifest.protocol.seed,
        model=text(f"model.{manifest.model}"),
        run=manifest.run_id[-4:],
    )


def describe_briefly(manifest: Manifest) -> str:
    """Return a shorter line, for a narrow list to choose from."""
    model, auc = text(f"model.{manifest.model}"), number(auc_of(manifest))
    return text("run_choice.option_brief", model=model, auc=auc, run=manifest.run_id[-4:])


def describe(manifest: Manifest) -> str:
    """Return one line on a run, fit for a list to choose from."""
    return text(
        "run_choice.option",
        model=text(f"model.{manifest.model}"),
        auc=number(auc_of(manifest)),
        when=moment(manifest.created),
        run=manifest.run_id[-4:],
    )
