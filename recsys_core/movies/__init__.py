"""Films: catalogues from many sources, charts, and films that resemble one another."""

from recsys_core.movies.choice import (
    CATALOGUES,
    MovieChoice,
    available_movies,
    load_movies,
    store_movies,
)
from recsys_core.movies.loaders.movielens_download import download_movielens
from recsys_core.movies.loaders.own_columns import FilmColumnGuess, FilmColumns
from recsys_core.movies.loaders.own_uploads import guess_film_upload
from recsys_core.movies.schema import MovieColumns, Movies, directors_of

__all__ = [
    "CATALOGUES",
    "FilmColumnGuess",
    "FilmColumns",
    "MovieChoice",
    "MovieColumns",
    "Movies",
    "available_movies",
    "directors_of",
    "download_movielens",
    "guess_film_upload",
    "load_movies",
    "store_movies",
]
