"""Fetching MovieLens latest-small from GroupLens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.datasets.download import download_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOVIELENS_URL = "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip"
# GroupLens publishes none for this archive; this one stands in the list of TensorFlow Datasets
# (url_checksums/movielens.txt), made of the archive of September 2018.
MOVIELENS_SHA256 = "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436"
MOVIELENS_ARCHIVE = "ml-latest-small.zip"


def download_movielens(
    folder: Path,
    *,
    url: str = MOVIELENS_URL,
    sha256: str = MOVIELENS_SHA256,
    on_progress: Callable[[int, int | None], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    timeout: float = 10.0,
) -> Path:
    """Return the path of the archive in ``folder``, about 1 MB; see ``download_archive``.

    Raises
    ------
    DownloadError
        If it cannot be fetched or is not the archive expected; the text says how to fetch it by hand.
    CancelledError
        If ``should_stop()`` answered True.
    """
    return download_archive(
        folder,
        MOVIELENS_ARCHIVE,
        url=url,
        sha256=sha256,
        on_progress=on_progress,
        should_stop=should_stop,
        timeout=timeout,
    )
