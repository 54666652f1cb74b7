"""Compile requirements.txt and requirements-dev.txt from the ranges in pyproject.toml.

The first line of each file names the ranges it was compiled from, so that a test can say when it is stale
without asking a package index.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = (
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
)
# users get what was tested: dev goes first
FILES = {"requirements-dev.txt": ["dev", "hdfs", "s3"], "requirements.txt": []}


def ranges(extras: list[str]) -> list[str]:
    """Return the ranges of pyproject.toml that a file with these extras is compiled from, sorted."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    chosen = [
        *project["dependencies"],
        *(one for extra in extras for one in project["optional-dependencies"][extra]),
    ]
    return sorted([*chosen, f"python{project['requires-python']}"])


def header(extras: list[str]) -> str:
    """Return the line that names those ranges by their hash."""
    digest = hashlib.sha256(json.dumps(ranges(extras)).encode()).hexdigest()[:16]
    return f"# compiled by `make pins` from the ranges in pyproject.toml ({digest})"


def compile_pins(name: str, extras: list[str]) -> None:
    """Write the pins of one file, valid for every supported Python and platform."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *OPTIONS]
    command += [word for extra in extras for word in ("--extra", extra)]
    if not extras:
        command += ["--constraint", "requirements-dev.txt"]
    pins = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    (ROOT / name).write_text(f"{header(extras)}\n{pins}")


if __name__ == "__main__":
    for one, its_extras in FILES.items():
        compile_pins(one, its_extras)
