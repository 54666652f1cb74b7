"""What the commands about films print, as plain builtins and as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from recsys_cli.output import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.movies.chart import Chart
    from recsys_core.movies.memory import SimilarityMemory
    from recsys_core.movies.pca_study import PcaStudy
    from recsys_core.movies.pca_verdict import PcaVerdict
    from recsys_core.movies.schema import Movies
    from recsys_core.movies.similarity import Reason, SimilarMovies

REASONS_SHOWN = 4
_SPEEDS = {"faster": "faster", "slower": "slower", "same": "no difference to speak of"}


def catalogue_result(movies: Movies) -> dict[str, Any]:
    """Return which catalogue an answer is about."""
    source = movies.source
    return {
        "name": source.name,
        "title": source.title,
        "simulated": source.simulated,
        "films": len(movies),
        "fingerprint": movies.fingerprint,
    }


def chart_result(movies: Movies, made: Chart) -> dict[str, Any]:
    """Return a chart with the C and m it was weighed by."""
    return {
        "dataset": catalogue_result(movies),
        "mean_vote": made.scale.mean_vote,
        "least_votes": made.scale.least_votes,
        "films": made.films,
        "qualified": made.qualified,
        "counted": made.counted,
        "chart": [plain_row(row) for row in made.table.to_dict("records")],
    }


def chart_text(movies: Movies, made: Chart) -> str:
    """Return the chart as a table."""
    cells = [
        (
            row.rank,
            row.movie_id,
            film_label(row.title, row.year),
            f"{row.vote_count:,}",
            f"{row.vote_average:.2f}",
            f"{row.score:.3f}",
        )
        for row in made.table.itertuples()
    ]
    head = (
        f"{_title(movies)}: numbers of votes are not told, so {made.qualified:,} films by their mean vote"
        if not made.counted
        else f"{_title(movies)}: {made.qualified:,} of {made.films:,} films have at least "
        f"{made.scale.least_votes:,.0f} votes; the mean vote is {made.scale.mean_vote:.2f}"
    )
    return "\n".join([head, "", table(("rank", "id", "title", "votes", "mean", "score"), cells)])


def similar_result(movies: Movies, title: str, similar: SimilarMovies) -> dict[str, Any]:
    """Return the similar films with all reasons."""
    rows = [
        {**plain_row(row), "reasons": [reason._asdict() for reason in row["reasons"]]}
        for row in similar.table.to_dict("records")
    ]
    return {
        "dataset": catalogue_result(movies),
        "movie_id": plain(similar.movie_id),
        "title": title,
        "method": similar.method,
        "used": similar.used,
        "similar": rows,
    }


def similar_text(movies: Movies, title: str, similar: SimilarMovies) -> str:
    """Return the similar films as a table, the heaviest reasons beside each."""
    head = f"Similar to {title}, {_title(movies)}, by {similar.method}"
    if similar.fell_back:
        head += f" (this film lacks what that compares: answered by {similar.used})"
    if similar.table.empty:
        return f"{head}\n\nNothing in this catalogue is similar to it."
    rows = [
        (
            row.rank,
            row.movie_id,
            film_label(row.title, row.year),
            f"{row.similarity:.4f}",
            "" if pd.isna(row.rating) else f"{row.rating:.2f}",
            _said(row.reasons),
        )
        for row in similar.table.itertuples()
    ]
    return "\n".join([head, "", table(("rank", "id", "title", "similarity", "rating", "reasons"), rows)])


def memory_result(memory: SimilarityMemory, measured: dict[str, Any] | None) -> dict[str, Any]:
    """Return the bytes, and what was measured on a catalogue."""
    return {
        "films": memory.n_films,
        "dtype": memory.dtype,
        "k": memory.k,
        "matrix_bytes": memory.matrix_bytes,
        "machine_bytes": memory.machine_bytes,
        "free_bytes": memory.free_bytes,
        "fits": memory.fits,
        "kept_bytes": memory.kept_bytes,
        "row_bytes": memory.row_bytes,
        "measured": measured,
    }


def memory_text(memory: SimilarityMemory, measured: dict[str, Any] | None) -> str:
    """Return the answer in sentences."""
    fits = "would fit" if memory.fits else "would not fit"
    lines = [
        f"All pairs of {memory.n_films:,} films in {memory.dtype}: {_size(memory.matrix_bytes)}. "
        f"This machine has {_size(memory.machine_bytes)}, "
        f"{_size(memory.free_bytes)} of them free: it {fits}.",
        f"Kept instead, the {memory.k} nearest of every film: {_size(memory.kept_bytes)}, "
        f"{memory.saving:,.0f} times less; one question needs {_size(memory.row_bytes)} "
        "for a moment.",
    ]
    if measured:
        lines.append(
            f"Measured on {measured['films']:,} films of {measured['title']}: the lists of all films took "
            f"{_size(measured['peak_bytes'])} at most, beside an index of "
            f"{_size(measured['index_bytes'])}; by the formula they keep "
            f"{_size(measured['kept_bytes'])}, all pairs would take "
            f"{_size(measured['matrix_bytes'])}."
        )
    return "\n".join(lines)


def pca_result(movies: Movies, study: PcaStudy, verdict: PcaVerdict) -> dict[str, Any]:
    """Return the study and its verdict."""
    names = ("components", "kept", "overlap", "rank_agreement", "speed_up", "graph_speed_up", "graph_overlap")
    judged = (*names, "enough_components", "coherent", "speed", "graph_speed", "graph_wins", "fastest")
    return {
        "dataset": catalogue_result(movies),
        "queries": study.queries,
        "k": study.k,
        "words": study.n_terms,
        "exact_milliseconds": study.exact_milliseconds,
        "exact_megabytes": study.exact_megabytes,
        "sizes": [plain_row(row) for row in study.table.to_dict("records")],
        "verdict": {name: getattr(verdict, name) for name in judged},
    }


def pca_text(movies: Movies, study: PcaStudy, verdict: PcaVerdict) -> str:
    """Return the study as a table, and the verdict in words."""
    heads = (
        "components",
        "variance kept",
        "same films",
        "rank agreement",
        "ms",
        "graph same films",
        "graph ms",
    )
    rows = [
        (
            int(row.components),
            f"{row.explained_variance:.3f}",
            f"{row.overlap:.3f}",
            f"{row.rank_agreement:.3f}",
            f"{row.milliseconds:.3f}",
            f"{row.approximate_overlap:.3f}",
            f"{row.approximate_milliseconds:.3f}",
        )
        for row in study.table.itertuples()
    ]
    head = (
        f"{_title(movies)}: {study.queries} films asked about, lists of {study.k}; "
        f"the exact list takes {study.exact_milliseconds:.3f} ms"
    )
    return "\n".join([head, "", table(heads, rows), "", _verdict(study, verdict)])


def _verdict(study: PcaStudy, verdict: PcaVerdict) -> str:
    coherent = "coherent" if verdict.coherent else "not coherent"
    enough = verdict.enough_components
    return (
        f"{verdict.components} components keep {verdict.kept:.0%} of the variance and "
        f"{verdict.overlap * study.k:.1f} of {study.k} films of the exact list: {coherent}. "
        f"A search takes {1 / verdict.speed_up:.2f} times as long as the exact one: "
        f"{_SPEEDS[verdict.speed]}. "
        + (f"Coherent from {enough} components on." if enough else "No studied size is coherent.")
    )


def plain_row(row: dict[Any, Any]) -> dict[Any, Any]:
    """Return a row in plain builtins, missing values as None."""
    return {key: value if isinstance(value, tuple) else plain(value) for key, value in row.items()}


def plain(value: Any) -> Any:
    """Return a value in plain builtins, a missing one as None."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _size(n_bytes: int) -> str:
    """Return bytes in the unit that people would use, of 1,000 and its powers."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if n_bytes >= size:
            return f"{n_bytes / size:,.2f} {unit}"
    return f"{n_bytes / 1e3:,.1f} kB"


def film_label(title: str, year: Any) -> str:
    """Return title and year, as people tell remakes apart."""
    return title if pd.isna(year) else f"{title} ({year})"


def _title(movies: Movies) -> str:
    return movies.source.title + (" (simulated votes)" if movies.source.simulated else "")


def _said(reasons: Sequence[Reason]) -> str:
    """Return the heaviest reasons with their weights, and how many more there are."""
    shown = [f"{_named(one)} {one.weight:.3f}" for one in reasons[:REASONS_SHOWN]]
    more = len(reasons) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _named(reason: Reason) -> str:
    return f"{reason.name} people liked both" if reason.kind == "audience" else reason.name
