"""The layout of the library umap-learn itself, for whoever wants to compare: the only importer of it.

Its first use in a process compiles for several seconds, which is why our own layout is the default.
"""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.artist_map.layout import fitted_curve

if TYPE_CHECKING:
    from collections.abc import Callable

    from scipy import sparse


class _Watch(io.StringIO):
    """What the library's progress bar is written to: numbers of epochs, handed on."""

    def __init__(self, on_epoch: Callable[[int], None]) -> None:
        super().__init__()
        self._on_epoch = on_epoch

    def write(self, text: str) -> int:
        """Pass on the number in ``text``; what that raises leaves the library's loop."""
        if text.strip().isdigit():
            self._on_epoch(int(text))
        return len(text)


def lay_out_by_umap_learn(
    graph: sparse.csr_matrix,
    start: np.ndarray,
    *,
    epochs: int,
    min_distance: float,
    seed: int,
    on_epoch: Callable[[int], None] = lambda _done: None,
) -> np.ndarray:
    """Return points as :func:`recsys_core.artist_map.layout.lay_out`, laid out by umap-learn on one thread.

    ``on_epoch`` is called every tenth of a second or so.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on import it regrets that tensorflow is not there
        from umap.umap_ import noisy_scale_coords, simplicial_set_embedding  # noqa: PLC0415
    random_state = np.random.RandomState(seed)  # what the library asks for
    bar = {"file": _Watch(on_epoch), "bar_format": "{n}", "mininterval": 0.1, "disable": False}
    curve = fitted_curve(min_distance)
    points, _ = simplicial_set_embedding(
        data=start,
        graph=graph.copy(),
        n_components=start.shape[1],
        initial_alpha=1.0,
        a=float(curve.a),
        b=float(curve.b),
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=epochs,
        init=noisy_scale_coords(start, random_state),
        random_state=random_state,
        metric="euclidean",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        parallel=False,
        tqdm_kwds=bar,
    )
    return np.ascontiguousarray(points, np.float32)
