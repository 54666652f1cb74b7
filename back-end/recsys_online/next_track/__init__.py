"""Recommenders of the next track, each one idea; compose them with :class:`Fallback`."""

from recsys_online.next_track.contextual import Contextual
from recsys_online.next_track.fallback import Fallback
from recsys_online.next_track.indexed import Indexed
from recsys_online.next_track.popular import TopPop
from recsys_online.next_track.request import Choice, NextTrackRecommender, Play, TrackRequest
from recsys_online.next_track.session import Session
from recsys_online.next_track.sticky_artist import StickyArtist
from recsys_online.next_track.uniform import Random

__all__ = [
    "Choice",
    "Contextual",
    "Fallback",
    "Indexed",
    "NextTrackRecommender",
    "Play",
    "Random",
    "Session",
    "StickyArtist",
    "TopPop",
    "TrackRequest",
]
