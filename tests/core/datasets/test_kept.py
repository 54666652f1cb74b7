"""Kept data sets save the reading of files, and never change what a load returns."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from recsys_core.datasets import ColumnChoice, Dataset, DatasetChoice, load_dataset, load_table
from recsys_core.datasets.choice import KEPT
from recsys_core.datasets.kept import ABANDONED, load_kept
from recsys_core.datasets.kept import KEPT as MOST_KEPT
from recsys_core.errors import DataError

TABLE = "user,item,weight\nann,x,1\nann,y,2\nbob,x,3\n"


class Reader:
    """Loads a table and counts how often."""

    def __init__(self, path: Path) -> None:
        self.path, self.reads = path, 0

    def __call__(self) -> Dataset:
        self.reads += 1
        columns = ColumnChoice("user", "item", "weight")
        return load_table(self.path, columns)


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    path = tmp_path / "plays.csv"
    path.write_text(TABLE)
    return Reader(path)


def test_the_second_load_reads_no_file(reader: Reader, tmp_path: Path) -> None:
    first, second = (load_kept(tmp_path / "kept", reader.path, "", reader) for _ in range(2))
    assert reader.reads == 1
    assert second.fingerprint == first.fingerprint
    assert isinstance(second.interactions.weights.base, np.memmap)


def test_a_changed_file_and_another_way_of_reading_it_are_read_anew(reader: Reader, tmp_path: Path) -> None:
    load_kept(tmp_path / "kept", reader.path, "", reader)
    reader.path.write_text(TABLE + "bob,z,4\n")
    assert len(load_kept(tmp_path / "kept", reader.path, "", reader).interactions) == 4
    load_kept(tmp_path / "kept", reader.path, "otherwise", reader)
    assert reader.reads == 3


def test_a_damaged_one_is_thrown_away_and_made_again(reader: Reader, tmp_path: Path) -> None:
    load_kept(tmp_path / "kept", reader.path, "", reader)
    (place,) = (tmp_path / "kept").iterdir()
    (place / "weights.npy").write_bytes(b"")
    assert load_kept(tmp_path / "kept", reader.path, "", reader).interactions.weights.tolist() == [1, 2, 3]
    load_kept(tmp_path / "kept", reader.path, "", reader)
    assert reader.reads == 2
    assert list((tmp_path / "kept").iterdir()) == [place]


def test_a_folder_that_cannot_be_written_only_costs_the_time(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where a folder should be")
    assert len(load_kept(tmp_path / "kept", reader.path, "", reader).interactions) == 3


def test_what_cannot_be_read_is_an_error_as_ever(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        load_kept(tmp_path / "kept", tmp_path / "nowhere.csv", "", Reader(tmp_path / "nowhere.csv"))


def test_only_the_last_few_are_kept_and_abandoned_halves_go(reader: Reader, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for index in range(MOST_KEPT + 2):
        load_kept(kept, reader.path, index, reader)
    fresh, old = kept / ".partial-fresh", kept / ".partial-old"
    for path, age in ((fresh, 0), (old, 2 * ABANDONED)):
        path.mkdir()
        stamp = path.stat().st_mtime - age
        os.utime(path, (stamp, stamp))
    load_kept(kept, reader.path, "one more", reader)
    assert sum(not path.name.startswith(".") for path in kept.iterdir()) == MOST_KEPT
    assert fresh.exists()
    assert not old.exists()


def test_every_door_uses_it(lastfm_dir: Path, tmp_path: Path) -> None:
    choice = DatasetChoice("lastfm", str(lastfm_dir))
    first, second = (load_dataset(choice, data_root=tmp_path) for _ in range(2))
    assert second.fingerprint == first.fingerprint
    assert second.names.tolist() == first.names.tolist()
    assert second.report == first.report
    assert len(list((tmp_path / KEPT).iterdir())) == 1
