"""What is kept beside a run: whole or absent, checked on the way in, gone with its run."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.errors import RunError
from recsys_core.runs import RunStore
from recsys_core.runs.arrays import read_arrays, write_arrays
from recsys_core.runs.artefacts import (
    CARD,
    artefact_names,
    delete_artefact,
    read_artefact,
    write_artefact,
)
from recsys_core.splitting import PROTOCOLS
from tests.core.small_data import random_dataset

ARRAYS = {"xy": np.arange(6, dtype=np.float32).reshape(3, 2)}


@pytest.fixture(scope="module")
def run():
    request = ComparisonRequest(models=("popularity",), epochs=1, protocol=PROTOCOLS["all-pairs"])
    return compare(random_dataset(), request, created="2026-11-23T10:00:00+00:00")[0]


@pytest.fixture
def store(tmp_path, run):
    made = RunStore(tmp_path / "runs")
    made.save(run)
    return made


@pytest.fixture
def run_id(run):
    return run.manifest.run_id


def written(store, run_id, note=b"one", name="map"):
    files = {"note.txt": note, "xy.npz": lambda path: write_arrays(path, ARRAYS)}
    return write_artefact(store, run_id, name, files, about={"seed": 7})


def test_what_is_written_is_read(store, run_id):
    assert read_artefact(store, run_id, "map") is None
    written(store, run_id)
    found = read_artefact(store, run_id, "map")
    assert found.about == {"seed": 7}
    assert found.path("note.txt").read_bytes() == b"one"
    np.testing.assert_array_equal(read_arrays(found.path("xy.npz"))["xy"], ARRAYS["xy"])
    with pytest.raises(RunError, match="has no file"):
        found.path("other")


def test_the_run_itself_is_not_touched_and_takes_its_artefacts_with_it(store, run_id, run):
    written(store, run_id)
    written(store, run_id, name="lists")
    assert artefact_names(store, run_id) == ["lists", "map"]
    assert store.load(run_id).manifest.model == run.manifest.model
    assert [one.run_id for one in store.list()] == [run_id]
    store.delete(run_id)
    assert list(store.root.iterdir()) == []
    assert artefact_names(store, run_id) == []
    with pytest.raises(RunError, match="There is no run"):
        written(store, run_id)
    assert list(store.root.iterdir()) == []


def test_a_new_one_takes_the_place_of_the_old_and_may_be_deleted(store, run_id):
    written(store, run_id)
    written(store, run_id, b"two")
    assert read_artefact(store, run_id, "map").path("note.txt").read_bytes() == b"two"
    delete_artefact(store, run_id, "map")
    delete_artefact(store, run_id, "map")
    assert read_artefact(store, run_id, "map") is None
    assert list((store.root / run_id / "artefacts").iterdir()) == []


@pytest.mark.parametrize("file_name", [CARD, "note.txt", "xy.npz"])
def test_a_changed_or_missing_file_is_seen(store, run_id, file_name):
    folder = written(store, run_id).folder
    content = (folder / file_name).read_bytes()
    (folder / file_name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(RunError, match="Compute it again"):
        read_artefact(store, run_id, "map")
    (folder / file_name).unlink()
    if file_name == CARD:
        assert read_artefact(store, run_id, "map") is None
    else:
        with pytest.raises(RunError, match=r"is missing\. Compute it again"):
            read_artefact(store, run_id, "map")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"run_id": "another"}, "belongs to something else"),
        ({"name": "another"}, "belongs to something else"),
        ({"format": 99}, "newer version"),
        ({"files": {"../manifest.json": {"bytes": 1, "sha256": "0"}}}, "names the file"),
        ({"files": 3}, "damaged"),
    ],
)
def test_a_card_that_fits_nothing_is_refused(store, run_id, change, words):
    path = written(store, run_id).folder / CARD
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(RunError, match=words):
        read_artefact(store, run_id, "map")


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "UPPER", "a" * 101, "a\n"])
def test_no_name_leads_out_of_the_folder(store, run_id, name):
    for call in (read_artefact, delete_artefact, written):
        with pytest.raises(RunError, match="cannot be the name"):
            call(store, run_id, name=name)
    with pytest.raises(RunError, match="cannot be the name of a file"):
        write_artefact(store, run_id, "map", {f"{name}/x": b""})
    with pytest.raises(RunError, match="cannot be the name of a file"):
        write_artefact(store, run_id, "map", {CARD: b""})


def test_whichever_operation_fails_the_old_or_the_new_is_there_and_no_litter(store, run_id):
    for n in itertools.count():
        delete_artefact(store, run_id, "map")
        with pytest.MonkeyPatch.context() as patch:
            left = fail_after(patch, n)
            try:
                written(store, run_id)
            except RunError as error:
                assert "No space left on device. Make room" in str(error)
        folder = store.root / run_id / "artefacts"
        assert not folder.exists() or [one.name for one in folder.iterdir()] in ([], ["map"])
        read_artefact(store, run_id, "map")
        if left[0] >= 0:
            break
    assert n > 5


def fail_after(patch, n):
    """Let everything that writes fail from the ``n``-th operation on; return how many are left."""
    left = [n]

    def around(real):
        def wrapped(*args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(28, "No space left on device")
            return real(*args, **kwargs)

        return wrapped

    for name in ("mkdir", "write_bytes", "rename"):
        patch.setattr(Path, name, around(getattr(Path, name)))
    patch.setattr(os, "fsync", around(os.fsync))
    return left


def test_cleaning_spares_what_is_being_written(store, run_id):
    folder = written(store, run_id).folder.parent
    alive, dead = folder / f".partial-map-1-{os.getpid()}", folder / ".partial-map-1-999999999"
    for one in (alive, dead, folder / ".deleted-map-1-999999999"):
        one.mkdir()
    store.clean()
    assert {one.name for one in folder.iterdir()} == {"map", alive.name}


def test_writers_at_once_leave_one_whole_artefact(store, run_id):
    notes = (b"one", b"two", b"three", b"four")

    def write(note):
        for _ in range(10):
            written(store, run_id, note)

    writers = [Thread(target=write, args=(note,)) for note in notes]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = read_artefact(store, run_id, "map")
    assert found.path("note.txt").read_bytes() in notes
    assert [one.name for one in found.folder.parent.iterdir()] == ["map"]
