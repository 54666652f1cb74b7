"""The session recommender's scores, one candidate after the other: what the fast one must agree with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from recsys_online.catalogue import Catalogue
    from recsys_online.next_track import TrackRequest
    from recsys_online.next_track.session import SessionSettings


def scores(catalogue: Catalogue, settings: SessionSettings, request: TrackRequest) -> dict[int, float]:
    """Return the score of every candidate, in the order in which session and list offer them."""
    heard = {play.track for play in request.session}
    offered = [
        near
        for play in request.session
        if play.share > settings.indifferent
        for near in catalogue.similar(play.track, settings.neighbours)
    ]
    listed = list(request.candidates or ())
    pool = [one for one in dict.fromkeys([*offered, *listed]) if one not in heard]
    raw = {one: score(catalogue, settings, request, listed, one) for one in pool}
    lowest = min(raw.values(), default=0.0)
    return {one: (raw[one] - lowest) * freshness(catalogue, settings, request, one) for one in pool}


def score(
    catalogue: Catalogue, settings: SessionSettings, request: TrackRequest, listed: list[int], track: int
) -> float:
    vectors, row = catalogue.embeddings, catalogue.row
    likes = sum(
        (play.share - settings.indifferent) * float(np.dot(vectors[row[play.track]], vectors[row[track]]))
        for play in request.session
        if play.track in row
    )
    standing = 1 - listed.index(track) / len(listed) if track in listed else 0.0
    return likes + settings.list_weight * standing


def freshness(catalogue: Catalogue, settings: SessionSettings, request: TrackRequest, track: int) -> float:
    artist = catalogue.track(track).artist
    plays = [catalogue.track(play.track) for play in request.session]
    return settings.fatigue ** sum(one is not None and one.artist == artist for one in plays)
