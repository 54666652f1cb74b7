"""Compiled kernels are cached, and forgotten when a file they may have inlined changes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import pytest

from recsys_core.kernel import kernel

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = {
    "inner.py": "from recsys_core.kernel import kernel\n@kernel\ndef inner(x):\n    return x + 1\n",
    "outer.py": (
        "from inner import inner\nfrom recsys_core.kernel import kernel\n"
        "@kernel\ndef outer(x):\n    return inner(x)\n"
        "print(outer(1), len(outer.stats.cache_hits))\n"
    ),
}


@pytest.fixture
def run(tmp_path):
    """Write the package and return a function that runs it in a fresh process and splits what it prints."""
    for name, text in PACKAGE.items():
        (tmp_path / name).write_text(text)

    def run(**environment):
        paths = os.pathsep.join([str(ROOT), str(tmp_path)])
        command = [sys.executable, str(tmp_path / "outer.py")]
        environment = {**os.environ, "PYTHONPATH": paths, **environment}
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        ).stdout.split()

    return run


def test_the_second_process_loads_what_the_first_compiled(run):
    assert run() == ["2", "0"]
    assert run() == ["2", "1"]


def test_a_change_in_a_neighbouring_file_is_noticed(run, tmp_path):
    assert run() == ["2", "0"]
    inner = tmp_path / "inner.py"
    inner.write_text(inner.read_text().replace("x + 1", "x + 100"))
    assert run() == ["101", "0"]


def test_where_nothing_can_be_written_kernels_are_compiled_anew(run, tmp_path):
    """A read-only installation, and nobody's home: files stand where folders would have to be made."""
    home = tmp_path / "home"
    for place in (home, tmp_path / "__pycache__"):
        place.write_text("no folder")
    nowhere = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "NUMBA_CACHE_DIR": ""}
    assert run(**nowhere) == ["2", "0"]
    assert run(**nowhere) == ["2", "0"]


def test_threads_that_import_at_once_keep_their_cache_folders_apart(tmp_path, monkeypatch):
    """The cache folder is a setting of the whole process: nobody may change it while another reads it."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    seen = []

    def slow_njit(**_options):
        before = numba.config.CACHE_DIR
        time.sleep(0.005)  # so that others have the time to come in between
        seen.append((before, numba.config.CACHE_DIR))
        return lambda function: function

    def decorate(package):
        (tmp_path / package).mkdir()
        made = {}
        exec(compile("def one(): pass", str(tmp_path / package / "one.py"), "exec"), made)
        kernel(made["one"])

    monkeypatch.setattr(numba, "njit", slow_njit)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(decorate, "abcdef"))
    assert all(before == after for before, after in seen)
    assert {Path(before).parents[1].name for before, _ in seen} == set("abcdef")
    assert not numba.config.CACHE_DIR
