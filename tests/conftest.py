"""Data shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = Path(os.environ.get("REFRAIN_TEST_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def lastfm_dir() -> Path:
    """The folder with the real HetRec Last.fm files; skips where it is absent."""
    folder = SHARED_DATA / "hetrec2011-lastfm-2k"
    if not (folder / "user_artists.dat").is_file():
        pytest.skip(f"needs the real Last.fm files, and {folder} does not hold them (set REFRAIN_TEST_DATA)")
    return folder
