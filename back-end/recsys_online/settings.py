"""What the service is told by its environment; the only place here that reads it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from recsys_core.datasets.named_path import named_path
from recsys_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
LogMode = Literal["written", "durable"]


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the service reads and writes.

    Attributes
    ----------
    home
        Folder of everything written: ``index/``, ``logs/``, ``online/``.
    plan
        File of experiments.
    redis_url
        Address of a Redis server with the lists; '' for the embedded index.
    log_mode
        ``written`` loses nothing when the process dies; ``durable`` waits for the disk, so that nothing
        is lost when the power goes either, and answers 503 while the disk is full.
    metrics_dir
        Folder in which the workers of one service count together; None where one process counts alone.
    """

    home: Path
    plan: Path
    redis_url: str = ""
    log_mode: LogMode = "written"
    metrics_dir: Path | None = None

    @property
    def index_dir(self) -> Path:
        """Folder of published versions."""
        return self.home / "index"

    @property
    def log_dir(self) -> Path:
        """Folder of the event log."""
        return self.home / "logs"

    @property
    def state_dir(self) -> Path:
        """Folder of sessions and of the ledger of experiments."""
        return self.home / "online"

    @property
    def sessions(self) -> Path:
        """File of what listeners just heard."""
        return self.state_dir / "sessions.bin"

    @property
    def ledger(self) -> Path:
        """File of what the names of experiments mean."""
        return self.state_dir / "experiments.json"


def environment_of(
    home: Path, plan: Path, redis_url: str = "", environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Return ``environ`` for a service of its own below ``home``, answering by ``plan``."""
    own = {"REFRAIN_HOME": str(home), "REFRAIN_EXPERIMENTS": str(plan), "REFRAIN_REDIS_URL": redis_url}
    return {**environ, **own}


def read_settings(environ: Mapping[str, str] = os.environ) -> ServiceSettings:
    """Return the settings in ``environ``.

    ``REFRAIN_HOME`` moves what is written, ``REFRAIN_EXPERIMENTS`` names another plan, ``REFRAIN_REDIS_URL``
    a Redis server, ``REFRAIN_LOG_MODE`` is ``written`` or ``durable``.

    Raises
    ------
    SettingsError
        For another log mode.
    """
    home, plan = environ.get("REFRAIN_HOME", ""), environ.get("REFRAIN_EXPERIMENTS", "")
    mode = environ.get("REFRAIN_LOG_MODE", "") or "written"
    counted = environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    if mode not in ("written", "durable"):
        raise SettingsError(f"REFRAIN_LOG_MODE is {mode!r}; it is 'written' or 'durable'.")
    return ServiceSettings(
        home=named_path(home).resolve() if home else ROOT / "data",
        plan=named_path(plan).resolve() if plan else Path(__file__).with_name("experiments.toml"),
        redis_url=environ.get("REFRAIN_REDIS_URL", ""),
        log_mode="durable" if mode == "durable" else "written",
        metrics_dir=Path(counted) if counted else None,
    )
