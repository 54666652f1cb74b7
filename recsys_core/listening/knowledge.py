"""How much a trained model can know of one listener, and what was kept from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recsys_core.listening.preferences import Suggestions

FEW = 5  # training artists below which a list says little of a listener


@dataclass(frozen=True)
class Knowledge:
    """Counts of one listener's artists, which add up to ``artists``.

    Parameters
    ----------
    trained
        The model was trained on these.
    held_out
        Hidden for the test.
    kept_apart
        Kept for tuning.
    vanished
        Scaled to zero and therefore in no part: under the driver's scaling every smallest count.
    """

    trained: int
    held_out: int
    kept_apart: int
    vanished: int

    @property
    def artists(self) -> int:
        """All artists the listener plays."""
        return self.trained + self.held_out + self.kept_apart + self.vanished

    @property
    def is_cold(self) -> bool:
        """Whether the model has never seen this listener."""
        return self.trained == 0

    @property
    def is_thin(self) -> bool:
        """Whether the model has seen this listener, but with fewer than ``FEW`` artists."""
        return 0 < self.trained < FEW


def knowledge_of(suggestions: Suggestions, user_idx: int) -> Knowledge:
    """Return how the artists of one listener are spread over the parts of the split."""
    parts = suggestions.split
    counts = [
        0 if rows is None else int((rows.user_idx == user_idx).sum())
        for rows in (parts.train, parts.test, parts.validation, suggestions.dataset.interactions)
    ]
    trained, held_out, kept_apart, everything = counts
    return Knowledge(trained, held_out, kept_apart, everything - trained - held_out - kept_apart)
