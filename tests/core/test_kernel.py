"""Compiled kernels are cached, and forgotten when a file they may have inlined changes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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

    def run():
        paths = os.pathsep.join([str(ROOT), str(tmp_path)])
        command = [sys.executable, str(tmp_path / "outer.py")]
        environment = {**os.environ, "PYTHONPATH": paths}
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
