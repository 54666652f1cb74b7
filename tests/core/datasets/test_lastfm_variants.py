"""Copies of the Last.fm files that went through other hands still load to the same data."""

from __future__ import annotations

import shutil
import zipfile

import numpy as np
import pytest

from recsys_core.datasets import load_lastfm
from recsys_core.errors import DataError

PLAYS = "userID\tartistID\tweight\n2\t51\t100\n2\t7\t3\n9\t51\t1\n"
NAMES = 'id\tname\turl\tpictureURL\n7\t"Weird Al" Yankovic\tu\t\n51\t311\tu\tp\n'


@pytest.fixture
def folder(tmp_path):
    """A tiny data set in the official layout."""
    return write(tmp_path / "data", {"user_artists.dat": PLAYS.encode(), "artists.dat": NAMES.encode()})


def write(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def figures(dataset):
    rows = dataset.interactions
    return dataset.fingerprint, dataset.names.tolist(), rows.weights.tolist()


@pytest.mark.parametrize(
    "mangle",
    [
        pytest.param(lambda data: data.split(b"\n", 1)[1], id="no header"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda data: data.replace(b"\n", b"\r"), id="lone CR"),
        pytest.param(lambda data: data.rstrip(b"\n"), id="no last line end"),
        pytest.param(lambda data: data + b"\n\n", id="blank lines at the end"),
        pytest.param(lambda data: data.replace(b"\n", b"\n\n", 2), id="blank lines between"),
        pytest.param(lambda data: data.replace(b"\t", b"  \t "), id="padded fields"),
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte order mark"),
        pytest.param(lambda data: data.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(lambda data: data.replace(b"\tu\t", b"\t\t"), id="no addresses"),
    ],
)
def test_small_variants_are_equal(folder, mangle):
    expected = figures(load_lastfm(folder))
    for file in folder.iterdir():
        file.write_bytes(mangle(file.read_bytes()))
    assert figures(load_lastfm(folder)) == expected


def test_columns_may_stand_in_another_order(folder):
    expected = figures(load_lastfm(folder))
    rows = [line.split("\t") for line in PLAYS.splitlines()]
    turned = "".join(f"{weight}\t{user}\t{artist}\n" for user, artist, weight in rows)
    write(folder, {"user_artists.dat": turned.encode()})
    assert figures(load_lastfm(folder)) == expected


def test_names_are_text_and_quotes_are_letters(folder):
    assert load_lastfm(folder).names.tolist() == ['"Weird Al" Yankovic', "311"]


def test_optional_files_may_be_absent_and_that_is_noted(folder):
    dataset = load_lastfm(folder)
    assert dataset.item_features is None
    assert dataset.user_features is None
    notes = {one.file: one.notes for one in dataset.report.files}
    assert notes["user_friends.dat"] == ["Not there: no friends in this data set."]
    assert notes["tags.dat"] == ["Not there: no tags in this data set."]


@pytest.mark.parametrize("name", ["user_artists.dat", "artists.dat"])
def test_required_files_must_be_there(folder, name):
    (folder / name).unlink()
    with pytest.raises(DataError, match=f"{name} is not there. Name the folder or zip"):
        load_lastfm(folder)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x\t51\t5", "userID is not a whole number"),
        ("3\t\t5", "artistID is not a whole number"),
        ("3\t51\t", "weight is empty"),
        ("3\t51\tnan", "weight is not finite"),
        ("3\t51\t-5", "weight is negative"),
        ("3\t51\t0", "weight is zero"),
        ("3\t51\t1e308", "weight is above 1e9"),
        ("3\t51\t１２", "weight is not a number"),
        ("3\t51", "too few fields"),
        ("3\t51\t5\t5", "too many fields"),
        ("2\t51\t5", "pair seen before (weights added up, latest time kept)"),
    ],
)
def test_a_bad_row_is_counted_with_its_line(folder, row, reason):
    write(folder, {"user_artists.dat": f"{PLAYS}{row}\n".encode()})
    (entry, *_) = load_lastfm(folder).report.files
    assert (entry.read, entry.kept, entry.dropped) == (4, 3, {reason: 1})
    assert entry.first_lines == {reason: 5}


def test_repeated_pairs_are_added_up(folder):
    write(folder, {"user_artists.dat": f"{PLAYS}2\t51\t5\n".encode()})
    rows = load_lastfm(folder).interactions
    assert rows.weights.tolist() == [3, 105, 1]


def test_an_artist_without_a_name_shows_its_number(folder):
    write(folder, {"artists.dat": NAMES.replace("51\t311", "52\tNobody plays me").encode()})
    dataset = load_lastfm(folder)
    assert dataset.names.tolist() == ['"Weird Al" Yankovic', "51"]
    entry = dataset.report.files[1]
    assert entry.dropped == {"artist without a play": 1}
    assert entry.notes == ["1 artists have plays but no name here: shown by their number."]


def test_tags_and_friends_of_a_small_set(folder):
    write(
        folder,
        {
            "tags.dat": "tagID\ttagValue\r\n1\ttropic\xe1lia\r\n2\trock\r\n".encode("latin-1"),
            "user_taggedartists.dat": b"userID\tartistID\ttagID\tday\tmonth\tyear\n"
            b"2\t7\t1\t1\t1\t2009\n9\t7\t1\t1\t1\t1956\n2\t51\t2\t1\t1\t2010\n2\t51\t3\t1\t1\t2010\n2\t8\t1\t1\t1\t2010\n",
            "user_friends.dat": b"userID\tfriendID\n2\t9\n9\t2\n9\t9\n8\t2\n2\t9\n",
        },
    )
    dataset = load_lastfm(folder)
    assert dataset.item_features.names == ("tag:rock", "tag:tropicália")
    assert dataset.item_features.values.toarray().tolist() == [[0, 2], [1, 0]]
    assert dataset.user_features.names == ("friend:2", "friend:9")
    assert dataset.user_features.values.toarray().tolist() == [[0, 1], [1, 0]]
    reports = {one.file: one for one in dataset.report.files}
    assert reports["user_taggedartists.dat"].dropped == {"artist without a play": 1, "tag without a text": 1}
    assert reports["user_taggedartists.dat"].notes == [
        "1 dates outside 2002 to 2012 (first on line 3): assignments kept, dates ignored."
    ]
    assert reports["user_friends.dat"].dropped == {
        "friendship seen before": 1,
        "listener without a play": 1,
        "listener befriends oneself": 1,
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "user_artists.dat: The file is empty"),
        (b"userID\tartistID\tweight\n", "user_artists.dat: There is no complete row"),
        (
            b"userID\tartist\tweight\n1\t2\t3\n",
            'user_artists.dat, line 1, column "artistID": The header lacks',
        ),
        (b"userID\tartistID\tweight\tweight\n1\t2\t3\t4\n", "user_artists.dat, line 1: The header names"),
        (b"<!DOCTYPE html><title>404</title>", "user_artists.dat: This is a web page"),
        (b"userID\tartistID\tweight\n1\t2\t3\n1\t\x003\t4\n", "user_artists.dat, line 3: .* zero byte"),
        (b"1\t2\tx\n1\t3\ty\n", 'user_artists.dat, line 1, column "weight": No usable row is left'),
        (b"1,2,3\n1,3,4\n", 'user_artists.dat, line 1, column "userID": The header lacks'),
        (b"1\t2\n1\t3\n", "user_artists.dat, line 1: There is no complete row"),
    ],
)
def test_a_useless_file_is_refused_with_its_place(folder, content, message):
    write(folder, {"user_artists.dat": content})
    with pytest.raises(DataError, match=message):
        load_lastfm(folder)


def test_a_path_that_leads_nowhere(tmp_path):
    with pytest.raises(DataError, match="no such file or folder"):
        load_lastfm(tmp_path / "absent")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DataError, match="neither a folder nor a zip"):
        load_lastfm(tmp_path / "notes.txt")


# --- the real files, mangled -------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(lastfm_dir):
    return load_lastfm(lastfm_dir)


@pytest.fixture
def copy(lastfm_dir, tmp_path):
    target = tmp_path / "copy"
    target.mkdir()
    for file in lastfm_dir.iterdir():
        shutil.copyfile(file, target / file.name)
    return target


def test_real_files_without_headers_and_with_other_line_ends(real, copy):
    for file in copy.iterdir():
        lines = file.read_bytes().replace(b"\r\n", b"\n").split(b"\n")[1:]
        ends = b"\n" if file.name.startswith("user_") else b"\r\n"
        file.write_bytes(ends.join(lines))
    other = load_lastfm(copy)
    assert figures(other) == figures(real)
    assert (other.item_features.values != real.item_features.values).nnz == 0
    assert (other.user_features.values != real.user_features.values).nnz == 0


def test_real_plays_with_eight_padded_lines(real, copy):
    """Copies in circulation pad the lines of listener 61 with spaces."""
    file = copy / "user_artists.dat"
    lines = file.read_bytes().split(b"\r\n")
    mine = [at for at, line in enumerate(lines) if line.startswith(b"61\t")][:8]
    for at in mine:
        lines[at] = b"  " + lines[at].replace(b"\t", b" \t ") + b"   "
    assert len(mine) == 8
    file.write_bytes(b"\r\n".join(lines))
    assert figures(load_lastfm(copy)) == figures(real)


@pytest.mark.parametrize("prefix", ["", "hetrec2011-lastfm-2k/"])
def test_real_files_in_a_zip(real, copy, tmp_path, prefix):
    archive = tmp_path / "lastfm.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in copy.iterdir():
            packed.write(file, prefix + file.name)
        packed.writestr(prefix + "readme.txt", "not wanted")
    dataset = load_lastfm(archive)
    assert figures(dataset) == figures(real)
    assert dataset.source.origin == str(archive)
    # The same zip, found in its folder.
    assert figures(load_lastfm(tmp_path)) == figures(real)


def test_a_line_broken_in_the_middle_of_the_real_plays_is_named(real, copy):
    file = copy / "user_artists.dat"
    lines = file.read_bytes().split(b"\r\n")
    lines[50_000] = lines[50_000].replace(b"\t", b" ", 1)
    file.write_bytes(b"\r\n".join(lines))
    dataset = load_lastfm(copy)
    assert len(dataset.interactions) == 92_833
    assert dataset.report.files[0].first_lines == {"too few fields": 50_001}


def test_random_damage_never_ends_in_a_traceback(copy):
    """A hundred random bytes in the plays: loaded with losses counted, or refused in a sentence."""
    file = copy / "user_artists.dat"
    data = np.frombuffer(file.read_bytes(), np.uint8)
    rng = np.random.default_rng(7)
    for _ in range(5):
        damaged = data.copy()
        damaged[rng.integers(0, len(data), 100)] = rng.integers(1, 256, 100)
        file.write_bytes(damaged.tobytes())
        entry = load_lastfm(copy).report.files[0]
        assert entry.read == entry.kept + sum(entry.dropped.values())
        assert 0 < sum(entry.dropped.values()) < 300
