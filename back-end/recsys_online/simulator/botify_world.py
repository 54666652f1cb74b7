"""The older service's world: its files of tracks and listeners, and embeddings like those it hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.errors import DataError
from recsys_core.rng import as_generator
from recsys_online.catalogue import Catalogue, read_tracks
from recsys_online.simulator.world import INTERESTS, Habits, Listeners, World, artist_numbers

if TYPE_CHECKING:
    from pathlib import Path

EMBEDDING_SEED = 31337
SIZE, GENRES = 100, 60
SCALE, OF_GENRE, OF_ARTIST, OF_TRACK = 0.27, 0.25, 0.45, 0.30


class UserLine(msgspec.Struct):
    """A line of the file of listeners."""

    user: int
    interests: tuple[int, int, int]
    consume_bias: float
    consume_sharpness: float


def read_botify_world(
    users: Path, tracks: Path, *, habits: Habits | None = None, seed: int = EMBEDDING_SEED
) -> World:
    """Return the world of the older service's files.

    Its true embeddings (LightFM's, trained on the Million Song taste profile) were never published in
    a form that lasted. :func:`stand_in_embeddings` takes their place: the same spread of inner
    products, and the same results of the random control (about 7.05 tracks and 2.06 listened a session).

    Parameters
    ----------
    users
        JSON lines ``{"user", "interests", "consume_bias", "consume_sharpness"}``.
    tracks
        JSON lines ``{"track", "artist", "title"}``.
    seed
        Of the embeddings.

    Raises
    ------
    DataError
        If a file cannot be read, a user appears twice, or an interest is no track.
    """
    known = Catalogue(read_tracks(tracks))
    listeners = read_listeners(users, known.row)
    embeddings = stand_in_embeddings(artist_numbers(known.tracks), as_generator(seed))
    return World(f"{users.name}, {tracks.name}", known.tracks, embeddings, listeners, habits)


def read_listeners(path: Path, row: dict[int, int]) -> Listeners:
    """Return the listeners of a file; ``row`` gives the row of each track.

    Raises
    ------
    DataError
        If the file cannot be read, a user appears twice, or an interest is no track.
    """
    found: dict[int, UserLine] = {}
    for number, one in enumerate(_lines(path), start=1):
        if one.user in found or not one.user >= 0:
            raise DataError(f"User {one.user} is below 0 or appears twice.", file=path, line=number)
        if unknown := [track for track in one.interests if track not in row]:
            raise DataError(f"The interest {unknown[0]} is no track.", file=path, line=number)
        found[one.user] = one
    if not found:
        raise DataError("There is no listener.", file=path, fix="Name a file of listeners.")
    return Listeners(
        users=np.array(list(found), np.int64),
        interests=np.array(
            [[row[track] for track in one.interests] for one in found.values()], np.int32
        ).reshape(-1, INTERESTS),
        bias=np.array([one.consume_bias for one in found.values()]),
        sharpness=np.array([one.consume_sharpness for one in found.values()]),
    )


def stand_in_embeddings(artists: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return embeddings of genre, artist and track, summed, float32 ``(n_tracks, 100)``.

    ``sqrt(0.27) (sqrt(0.25) genre[artist] + sqrt(0.45) artist + sqrt(0.30) own)``, all standard normal,
    artists spread evenly over 60 genres: inner products of random pairs have a standard deviation of 2.85
    and an 80th percentile of 2.37, of a track with itself a mean of 26.9.
    """
    n_artists = int(artists.max(initial=-1)) + 1
    genres = rng.standard_normal((GENRES, SIZE), np.float32)[rng.integers(0, GENRES, n_artists)]
    common = np.sqrt(OF_GENRE) * genres
    common += np.sqrt(OF_ARTIST) * rng.standard_normal((n_artists, SIZE), np.float32)
    own = rng.standard_normal((len(artists), SIZE), np.float32)
    return np.asarray(np.sqrt(SCALE) * (common[artists] + np.sqrt(OF_TRACK) * own), np.float32)


def _lines(path: Path) -> list[UserLine]:
    decoder = msgspec.json.Decoder(UserLine)
    lines: list[UserLine] = []
    try:
        with path.open("rb") as file:
            lines.extend(decoder.decode(line) for line in file if line.strip())
    except OSError as error:
        raise DataError(f"{error.strerror}.", file=path, fix="Name a file of listeners.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        fix = "Give user, interests, consume_bias and consume_sharpness."
        raise DataError(f"{error}.", file=path, line=len(lines) + 1, fix=fix) from None
    return lines
