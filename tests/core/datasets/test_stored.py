"""A stored data set comes back as it went, or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.datasets import Dataset, Source, load_demo, load_lastfm
from recsys_core.datasets.array_files import read_array, read_texts, write_array, write_texts
from recsys_core.datasets.stored import MANIFEST, open_dataset, save_dataset
from recsys_core.errors import DataError
from recsys_core.whole_files import FileCard

if TYPE_CHECKING:
    from collections.abc import Callable


def small(weight: float = 2.0) -> Dataset:
    columns = {"user_id": [7, 7, 9], "item_id": ["b\0", "a", "é\U0001f600"], "weight": [weight, 1, 3]}
    times = pd.DataFrame({**columns, "timestamp": [5, 6, 2**40]})
    return Dataset.from_frame(times, Source("own", "Own file", origin="here"))


def without_ids_of_one_kind() -> Dataset:
    return Dataset.from_frame(pd.DataFrame({"user_id": [0.5, 1.5], "item_id": [1, 2]}), Source("own", "Own"))


def assert_same(found: Dataset, expected: Dataset) -> None:
    assert found.source.__dict__ == expected.source.__dict__
    assert found.report == expected.report
    assert found.users.ids.tolist() == expected.users.ids.tolist()
    assert found.items.ids.tolist() == expected.items.ids.tolist()
    assert found.names.tolist() == expected.names.tolist()
    assert found.interactions.shape == expected.interactions.shape
    for name in ("user_idx", "item_idx", "weights", "timestamps"):
        one, other = getattr(found.interactions, name), getattr(expected.interactions, name)
        assert (one is None) == (other is None)
        assert one is None or (one.dtype == other.dtype and one.tolist() == other.tolist())
    for one, other in (
        (found.user_features, expected.user_features),
        (found.item_features, expected.item_features),
    ):
        assert (one is None) == (other is None)
        assert one is None or (one.names == other.names and (one.values != other.values).nnz == 0)
        assert one is None or (one.givers is None) == (other.givers is None)
        if one is not None and one.givers is not None:
            assert [rows.tolist() for rows in one.givers] == [rows.tolist() for rows in other.givers]
    computed = Dataset(found.source, found.interactions, found.users, found.items, found.names).fingerprint
    assert found.fingerprint == expected.fingerprint == computed


@pytest.mark.parametrize("make", [small, load_demo], ids=["texts and times", "demo and its features"])
def test_what_is_stored_comes_back(make: Callable[[], Dataset], tmp_path: Path) -> None:
    dataset = make()
    assert save_dataset(dataset, tmp_path / "kept")
    assert_same(open_dataset(tmp_path / "kept"), dataset)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_last_fm_comes_back(lastfm_dir: Path, tmp_path: Path) -> None:
    dataset = load_lastfm(lastfm_dir)
    save_dataset(dataset, tmp_path / "kept")
    assert_same(open_dataset(tmp_path / "kept"), dataset)


@given(st.lists(st.text(st.characters(exclude_categories=[])), max_size=20))
def test_every_text_comes_back(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cards = write_texts(Path(folder) / "names", texts)
        assert read_texts(Path(folder) / "names", cards) == texts


def test_arrays_are_maps_that_nobody_can_write_to(tmp_path: Path) -> None:
    save_dataset(small(), tmp_path / "kept")
    rows = open_dataset(tmp_path / "kept").interactions
    for array in (rows.user_idx, rows.item_idx, rows.weights, rows.timestamps):
        assert isinstance(array.base, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
        with pytest.raises(ValueError, match=r"WRITEABLE|writeable"):
            array.setflags(write=True)


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    assert save_dataset(small(), tmp_path / "kept")
    assert not save_dataset(small(weight=5), tmp_path / "kept")
    assert open_dataset(tmp_path / "kept").fingerprint == small().fingerprint


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [cut, flip, Path.unlink], ids=["cut", "one bit flipped", "missing"])
def test_any_damage_to_any_file_is_noticed(harm: Callable[[Path], None], tmp_path: Path) -> None:
    save_dataset(small(), tmp_path / "kept")
    for path in sorted((tmp_path / "kept").iterdir()):
        shutil.copytree(tmp_path / "kept", tmp_path / "harmed")
        harm(tmp_path / "harmed" / path.name)
        with pytest.raises(DataError):
            open_dataset(tmp_path / "harmed")
        shutil.rmtree(tmp_path / "harmed")


def test_a_changed_manifest_is_noticed(tmp_path: Path) -> None:
    save_dataset(small(), tmp_path / "kept")
    path = tmp_path / "kept" / MANIFEST
    stored = json.loads(path.read_text())
    stored["manifest"]["fingerprint"] = "0" * 16
    path.write_text(json.dumps(stored))
    with pytest.raises(DataError, match="manifest has changed"):
        open_dataset(tmp_path / "kept")


@pytest.mark.parametrize("shape", [(2**45,), (4,), (2**62, 2**62), (1,)])
def test_a_header_that_promises_another_size_maps_nothing(shape: tuple[int, ...], tmp_path: Path) -> None:
    path = tmp_path / "forged.npy"
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": shape})
        file.write(bytes(16))
    with pytest.raises(DataError, match="header promises"):
        read_array(path, FileCard(path.stat().st_size, "as it may be"))


def test_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    objects = np.array([{}, []], dtype=object)
    with pytest.raises(DataError, match="plain numbers"):
        write_array(tmp_path / "objects.npy", objects)
    np.save(tmp_path / "objects.npy", objects, allow_pickle=True)
    with pytest.raises(DataError, match="header promises"):
        read_array(tmp_path / "objects.npy", FileCard(0, ""))


def test_ids_of_another_kind_are_refused_and_leave_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="whole numbers nor texts"):
        save_dataset(without_ids_of_one_kind(), tmp_path / "kept")
    assert list(tmp_path.iterdir()) == []


WRITER = """
import sys
from pathlib import Path
from recsys_core.datasets.stored import save_dataset
from tests.core.datasets.test_stored import small
start, place, weight = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
print(sum(save_dataset(small(weight), place.with_name(f"{place.name}{i}")) for i in range(30)))
"""


def test_of_writers_at_once_one_wins_and_the_folder_is_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path), str(tmp_path / "kept")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([*command, str(weight)], **pipes) for weight in (2.0, 5.0, 8.0)]
    assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 3
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert sum(int(writer.communicate()[0]) for writer in writers) == 30
    allowed = {small(weight).fingerprint for weight in (2.0, 5.0, 8.0)}
    assert {open_dataset(tmp_path / f"kept{i}").fingerprint for i in range(30)} <= allowed
    assert len(list(tmp_path.iterdir())) == 30
