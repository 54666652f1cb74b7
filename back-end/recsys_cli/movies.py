"""``refrain movies``: charts, similar films, and what memory and fewer dimensions cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recsys_cli import film_report as report
from recsys_cli import taste_report
from recsys_cli.film_options import film_options, load_films
from recsys_cli.output import json_option, show
from recsys_core.movies.audience import AUDIENCE_MODELS, COUNTING
from recsys_core.movies.chart import chart as make_chart
from recsys_core.movies.collaborative import CollaborativeModel
from recsys_core.movies.content import ContentModel, FilmTexts
from recsys_core.movies.hybrid import HybridModel
from recsys_core.movies.memory import NEIGHBOURS, similarity_memory
from recsys_core.movies.pca_study import COMPONENTS, study_pca
from recsys_core.movies.pca_verdict import judge_pca
from recsys_core.movies.popularity_filter import CANDIDATES, popularity_filter
from recsys_core.movies.search import MovieSearch
from recsys_core.movies.similar_taste import films_by_taste
from recsys_core.movies.study_store import compared_texts, fitting_components, peak_of_lists
from recsys_core.movies.weighted_rating import M_QUANTILE

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies
    from recsys_core.movies.similarity import SimilarityModel

_COMPONENTS = ", ".join(map(str, COMPONENTS))
METHODS = ("overview", "soup", "both", "collaborative", "hybrid")


@click.group(short_help="Charts of films, similar films, memory, dimensions.")
def movies() -> None:
    """Recommend films: by their votes, by what is written about them, by who likes them."""


@movies.command(short_help="The best rated films.")
@film_options
@click.option("--top", type=click.INT, default=20, show_default=True, help="How many films.")
@click.option("--genre", help="Only films of this genre.")
@click.option("--decade", type=click.INT, help="Only films of the decade that begins with this year.")
@click.option("--language", help="Only films in this language, as the catalogue spells it.")
@click.option(
    "--quantile",
    type=click.FLOAT,
    default=M_QUANTILE,
    show_default=True,
    help="Share of films that have fewer votes than a film needs.",
)
@json_option
def chart(dataset: str, data_dir: str | None, json_to: str | None, **values: Any) -> None:
    """List the films with the highest weighted rating (IMDB's formula) among those with enough votes."""
    films = load_films(dataset, data_dir)
    made = make_chart(films, **values)
    show(report.chart_result(films, made), report.chart_text(films, made), json_to)


@movies.command(short_help="Films similar to one film.")
@film_options
@click.option("--title", help="The film; accents and case do not matter.")
@click.option("--id", "movie_id", help="The film's id, where several share a title.")
@click.option("--method", type=click.Choice(METHODS), default="both", show_default=True)
@click.option("--k", type=click.INT, default=10, show_default=True, help="How many films.")
@click.option(
    "--weight",
    type=click.FLOAT,
    default=0.5,
    show_default=True,
    help="Weight of the overview in both, of the content in hybrid; the rest is the other side's.",
)
@click.option(
    "--model",
    default=COUNTING,
    show_default=True,
    help=f"What learns who likes what: {', '.join(AUDIENCE_MODELS)}, or another with item embeddings.",
)
@click.option("--popularity-filter", is_flag=True, help="Of the 30 most similar, the best rated.")
@click.option(
    "--vote-gate/--no-vote-gate",
    default=False,
    show_default=True,
    help="Whether the filter drops films with few votes.",
)
@json_option
def similar(dataset: str, data_dir: str | None, json_to: str | None, **values: Any) -> None:
    """List the films most similar to one film, and why."""
    films = load_films(dataset, data_dir)
    movie_id = _asked_for(films, values["title"], values["movie_id"])
    model = _model(films, values["method"], values["weight"], values["model"])
    wanted = max(CANDIDATES, values["k"]) if values["popularity_filter"] else values["k"]
    found = model.similar_movies(movie_id, wanted)
    if values["popularity_filter"]:
        found = popularity_filter(found, values["k"], vote_gate=values["vote_gate"])
    title = str(films.frame["title"].iloc[films.ids.to_idx([movie_id])[0]])
    show(report.similar_result(films, title, found), report.similar_text(films, title, found), json_to)


@movies.command(short_help="Films for one person, by people of similar taste.")
@film_options
@click.option("--user", required=True, help="The person, as the ratings call them: 42.")
@click.option("--k", type=click.INT, default=10, show_default=True, help="How many films.")
@click.option(
    "--neighbours", type=click.INT, default=50, show_default=True, help="How many people of similar taste."
)
@json_option
def taste(dataset: str, data_dir: str | None, json_to: str | None, **values: Any) -> None:
    """List films that one person has not rated and that people of similar taste liked (three stars or more).

    Tastes are compared by Jaccard's index of the films liked. Needs ratings by people: MovieLens.
    """
    films = load_films(dataset, data_dir)
    people = films.ratings.users if films.ratings is not None else None
    user_id = values["user"] if people is None else people.parse(values["user"])
    found = films_by_taste(films, user_id, values["k"], neighbours=values["neighbours"])
    show(taste_report.taste_result(films, found), taste_report.taste_text(films, found), json_to)


@movies.command(short_help="What all pairs of films would take.")
@film_options
@click.option("--films", type=click.INT, help="So many films instead of those of a catalogue.")
@click.option("--dtype", default="float32", show_default=True, help="Type of a similarity.")
@click.option("--k", type=click.INT, default=NEIGHBOURS, show_default=True, help="Neighbours kept.")
@json_option
def memory(dataset: str, data_dir: str | None, json_to: str | None, **values: Any) -> None:
    """Say what the matrix of all pairs takes, what this machine has, and what is kept instead.

    On a catalogue the lists of all films are made and their greatest memory is measured.
    """
    if values["films"] is not None:
        answer, measured = similarity_memory(values["films"], values["dtype"], k=values["k"]), None
    else:
        films = load_films(dataset, data_dir)
        answer = similarity_memory(len(films), values["dtype"], k=values["k"])
        measured = _measured(films, values["k"])
    show(report.memory_result(answer, measured), report.memory_text(answer, measured), json_to)


@movies.command(short_help="Fewer dimensions: coherent? faster?")
@film_options
@click.option(
    "--components",
    help=f"Sizes to study, separated by commas; usually those of {_COMPONENTS} that fit the catalogue.",
)
@click.option("--queries", type=click.IntRange(1), default=200, show_default=True, help="Films asked about.")
@json_option
def pca(
    dataset: str, data_dir: str | None, json_to: str | None, components: str | None, queries: int
) -> None:
    """Compare the lists and the times of fewer dimensions and of a graph with those of the exact search."""
    sizes = None if components is None else _sizes(components)
    films = load_films(dataset, data_dir)
    _, matrix = compared_texts(FilmTexts(films))
    study = study_pca(matrix, sizes or fitting_components(len(films)), queries=queries)
    verdict = judge_pca(study)
    show(report.pca_result(films, study, verdict), report.pca_text(films, study, verdict), json_to)


def _sizes(components: str) -> list[int]:
    sizes = [part.strip() for part in components.split(",")]
    if not all(size.isdecimal() for size in sizes):
        raise click.BadParameter("sizes are whole numbers separated by commas.", param_hint="--components")
    return [int(size) for size in sizes]


def _asked_for(films: Movies, title: str | None, spelled_id: str | None) -> Any:
    if spelled_id is not None:
        return films.ids.parse(spelled_id)
    if not title:
        raise click.UsageError("Name a film with --title or --id.")
    return MovieSearch(films).by_title(title).movie_id


def _model(films: Movies, method: str, weight: float, model: str) -> SimilarityModel:
    if method == "collaborative":
        return CollaborativeModel(films, model)
    texts = FilmTexts(films)
    if method == "hybrid":
        return HybridModel(ContentModel(texts), CollaborativeModel(films, model), weight=weight)
    return ContentModel(texts, method, weight=weight)  # type: ignore[arg-type] # click checked the name


def _measured(films: Movies, k: int) -> dict[str, Any]:
    texts = FilmTexts(films)
    formula = similarity_memory(len(films), k=k)
    return {
        "title": films.source.title,
        "films": len(films),
        "peak_bytes": peak_of_lists(texts, k),
        "index_bytes": texts.index.nbytes,
        "kept_bytes": formula.kept_bytes,
        "matrix_bytes": formula.matrix_bytes,
    }
