"""Arrays on disk: plain, whole, and refused without harm when they are neither."""

from __future__ import annotations

import io
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from recsys_core.errors import RunError
from recsys_core.runs.arrays import read_arrays, write_arrays

plain = hnp.arrays(
    hnp.integer_dtypes() | hnp.floating_dtypes(sizes=(32, 64)) | hnp.boolean_dtypes(),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)


@given(plain)
def test_what_was_written_is_read_bit_by_bit(tmp_path_factory, array):
    path = tmp_path_factory.getbasetemp() / "one.npz"
    write_arrays(path, {"one": array})
    again = read_arrays(path)["one"]
    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    assert again.tobytes() == array.tobytes()


def test_column_major_arrays_keep_their_values_and_results_may_be_written_to(tmp_path):
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    write_arrays(tmp_path / "a.npz", {"a": array})
    again = read_arrays(tmp_path / "a.npz")["a"]
    again += 1
    np.testing.assert_array_equal(again, array + 1)


def test_a_stranger_can_open_the_file_with_numpy(tmp_path):
    write_arrays(tmp_path / "a.npz", {"a": np.arange(3)})
    with np.load(tmp_path / "a.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["a"], [0, 1, 2])


def test_objects_are_neither_written_nor_read(tmp_path):
    objects = np.array([{"run": "me"}], dtype=object)
    with pytest.raises(ValueError, match="allow_pickle"):
        write_arrays(tmp_path / "a.npz", {"a": objects})
    np.savez(tmp_path / "b.npz", a=objects)
    with pytest.raises(RunError, match="header promises"):
        read_arrays(tmp_path / "b.npz")


def test_text_is_not_plain_numbers(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.array(["x"]))
    with pytest.raises(RunError):
        read_arrays(tmp_path / "a.npz")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("arrays") / "a.npz"
    write_arrays(path, {"a": np.arange(12, dtype=np.float32).reshape(3, 4), "b": np.zeros((2, 0))})
    return path.read_bytes()


def test_every_truncation_is_an_error_that_says_what_to_do(written, tmp_path):
    path = tmp_path / "a.npz"
    for length in range(len(written)):
        path.write_bytes(written[:length])
        with pytest.raises(RunError, match=r"a\.npz is damaged: .*Delete this run and train again\."):
            read_arrays(path)


def test_every_flipped_bit_is_an_error_or_harmless(written, tmp_path):
    """A flip in a name or in the directory may pass here (a run's checksum sees it), in a value never."""
    path = tmp_path / "a.npz"
    values = {np.arange(12, dtype=np.float32).tobytes(), b""}
    for position in range(len(written)):
        damaged = bytearray(written)
        damaged[position] ^= 1 << position % 8
        path.write_bytes(damaged)
        try:
            found = read_arrays(path)
        except RunError:
            continue
        assert {array.tobytes() for array in found.values()} <= values


def npy(header, payload=b""):
    """Return an ``.npy`` file with this header text."""
    text = header.ljust(118 - 1).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + payload


def archive_of(path, content, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("a.npy", content)
    return path


FORGED = {
    "terabytes": "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}",
    "too little": "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
    "negative": "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -2)}",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}",
    "no size": "{'descr': '|V0', 'fortran_order': False, 'shape': (2,)}",
    "records": "{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (2,)}",
    "code": "__import__('os').system('true')",
    "no dict": "[1, 2]",
}


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED)
def test_a_forged_header_is_refused_before_anything_is_allocated(header, tmp_path):
    path = archive_of(tmp_path / "a.npz", npy(header, bytes(16)))
    with pytest.raises(RunError, match="damaged"):
        read_arrays(path)


def test_a_compressed_bomb_is_refused_unread(tmp_path):
    payload = io.BytesIO()
    np.save(payload, np.zeros(1_000_000, np.int8))
    path = archive_of(tmp_path / "a.npz", payload.getvalue(), zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 3_000
    with pytest.raises(RunError, match="compressed"):
        read_arrays(path)


def test_a_directory_that_promises_more_than_the_file_holds_is_refused(tmp_path):
    path = archive_of(tmp_path / "a.npz", npy(FORGED["too little"], bytes(8)))
    with zipfile.ZipFile(path) as archive:
        size = archive.infolist()[0].file_size
    forged = path.read_bytes().replace(size.to_bytes(4, "little"), (2**31).to_bytes(4, "little"))
    path.write_bytes(forged)
    with pytest.raises(RunError, match="promises more bytes than it has"):
        read_arrays(path)


def test_a_page_of_html_is_not_an_archive(tmp_path):
    (tmp_path / "a.npz").write_text("<html>")
    with pytest.raises(RunError, match="damaged"):
        read_arrays(tmp_path / "a.npz")


def test_reading_never_imports_pickle_code(tmp_path, monkeypatch):
    """An evil object array must not be unpickled: its reducer would run."""
    ran = []

    class Evil:
        def __reduce__(self):
            return (ran.append, (1,))

    np.savez(tmp_path / "evil.npz", a=np.array([Evil()], dtype=object))
    monkeypatch.setitem(sys.modules, "evil", None)
    with pytest.raises(RunError):
        read_arrays(tmp_path / "evil.npz")
    assert not ran
