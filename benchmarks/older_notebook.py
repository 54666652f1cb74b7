"""The older service's analysis in pandas, after its public description: read, cut into sessions, compare.

Written for comparison with ours: each listener's events in order of time, a session ends with ``last``,
unfinished ones are dropped, one value per listener and metric, Welch's interval scaled by the control mean.
Kinder than the original in one thing: of every file only the needed columns are kept.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

COLUMNS = ["message", "timestamp", "user", "time", "latency", "experiments"]
METRICS = [
    "time",
    "sessions",
    "mean_request_latency",
    "mean_tracks_per_session",
    "mean_time_per_session",
]


def read(folder: Path) -> pd.DataFrame:
    """All lines of a log (seals left out), or all rows if it is Parquet."""
    parquet = sorted(folder.glob("*.parquet"))
    if parquet:
        parts = [pd.read_parquet(path, columns=COLUMNS) for path in parquet]
    else:
        parts = [pd.read_json(path, lines=True)[COLUMNS] for path in sorted(folder.glob("*.jsonl"))]
    return pd.concat(part[part["message"].isin(["next", "last"])] for part in parts)


def sessionise(events: pd.DataFrame) -> pd.DataFrame:
    """The finished sessions of one listener, by the loop of the notebook."""
    sessions, time, tracks, latency = [], 0.0, 0, 0.0
    for message, share, seconds in zip(events["message"], events["time"], events["latency"], strict=True):
        time, tracks, latency = time + share, tracks + 1, latency + seconds
        if message == "last":
            sessions.append((time, tracks, latency))
            time, tracks, latency = 0.0, 0, 0.0
    return pd.DataFrame(sessions, columns=["time", "tracks", "latency"])


def in_one_go(events: pd.DataFrame) -> pd.DataFrame:
    """The same as a column operation, which the notebook does not know."""
    ends = (events["message"] == "last").to_numpy()
    number = events.assign(ends=ends).groupby(["user", "arm"])["ends"].cumsum().to_numpy() - ends
    grouped = events.assign(ends=ends, number=number).groupby(["user", "arm", "number"])
    sums = grouped.agg(
        time=("time", "sum"), tracks=("time", "size"), latency=("latency", "sum"), ends=("ends", "any")
    )
    return sums[sums["ends"]].drop(columns="ends")


def analyse(folder: Path, experiment: str, *, loop: bool) -> dict[str, list[float]]:
    """Metric -> effect, lower, upper of T1 over C, per cent."""
    events = read(folder)
    events["arm"] = events["experiments"].map(lambda one: dict(one)[experiment])
    events = events.drop(columns="experiments").sort_values(["user", "timestamp"], kind="stable")
    if loop:
        sessions = events.groupby(["user", "arm"])[["message", "time", "latency"]].apply(sessionise)
    else:
        sessions = in_one_go(events)
    sums = sessions.groupby(level=["user", "arm"]).agg(
        time=("time", "sum"), tracks=("tracks", "sum"), latency=("latency", "sum"), sessions=("time", "size")
    )
    sums["mean_request_latency"] = 1000 * sums["latency"] / sums["tracks"]
    sums["mean_tracks_per_session"] = sums["tracks"] / sums["sessions"]
    sums["mean_time_per_session"] = sums["time"] / sums["sessions"]
    by_arm = {arm: rows[METRICS] for arm, rows in sums.groupby(level="arm")}
    return {metric: effect(by_arm["C"][metric], by_arm["T1"][metric]) for metric in METRICS}


def effect(control: pd.Series, treatment: pd.Series) -> list[float]:
    """The relative effect and its ends, the control mean taken as a constant."""
    n_0, n_1, s_0, s_1 = len(control), len(treatment), control.var(), treatment.var()
    dof = (s_0 / n_0 + s_1 / n_1) ** 2 / (s_0**2 / (n_0**2 * (n_0 - 1)) + s_1**2 / (n_1**2 * (n_1 - 1)))
    half = stats.t.ppf(0.975, dof) * np.sqrt(s_0 / n_0 + s_1 / n_1)
    diff = treatment.mean() - control.mean()
    return [100 * float(x) / float(control.mean()) for x in (diff, diff - half, diff + half)]
