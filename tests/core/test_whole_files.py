"""A file is there whole or not at all, whatever goes wrong on the way."""

from __future__ import annotations

import hashlib
import os

import pytest

from recsys_core.whole_files import card_of_file, sync_folder, write_whole


def test_a_card_says_size_and_checksum(tmp_path):
    path = tmp_path / "file"
    write_whole(path, b"refrain")
    card = card_of_file(path)
    assert (card.bytes, card.sha256) == (7, hashlib.sha256(b"refrain").hexdigest())
    sync_folder(tmp_path)


def test_a_new_file_takes_the_place_of_the_old_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "file"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_refuses_leaves_the_old_file_and_no_part_of_the_new(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, b"old")

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
