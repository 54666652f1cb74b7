"""What ``refrain movies taste`` prints, as plain builtins and as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recsys_cli.film_report import catalogue_result, film_label, plain, plain_row
from recsys_cli.output import table

if TYPE_CHECKING:
    from recsys_core.movies.schema import Movies
    from recsys_core.movies.similar_taste import TasteList


def taste_result(movies: Movies, found: TasteList) -> dict[str, Any]:
    """Return the films with what they were chosen by."""
    return {
        "dataset": catalogue_result(movies),
        "user_id": plain(found.user_id),
        "rated": found.rated,
        "liked": found.liked,
        "neighbours": found.neighbours,
        "nearest": found.nearest,
        "films": [plain_row(row) for row in found.table.to_dict("records")],
    }


def taste_text(movies: Movies, found: TasteList) -> str:
    """Return the films as a table."""
    head = (
        f"{movies.source.title}: {found.user_id} rated {found.rated:,} films and liked {found.liked:,}; "
        f"the {found.neighbours:,} people of most similar taste, the nearest alike by {found.nearest:.2f}"
    )
    if found.table.empty:
        return f"{head}\n\nNobody of similar taste liked a film that {found.user_id} has not rated."
    rows = [
        (row.rank, row.movie_id, film_label(row.title, row.year), f"{row.score:.3f}", row.liked_by)
        for row in found.table.itertuples()
    ]
    return "\n".join([head, "", table(("rank", "id", "title", "score", "liked by"), rows)])
