"""What one can do with a study: begin it, go on, try a setting, stop, adopt its best, delete it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import streamlit as st

from recsys_core.tuning import Budget
from recsys_core.tuning.study import whole_setting
from recsys_dashboard import cached
from recsys_dashboard.controls import chosen
from recsys_dashboard.notices import attempt, notice
from recsys_dashboard.texts import text, whole
from recsys_dashboard.tuning import desk, studies
from recsys_dashboard.tuning.choice import forget_study, show_study, show_trial
from recsys_dashboard.tuning.view import view_of

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.tuning import StudyCard, TuningRequest
    from recsys_dashboard.jobs.job import JobSnapshot
    from recsys_dashboard.tuning.view import StudyView

NOTICE = "tuning"


def begin(dataset: Dataset, request: TuningRequest) -> StudyCard:
    """Return a new study, shown from now on; nothing is tried yet."""
    study = studies.study_store().open_or_create(
        _free_name(request),
        request,
        dataset,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        choice=msgspec.to_builtins(chosen()),
    )
    show_study(study.card.name)
    return study.card


def begin_search(dataset: Dataset, request: TuningRequest, budget: Budget) -> None:
    """Begin a study and search; a failure is said on the page."""
    attempt(NOTICE, lambda: desk.search(begin(dataset, request), chosen(), budget))


def begin_with(dataset: Dataset, request: TuningRequest, parameters: dict[str, Any]) -> None:
    """Begin a study with one setting that a person wants to see."""
    attempt(NOTICE, lambda: _ask(begin(dataset, request), parameters))


def go_on(card: StudyCard, budget: Budget) -> None:
    """Search on; a failure is said on the page."""
    attempt(NOTICE, lambda: desk.search(card, chosen(), budget))


def try_setting(card: StudyCard, parameters: dict[str, Any]) -> None:
    """Try a setting next; one that was tried before is shown instead."""
    attempt(NOTICE, lambda: _ask(card, parameters))


def adopt(card: StudyCard, trial: int) -> None:
    """Train a trial's setting on everything but the test part, as the default."""
    attempt(NOTICE, lambda: desk.adopt(card, chosen(), trial))


def stop(job: JobSnapshot) -> None:
    """Stop a job; everything tried so far is in the study already."""
    attempt(NOTICE, lambda: cached.job_queue().cancel(job.id, job.owner))


def delete(card: StudyCard) -> None:
    """Delete a study with its trials; runs trained from it stay."""
    attempt(NOTICE, lambda: studies.study_store().delete(card.name))
    forget_study(card.name)


@st.dialog(text("tuning.delete_title"))
def confirm_deletion(card: StudyCard, words: str) -> None:
    """Ask before a study is deleted."""
    st.markdown(words)
    st.markdown(text("tuning.delete_warning"))
    with st.container(horizontal=True):
        yes = st.button(
            text("tuning.delete_yes"), type="primary", key="tuning.delete_yes", on_click=delete, args=(card,)
        )
        no = st.button(text("tuning.delete_no"), key="tuning.delete_no")
    if yes or no:
        st.rerun()


def blocked(view: StudyView | None) -> str:
    """Return what keeps this tab from starting anything: its own job elsewhere; empty if nothing does."""
    mine = desk.mine()
    if mine is None or (view is not None and mine[1] == view.name):
        return ""
    return text("tuning.blocked", task=text(f"tuning.task_{mine[0].task}"))


def _ask(card: StudyCard, parameters: dict[str, Any]) -> None:
    view = view_of(card.name)
    wanted = whole_setting(card.request, parameters)
    tried = next((one for one in view.found.trials if one.counts and one.parameters == wanted), None)
    if tried is not None:
        show_trial(tried.number)
        notice(NOTICE, "success", text("tuning.tried_before", n=whole(tried.number + 1)))
        return
    show_trial(None)
    studies.study(card.name).ask_for(parameters)
    if view.errand != "tune":
        # whoever asks is served even when the budget is spent, so none is needed
        desk.search(card, chosen(), Budget(trials=max(1, view.counted)))


def _free_name(request: TuningRequest) -> str:
    """Return a name that no study has: model, data, number."""
    data = re.sub(r"[^A-Za-z0-9.-]+", "-", chosen().title).strip("-").lower()[:40]
    taken = {card.name for card in studies.cards()}
    stem = "-".join(filter(None, (request.model, data)))
    folder = studies.study_store().root
    return next(
        name
        for number in range(1, 100_000)
        if (name := f"{stem}-{number}") not in taken and not (folder / name).exists()
    )
