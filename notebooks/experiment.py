# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---


# %% [markdown]
# # The experiment PERSONALIZED: who won?
#
# A good score on old data is a promise. Whether lists please people is found out by giving them to **half**
# of the listeners, drawn by lot, and comparing. The control `C` goes on hearing random tracks; the
# treatment `T1` walks down its own list, made by the notebook **personalized**. Everything below is read
# from the event log alone.
#
# **The listeners are simulated**, from tastes that no recommender can read: the numbers say how such an
# analysis works, not how people feel.

# %%
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
from IPython.display import Markdown, display

from recsys_core.plots.experiment import effect_intervals, effect_over_time
from recsys_core.plots.notebook import use_in_notebook
from recsys_core.runs.provenance import provenance
from recsys_online.analysis import Question, analyse
from recsys_online.analysis.comparison import effect_frame
from recsys_online.analysis.listeners import LESS_IS_BETTER, PRIMARY
from recsys_online.analysis.moments import moments_of
from recsys_online.analysis.power import smallest_detectable, users_needed
from recsys_online.analysis.report import analyse_with_tables
from recsys_online.events.writer import EventWriter
from recsys_online.index.versions import read_current, read_publication
from recsys_online.loop.live_service import live_service
from recsys_online.loop.request import LoopRequest, plan_toml
from recsys_online.loop.world import open_world
from recsys_online.shelves import create_recommenders
from recsys_online.simulator import Crowd, Recommending, simulate, visit

use_in_notebook()
SEED = 7  # not the one that drew the log the lists were learned from
home = Path(os.environ.get("REFRAIN_HOME") or "../data")
WORK = home / "notebooks"
request = LoopRequest.from_dict(msgspec.json.decode((WORK / "world.json").read_bytes()))
world, plan = open_world(request, home), request.plan
provenance(f"World of {world.title}", seed=SEED)

# %% [markdown]
# ## 1. The sessions
#
# The arm of a listener is decided by a hash of their id: nobody can be moved, nothing is stored, and a
# listener who comes back gets the same.

# %%
log_folder = WORK / "experiment-log"
shutil.rmtree(log_folder, ignore_errors=True)
version = read_current(WORK / "index")  # nothing published? run the notebook personalized first
publication = read_publication(WORK / "index", version)
recommenders = create_recommenders(publication.catalogue(), np.random.default_rng(SEED))
log = EventWriter(log_folder)
summary = simulate(
    world,
    Recommending(publication, recommenders, plan, version),
    episodes=20_000,
    seed=SEED,
    moment=datetime(2026, 1, 12, 9, tzinfo=UTC),
    log=log,
)
log.close()
question = Question("PERSONALIZED", shares={"C": 0.5, "T1": 0.5}, peeking=False)
analysis = analyse_with_tables(str(log_folder), question)
report = analysis.report
counts = report.log
Markdown(
    f"{counts.events:,} events in the log, {counts.torn_lines} torn, {counts.holes} missing, "
    f"{counts.dropped} dropped; "
    f"**{counts.sessions:,} finished sessions** of {counts.users:,} listeners."
)

# %% [markdown]
# ## 2. First of all: did the lot do its work?
#
# If an arm has clearly more listeners than its share, something lost them on the way and every other number
# is worthless. Then, the same experiment with nothing in it: the control is halved at random a thousand
# times, and at the 5 % level about 5 % of these halvings should *look* like an effect.

# %%
ratio, aa = report.ratio, report.aa
display(pd.DataFrame({"listeners": ratio.observed, "expected": ratio.expected}))
verdict = "**an alarm: stop here**" if ratio.alarm else "no alarm"
check = "as it should" if aa.fine else "**not as it should: intervals may lie**"
Markdown(
    f"Sample ratio: p = {ratio.p_value:.2f}, {verdict}. A/A check: {aa.share:.1%} of {aa.splits:,} "
    f"halvings look different, {check} ({aa.low:.1%} to {aa.high:.1%} is chance)."
)

# %% [markdown]
# ## 3. What changed
#
# The unit is the **listener**, not the session: sessions of one person resemble each other. `time` adds up
# the shares of tracks that were heard. Each effect is relative to the control, with a 95 % interval, and
# the p-values are corrected for asking five questions at once (Holm). In the figure the thick line is the
# interval for one look at the end, the thin one holds at any time.

# %%
NAMES = {
    "sessions": "sessions per listener",
    "time": "listening per listener",
    "mean_tracks_per_session": "tracks per session",
    "mean_time_per_session": "listening per session",
    "mean_request_latency": "latency of an answer",
}
effects = effect_frame(report.effects, "T1")
in_process = effects[effects["metric"] != "mean_request_latency"]
shown = in_process.assign(metric=in_process["metric"].map(NAMES))
shown[["metric", "control_mean", "treatment_mean", "effect", "low", "high", "p_holm", "significant"]].round(3)

# %%
WORDS = {"fixed_words": "one look, at the end", "always_words": "any time"}
effect_intervals(in_process, names=NAMES, x_title="effect of T1, relative to the control", **WORDS)

# %%
decided = report.verdicts[0]
outcome = {
    "wins": "**T1 wins**",
    "loses": "**T1 loses**",
    "no_difference": f"**no difference of {decided.smallest_effect:.0%} or more**",
    "too_early": "**too early to say**",
}[decided.outcome]
Markdown(
    f"By listening per session, the measure chosen beforehand: {outcome}, {decided.effect.value:+.1%} "
    f"[{decided.effect.low:+.1%}, {decided.effect.high:+.1%}] after {decided.sessions:,} sessions."
)

# %% [markdown]
# ## 4. How it settled, and why peeking lies
#
# The inner band is the usual 95 % interval. It is meant for **one** look. Who looks after every session and
# stops as soon as it leaves zero will find effects that are not there. The outer band may be looked at any
# time.

# %%
course = analysis.over_time
effect_over_time(
    course[(course["metric"] == PRIMARY) & (course["treatment"] == "T1")],
    x_title="finished sessions",
    y_title="effect on listening per session",
    **WORDS,
)

# %% [markdown]
# ## 5. Was it large enough?
#
# Power is asked **before** an experiment: how many listeners make out an effect worth having, four times in
# five? The control tells how much listeners vary.

# %%
people = analysis.listeners
control = moments_of(people.loc[people["treatment"] == "C", PRIMARY].to_numpy())
sizes = ratio.observed
least = smallest_detectable(control, sizes["C"], sizes["T1"])
worth = (0.02, 0.05, 0.10, 0.25)
display(
    pd.DataFrame(
        {
            "effect": [f"{one:.0%}" for one in worth],
            "listeners, one look": [users_needed(control, one) for one in worth],
            "listeners, looking any time": [users_needed(control, one, peeking=True) for one in worth],
        }
    )
)
Markdown(
    f"With {sizes['C']:,} and {sizes['T1']:,} listeners this experiment could see effects from "
    f"**{least:.1%}** on (80 % power, 5 % level)."
)

# %% [markdown]
# ## 6. What it costs: latency
#
# In one process nobody waits. So five hundred sessions are held again at the **real service**, over HTTP
# with eight listeners at a time, and its own log is analysed.

# %%
service_home = WORK / "service"
shutil.rmtree(service_home, ignore_errors=True)
service_home.mkdir(parents=True)
shutil.copytree(WORK / "index", service_home / "index")
(service_home / "plan.toml").write_text(plan_toml(plan), encoding="utf-8")
# a notebook has an event loop running already, and the visitors need one of their own
with live_service(service_home, service_home / "plan.toml") as url, ThreadPoolExecutor(1) as thread:
    visited = thread.submit(visit, world, Crowd(url, 8), episodes=500, seed=SEED).result()
waited = analyse(str(service_home / "logs"), question)
latency = effect_frame(waited.effects, "T1").set_index("metric").loc["mean_request_latency"]
Markdown(
    f"Listeners waited {visited.latency['p50']:.1f} ms in the median and {visited.latency['p99']:.1f} ms "
    f"once in a hundred. Inside the service an answer took {latency['control_mean']:.3f} ms in the control "
    f"and {latency['treatment_mean']:.3f} ms in the treatment ({latency['effect']:+.0%} "
    f"[{latency['low']:+.0%}, {latency['high']:+.0%}]), measured on this machine."
)

# %%
both = effect_frame(waited.effects, "T1")
effect_intervals(
    both[both["metric"].isin([PRIMARY, "mean_request_latency"])],
    names=NAMES,
    x_title="effect of T1 at the real service",
    less_is_better=LESS_IS_BETTER,
    **WORDS,
)

# %% [markdown]
# ## What to take away
#
# - Check the lot before reading any effect.
# - Name the one measure that decides beforehand; report the others beside it.
# - An effect without an interval is a rumour; an interval looked at daily is one too, unless it is made for
#   it.
# - Measure latency where people wait: at the real service, not in a simulation.
#
# `refrain analyse --experiment PERSONALIZED` prints the same for the service's own log.
