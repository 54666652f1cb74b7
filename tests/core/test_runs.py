"""Runs on disk: whole or absent, checked on the way in, out of nobody's reach."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.errors import RunError
from recsys_core.models.registry import create_model
from recsys_core.runs.manifest import FORMAT
from recsys_core.runs.store import ARRAYS, CURVE, FILES, MANIFEST, PER_USER, RunStore
from recsys_core.splitting import PROTOCOLS, split
from tests.core.small_data import random_dataset

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data():
    return random_dataset()


@pytest.fixture(scope="module")
def runs(data):
    request = ComparisonRequest(models=("lightfm-warp", "svd"), epochs=2, protocol=PROTOCOLS["all-pairs"])
    return compare(data, request, created="2026-11-23T10:00:00+00:00")


@pytest.fixture
def run(runs):
    return runs[1]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def stored(store, run):
    store.save(run)
    return store.root / run.manifest.run_id


def later(run, created="2026-11-24T10:00:00+00:00", run_id="later-one"):
    manifest = msgspec.structs.replace(run.manifest, created=created, run_id=run_id)
    return type(run)(manifest, run.curve, run.per_user, run.arrays)


def change_manifest(folder, **changes):
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


# ---- there and back --------------------------------------------------------------------------


def test_what_is_saved_is_loaded(store, runs):
    for run in runs:
        store.save(run)
        again = store.load(run.manifest.run_id)
        assert again.manifest == store.manifest(run.manifest.run_id)
        assert msgspec.structs.replace(again.manifest, files={}) == run.manifest
        pd.testing.assert_frame_equal(again.curve, run.curve)
        pd.testing.assert_frame_equal(again.per_user, run.per_user)
        assert set(again.arrays) == set(run.arrays)
        assert all(np.array_equal(again.arrays[name], array) for name, array in run.arrays.items())


def test_a_loaded_run_is_the_model_again(store, runs, data):
    training = split(data, PROTOCOLS["all-pairs"]).training
    for run in runs:
        store.save(run)
        again = store.load(run.manifest.run_id).model(training)
        fresh = create_model(run.manifest.model, run.manifest.parameters).fit(
            training, epochs=run.manifest.epochs
        )
        users = np.arange(data.n_users)
        np.testing.assert_array_equal(again.scores(users), fresh.scores(users))


def test_a_stranger_can_open_every_file(stored):
    assert {path.name for path in stored.iterdir()} == {MANIFEST, ARRAYS, CURVE, PER_USER}
    assert json.loads((stored / MANIFEST).read_text())["format"] == FORMAT
    with np.load(stored / ARRAYS, allow_pickle=False) as arrays:
        assert "item_embeddings" in arrays.files
    assert len(pd.read_parquet(stored / CURVE)) == 2


def test_newest_first(store, run):
    store.save(run)
    store.save(later(run))
    assert [one.run_id for one in store.list()] == ["later-one", run.manifest.run_id]


def test_no_folder_no_runs(store):
    assert store.list() == []
    store.clean()
    with pytest.raises(RunError, match=r"There is no run 'gone'\. List them with: refrain runs\."):
        store.load("gone")


def test_a_run_is_never_overwritten(store, stored, run):
    with pytest.raises(RunError, match="already: runs are never overwritten"):
        store.save(run)
    assert store.load(run.manifest.run_id).manifest.created == run.manifest.created


def test_a_deleted_run_is_gone(store, stored, run):
    store.delete(run.manifest.run_id)
    assert not list(store.root.iterdir())
    with pytest.raises(RunError, match="no run"):
        store.delete(run.manifest.run_id)


def test_data_are_told_apart_by_their_fingerprint(run, data):
    run.check_data(data)
    with pytest.raises(RunError, match="was trained on"):
        run.check_data(random_dataset(seed=2))


# ---- faults while writing --------------------------------------------------------------------


class Faults:
    """Lets everything that writes fail from the ``n``-th operation on, as a full disk does."""

    def __init__(self, monkeypatch, n):
        self.left, self.fired = n, False
        places = [(Path, "mkdir"), (Path, "open"), (Path, "write_bytes"), (Path, "rename")]
        for owner, name in [*places, (pd.DataFrame, "to_parquet"), (os, "fsync")]:
            monkeypatch.setattr(owner, name, self.around(getattr(owner, name)))

    def around(self, real):
        def wrapped(*args, **kwargs):
            self.left -= 1
            if self.left < 0:
                self.fired = True
                raise OSError(28, "No space left on device")
            return real(*args, **kwargs)

        return wrapped


def test_whichever_operation_fails_a_run_is_there_whole_or_not_at_all(store, run):
    """Let the n-th operation fail for n = 0, 1, 2 ... until nothing is left to fail."""
    store.save(later(run))
    for n in itertools.count():
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(patch, n)
            try:
                store.save(run)
            except RunError as error:
                assert "No space left on device. Make room" in str(error)
        ids = [one.run_id for one in store.list()]
        assert ids in (["later-one"], ["later-one", run.manifest.run_id])
        for run_id in ids:
            store.load(run_id)
        assert {path.name for path in store.root.iterdir()} == set(ids)  # and no litter
        if not faults.fired:
            assert len(ids) == 2
            break
        if len(ids) == 2:
            store.delete(run.manifest.run_id)
    assert n > 10


def test_whichever_operation_of_deleting_fails_nothing_torn_is_listed(store, run, monkeypatch):
    store.save(run)
    run_id = run.manifest.run_id
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(RunError, match="could not be deleted: No space left on device"):
            store.delete(run_id)
    store.load(run_id)
    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        with pytest.raises(RunError, match="could not be deleted"):
            store.delete(run_id)
    assert store.list() == []


def refuse(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


CHILD = """
import os, resource, signal, sys
from pathlib import Path
import pandas as pd
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.errors import RunError
from recsys_core.runs import RunStore
from recsys_core.splitting import PROTOCOLS
from tests.core.small_data import random_dataset

root, how, first, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
request = ComparisonRequest(models=("popularity",), protocol=PROTOCOLS["all-pairs"])
run = compare(random_dataset(), request, created="2026-11-23T10:00:00+00:00")[0]

def full_disk(limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000 * limit, 1000 * limit))

def killed(n):
    left = [n]
    def around(real):
        def wrapped(*args, **kwargs):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return wrapped
    for owner, name in ((Path, "mkdir"), (Path, "open"), (Path, "write_bytes"), (Path, "rename"),
                        (pd.DataFrame, "to_parquet"), (os, "fsync")):
        setattr(owner, name, around(getattr(owner, name)))

for n in range(first, last):
    child = os.fork()
    if not child:
        {"full": full_disk, "killed": killed}[how](n)
        try:
            RunStore(root / str(n)).save(run)
        except RunError:
            os._exit(3)
        os._exit(0)
    print(n, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def in_children(root, how, first, last):
    """Save the run in one process per ``n``; return n -> exit code."""
    command = (sys.executable, "-W", "ignore", "-c", CHILD, str(root), how, str(first), str(last))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    out = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, timeout=120)
    return dict(map(int, line.split()) for line in out.stdout.splitlines())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_a_process_killed_at_any_operation_leaves_a_whole_run_or_none(tmp_path):
    """A real kill -9; what it leaves behind is hidden and removed at the next cleaning."""
    codes = in_children(tmp_path, "killed", 0, 26)
    assert set(codes.values()) == {-9, 0}
    for n, code in codes.items():
        store = RunStore(tmp_path / str(n))
        listed = store.list()
        assert len(listed) <= 1
        assert code == -9 or len(listed) == 1
        for one in listed:
            store.load(one.run_id)
        store.clean()
        left = list(store.root.iterdir()) if store.root.exists() else []
        assert {path.name for path in left} == {one.run_id for one in listed}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and file size limits")
def test_a_disk_that_is_really_full_is_told_and_leaves_nothing(tmp_path):
    """The operating system refuses to let any file grow beyond n kilobytes."""
    codes = in_children(tmp_path, "full", 0, 6)
    assert set(codes.values()) == {3}
    for n in codes:
        root = tmp_path / str(n)
        assert not root.exists() or not list(root.iterdir())


def test_cleaning_spares_runs_and_writers_that_live(store, stored, run):
    alive = store.root / f".partial-other-{os.getpid()}"
    dead = store.root / ".partial-other-999999999"
    deleted = store.root / ".deleted-other-999999999"
    foreign = store.root / ".something-else-1"
    for folder in (alive, dead, deleted, foreign):
        folder.mkdir()
    store.clean()
    assert {path.name for path in store.root.iterdir()} == {run.manifest.run_id, alive.name, foreign.name}


def test_a_folder_that_cannot_be_written_is_told(tmp_path, run):
    (tmp_path / "runs").write_text("a file, not a folder")
    with pytest.raises(RunError, match="could not be stored in"):
        RunStore(tmp_path / "runs").save(run)


# ---- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_anywhere_is_seen(store, stored, run, name):
    whole = (stored / name).read_bytes()
    for position in np.random.default_rng(0).choice(len(whole), 64):
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        (stored / name).write_bytes(damaged)
        with pytest.raises(RunError, match=f"{name} of run .* has changed since it was written"):
            store.load(run.manifest.run_id)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("keep", [0, 1, 100, -1])
def test_a_cut_file_is_seen(store, stored, run, name, keep):
    (stored / name).write_bytes((stored / name).read_bytes()[:keep])
    with pytest.raises(RunError, match="has changed since"):
        store.load(run.manifest.run_id)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_seen(store, stored, run, name):
    (stored / name).unlink()
    with pytest.raises(RunError, match=f"{name} of run .* is missing"):
        store.load(run.manifest.run_id)


@pytest.mark.parametrize("name", FILES)
def test_a_link_to_another_place_is_not_followed(store, stored, run, name, tmp_path):
    shutil.move(stored / name, tmp_path / name)
    (stored / name).symlink_to(tmp_path / name)
    with pytest.raises(RunError, match="has changed since"):
        store.load(run.manifest.run_id)


@pytest.mark.parametrize("name", FILES)
def test_rubbish_with_a_matching_checksum_is_seen(store, stored, run, name):
    """Whoever changes a file may change the manifest too."""
    rubbish = b"PAR1" + bytes(60) + b"PAR1"
    (stored / name).write_bytes(rubbish)
    files = json.loads((stored / MANIFEST).read_text())["files"]
    files[name] = {"bytes": len(rubbish), "sha256": hashlib.sha256(rubbish).hexdigest()}
    change_manifest(stored, files=files)
    with pytest.raises(RunError, match=f"{name} is damaged"):
        store.load(run.manifest.run_id)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "damaged"),
        (b"{", "damaged"),
        (b"[]", "damaged"),
        (b"{}", "damaged"),
        (b"null", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[" * 100_000, "damaged"),
        (b'{"format": "x"}', "damaged"),
        (b'{"format": 2}', r"newer version \(format 2\): update first"),
    ],
)
def test_a_broken_manifest_is_told_and_its_run_not_listed(store, stored, run, content, text):
    (stored / MANIFEST).write_bytes(content)
    with pytest.raises(RunError, match=text):
        store.manifest(run.manifest.run_id)
    assert store.list() == []
    store.delete(run.manifest.run_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": FORMAT + 1},
        {"model": "of the future"},
        {"run_id": "of-another-run"},
        {"files": {}},
        {"files": {"../../secret": {"bytes": 1, "sha256": ""}}},
        {"protocol": {"test_share": 7.0}},
        {"protocol": {"method": "magic"}},
        {"metrics": "none"},
    ],
)
def test_a_manifest_that_fits_nothing_is_refused(store, stored, run, changes):
    change_manifest(stored, **changes)
    with pytest.raises(RunError):
        store.load(run.manifest.run_id)


def test_a_run_copied_under_another_name_is_refused(store, stored):
    shutil.copytree(stored, store.root / "copy")
    with pytest.raises(RunError, match="belongs to another run"):
        store.load("copy")
    assert len(store.list()) == 1


def test_fields_added_by_a_later_version_of_the_same_format_do_no_harm(store, stored, run):
    change_manifest(stored, remark="hello")
    assert store.load(run.manifest.run_id).manifest.created == run.manifest.created


# ---- names -----------------------------------------------------------------------------------

EVIL = [
    "..",
    ".",
    "",
    "../runs",
    "/etc",
    "a/b",
    "a\\b",
    "A",
    ".hidden",
    "-x",
    "a" * 101,
    "a\0",
    "a\n",
    "ü",
    "a b",
]


@pytest.mark.parametrize("run_id", EVIL)
def test_no_id_leads_out_of_the_folder(store, stored, run, run_id):
    for use in (store.load, store.delete, store.manifest):
        with pytest.raises(RunError, match="is not the id of a run"):
            use(run_id)
    with pytest.raises(RunError, match="is not the id of a run"):
        store.save(later(run, run_id=run_id))
    assert len(store.list()) == 1


@given(st.text(max_size=30))
def test_whatever_is_asked_for_stays_below_the_folder(tmp_path_factory, text):
    root = tmp_path_factory.getbasetemp() / "names"
    try:
        folder = RunStore(root).folder(text)
    except RunError:
        return
    assert folder.resolve().parent == root.resolve()
