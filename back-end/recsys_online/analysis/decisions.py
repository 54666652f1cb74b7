"""The choices of a log with what they earned: what off-policy estimates start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_online.analysis.database import database
from recsys_online.analysis.files import find_log
from recsys_online.analysis.loading import load
from recsys_online.analysis.sessions import in_order

if TYPE_CHECKING:
    import numpy as np

# a choice earned the share that was listened to, said by the next line of the same session
_CHOICES = """
    WITH {ordered},
    followed AS (
        SELECT listener, arm, track, recommendation, recommender, propensity, message,
            lead(track) OVER o AS heard, lead(time) OVER o AS reward, row_number() OVER o AS step
        FROM ordered WHERE NOT copy IS TRUE
        WINDOW o AS (PARTITION BY listener, place, visit ORDER BY clock, w, seq, message = 'last')
    )
    SELECT listener, arm AS treatment, track AS before, recommendation AS track, recommender, propensity,
        reward, step
    FROM followed
    WHERE message = 'next' AND heard = recommendation AND propensity > 0 AND propensity <= 1
    ORDER BY listener"""


def logged_choices(url: str, experiment: str) -> pd.DataFrame:
    """Return every choice whose probability was logged and whose track was heard next.

    Columns: ``listener, treatment, before`` (the track just played), ``track`` (the choice), ``recommender,
    propensity, reward`` (listened share), ``step`` (1 for the first choice of a session). Ids are text.
    Choices without a probability, or without a next line (the session goes on, or a line is missing), are
    left out.

    Raises
    ------
    LogError
        If there is no such log or it cannot be read.
    """
    log = find_log(url)
    with database(log.files) as connection:
        load(connection, log, experiment, ("track", "recommendation", "recommender", "propensity"))
        parts = [
            connection.execute(_CHOICES.format(ordered=ordered)).df() for ordered in in_order(connection)
        ]
    return pd.concat(parts, ignore_index=True)


def mean_rewards(choices: pd.DataFrame, *, weight: float = 5.0) -> tuple[pd.Series, float]:
    """Return the mean reward of each track, drawn to that of all by ``weight`` choices, and that of all.

    The plain reward model for :func:`doubly_robust`: a track never chosen is expected to earn the mean.
    """
    everywhere = float(choices["reward"].mean())
    by_track = choices.groupby("track")["reward"].agg(["sum", "count"])
    means = (by_track["sum"] + weight * everywhere) / (by_track["count"] + weight)
    return means, everywhere


def predicted_rewards(tracks: pd.Series, means: pd.Series, everywhere: float) -> np.ndarray:
    """Return the expected reward of each of ``tracks``, float64."""
    return tracks.map(means).fillna(everywhere).to_numpy("float64")
