"""The obvious twin of the compiled trainer: one example, one component at a time, in Python's floats.

It draws the same numbers, so that after an epoch both must hold the same parameters.
"""

from __future__ import annotations

import copy
import math

import numpy as np

MASK = 2**64 - 1


def stream(key: int, example: int) -> int:
    bits = (key + example * 0x9E3779B97F4A7C15) & MASK
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
    return bits ^ (bits >> 31)


def draw(bits: int, number: int, bound: int) -> int:
    x = (bits + number * 0x9E3779B9) % 2**32
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) % 2**32
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) % 2**32
    return ((x ^ (x >> 16) ^ (bits >> 32)) * bound) >> 32


def sigmoid(value: float) -> float:
    return 0.5 * (1 + math.tanh(value / 2))


class Side:
    """Users or items: embeddings with the bias as one more component, and what the schedules remember."""

    def __init__(self, table, start, alpha, settings):
        self.values = np.column_stack([table.embeddings, table.biases[:, 0]]).astype(float)
        self.squares, self.moves = np.full_like(self.values, start), np.zeros_like(self.values)
        self.alpha, self.scale, self.settings = alpha, 1.0, settings

    def of(self, row):
        return self.values[row] * self.scale

    def descend(self, row, gradient):
        """Move one row against its gradient and return the learning rates used."""
        own, squares = self.settings, self.squares[row]
        if own.learning_schedule == "adagrad":
            rates = own.learning_rate / np.sqrt(squares)
            self.squares[row] = squares + gradient**2
        else:
            self.squares[row] = own.rho * squares + (1 - own.rho) * gradient**2
            rates = np.sqrt(self.moves[row] + own.epsilon) / np.sqrt(self.squares[row] + own.epsilon)
            self.moves[row] = own.rho * self.moves[row] + (1 - own.rho) * (rates * gradient) ** 2
        self.values[row] = (self.values[row] - rates * gradient) * (1 + self.alpha * rates)
        return rates

    def apply_scale(self):
        self.values /= self.scale
        self.scale = 1.0


class SlowTrainer:
    """Starts from where ``trainer`` stands and goes its way."""

    def __init__(self, loss, settings, trainer, user_idx, item_idx, n_items, weights=None):
        self.loss, self.settings, self.n_items = loss, settings, n_items
        self.rng = copy.deepcopy(trainer._rng)
        start = 1.0 if settings.learning_schedule == "adagrad" else 0.0
        self.users = Side(trainer.state.users, start, settings.user_alpha, settings)
        self.items = Side(trainer.state.items, start, settings.item_alpha, settings)
        weights = np.ones(len(user_idx)) if weights is None else weights
        self.examples = list(zip(user_idx.tolist(), item_idx.tolist(), weights.tolist(), strict=True))
        self.owned = {user: sorted(i for u, i, _ in self.examples if u == user) for user in set(user_idx)}

    def run_epoch(self):
        self.shuffle(int(self.rng.integers(2**63, dtype=np.uint64)))
        key = int(self.rng.integers(2**63, dtype=np.uint64))
        for position in range(len(self.examples)):
            {"warp": self.warp, "bpr": self.bpr, "logistic": self.logistic, "warp-kos": self.kos}[self.loss](
                position, key
            )
            if max(self.users.scale, self.items.scale) > 1e6:
                self.apply_scales()
        self.apply_scales()

    def apply_scales(self):
        self.users.apply_scale()
        self.items.apply_scale()

    def shuffle(self, key):
        for i in range(len(self.examples) - 1, 0, -1):
            j = ((stream(key, i) >> 32) * (i + 1)) >> 32
            self.examples[i], self.examples[j] = self.examples[j], self.examples[i]

    def score(self, user, item):
        left, right = self.users.of(user), self.items.of(item)
        return left[:-1] @ right[:-1] + left[-1] + right[-1]

    def warp(self, position, key):
        user, item, weight = self.examples[position]
        self.search(user, item, weight, stream(key, position))

    def search(self, user, item, weight, bits):
        for draws in range(1, self.settings.max_sampled + 1):
            other = draw(bits, draws - 1, self.n_items)
            if self.score(user, other) > self.score(user, item) - 1 and other not in self.owned[user]:
                loss = weight * math.log(max(1, (self.n_items - 1) // draws))
                self.step_apart(user, item, other, min(loss, 10.0))
                return

    def kos(self, position, key):
        user, owned = self.examples[position][0], self.owned[self.examples[position][0]]
        bits = stream(key ^ 0xD1B54A32D192ED03, position)
        drawn = [owned[draw(bits, t, len(owned))] for t in range(min(self.settings.n, len(owned)))]
        drawn.sort(key=lambda item: -self.score(user, item))
        self.search(user, drawn[min(self.settings.k, len(drawn)) - 1], 1.0, stream(key, position))

    def bpr(self, position, key):
        user, item, weight = self.examples[position]
        bits = stream(key, position)
        for attempt in range(1024):
            other = self.examples[draw(bits, attempt, len(self.examples))][1]
            if other not in self.owned[user]:
                break
        ahead = self.score(user, item) - self.score(user, other)
        self.step_apart(user, item, other, weight * sigmoid(-ahead))

    def logistic(self, position, _key):
        user, item, weight = self.examples[position]
        loss = -weight * sigmoid(-self.score(user, item))
        left, right = self.users.of(user), self.items.of(item)
        rates = [
            self.items.descend(item, loss * np.append(left[:-1], 1)),
            self.users.descend(user, loss * np.append(right[:-1], 1)),
        ]
        self.grow_scales(np.mean(rates))

    def step_apart(self, user, positive, negative, loss):
        left, good, bad = self.users.of(user), self.items.of(positive), self.items.of(negative)
        rates = [
            self.items.descend(positive, -loss * np.append(left[:-1], 1)),
            self.items.descend(negative, loss * np.append(left[:-1], 1)),
            self.users.descend(user, loss * np.append(bad[:-1] - good[:-1], 1)),
        ]
        self.grow_scales(np.mean(rates))

    def grow_scales(self, rate):
        self.items.scale *= 1 + self.settings.item_alpha * rate
        self.users.scale *= 1 + self.settings.user_alpha * rate
