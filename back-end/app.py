#!/usr/bin/env python3
"""Start the dashboard: ./back-end/app.py, from any folder.

Only the standard library is imported here, so that a missing package is a sentence and not a traceback.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys

BACK_END = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120  (must run on any Python)
ROOT = os.path.dirname(BACK_END)  # noqa: PTH120
OLDEST = (3, 11)
PORT = 8501


def parse_arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(
        prog="app.py", description="Start the Refrain dashboard and print its address."
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"first port to try (default {PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--data-dir", metavar="PATH", help="folder or zip with the Last.fm files")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--check", action="store_true", help="report on Python, packages, data and write access, then stop"
    )
    options = parser.parse_args(words)
    if not 1 <= options.port <= 65535:
        parser.error(f"argument --port: a port is a number from 1 to 65535, not {options.port}")
    return options


def project_python() -> str | None:
    """Return the interpreter of the project's own ``.venv``, or None if there is none or it is this one."""
    folder = os.path.join(ROOT, ".venv")  # noqa: PTH118
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    python = os.path.join(folder, *inside)  # noqa: PTH118
    same = os.path.realpath(sys.prefix) == os.path.realpath(folder)
    return None if same or not os.path.exists(python) else python  # noqa: PTH110


def continue_in(python: str, script: str = __file__) -> None:
    """Run a script again, with the same arguments, in another interpreter; does not return."""
    command = [python, os.path.abspath(script), *sys.argv[1:]]  # noqa: PTH100
    if os.name == "nt":  # exec on Windows gives the prompt back while the program still runs
        sys.exit(subprocess.call(command))  # noqa: S603  (our own interpreter and script)
    os.execv(python, command)  # noqa: S606


def stop(message: str) -> None:
    """Print ``message`` and end with exit code 2."""
    sys.stderr.write(message + "\n")
    sys.exit(2)


def end_politely() -> None:
    """Make Ctrl+C and SIGTERM an orderly exit from the first moment on, whatever is being imported."""

    def leave(number: int, frame: object) -> None:
        sys.exit(0)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)


def main() -> None:
    """Find a fit Python, then check or start."""
    end_politely()
    too_old = sys.version_info[:2] < OLDEST
    if too_old and project_python():
        continue_in(project_python() or "")
    if too_old:
        oldest, here = (".".join(map(str, version)) for version in (OLDEST, sys.version_info[:2]))
        stop(
            f"Refrain needs Python {oldest} or newer; this is Python {here} ({sys.executable}).\n"
            "Start it with a newer one, for example: python3.12 back-end/app.py"
        )
    sys.path[:0] = [ROOT, BACK_END]
    from recsys_dashboard import installation  # noqa: PLC0415

    missing = installation.missing_packages()
    if missing and (python := project_python()):
        continue_in(python)
    options = parse_arguments()
    if options.data_dir:
        os.environ["REFRAIN_DATA"] = os.path.abspath(options.data_dir)  # noqa: PTH100
    if options.check:
        sys.exit(installation.report())
    if missing:
        stop(installation.how_to_install(missing))
    os.chdir(ROOT)  # Streamlit looks for its settings in the working directory
    from recsys_dashboard.server import start  # noqa: PLC0415

    start(options.host, options.port, browser=not options.no_browser)


if __name__ == "__main__":
    main()
