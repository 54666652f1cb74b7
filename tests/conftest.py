"""Data shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = Path(os.environ.get("REFRAIN_TEST_DATA", ROOT.parent / "shared" / "data"))
"""Real data sets, one folder each: too large for the repository, so beside it unless said otherwise."""
LASTFM = SHARED_DATA / "hetrec2011-lastfm-2k"


def has_lastfm() -> bool:
    """Whether the real HetRec Last.fm files are there."""
    return (LASTFM / "user_artists.dat").is_file()


@pytest.fixture(scope="session")
def lastfm_dir() -> Path:
    """The folder with the real HetRec Last.fm files; skips where it is absent."""
    if not has_lastfm():
        pytest.skip(f"needs the real Last.fm files, and {LASTFM} does not hold them (set REFRAIN_TEST_DATA)")
    return LASTFM


def film_folder(name: str, key_file: str) -> Path:
    """A folder with real films; skips where it is absent."""
    folder = SHARED_DATA / name
    if not (folder / key_file).is_file():
        pytest.skip(f"needs {key_file}, and {folder} does not hold it (set REFRAIN_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def tmdb_dir() -> Path:
    """The folder with the real TMDB 5000 file; skips where it is absent."""
    return film_folder("tmdb-5000", "tmdb_5000_movies.csv")


@pytest.fixture(scope="session")
def imdb_dir() -> Path:
    """The folder with the real IMDB 5000 file; skips where it is absent."""
    return film_folder("imdb-5000", "movie_metadata.csv")


@pytest.fixture(scope="session")
def movielens_dir() -> Path:
    """The folder with the real MovieLens latest-small files; skips where it is absent."""
    return film_folder("ml-latest-small", "ratings.csv")
