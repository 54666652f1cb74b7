"""The film table: unknown fields filled, ids distinct, one fingerprint for one content."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.datasets import Dataset, Source
from recsys_core.errors import DataError
from recsys_core.movies.schema import MovieColumns, Movies, directors_of

SOURCE = Source("test", "Test films")


def catalogue(**columns):
    return Movies.from_frame(
        pd.DataFrame({"movie_id": [4, 9], "title": ["Crash", "Crash"], **columns}), SOURCE
    )


def test_what_is_not_there_counts_as_unknown():
    frame = catalogue().frame
    assert tuple(frame.columns) == MovieColumns.ALL
    film = frame.iloc[1]
    assert (film["genres"], film["keywords"], film["cast"], film["links"]) == ([], [], [], {})
    assert film["overview"] == film["director"] == film["language"] == ""
    assert film["year"] is pd.NA and np.isnan(film["vote_average"]) and film["vote_count"] == 0
    assert (str(frame["year"].dtype), frame["vote_count"].dtype) == ("Int64", np.int64)


def test_titles_are_no_keys_and_ids_are():
    assert catalogue().ids.to_idx([9, 4]).tolist() == [1, 0]
    with pytest.raises(DataError, match="appears twice"):
        catalogue(movie_id=[4, 4])


def test_no_film_is_no_catalogue():
    with pytest.raises(DataError, match="No usable film"):
        Movies.from_frame(pd.DataFrame({"movie_id": [], "title": []}), SOURCE)


def test_ratings_of_unknown_films_are_refused():
    frame = pd.DataFrame({"user_id": [1], "item_id": [5]})
    with pytest.raises(DataError, match="not in the catalogue"):
        Movies.from_frame(catalogue().frame, SOURCE, ratings=Dataset.from_frame(frame, SOURCE))


@pytest.mark.parametrize(
    "change",
    [
        {"movie_id": [4, 10]},
        {"year": [1996, 2004]},
        {"genres": [["Drama"], []]},
        {"genres": [[], ["Drama"]]},
        {"overview": ["x", ""]},
        {"links": [{"imdb": "x"}, {}]},
        {"vote_count": [1, 0]},
    ],
)
def test_every_field_is_in_the_fingerprint(change):
    assert catalogue(**change).fingerprint != catalogue().fingerprint
    assert catalogue(**change).fingerprint == catalogue(**change).fingerprint


def test_several_directors_share_a_field():
    assert directors_of("Joel Coen, Ethan Coen") == ["Joel Coen", "Ethan Coen"]
    assert directors_of("") == []
