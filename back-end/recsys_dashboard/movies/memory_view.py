"""Would the matrix of all pairs fit, what is it wanted for, and what do we do instead? Computed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.movies.memory import SimilarityMemory, similarity_memory
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.movies.words import size
from recsys_dashboard.texts import number, plain, text, whole

if TYPE_CHECKING:
    from recsys_core.movies.study_store import FilmMeasurements
    from recsys_dashboard.movies.catalogue import FilmCatalogue

TUTORIAL_FILMS = 45_466
"""Films of The Movies Dataset, for which the matrix was asked."""


def memory_part(films: FilmCatalogue, measured: FilmMeasurements | None) -> None:
    """Draw the cards, the verdict, and what was measured beside the formula."""
    n_films = len(films.movies)
    here = similarity_memory(n_films, "float32")
    there = {dtype: similarity_memory(TUTORIAL_FILMS, dtype) for dtype in ("float64", "float32")}
    st.subheader(text("movies.memory_question"), anchor=False)
    st.markdown(_verdict(there["float64"], there["float32"], here, films))
    _cards(here, there)
    st.markdown(
        text(
            "movies.memory_instead",
            k=whole(here.k),
            row=size(here.row_bytes),
            kept=size(here.kept_bytes),
            kept_there=size(there["float32"].kept_bytes),
            saving=whole(there["float32"].saving),
        )
    )
    if measured is not None:
        st.markdown(
            text(
                "movies.memory_measured",
                peak=size(measured.peak_bytes),
                index=size(measured.index_bytes),
                kept=size(here.kept_bytes),
                matrix=size(here.matrix_bytes),
                films=whole(n_films),
            )
        )


def _verdict(
    double: SimilarityMemory, single: SimilarityMemory, here: SimilarityMemory, films: FilmCatalogue
) -> str:
    words = {
        "double": size(double.matrix_bytes),
        "single": size(single.matrix_bytes),
        "films": whole(double.n_films),
        "machine": size(double.machine_bytes),
        "free": size(double.free_bytes),
    }
    fit = "both" if double.fits else "single" if single.fits else "machine" if single.fits_machine else "none"
    own = text(
        "movies.memory_own_fits" if here.fits else "movies.memory_own_not",
        films=whole(here.n_films),
        title=plain(films.movies.source.title),
        matrix=size(here.matrix_bytes),
    )
    return f"{text(f'movies.memory_fit_{fit}')} {text('movies.memory_figures', **words)} {own}"


def _cards(here: SimilarityMemory, there: dict[str, SimilarityMemory]) -> None:
    double, single = there["float64"], there["float32"]
    draw_cards(
        [
            Card(
                text("movies.card_there"),
                size(double.matrix_bytes),
                text("movies.card_there_help", films=whole(double.n_films)),
                text("movies.card_there_remark", single=size(single.matrix_bytes)),
            ),
            Card(
                text("movies.card_here"),
                size(here.matrix_bytes),
                text("movies.card_here_help", films=whole(here.n_films)),
                text("movies.card_here_remark", films=whole(here.n_films)),
            ),
            Card(
                text("movies.card_machine"),
                size(here.machine_bytes),
                text("movies.card_machine_help"),
                text("movies.card_machine_remark", free=size(here.free_bytes)),
            ),
            Card(
                text("movies.card_kept"),
                size(single.kept_bytes),
                text("movies.card_kept_help", k=single.k, films=whole(single.n_films)),
                text("movies.card_kept_remark", saving=number(single.saving)),
            ),
        ]
    )
