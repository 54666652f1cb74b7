"""What must be right before any worker starts: a mistake is one sentence, not a loop of crashes."""

from __future__ import annotations

import socket
import tempfile
from typing import TYPE_CHECKING

from recsys_core.errors import SettingsError
from recsys_online.events.orphans import seal_orphans
from recsys_online.experiments.ledger import remember
from recsys_online.experiments.plan import read_plan
from recsys_online.sessions import SessionStore
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS, check_variants

if TYPE_CHECKING:
    from pathlib import Path


def check(host: str, port: int) -> None:
    """Return if the service can start as the environment describes it.

    Raises
    ------
    RefrainError
        If a setting or the plan is wrong, an experiment changed, a folder cannot be written, or the
        address is taken.
    """
    settings = read_settings()
    plan = check_variants(read_plan(settings.plan, RECOMMENDERS))
    for folder in (settings.log_dir, settings.state_dir):
        _check_folder(folder)
    remember(settings.ledger, plan.meanings())
    SessionStore(settings.sessions).close()
    if settings.redis_url:
        from recsys_online.redis_index import connect  # noqa: PLC0415  (not needed without Redis)

        connect(settings.redis_url)
    seal_orphans(settings.log_dir)
    _check_address(host, port)


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be written: {error.strerror}. Make it writable, or name another REFRAIN_HOME."
        ) from None


def _check_address(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{host}:{port} cannot be used: {error.strerror}. Choose another --port."
            ) from None
