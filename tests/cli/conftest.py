"""The command line, run in this process or as a program of its own, in a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recsys_cli.main import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty folder for everything that is written; no data are named."""
    folder = tmp_path / "home"
    monkeypatch.setenv("REFRAIN_HOME", str(folder))
    monkeypatch.delenv("REFRAIN_DATA", raising=False)
    return folder


@pytest.fixture
def refrain(home, capfd):
    """Call ``refrain(*arguments)``; return exit code, standard output and standard error."""

    def call(*arguments):
        capfd.readouterr()
        code = run([str(one) for one in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return call


@pytest.fixture
def program(home):
    """Start ``python -m recsys_cli`` with these arguments as a process of its own."""

    def start(*arguments, **streams):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")])}
        command = [sys.executable, "-m", "recsys_cli", *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, env=environment, **{**pipes, **streams})

    return start


@pytest.fixture
def plays(tmp_path):
    """A small file of one's own: 20 listeners, 12 songs, unusual column names, one bad row."""
    rows = [f"{u};song {i};{1 + (u * i) % 7}" for u in range(20) for i in range(12) if (u + i) % 3]
    path = tmp_path / "plays.csv"
    path.write_text("\n".join(["Fan;Tune;Times", *rows, "3;song 2;many"]) + "\n")
    return path
