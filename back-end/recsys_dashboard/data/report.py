"""The lines of ``--check`` about data and write access."""

from __future__ import annotations

import tempfile

from recsys_core.datasets.choice import load_dataset
from recsys_core.errors import RefrainError
from recsys_dashboard.data.files import choices
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import text, whole


def describe_data() -> tuple[bool, str]:
    """Return whether the data the dashboard would open on can be used, and what they are."""
    settings = read_settings()
    best, *others = choices(settings)
    if settings.data_dir is not None and best.path is None:
        return False, text("check.not_found", path=settings.data_dir)
    try:
        dataset = load_dataset(best, data_root=settings.data_root)
    except RefrainError as error:
        return False, str(error)
    shown = text(
        f"check.{'simulated' if dataset.source.simulated else 'real'}",
        title=dataset.source.title,
        listeners=whole(dataset.n_users),
        artists=whole(dataset.n_items),
        path=best.path,
    )
    return True, text("check.others", shown=shown, n=len(others)) if others else shown


def describe_writing() -> tuple[bool, str]:
    """Return whether runs and downloads can be stored, and where."""
    folder = read_settings().data_root
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True, text("check.writable", path=folder)
    except OSError as error:
        return False, text("check.not_writable", path=folder, reason=error.strerror)
