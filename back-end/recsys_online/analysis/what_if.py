"""What lists that were never served would have earned, judged from tracks that were chosen at random."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from recsys_core.errors import DataError
from recsys_online.analysis.decisions import logged_choices, mean_rewards
from recsys_online.analysis.off_policy import OffPolicy, doubly_robust, ips, self_normalised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

UNIFORM = "random"  # the recommender that may choose anything, so that nothing is beyond judging


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """Mean listened share of a session's first recommendation, as it was and as it would have been.

    Attributes
    ----------
    choices, listeners
        Random first choices that listeners with a list were given, and how many listeners these are.
    ran
        What those choices earned.
    ips, self_normalised, doubly_robust
        What tracks drawn from the lists would have earned, estimated three ways.
    """

    choices: int
    listeners: int
    ran: float
    ips: OffPolicy
    self_normalised: OffPolicy
    doubly_robust: OffPolicy


class _Line(msgspec.Struct):
    user: int | str
    tracks: list[int | str]


class _Judged(NamedTuple):
    """Of each choice: its probability under the lists, and a model's reward of it and of the lists."""

    target: np.ndarray
    predicted: np.ndarray
    expected: np.ndarray


def judge_lists(url: str, experiment: str, lists: Mapping[str, Sequence[str]]) -> WhatIf:
    """Return what the first recommendation of a session would have earned, had ``lists`` served it.

    The judged recommender draws a rank of the listener's list with weights 1, 1/2, 1/3, ..., the track just
    played left out, as ``indexed-sample`` does. Only first choices count: what comes later depends on
    what came before, and another recommender would have led elsewhere. The model of the doubly robust
    estimate comes from the other half of the listeners.

    Parameters
    ----------
    lists
        Tracks of each listener, best first; ids as text.

    Raises
    ------
    LogError
        If the log cannot be read.
    DataError
        If it holds no random first choice for a listener with a list.
    """
    choices = logged_choices(url, experiment)
    kept = (choices["recommender"] == UNIFORM) & (choices["step"] == 1) & choices["listener"].isin([*lists])
    choices = choices[kept].reset_index(drop=True)
    if choices.empty:
        fix = "It takes sessions that began with the recommender random, and lists of the same listeners."
        raise DataError("No choice of this log can say what the lists would have earned.", fix=fix)
    reward, logged = (choices[name].to_numpy("float64") for name in ("reward", "propensity"))
    users = choices["listener"].to_numpy()
    judged = _judged(choices, lists)
    given = reward, logged, judged.target, users
    return WhatIf(
        choices=len(choices),
        listeners=int(choices["listener"].nunique()),
        ran=float(reward.mean()),
        ips=ips(*given),
        self_normalised=self_normalised(*given),
        doubly_robust=doubly_robust(*given, predicted=judged.predicted, expected=judged.expected),
    )


def read_lists(path: Path) -> dict[str, list[str]]:
    """Return the lists of a file of JSON lines ``{"user", "tracks"}``, as ``refrain export`` writes it.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    try:
        rows = msgspec.json.Decoder(_Line).decode_lines(path.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        fix = 'Name a file of lines {"user", "tracks"}: refrain export writes one.'
        raise DataError(f"It cannot be read: {error}.", file=path, fix=fix) from None
    return {str(row.user): [*map(str, row.tracks)] for row in rows}


def _judged(choices: pd.DataFrame, lists: Mapping[str, Sequence[str]]) -> _Judged:
    half = choices["listener"].map(lambda listener: zlib.crc32(listener.encode()) % 2).to_numpy()
    models = [mean_rewards(choices[half != one] if (half != one).any() else choices) for one in (0, 1)]
    rewards = [(means.to_dict(), everywhere) for means, everywhere in models]
    found = np.empty((3, len(choices)))
    rows = zip(choices["listener"], choices["before"], choices["track"], half, strict=True)
    for place, (listener, before, track, one) in enumerate(rows):
        means, everywhere = rewards[one]
        left = [other for other in lists[listener] if other != before]
        weights = 1 / np.arange(1, len(left) + 1)
        weights /= weights.sum() if left else 1
        expected = weights @ np.array([means.get(other, everywhere) for other in left])
        target = weights[left.index(track)] if track in left else 0.0
        found[:, place] = target, means.get(track, everywhere), expected
    return _Judged(*found)
