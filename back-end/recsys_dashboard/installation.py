"""Is everything here that the dashboard needs? Answered with the standard library alone."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)\s*(?:;\s*(?P<marker>[^\\#]+))?")


@cache
def _project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


def project_version() -> str:
    """Return the version of Refrain itself."""
    return _project()["version"]


def needed_packages() -> list[str]:
    """Return the names of the packages the project depends on, from ``pyproject.toml``."""
    return [match[0] for one in _project()["dependencies"] if (match := _NAME.match(one))]


def installed(package: str) -> str | None:
    """Return the installed version of ``package``, None if it is absent."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def missing_packages() -> list[str]:
    """Return the needed packages that this Python does not have."""
    return [package for package in needed_packages() if installed(package) is None]


def how_to_install(missing: list[str]) -> str:
    """Return what to say when packages are missing: all of them, and the command that brings them."""
    some = "This package is" if len(missing) == 1 else "These packages are"
    return (
        f"{some} not installed in {sys.executable}: {', '.join(missing)}.\n"
        f"Install what Refrain needs, from the folder {ROOT}, with either of:\n"
        "    make run\n"
        "    python -m pip install -r requirements.txt"
    )


def pins() -> dict[str, str]:
    """Return the pinned version of each package that applies to this Python, from ``requirements.txt``."""
    path = ROOT / "requirements.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    matches = [match for line in lines if (match := _PIN.match(line))]
    return {match["name"]: match["version"] for match in matches if _applies(match["marker"])}


def report() -> int:
    """Print what is found, one line each, and return 0 if the dashboard can start, else 1."""
    checks = [_python(), _packages(), _pinned()]
    if not missing_packages():
        from recsys_dashboard.data.report import describe_data, describe_writing  # noqa: PLC0415

        checks += [describe_data(), describe_writing()]
    for good, words in checks:
        sys.stdout.write(f"[{'ok' if good else 'NO'}] {words}\n")
    fine = all(good for good, _ in checks)
    sys.stdout.write(
        "Ready: start with ./back-end/app.py\n" if fine else "Not ready: see the lines marked NO.\n"
    )
    return 0 if fine else 1


def _applies(marker: str | None) -> bool:
    if not marker:
        return True
    try:
        from packaging.markers import Marker  # noqa: PLC0415  (may itself be missing)
    except ImportError:
        return False
    return Marker(marker.strip()).evaluate()


def _python() -> tuple[bool, str]:
    return True, f"Python {'.'.join(map(str, sys.version_info[:3]))} ({sys.executable})"


def _packages() -> tuple[bool, str]:
    missing = missing_packages()
    if missing:
        return False, how_to_install(missing)
    return True, f"all {len(needed_packages())} packages are installed"


def _pinned() -> tuple[bool, str]:
    different = {
        name: (wanted, found)
        for name, wanted in pins().items()
        if (found := installed(name)) is not None and found != wanted
    }
    if not different:
        return True, "versions are those of requirements.txt"
    listed = ", ".join(f"{name} {found} instead of {wanted}" for name, (wanted, found) in different.items())
    return True, f"{len(different)} versions differ from requirements.txt, which is allowed: {listed}"
