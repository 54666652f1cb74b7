"""The Movies Dataset: Python literals, torn rows and repeated ids, on files of the published form."""

from __future__ import annotations

import pandas as pd
import pytest

from recsys_core.movies.loaders.movies_dataset import load_movies_dataset
from tests.core.movies.published_samples import (
    CAST,
    CREW,
    KEYWORDS,
    metadata_row,
    metadata_text,
    text_of,
    torn,
)

FILMS, CREDITS, WORDS = "movies_metadata.csv", "credits.csv", "keywords.csv"


def write(folder, rows, credits=None, keywords=None):
    (folder / FILMS).write_text(metadata_text(rows), encoding="utf-8")
    if credits is not None:
        (folder / CREDITS).write_text(text_of([["cast", "crew", "id"], *credits]), encoding="utf-8")
    if keywords is not None:
        (folder / WORDS).write_text(text_of([["id", "keywords"], *keywords]), encoding="utf-8")
    return folder


def test_a_film_has_its_fields_from_three_files(tmp_path):
    movies = load_movies_dataset(
        write(tmp_path, [metadata_row(862, "Toy Story")], [[CAST, CREW, "862"]], [["862", KEYWORDS]])
    )
    film = movies.frame.iloc[0].to_dict()
    assert film == {
        "movie_id": 862,
        "title": "Toy Story",
        "year": 1995,
        "genres": ["Animation", "Comedy"],
        "keywords": ["jealousy", "toy", "boy"],
        "cast": ["Tom Hanks", "Tim O'Allen"],
        "director": "John Lasseter",
        "overview": "A story.",
        "vote_average": 7.7,
        "vote_count": 5415,
        "language": "en",
        "links": {
            "tmdb": "https://www.themoviedb.org/movie/862",
            "imdb": "https://www.imdb.com/title/tt0114709/",
            "homepage": "http://toystory.disney.com/toy-story",
        },
    }


THREE_TORN = [
    ("82663", "Midnight Man", " - Written by Ørnås", "1997-08-20"),
    ("122662", "Mardock Scramble: The Third Exhaust", " Rune Balot goes to a casino.", "2012-09-29"),
    ("249260", "Avalanche Sharks", " Avalanche Sharks tells the story.", "2014-01-01"),
]


def torn_rows():
    """The three rows of the published file that a line break tore, each between whole ones."""
    rows = [metadata_row(1, "Before")]
    for at, (movie_id, title, rest, date) in enumerate(THREE_TORN):
        row = metadata_row(movie_id, title, "First half", release_date=date, vote_count="4.0")
        rows += [*torn(row, rest), metadata_row(100 + at, f"After {at}")]
    return rows


def test_torn_rows_show_a_date_for_an_id_to_a_plain_reader(tmp_path):
    plain = pd.read_csv(write(tmp_path, torn_rows()) / FILMS, dtype=str)
    assert plain.loc[plain["id"].str.contains("-"), "id"].tolist() == [date for *_, date in THREE_TORN]
    assert plain["title"].isna().sum() == 6


def test_the_three_torn_rows_are_joined(tmp_path):
    movies = load_movies_dataset(write(tmp_path, torn_rows()))
    mended = movies.frame[movies.frame["title"].isin([title for _, title, *_ in THREE_TORN])]
    assert mended["movie_id"].tolist() == [int(one) for one, *_ in THREE_TORN]
    assert mended["overview"].tolist()[0] == "First half - Written by Ørnås"
    assert mended["year"].tolist() == [1997, 2012, 2014]
    assert mended["vote_count"].tolist() == [4, 4, 4]
    assert len(movies) == 7
    entry = movies.report.files[0]
    assert entry.read == 10
    assert entry.dropped == {"second half of a broken row (joined to the row above)": 3}
    assert entry.first_lines == {"second half of a broken row (joined to the row above)": 4}
    assert "3 rows mended" in entry.notes[0] and "line 3" in entry.notes[0]


def test_a_half_without_its_other_half_is_dropped(tmp_path):
    row = metadata_row(5, "Lost", "First half")
    first, second = torn(row, "the rest")
    movies = load_movies_dataset(
        write(tmp_path, [metadata_row(1, "A"), second, metadata_row(2, "B"), first, metadata_row(3, "C")])
    )
    assert movies.frame["title"].tolist() == ["A", "B", "C"]
    assert movies.report.files[0].dropped == {"id is not a whole number": 1, "title is empty": 1}


def test_repeated_ids_multiply_nothing(tmp_path):
    """Merging by id gives eight rows of the two films here, since every file repeats."""
    rows = [metadata_row(1, "A"), metadata_row(1, "A"), metadata_row(2, "B")]
    credits = [[CAST, CREW, "1"], ["[]", "[]", "1"], [CAST, "[]", "2"], [CAST, CREW, "77"]]
    keywords = [["1", KEYWORDS], ["1", "[]"], ["2", "[]"]]
    folder = write(tmp_path, rows, credits, keywords)
    merged = pd.read_csv(folder / FILMS, dtype=str)
    for name in (CREDITS, WORDS):
        merged = merged.merge(pd.read_csv(folder / name, dtype=str), on="id")
    assert len(merged) == 2 * 2 * 2 + 1
    movies = load_movies_dataset(folder)
    assert movies.frame["movie_id"].tolist() == [1, 2]
    assert movies.frame["cast"].map(len).tolist() == [2, 2]
    assert movies.frame["director"].tolist() == ["John Lasseter", ""]
    assert [entry.dropped for entry in movies.report.files] == [
        {"id seen before (first row kept)": 1},
        {"id seen before (first row kept)": 1, "film not in movies_metadata.csv": 1},
        {"id seen before (first row kept)": 1},
    ]


def test_films_alone_are_enough(tmp_path):
    movies = load_movies_dataset(write(tmp_path, [metadata_row(1, "A")]))
    assert [entry.notes[0].split(":")[0] for entry in movies.report.files[1:]] == ["Not there"] * 2


def test_cells_that_hold_code_are_not_run(tmp_path):
    trap = "[{'name': __import__('pathlib').Path('trap').touch()}]"
    movies = load_movies_dataset(write(tmp_path, [metadata_row(1, "A", genres=trap)]))
    assert movies.frame["genres"].tolist() == [[]]
    assert "genres cannot be read" in movies.report.files[0].notes[0]


@pytest.mark.parametrize("overview", ["No overview found.", "No Overview", "", "null"])
def test_words_of_the_site_are_no_overview(tmp_path, overview):
    movies = load_movies_dataset(write(tmp_path, [metadata_row(1, "A", overview)]))
    assert movies.frame["overview"].tolist() == [""]


def test_quoted_line_breaks_in_overviews_are_no_torn_rows(tmp_path):
    rows = [metadata_row(1, "A", "Two\nlines, and a comma."), metadata_row(2, "B")]
    movies = load_movies_dataset(write(tmp_path, rows))
    assert movies.frame["overview"].tolist() == ["Two lines, and a comma.", "A story."]
