"""``refrain recommend``: what a stored run would suggest to one listener, stored or described by likes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from recsys_cli.data_options import data_options
from recsys_cli.output import json_option, show, table
from recsys_cli.stored_run import RUN_HELP, suggestions_of
from recsys_core.columns import Columns
from recsys_core.errors import SettingsError
from recsys_core.listening.artist_search import ArtistSearch
from recsys_core.listening.profile import STARS, USUAL, Profile
from recsys_core.listening.ranked_list import ranked_list
from recsys_core.listening.taste import Taste

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.datasets import Dataset
    from recsys_core.listening.preferences import Suggestions
    from recsys_core.listening.profile import Verdict

LONGEST = 1000
_BASIS = {
    "own": "from what the model learned of this listener",
    "folded": "from the artists named, without training again",
    "heard": "from artists heard that the model was not trained on, for it never saw this listener",
    "charts": "the most listened to, for nothing is known of this listener",
}
SHOWN = [Columns.RANK, Columns.ITEM_ID, Columns.NAME, Columns.SCORE, Columns.HIT]


@click.command(short_help="Recommend artists to one listener.")
@click.argument("user", required=False)
@click.option("--like", "likes", metavar="NAME", multiple=True, help="An artist liked; may be repeated.")
@click.option(
    "--weight",
    "stars",
    type=click.IntRange(1, 5),
    multiple=True,
    help="Stars of each --like, in their order; three if left out.",
)
@click.option("--dislike", "dislikes", metavar="NAME", multiple=True, help="An artist not liked.")
@click.option("--run", "run_id", metavar="ID", help=RUN_HELP)
@click.option("--k", type=click.IntRange(1, LONGEST), default=10, show_default=True, help="How many.")
@data_options
@json_option
def recommend(
    user: str | None,
    likes: tuple[str, ...],
    stars: tuple[int, ...],
    dislikes: tuple[str, ...],
    run_id: str | None,
    k: int,
    json_to: str | None,
    **values: Any,
) -> None:
    """Recommend to USER, an id of the data set, what a stored run puts first among the unheard.

    Without USER, --like names the artists of somebody new. With both, the likes move USER's list.
    A hit is an artist the listener really played, held out when the run was trained.
    """
    if user is None and not likes:
        raise click.UsageError("Name a USER of the data set, or artists with --like NAME.")
    if stars and len(stars) != len(likes):
        raise click.UsageError(f"{len(likes)} times --like needs {len(likes)} times --weight, or none.")
    suggestions = suggestions_of(run_id, values)
    profile = profile_of(suggestions.dataset, likes, stars, dislikes)
    _require_folding(suggestions, profile)
    ranked = ranked_list(suggestions, user, profile)
    found = ranked.table(k)[SHOWN]
    known = None if user is None else suggestions.dataset.users.parse(user)
    show(
        _result(known, suggestions, profile, ranked.taste, found),
        _text(known, suggestions, profile, ranked.taste, found),
        json_to,
    )


def profile_of(
    data: Dataset, likes: tuple[str, ...], stars: tuple[int, ...], dislikes: tuple[str, ...]
) -> Profile:
    """Return the profile of named artists.

    Raises
    ------
    UnknownIdError
        If there is no such artist; the text names some that are spelled alike.
    """
    search, profile = ArtistSearch(data), Profile()
    given: list[Verdict] = [STARS[star - 1] for star in stars] or [USUAL] * len(likes)
    for name, verdict in [*zip(likes, given, strict=True), *((name, "no") for name in dislikes)]:
        profile = profile.having(data.items.ids[search.resolve(name)], verdict)
    return profile


def _require_folding(suggestions: Suggestions, profile: Profile) -> None:
    if len(profile) and not suggestions.model.folds_in:
        raise SettingsError(f"{suggestions.model.name} cannot score for likes: choose another with --run ID.")


def _result(
    user: Any, suggestions: Suggestions, profile: Profile, taste: Taste, found: pd.DataFrame
) -> dict[str, Any]:
    manifest = suggestions.manifest
    return {
        "user_id": user,
        "profile": [{"item_id": one.item, "verdict": one.verdict} for one in profile.opinions],
        "basis": taste.basis,
        "run_id": manifest.run_id,
        "model": manifest.model,
        "dataset": manifest.dataset.name,
        "recommendations": found.to_dict("records"),
    }


def _text(user: Any, suggestions: Suggestions, profile: Profile, taste: Taste, found: pd.DataFrame) -> str:
    manifest, data = suggestions.manifest, suggestions.dataset
    who = f"listener {user}" if user is not None else "somebody new"
    if len(profile):
        who += f" ({_names(profile, data)})"
    heard = f"{who}, {manifest.dataset.title}, by {manifest.model} (run {manifest.run_id})"
    if found.empty:
        return f"Nothing left to recommend to {heard}."
    rows = [
        (rank, name, item_id, f"{score:.3f}", "hit" if hit else "")
        for rank, item_id, name, score, hit in found.itertuples(index=False)
    ]
    heads = (Columns.RANK, Columns.NAME, Columns.ITEM_ID, Columns.SCORE, Columns.HIT)
    return "\n".join([f"For {heard}", f"Scores: {_BASIS[taste.basis]}.", "", table(heads, rows)])


def _names(profile: Profile, data: Dataset) -> str:
    ids = [data.items.parse(one.item) for one in profile.opinions]
    return ", ".join(
        f"{'not ' if one.verdict == 'no' else ''}{name}"
        for one, name in zip(profile.opinions, data.names_of(ids), strict=True)
    )
