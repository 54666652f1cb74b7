#!/usr/bin/env python3
"""Start the online service: ./back-end/serve.py, from any folder."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

# the dashboard's launcher: same Python, same sentences
from app import continue_in, end_politely, project_python, stop

BACK_END = Path(__file__).resolve().parent
ROOT = BACK_END.parent
PORT = 5001  # the older service's
GRACE = 8  # seconds for what is in flight when the service is asked to end


def parse_arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Return the command line's options."""
    parser = argparse.ArgumentParser(prog="serve.py", description="Answer 'what next?' over HTTP.")
    parser.add_argument("--port", type=int, default=PORT, help=f"port to listen on (default {PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--workers", type=int, default=1, help="number of processes (default 1)")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input closes, as it does with its owner"
    )
    options = parser.parse_args(words)
    if not 1 <= options.port <= 65535:
        parser.error(f"argument --port: a port is a number from 1 to 65535, not {options.port}")
    if not 1 <= options.workers <= 64:
        parser.error(f"argument --workers: expected 1 to 64, not {options.workers}")
    return options


def main() -> None:
    """Check the surroundings, then serve until a signal ends the program."""
    end_politely()
    options = parse_arguments()
    sys.path[:0] = [str(ROOT), str(BACK_END)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(BACK_END), os.environ.get("PYTHONPATH", "")])
    from recsys_dashboard import installation  # noqa: PLC0415  (the import path is set above)

    if missing := installation.missing_packages():
        if python := project_python():
            continue_in(python, __file__)
        stop(installation.how_to_install(missing))
    from recsys_core.errors import RefrainError  # noqa: PLC0415
    from recsys_online.platforms import NOT_HERE, can_serve  # noqa: PLC0415

    if not can_serve():
        stop(NOT_HERE)
    from recsys_online.preflight import check  # noqa: PLC0415

    try:
        check(options.host, options.port)
    except RefrainError as error:
        stop(str(error))
    serve(options)


def end_with_input() -> None:
    """Ask this process to end once nobody holds the other end of its standard input."""
    while sys.stdin.buffer.read(1):
        continue
    os.kill(os.getpid(), signal.SIGTERM)


def serve(options: argparse.Namespace) -> None:
    """Run the workers; a killed one is replaced."""
    if options.with_parent:
        threading.Thread(target=end_with_input, daemon=True).start()
    import uvicorn  # noqa: PLC0415  (only now is it known to be there)

    with tempfile.TemporaryDirectory(prefix="refrain-metrics-") as folder:
        if options.workers > 1:  # one counts twice as quickly in its own memory
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        uvicorn.run(
            "recsys_online.worker:app",
            factory=True,
            host=options.host,
            port=options.port,
            workers=options.workers,
            access_log=False,
            log_level="warning",
            limit_concurrency=1000,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=GRACE,
        )


if __name__ == "__main__":
    main()
