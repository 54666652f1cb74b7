"""A zip from anywhere: wanted files come out, everything else is refused in a sentence."""

from __future__ import annotations

import struct
import warnings
import zipfile

import pytest

from recsys_core.datasets import find_lastfm, load_lastfm
from recsys_core.datasets.safe_zip import read_members
from recsys_core.errors import DataError

WANTED = ("user_artists.dat", "artists.dat")


@pytest.fixture
def packed(tmp_path):
    """Write a zip of the given members."""

    def write(members):
        path = tmp_path / "some.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, content in members:
                archive.writestr(name, content)
        return path

    return write


def test_wanted_files_at_the_top_or_one_folder_deep(packed):
    path = packed(
        [("artists.dat", b"a"), ("set/user_artists.dat", b"b"), ("set/deep/tags.dat", b"c"), ("x", b"d")]
    )
    assert read_members(path, (*WANTED, "tags.dat")) == {"artists.dat": b"a", "user_artists.dat": b"b"}


@pytest.mark.parametrize(
    "name", ["../artists.dat", "../../artists.dat", "/artists.dat", "C:\\artists.dat", "a\\..\\artists.dat"]
)
def test_paths_that_climb_or_start_at_the_root_are_not_looked_at(packed, name, tmp_path):
    before = set(tmp_path.parent.rglob("*"))
    path = packed([(name, b"evil")])
    assert read_members(path, WANTED) == {}
    assert set(tmp_path.parent.rglob("*")) - before == {path}


def test_links_are_not_looked_at(packed):
    link = zipfile.ZipInfo("artists.dat")
    link.external_attr = 0o120777 << 16
    assert read_members(packed([(link, b"/etc/passwd")]), WANTED) == {}


def test_a_zip_inside_the_zip_stays_shut(packed):
    inner = packed([("artists.dat", b"a")]).read_bytes()
    assert read_members(packed([("inner.zip", inner)]), WANTED) == {}


def test_the_same_name_twice(packed):
    with pytest.raises(DataError, match=r"The zip holds artists.dat twice"):
        read_members(packed([("artists.dat", b"a"), ("artists.dat", b"b")]), WANTED)


def test_a_bomb_is_stopped_while_it_unfolds(packed):
    """Whatever the headers claim: fifty megabytes of zeros from fifty kilobytes."""
    path = packed([("artists.dat", bytes(50_000_000))])
    assert path.stat().st_size < 100_000
    with pytest.raises(DataError, match=r"artists.dat unfolds beyond 100 times its size"):
        read_members(path, WANTED)


def test_too_many_members(packed):
    with pytest.raises(DataError, match="more than 1,000 files"):
        read_members(packed([(f"{n}.txt", b"") for n in range(1001)]), WANTED)


def test_an_encrypted_member(packed):
    path = packed([("artists.dat", b"secret")])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at : at + 2] = struct.pack("<H", 1)
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"artists.dat is encrypted. Unpack the zip with its password"):
        read_members(path, WANTED)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_truncated_zip(packed, share):
    path = packed([("user_artists.dat", b"1\t2\t3\n" * 1000), ("artists.dat", bytes(range(256)) * 40)])
    data = path.read_bytes()
    path.write_bytes(data[: max(4, int(len(data) * share))])
    with pytest.raises(DataError, match=r"some.zip: The zip is truncated or damaged .* Download it again"):
        load_lastfm(path)
    assert find_lastfm([path]) is None


def test_damage_inside_a_member(packed):
    path = packed([("artists.dat", bytes(range(256)) * 40)])
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DataError, match="truncated or damaged"):
        read_members(path, WANTED)


def test_a_web_page_in_a_zip_under_the_right_name(packed):
    page = b"<!DOCTYPE html><title>Not found</title>"
    with pytest.raises(DataError, match=r"user_artists.dat: This is a web page"):
        load_lastfm(packed([("user_artists.dat", page), ("artists.dat", page)]))


def test_a_web_page_named_zip(tmp_path):
    path = tmp_path / "lastfm.zip"
    path.write_bytes(b"<!DOCTYPE html>")
    with pytest.raises(DataError, match="neither a folder nor a zip"):
        load_lastfm(path)
