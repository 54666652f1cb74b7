"""An own copy of the Last.fm files is taken whole or not at all; the sample can be loaded as it is."""

from __future__ import annotations

import pytest

from recsys_core.datasets import ColumnChoice, find_lastfm, load_lastfm, load_table
from recsys_core.datasets.adopt import adopt_lastfm
from recsys_core.datasets.sample_file import sample_table
from recsys_core.errors import DataError


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "mine" / "inner"
    folder.mkdir(parents=True)
    (folder / "user_artists.dat").write_text("userID\tartistID\tweight\n1\t7\t3\n2\t7\t1\n")
    (folder / "artists.dat").write_text("id\tname\turl\tpictureURL\n7\tAir\t\t\n")
    (folder / "private.txt").write_text("not to be copied")
    return folder.parent


def test_the_files_are_copied_and_nothing_else(source, tmp_path):
    target = adopt_lastfm(source, tmp_path / "downloads")
    assert sorted(one.name for one in target.iterdir()) == ["artists.dat", "user_artists.dat"]
    assert load_lastfm(target).fingerprint == load_lastfm(source).fingerprint
    assert find_lastfm([tmp_path / "downloads"]) == target
    assert [one.name for one in (tmp_path / "downloads").iterdir()] == [target.name]


def test_a_second_time_changes_nothing(source, tmp_path):
    assert adopt_lastfm(source, tmp_path / "downloads") == adopt_lastfm(source, tmp_path / "downloads")


def test_files_that_cannot_be_used_are_not_copied(source, tmp_path):
    (source / "inner" / "user_artists.dat").write_text("userID\tartistID\tweight\n1\t7\tmany\n")
    with pytest.raises(DataError, match="line 2"):
        adopt_lastfm(source, tmp_path / "downloads")
    assert not (tmp_path / "downloads").exists()


def test_a_folder_without_them_says_which_files_are_meant(tmp_path):
    with pytest.raises(DataError, match=r"user_artists\.dat"):
        adopt_lastfm(tmp_path, tmp_path / "downloads")


def test_a_place_that_cannot_be_written_is_an_error_of_ours(source, tmp_path):
    (tmp_path / "downloads").write_text("a file, no folder")
    with pytest.raises(DataError, match="could not be copied"):
        adopt_lastfm(source, tmp_path / "downloads")


def test_the_sample_loads_with_its_own_columns(tmp_path):
    path = tmp_path / "sample.csv"
    sample_table().to_csv(path, index=False)
    dataset = load_table(path, ColumnChoice("user", "artist", "plays", "date"))
    assert (dataset.n_users, len(dataset.interactions)) == (4, 12)
    assert dataset.interactions.timestamps is not None
