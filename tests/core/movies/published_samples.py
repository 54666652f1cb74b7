"""Small files in the form that the published catalogues have, oddities included."""

from __future__ import annotations

import csv
import io

from recsys_core.movies.loaders.movies_dataset import SCHEMA


def text_of(rows, delimiter=","):
    """Rows as CSV, quoted only where needed, as pandas wrote the published files."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def metadata_row(movie_id, title, overview="A story.", **fields):
    """A whole row of movies_metadata.csv."""
    values = {
        "adult": "False",
        "belongs_to_collection": "{'id': 10194, 'name': 'Toy Story Collection', 'poster_path': None}",
        "budget": "30000000",
        "genres": "[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': 'Comedy'}]",
        "homepage": "http://toystory.disney.com/toy-story",
        "id": str(movie_id),
        "imdb_id": "tt0114709",
        "original_language": "en",
        "original_title": title,
        "overview": overview,
        "popularity": "21.946943",
        "poster_path": "/rhIRbceoE9lR4veEXuwCC2wARtG.jpg",
        "production_companies": "[{'name': 'Pixar Animation Studios', 'id': 3}]",
        "production_countries": "[{'iso_3166_1': 'US', 'name': 'United States of America'}]",
        "release_date": "1995-10-30",
        "revenue": "373554033.0",
        "runtime": "81.0",
        "spoken_languages": "[{'iso_639_1': 'en', 'name': 'English'}]",
        "status": "Released",
        "tagline": "",
        "title": title,
        "video": "False",
        "vote_average": "7.7",
        "vote_count": "5415.0",
    }
    assert tuple(values) == SCHEMA
    return [{**values, **fields}[name] for name in SCHEMA]


def torn(row, rest_of_overview):
    """The two rows that a line break inside the overview makes of one."""
    cut = SCHEMA.index("overview") + 1
    return [row[:cut], [rest_of_overview, *row[cut:]]]


def metadata_text(rows):
    """movies_metadata.csv."""
    return text_of([SCHEMA, *rows])


CAST = (
    "[{'cast_id': 14, 'character': 'Woody (voice)', 'credit_id': '52fe4284c3a36847f8024f95', 'gender': 2, "
    "'id': 31, 'name': 'Tom Hanks', 'order': 0, 'profile_path': '/pQFoyx7rp09CJTAb932F2g8Nlho.jpg'}, "
    "{'cast_id': 15, 'character': \"Buzz 'Space' Lightyear\", 'credit_id': '52fe4284c3a36847f8024f99', "
    "'gender': 2, 'id': 12898, 'name': \"Tim O'Allen\", 'order': 1, 'profile_path': None}]"
)
CREW = (
    "[{'credit_id': '52fe4284c3a36847f8024f49', 'department': 'Art', 'gender': 2, 'id': 1, "
    "'job': 'Art Director', 'name': 'Ann Painter', 'profile_path': None}, "
    "{'credit_id': '52fe4284c3a36847f8024f50', 'department': 'Directing', 'gender': 2, 'id': 7879, "
    "'job': 'Director', 'name': 'John Lasseter', 'profile_path': '/7EdqiNbr4FRjIhKHyPPdFfEEEFG.jpg'}]"
)
KEYWORDS = "[{'id': 931, 'name': 'jealousy'}, {'id': 4290, 'name': 'toy'}, {'id': 5202, 'name': 'boy'}]"
