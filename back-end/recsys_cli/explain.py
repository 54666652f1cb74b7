"""``refrain explain``: why a stored run suggests an artist to a listener, or how much speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import numpy as np

from recsys_cli.data_options import data_options
from recsys_cli.output import json_option, show, table
from recsys_cli.stored_run import RUN_HELP, suggestions_of
from recsys_core.listening.artist_search import ArtistSearch
from recsys_core.listening.company import Company
from recsys_core.listening.explain import BEYOND
from recsys_core.listening.explain import explain as explain_list
from recsys_core.listening.nearness import nearness_of
from recsys_core.listening.ranked_list import Filters, ranked_list

if TYPE_CHECKING:
    from recsys_core.listening.preferences import Suggestions
    from recsys_core.listening.ranked_list import RankedList


@click.command(short_help="Say why an artist is suggested to a listener.")
@click.option("--user", required=True, help="An id of the data set.")
@click.option("--item", required=True, metavar="NAME", help="An artist, by name or id.")
@click.option("--run", "run_id", metavar="ID", help=RUN_HELP)
@click.option("--top", type=click.IntRange(1, 1000), default=10, show_default=True, help="Reasons shown.")
@data_options
@json_option
def explain(user: str, item: str, run_id: str | None, top: int, json_to: str | None, **values: Any) -> None:
    """Say what each of a listener's own artists adds to the score of an artist; the terms sum to it.

    Also: tags the artist shares with the listener's own, and friends who listen to it.
    """
    suggestions = suggestions_of(run_id, values)
    target = ArtistSearch(suggestions.dataset).resolve(item)
    ranked = ranked_list(suggestions, user, filters=Filters(hide_heard=False))
    answer = _result(suggestions, ranked, target, suggestions.dataset.users.parse(user))
    show(answer, _text(answer, top), json_to)


def _result(suggestions: Suggestions, ranked: RankedList, target: int, user: Any) -> dict[str, Any]:
    data, manifest, taste = suggestions.dataset, suggestions.manifest, ranked.taste
    found = explain_list(ranked, np.array([target]))
    company, near = Company.of(data), nearness_of(suggestions)
    return {
        "user_id": user,
        "item_id": data.items.to_id([target]).tolist()[0],
        "name": str(data.names[target]),
        "run_id": manifest.run_id,
        "model": manifest.model,
        "basis": taste.basis,
        "score": float(found.scores[0]),
        "rank_among_all": int((ranked.order == target).argmax()) + 1,
        "contributions": found.reasons(0).to_dict("records"),
        "other_terms": found.other_terms(0),
        "can_be_taken_apart": found.told,
        "overlap_of_explained_lists": None if near is None else near.overlap,
        "shared_tags": [
            {"tag": tag.tag, "own_artists": tag.own_artists}
            for tag in company.shared_tags(target, found.items)
        ],
        "friends_who_listen": data.users.to_id(company.friends_who_listen(taste.user_idx, target)).tolist(),
    }


def _text(answer: dict[str, Any], top: int) -> str:
    reasons = answer["contributions"]
    rows = [(one["name"], f"{one['adds']:+.4f}") for one in reasons[:top]]
    left = sum(one["adds"] for one in reasons[top:])
    rows += [(f"({len(reasons) - top} more of their artists)", f"{left:+.4f}")] if len(reasons) > top else []
    rows += [(name, f"{adds:+.4f}") for name, adds in answer["other_terms"].items()]
    rows += [("= score", f"{answer['score']:+.4f}")]
    return "\n".join(
        [
            f"{answer['name']} for listener {answer['user_id']}, by {answer['model']}",
            f"Run {answer['run_id']}. Place {answer['rank_among_all']:,} of all artists, their own included.",
            "",
            table(("because of", "adds"), rows),
            "",
            *_company(answer),
            *_honesty(answer),
        ]
    )


def _company(answer: dict[str, Any]) -> list[str]:
    tags = ", ".join(f"{one['tag']} ({one['own_artists']} of theirs)" for one in answer["shared_tags"])
    friends = ", ".join(map(str, answer["friends_who_listen"]))
    return [f"Shared tags: {tags or 'none'}.", f"Friends who listen to it: {friends or 'none'}."]


def _honesty(answer: dict[str, Any]) -> list[str]:
    if not answer["can_be_taken_apart"]:
        return ["This model's scores cannot be taken apart: nobody can say what each of their artists adds."]
    if not any(one["adds"] for one in answer["contributions"]):
        return ["This model does not look at a listener's own artists."]
    if not answer["other_terms"][BEYOND]:
        return ["Nothing of the score is left unexplained."]
    overlap = answer["overlap_of_explained_lists"]
    if overlap is None:
        return [f"{BEYOND} is what the model's own score is more than a sum over artists."]
    return [f"Lists made of the explained part alone keep {overlap:.0%} of this model's first ten."]
