"""What the colours of a map say: groups, tags, or a value per artist."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from plotly.colors import get_colorscale

if TYPE_CHECKING:
    from collections.abc import Sequence

PALETTES = {
    False: (
        "#56B4E9", "#E69F00", "#009E73", "#882255", "#332288",
        "#CC79A7", "#D55E00", "#117733", "#AA4499", "#000000",
    ),
    True: (
        "#56B4E9", "#E69F00", "#009E73", "#F0E442", "#AE76A3",
        "#994F00", "#0072B2", "#FFFFFF", "#FFAABB", "#CAE0AB",
    ),
}  # fmt: skip
"""Ten colours that people with any one kind of colour blindness tell apart, keyed by "is dark"."""
REST = {False: "#C9CED4", True: "#3A4550"}
"""Grey of what belongs to none of the coloured groups, keyed by "is dark"."""
CONTINUOUS = "Cividis"
NOT_COLOURED = -1


class Colouring(NamedTuple):
    """A colour for each artist.

    Parameters
    ----------
    values
        float32, shape ``(n,)``: a number of a colour (-1 for grey), or the value itself (NaN for grey).
    labels
        What is coloured, in the order of :data:`PALETTES`, the largest first; empty for values.
    """

    values: np.ndarray
    labels: tuple[int, ...] = ()

    @property
    def in_groups(self) -> bool:
        """Whether colours stand for groups and not for values."""
        return self.values.dtype.kind == "i"

    @property
    def grey(self) -> np.ndarray:
        """Which artists have no colour, bool, shape ``(n,)``."""
        return self.values == NOT_COLOURED if self.in_groups else ~np.isfinite(self.values)


def by_group(labels: np.ndarray, *, shown: Sequence[int] | None = None) -> Colouring:
    """Return a colour for each of the ten largest groups of ``labels`` (-1 is none), grey for the rest.

    ``shown`` names other groups to colour instead, ten at most.
    """
    if shown is None:
        sizes = np.bincount(labels[labels >= 0]) if (labels >= 0).any() else np.zeros(0, np.int64)
        order = np.argsort(-sizes, kind="stable")
        shown = [int(label) for label in order if sizes[label]]
    kept = tuple(shown)[: len(PALETTES[False])]
    values = np.full(len(labels), NOT_COLOURED, np.int32)
    for colour, label in enumerate(kept):
        values[labels == label] = colour
    return Colouring(values, kept)


def by_value(values: np.ndarray, *, log: bool = False) -> Colouring:
    """Return colours along a scale that also colour-blind people read; grey where a value is NaN.

    ``log`` is for values such as numbers of listeners.
    """
    scaled = np.log10(np.maximum(values, 1)) if log else np.asarray(values)
    return Colouring(scaled.astype(np.float32))


def scale_css() -> str:
    """Return the scale of values as a CSS background, low to the left."""
    return f"linear-gradient(90deg, {', '.join(colour for _, colour in get_colorscale(CONTINUOUS))})"
