"""What must be right before any worker starts: a mistake is one sentence, not a loop of crashes."""

from __future__ import annotations

import socket

from recsys_core.errors import SettingsError
from recsys_online.events.orphans import seal_orphans
from recsys_online.experiments.ledger import remember
from recsys_online.experiments.plan import read_plan
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS


def check(host: str, port: int) -> None:
    """Return if the service can start as the environment describes it.

    Raises
    ------
    RefrainError
        If a setting or the plan is wrong, an experiment changed, or the address is taken.
    """
    settings = read_settings()
    plan = read_plan(settings.plan, RECOMMENDERS)
    remember(settings.state_dir / "experiments.json", [one.experiment for one in plan.arms])
    if settings.redis_url:
        from recsys_online.redis_index import connect  # noqa: PLC0415  (not needed without Redis)

        connect(settings.redis_url)
    if settings.log_dir.is_dir():
        seal_orphans(settings.log_dir)
    _check_address(host, port)


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
