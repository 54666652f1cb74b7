"""The service's own log, watched: whoever uses it, wherever it was started."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.errors import DataError, RefrainError
from recsys_dashboard.experiment.findings import Findings, draw_findings
from recsys_dashboard.texts import moment, plain, text
from recsys_online.analysis import Question, analyse_with_tables
from recsys_online.experiments.plan import read_plan
from recsys_online.index.versions import read_current
from recsys_online.loop.looking import look_of
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_online.experiments.plan import Arms, Plan
    from recsys_online.loop.looking import Look
    from recsys_online.settings import ServiceSettings

EVERY, SELDOM = 3.0, 30.0  # seconds between two looks, at a small log and at a large one
FRESH = 60.0  # seconds after which a service counts as quiet
LARGE = 300_000_000  # bytes


def draw_service(settings: ServiceSettings) -> Plan | None:
    """Draw what the service is: where it answers, what it serves, where it logs; return its plan."""
    try:
        plan = read_plan(settings.plan, RECOMMENDERS)
    except RefrainError as error:
        st.error(plain(error), icon=":material/error:")
        return None
    version = read_current(settings.index_dir)
    st.markdown(
        text("experiment.service_serves", version=plain(version))
        if version
        else text("experiment.service_nothing")
    )
    st.markdown(text("experiment.service_how", log=plain(settings.log_dir)))
    return plan


def watch_service() -> None:
    """Draw the choice of an experiment of the service's plan and follow its log."""
    settings = read_settings()
    with st.container(border=True):
        plan = draw_service(settings)
        if plan is None:
            return
        names = [one.experiment.name for one in plan.arms]
        if not names:
            st.info(text("experiment.service_no_plan"), icon=":material/info:")
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.selectbox(
                text("experiment.service_which"), names, key="e_service_which", width=280,
                help=text("experiment.service_which_help"),
            )  # fmt: skip
            going = st.toggle(
                text("experiment.refresh"), value=True, key="e_refresh", help=text("experiment.refresh_help")
            )
    every = SELDOM if _size(settings.log_dir) > LARGE else EVERY
    st.fragment(_draw, run_every=every if going else None)(name)


def _draw(name: str) -> None:
    settings = read_settings()
    size = _size(settings.log_dir)
    try:
        arms = _arms_of(settings, name)
        look = _look(str(settings.log_dir), size, name, _planned(arms)) if arms is not None and size else None
    except DataError:  # no line of the log names it
        look = None
    except RefrainError as error:
        st.error(plain(error), icon=":material/error:")
        return
    if arms is None or look is None:
        st.info(text("experiment.service_silent", name=plain(name)), icon=":material/hourglass:")
        return
    last = look.traffic.last_stamp
    if last is not None:
        age = time.time() - last / 1000
        when = moment(time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(last / 1000)))
        st.caption(text("experiment.service_live" if age < FRESH else "experiment.service_stale", when=when))
    treatments = {str(arm): recommender for arm, recommender in arms.recommenders.items()}
    draw_findings(Findings(f"service-{name}", look, treatments, settled=False, networked=True))


def _arms_of(settings: ServiceSettings, name: str) -> Arms | None:
    """Return an experiment of the plan; None if the plan was changed and has it no more."""
    arms = read_plan(settings.plan, RECOMMENDERS).arms
    return next((one for one in arms if one.experiment.name == name), None)


def _planned(arms: Arms) -> tuple[tuple[str, float], ...]:
    shares = zip(arms.experiment.treatments, arms.experiment.shares, strict=True)
    return tuple((str(arm), float(share)) for arm, share in shares)


def _size(log_dir: Path) -> int:
    """Return the bytes of the log: it only ever grows, so that they tell whether to look again."""
    size = 0
    for one in log_dir.iterdir() if log_dir.is_dir() else ():
        with suppress(FileNotFoundError):  # sealed, and so renamed, since it was listed
            size += one.stat().st_size
    return size


@st.cache_resource(max_entries=4, show_spinner=False)
def _look(log: str, size: int, name: str, shares: tuple[tuple[str, float], ...]) -> Look:
    return look_of(analyse_with_tables(log, Question(name, dict(shares))))
