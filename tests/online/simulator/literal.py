"""The older service's simulator, word for word from its description: slow, and obvious."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np


class LiteralWorld:
    """Users as dictionaries, tracks by id, one exact search per session, one coin per track."""

    def __init__(
        self, users: list[dict], artists: list[str], embeddings: np.ndarray, gamma: float = 0.8
    ) -> None:
        self.users, self.artists, self.embeddings, self.gamma = users, artists, embeddings, gamma

    def session(self, recommend, rng: np.random.Generator) -> list[tuple[int, float]]:
        """Return (track, listened share) of a whole session; ``recommend(played)`` gives the next track."""
        user = self.users[rng.integers(len(self.users))]
        interest = user["interests"][rng.integers(3)]
        likeness = self.embeddings @ self.embeddings[interest]
        nearest = np.argsort(-likeness)[:10]
        played = [(int(nearest[rng.integers(10)]), 1.0)]
        budget = 5
        while budget > 0:
            track = recommend(played)
            share = self.share(user, interest, track, [one for one, _ in played])
            played.append((track, share))
            if rng.random() > share:
                budget -= 1
        return played

    def share(self, user: dict, interest: int, track: int, played: list[int]) -> float:
        """Return the listened share of ``track`` after ``played``."""
        if track in played:
            return 0.0
        dot = float(np.dot(self.embeddings[track].astype(float), self.embeddings[interest].astype(float)))
        liking = 1 / (1 + math.exp(-(dot - user["consume_bias"]) * user["consume_sharpness"]))
        same = sum(self.artists[one] == self.artists[track] for one in played)
        return round(liking * self.gamma**same, 2)


def read_literal(users: Path, tracks: Path, embeddings: np.ndarray) -> LiteralWorld:
    """Return the world of the older service's files."""
    known = [json.loads(line) for line in tracks.read_text().splitlines()]
    return LiteralWorld(
        [json.loads(line) for line in users.read_text().splitlines()],
        [one["artist"] for one in known],
        embeddings,
    )
