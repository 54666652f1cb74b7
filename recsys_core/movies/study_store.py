"""What was measured on a catalogue, memory and dimensions, kept in one JSON file per catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pandas as pd

from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.memory import NEIGHBOURS, measured_peak
from recsys_core.movies.pca_study import COMPONENTS, STUDY_COLUMNS, PcaStudy, study_pca
from recsys_core.movies.text_index import warm_up
from recsys_core.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy import sparse

    from recsys_core.movies.schema import Movies

FORMAT = 2
DEFAULT_QUERIES = 200
MOST_NUMBERS = 25_000_000
"""Films times components at most, 100 MB in float32: all sizes up to 12,500 films, 500 for 45,466."""


class FilmMeasurements(msgspec.Struct, frozen=True, kw_only=True):
    """``peak_bytes``: most memory held while the ``neighbours`` nearest of all ``films`` were found, beside
    the index of ``index_bytes``. The rest is a :class:`PcaStudy`, its table column by column; ``of`` says
    whether it compares overviews or soups. ``created`` is ISO 8601.
    """

    format: int = FORMAT
    fingerprint: str
    title: str
    created: str
    films: int
    neighbours: int
    peak_bytes: int
    index_bytes: int
    of: str
    queries: int
    k: int
    n_terms: int
    exact_milliseconds: float
    exact_megabytes: float
    exact_build_seconds: float
    table: dict[str, list[float]]

    @property
    def study(self) -> PcaStudy:
        """The study of dimensions."""
        table = pd.DataFrame({name: self.table[name] for name in STUDY_COLUMNS})
        return PcaStudy(
            table.astype({"components": int}),
            self.exact_milliseconds,
            self.exact_megabytes,
            self.exact_build_seconds,
            self.queries,
            self.k,
            self.films,
            self.n_terms,
        )


def compared_texts(texts: FilmTexts) -> tuple[str, sparse.csr_matrix]:
    """Return "overview" and its matrix, or "soup" and its matrix for a catalogue without overviews."""
    if texts.overview.present.any():
        return "overview", texts.overview.matrix
    return "soup", texts.soup.matrix


def peak_of_lists(texts: FilmTexts, k: int) -> int:
    """Return the most bytes held while the ``k`` nearest of all films were found, beside the index."""
    warm_up()  # what the compiler takes is not what the lists take
    model = ContentModel(texts)
    # twice, for what another thread allocates meanwhile would be counted too
    return min(measured_peak(lambda: model.all_similar(k))[1] for _ in range(2))


def measure_films(
    movies: Movies,
    *,
    created: str,
    components: Sequence[int] | None = None,
    queries: int = DEFAULT_QUERIES,
    on_step: Callable[[int, int], None] = lambda done, steps: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FilmMeasurements:
    """Return the memory that all lists of ``movies`` take, and the study of their dimensions.

    ``components`` are those of :data:`COMPONENTS` that keep within ``MOST_NUMBERS`` unless said.

    Raises
    ------
    DataError, SettingsError, CancelledError
        As :func:`study_pca` does.
    """
    texts = FilmTexts(movies)
    peak = peak_of_lists(texts, NEIGHBOURS)
    of, matrix = compared_texts(texts)
    study = study_pca(
        matrix, components or fitting_components(len(movies)), queries=queries, should_stop=should_stop,
        on_step=lambda done, steps: on_step(done + 1, steps + 1),
    )  # fmt: skip
    return FilmMeasurements(
        fingerprint=movies.fingerprint,
        title=movies.source.title,
        created=created,
        films=len(movies),
        neighbours=NEIGHBOURS,
        peak_bytes=peak,
        index_bytes=int(texts.index.nbytes),
        of=of,
        queries=study.queries,
        k=study.k,
        n_terms=study.n_terms,
        exact_milliseconds=study.exact_milliseconds,
        exact_megabytes=study.exact_megabytes,
        exact_build_seconds=study.exact_build_seconds,
        table={name: [float(one) for one in study.table[name]] for name in STUDY_COLUMNS},
    )


def fitting_components(n_films: int) -> tuple[int, ...]:
    """Return the usual numbers of components that a catalogue of this size can be studied with."""
    return tuple(one for one in COMPONENTS if one * n_films <= MOST_NUMBERS) or COMPONENTS[:1]


def save_measurements(folder: Path, measured: FilmMeasurements) -> Path:
    """Write ``<fingerprint>.json`` into ``folder``, whole or not at all, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{measured.fingerprint}.json"
    write_whole(path, msgspec.json.format(msgspec.json.encode(measured), indent=1))
    return path


def load_measurements(folder: Path, fingerprint: str) -> FilmMeasurements | None:
    """Return what was measured on the catalogue of that fingerprint.

    None if nothing was, or if the file is damaged or of another format: it can be measured again.
    """
    try:
        content = (folder / f"{fingerprint}.json").read_bytes()
        measured = msgspec.json.decode(content, type=FilmMeasurements)
    except (OSError, msgspec.MsgspecError):
        return None
    return measured if _sound(measured, fingerprint) else None


def _sound(measured: FilmMeasurements, fingerprint: str) -> bool:
    columns: list[Any] = [measured.table.get(name, []) for name in STUDY_COLUMNS]
    lengths = {len(column) for column in columns}
    return (
        measured.format == FORMAT
        and measured.fingerprint == fingerprint
        and len(lengths) == 1
        and lengths != {0}
        and bool(np.isfinite(np.array(columns, np.float64)).all())
    )
