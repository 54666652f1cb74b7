"""Whether the verdict holds when other plays are hidden: the same comparison on several splits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import streamlit as st

from recsys_core.comparison.split_seeds import first_of, whole_seeds
from recsys_core.comparison.verdicts import seeds_table, verdict_table
from recsys_core.errors import RunError, SettingsError
from recsys_dashboard import cached
from recsys_dashboard.comparison.exports import export_buttons
from recsys_dashboard.comparison.verdict_words import p_values, standing
from recsys_dashboard.comparison.words import metric_name, model_name, roughly, verdict, with_names
from recsys_dashboard.controls import chosen
from recsys_dashboard.texts import plain, text, whole
from recsys_dashboard.visitor import may_cancel, owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from recsys_core.runs import Run
    from recsys_dashboard.comparison.evidence import Case
    from recsys_dashboard.jobs.job import JobSnapshot

TASK, MORE = "splits", 2
EVERY = 1.0  # seconds between two looks at a live job


def draw_splits(case: Case) -> None:
    """Draw what further splits say, and the button that adds some."""
    # first of all: a job that ends while runs are read has to count as live, or its last runs are missed
    job = _job_of(first_of(case.view.comparison_id))
    runs = _family(case)
    seeds = sorted({run.manifest.protocol.seed for run in runs})
    if len(seeds) > 1:
        _draw_table(case, runs, seeds)
    else:
        st.markdown(text("models.splits_one", seed=seeds[0]))
    if job is not None and job.live:
        st.fragment(_follow, run_every=EVERY)(job.id)
        return
    if job is not None and job.state == "failed":
        st.error(plain(with_names(job.error)), icon=":material/error:")
    _draw_button(case, seeds)


def _family(case: Case) -> list[Run]:
    """Return the runs of all splits that have every model of the comparison, its own split first."""
    first = first_of(case.view.comparison_id)
    found = list(case.runs)
    for manifest in cached.manifests(case.dataset):
        other = manifest.comparison_id != case.view.comparison_id
        if other and first_of(manifest.comparison_id) == first:
            try:
                found.append(cached.run(manifest.run_id))
            except RunError:  # damaged: its split is not whole then
                continue
    return whole_seeds(found, case.models)


def _draw_table(case: Case, runs: Sequence[Run], seeds: Sequence[int]) -> None:
    metric = metric_name(case.metric)
    judged, moved = _judged(tuple(run.manifest.run_id for run in runs), case.metric, runs)
    best = moved.iloc[0]
    words = text(
        "models.splits_many", n=len(seeds), seeds=", ".join(map(str, seeds)), model=model_name(best["model"]),
        metric=metric, firsts=int(best["firsts"]),
    )  # fmt: skip
    st.markdown(f"**{standing(judged, metric)}**", help=p_values(judged))
    st.markdown(words)
    columns = ["model", "behind", "p_holm", "mean_rank"]
    table = moved.drop(columns="mean_rank").merge(judged[columns], on="model")
    shown = table.assign(
        model=[model_name(model) for model in table["model"]],
        verdict=[verdict(-behind, p) for behind, p in zip(table["behind"], table["p_holm"], strict=True)],
    )
    figure, words_column = st.column_config.NumberColumn, st.column_config.TextColumn
    look = {
        "model": words_column(text("models.model"), pinned=True, width=170),
        "mean": figure(metric, format="%.4f", width=120),
        "deviation": figure(text("models.deviation"), format="%.4f", width=130),
        "lowest": figure(text("models.lowest"), format="%.4f", width=90),
        "highest": figure(text("models.highest"), format="%.4f", width=90),
        "firsts": figure(text("models.firsts"), format="%d", width=100),
        "mean_rank": figure(
            text("models.mean_rank"), format="%.2f", width=110, help=text("models.mean_rank_help")
        ),
        "verdict": words_column(text("models.verdict"), width=140, help=text("models.luck_help")),
    }
    st.dataframe(
        shown, hide_index=True, height="content", column_order=list(look), column_config=look,
        key="m_splits", alt=text("models.splits_alt"),
    )  # fmt: skip
    st.caption(text("models.splits_note"))
    export_buttons(table, f"refrain-splits-{case.view.comparison_id}", key="m_splits_file")


@st.cache_resource(max_entries=32, show_spinner=False)
def _judged(run_ids: tuple[str, ...], metric: str, _runs: Sequence[Run]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return verdict_table(_runs, metric), seeds_table(_runs, metric)


def _job_of(first: str) -> JobSnapshot | None:
    """Return the newest job that repeats this comparison, whoever asked for it."""
    repeats = _repeats()
    return next((job for job in cached.job_queue().recent() if repeats.get(job.id) == first), None)


@st.cache_resource(show_spinner=False)
def _repeats() -> dict[str, str]:
    """Return which comparison each job repeats: a waiting job has not said so yet."""
    return {}


def _follow(job_id: str) -> None:
    job = cached.job_queue().snapshot(job_id)
    if job is None or not job.live:
        st.rerun()
        return
    steps = [event for event in job.events if event["kind"] == "started"]
    if not steps:
        st.progress(0.0, text("models.splits_waiting"))
    else:
        now = steps[-1]
        words = text(
            "models.splits_progress", at=now["seed_index"] + 1, n=now["seeds"], seed=now["seed"],
            model=model_name(now["model"]),
        )  # fmt: skip
        st.progress((now["seed_index"] + now["index"] / now["of"]) / now["seeds"], words)
    if may_cancel(job):
        st.button(
            text("models.splits_cancel"), icon=":material/stop:", key="models.splits_cancel",
            on_click=_cancel, args=(job,), help=text("models.splits_cancel_help"),
        )  # fmt: skip


def _cancel(job: JobSnapshot) -> None:
    try:
        cached.job_queue().cancel(job.id, job.owner)
    except SettingsError as error:
        st.toast(plain(error), icon=":material/error:")


def _draw_button(case: Case, seeds: Sequence[int]) -> None:
    busy = any(job.live and job.owner == owner() for job in cached.job_queue().recent())
    if st.button(
        text("models.splits_more", n=whole(MORE)), icon=":material/shuffle:", key="models.splits_more",
        disabled=busy, help=text("models.splits_more_help", n=whole(MORE)),
    ):  # fmt: skip
        try:
            _submit(case, seeds)
        except SettingsError as error:
            st.error(plain(error))
        else:
            st.rerun()
    took = sum(one.seconds["fit"] + one.seconds["evaluation"] for one in case.view.manifests)
    st.caption(text("models.splits_busy") if busy else text("models.splits_time", time=roughly(MORE * took)))


def _submit(case: Case, seeds: Sequence[int]) -> None:
    first = first_of(case.view.comparison_id)
    payload = {
        "dataset": msgspec.to_builtins(chosen()),
        "comparison_id": first,
        "seeds": [max(seeds) + step for step in range(1, MORE + 1)],
        "list_length": case.k,
    }
    _repeats()[cached.job_queue().submit(TASK, payload, owner())] = first
