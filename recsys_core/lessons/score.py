"""A score taken apart: how well two directions match, plus a head start for the popular."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from recsys_core.ranking import Factors


class ToyArtist(NamedTuple):
    """An invented artist: place on two axes of taste (acoustic to electronic, calm to loud), and bias."""

    name: str
    electronic: float
    loud: float
    bias: float


ARTISTS = (
    ToyArtist("The Amplifiers", -0.5, 0.9, 0.8),
    ToyArtist("Night Train Trio", -0.8, -0.5, 0.1),
    ToyArtist("Neon Harbour", 0.9, 0.2, 0.5),
    ToyArtist("Sleepy Circuits", 0.7, -0.7, -0.2),
    ToyArtist("Iron Orchard", -0.2, 1.0, -0.3),
    ToyArtist("Everybody's Choice", 0.1, 0.1, 1.2),
)


def score_table(
    electronic: float, loud: float, *, with_biases: bool = True, artists: tuple[ToyArtist, ...] = ARTISTS
) -> pd.DataFrame:
    """Return ``rank, name, electronic, loud, match, bias, score`` for a listener's taste, best first.

    ``score = bias + <taste, artist>``, computed by the project's :class:`Factors`; without biases they are 0.
    """
    places = np.array([(one.electronic, one.loud) for one in artists])
    biases = np.array([one.bias if with_biases else 0.0 for one in artists])
    taste = np.array([[electronic, loud]])
    scores = Factors(taste, places, np.zeros(1), biases).scores(np.zeros(1, np.int32))[0]
    table = pd.DataFrame(artists, columns=["name", "electronic", "loud", "bias"]).assign(
        bias=biases, match=places @ taste[0], score=scores.astype(np.float64)
    )
    table = table.sort_values("score", ascending=False, kind="stable", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table[["rank", "name", "electronic", "loud", "match", "bias", "score"]]
