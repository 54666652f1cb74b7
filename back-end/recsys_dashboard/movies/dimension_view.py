"""Fewer dimensions: coherent? faster? Measured by a job on the catalogue shown, the verdict computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import streamlit as st

from recsys_core.movies.pca_study import COMPONENTS
from recsys_core.movies.pca_verdict import CLEARLY, COHERENT, PcaVerdict, judge_pca
from recsys_core.movies.study_store import FilmMeasurements, load_measurements
from recsys_core.plots.movies import Line, sizes_figure
from recsys_core.plots.theme import BASELINE, CONTROL, TREATMENT
from recsys_dashboard.controls import is_dark
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.movies import film_jobs
from recsys_dashboard.movies.choice import source_line
from recsys_dashboard.notices import show_notice
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import moment, number, percent, text, whole

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from recsys_core.movies import MovieChoice
    from recsys_core.movies.pca_study import PcaStudy
    from recsys_dashboard.movies.catalogue import FilmCatalogue

TASK = "pca"


def measurements_of(films: FilmCatalogue) -> FilmMeasurements | None:
    """Return what was measured on a catalogue, if anything was."""
    return load_measurements(read_settings().film_studies_dir, films.movies.fingerprint)


def dimension_part(films: FilmCatalogue, choice: MovieChoice, measured: FilmMeasurements | None) -> None:
    """Draw the verdict with its figures, or the way to them."""
    st.subheader(text("movies.dimension_question"), anchor=False)
    st.markdown(text("movies.dimension_words"))
    if len(films.movies) < COMPONENTS[0]:
        words = text("movies.too_few_to_measure", n=len(films.movies), least=COMPONENTS[0])
        st.info(words, icon=":material/compress:")
        return
    _measuring(films, choice, again=measured is not None)
    if measured is None:
        return
    study = measured.study
    verdict = judge_pca(study)
    st.markdown(_verdict(verdict, study))
    _figures(films, measured, study, verdict)
    _table(films, measured, study)


def _measuring(films: FilmCatalogue, choice: MovieChoice, *, again: bool) -> None:
    """Draw the button that measures, or how far that is."""
    subject = films.movies.fingerprint
    show_notice(TASK)
    if film_jobs.follow(TASK, subject, _step):
        return
    if not again and measurements_of(films) is not None:
        st.rerun()  # they have just come in
    film_jobs.show_outcome(film_jobs.job_of(TASK, subject))
    if not again:
        st.caption(text("movies.not_measured"))
    st.button(
        text("movies.measure_again") if again else text("movies.measure"),
        key="movies.measure",
        icon=":material/speed:",
        type="tertiary" if again else "primary",
        help=text("movies.measure_help"),
        on_click=film_jobs.start,
        args=(TASK, subject, {"films": msgspec.to_builtins(choice)}),
    )


def _step(done: int, total: int | None) -> str:
    """Say what the job is doing: lists, projection, then one size after the other."""
    if done < 2:
        return text("movies.step_lists")
    if done == 2:
        return text("movies.step_projection")
    return text("movies.step_sizes", done=done - 3, total=(total or done) - 3)


def _verdict(verdict: PcaVerdict, study: PcaStudy) -> str:
    figures: dict[str, Any] = {
        "components": whole(verdict.components),
        "kept": percent(verdict.kept),
        "same": number(verdict.overlap * study.k, 2),
        "k": study.k,
        "agreement": number(verdict.rank_agreement, 2),
    }
    coherent = text("movies.coherent_yes" if verdict.coherent else "movies.coherent_no", **figures)
    faster = text(f"movies.speed_{verdict.speed}", times=_times(verdict.speed_up), clearly=number(CLEARLY))
    enough, share = verdict.enough_components, percent(COHERENT)
    needed = (
        text("movies.enough", n=enough, share=share) if enough else text("movies.enough_none", share=share)
    )
    return "\n\n".join([f"{coherent} {needed}", faster, _graph(verdict, study)])


def _graph(verdict: PcaVerdict, study: PcaStudy) -> str:
    return text(
        "movies.graph_wins" if verdict.graph_wins else f"movies.graph_{verdict.graph_speed}",
        times=_times(verdict.graph_speed_up),
        same=number(verdict.graph_overlap * study.k, 2),
        all_compared=number(verdict.overlap * study.k, 2),
        k=study.k,
    )


def _times(speed_up: float) -> str:
    """Return how many times as fast, or as slow where it is slower."""
    return number(max(speed_up, 1 / speed_up), 2)


def _figures(films: FilmCatalogue, measured: FilmMeasurements, study: PcaStudy, verdict: PcaVerdict) -> None:
    source = " · ".join([source_line(films), _how(measured)])
    coherence, latency = st.columns(2)
    with coherence.container(border=True, height="stretch"):
        _coherence(study, verdict, source)
    with latency.container(border=True, height="stretch"):
        _latency(study, verdict, source)


def _coherence(study: PcaStudy, verdict: PcaVerdict, source: str) -> None:
    title = text(
        "movies.coherence_title",
        components=whole(verdict.components),
        same=number(verdict.overlap * study.k, 2),
        k=study.k,
    )
    figure = sizes_figure(
        study.table,
        _lines("overlap", "approximate_overlap", "explained_variance"),
        level=(COHERENT, text("movies.level_coherent")),
        write=percent,
        x_title=text("movies.components"),
        y_title=text("movies.share"),
        share=True,
        dark=is_dark(),
    )
    _show("coherence", figure, title, source)


def _latency(study: PcaStudy, verdict: PcaVerdict, source: str) -> None:
    title = text(f"movies.latency_{verdict.fastest}", components=whole(verdict.components))
    figure = sizes_figure(
        study.table,
        _lines("milliseconds", "approximate_milliseconds"),
        level=(study.exact_milliseconds, text("movies.level_exact")),
        write=_milliseconds,
        x_title=text("movies.components"),
        y_title=text("movies.latency_y"),
        log=True,
        dark=is_dark(),
    )
    _show("latency", figure, title, source)


def _show(name: str, figure: Figure, title: str, source: str) -> None:
    alt, note = text(f"movies.{name}_alt", title=title), text(f"movies.{name}_note")
    show_figure(figure, key=f"movies.{name}", title=title, alt=alt, note=note, source=source)


def _lines(*columns: str) -> list[Line]:
    """Return the lines of a figure: the reduced search blue, the graph vermilion, the variance grey."""
    reduced, graph, kept = (
        (CONTROL, "solid", "circle"),
        (TREATMENT, "dash", "diamond"),
        (BASELINE, "dot", "x"),
    )
    styles = {
        "overlap": reduced,
        "milliseconds": reduced,
        "approximate_overlap": graph,
        "approximate_milliseconds": graph,
        "explained_variance": kept,
    }
    return [Line(one, text(f"movies.line_{one}"), *styles[one]) for one in columns]


def _milliseconds(value: float) -> str:
    return text("movies.milliseconds", value=number(value))


def _how(measured: FilmMeasurements) -> str:
    of = text(f"movies.measured_{measured.of}")
    return text("movies.measured_how", n=measured.queries, of=of, when=moment(measured.created))


def _table(films: FilmCatalogue, measured: FilmMeasurements, study: PcaStudy) -> None:
    shares = ("explained_variance", "overlap", "rank_agreement", "approximate_recall", "approximate_overlap")
    column = st.column_config
    config = {
        name: column.NumberColumn(
            text(f"movies.study_{name}"), format="percent" if name in shares else "%.3g"
        )
        for name in study.table.columns
    }
    config["components"] = column.NumberColumn(text("movies.study_components"), format="localized")
    with st.expander(text("movies.table"), icon=":material/table:"):
        st.markdown(
            text(
                "movies.exact_line",
                milliseconds=number(study.exact_milliseconds),
                megabytes=number(study.exact_megabytes),
                terms=whole(measured.n_terms),
            )
        )
        st.dataframe(
            study.table,
            hide_index=True,
            key="movies.study_table",
            alt=text("movies.study_alt"),
            column_config=config,
        )
    csv_button(
        study.table,
        f"refrain-{films.movies.source.name}-dimensions.csv",
        key="movies.study_csv",
        label=text("movies.study_csv"),
    )
