"""Fetching official archives: checked before they get their name, stoppable, all or nothing."""

from __future__ import annotations

import contextlib
import logging
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pooch
import requests

from recsys_core.datasets.safe_zip import looks_like_zip
from recsys_core.errors import CancelledError, DownloadError

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICIAL_URL = "https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-2k.zip"
OFFICIAL_SHA256 = "6738f48195667ff03caaab4d32ca9a3133d8cc026b7c3cdaf6ce1010e913c59c"
ARCHIVE_NAME = "hetrec2011-lastfm-2k.zip"
# The archive has under 3 MB; a server that sends without end is stopped here.
MAX_BYTES = 50_000_000
_CHUNK = 1 << 14


def download_lastfm(
    folder: Path,
    *,
    url: str = OFFICIAL_URL,
    sha256: str = OFFICIAL_SHA256,
    on_progress: Callable[[int, int | None], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    timeout: float = 10.0,
) -> Path:
    """Return the path of the official Last.fm archive in ``folder``; see :func:`download_archive`."""
    return download_archive(
        folder,
        ARCHIVE_NAME,
        url=url,
        sha256=sha256,
        on_progress=on_progress,
        should_stop=should_stop,
        timeout=timeout,
    )


def download_archive(
    folder: Path,
    name: str,
    *,
    url: str,
    sha256: str,
    on_progress: Callable[[int, int | None], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    timeout: float = 10.0,
) -> Path:
    """Return the path of the archive ``name`` in ``folder``, fetching it unless it is there already.

    The archive is written beside its place, its SHA-256 compared, and only then renamed: whatever
    goes wrong, ``folder`` stays as it was. ``on_progress(bytes_done, bytes_total)`` is called as
    data arrive (the total is None if the server does not tell); ``should_stop()`` is asked as often.
    ``timeout`` bounds the seconds of silence, not the whole transfer.

    Raises
    ------
    DownloadError
        If the server cannot be reached, refuses, falls silent, or sends anything but the official
        archive; the text says how to fetch it by hand.
    CancelledError
        If ``should_stop()`` answered True.
    """
    target = folder / name
    if target.is_file() and pooch.file_hash(str(target)) == sha256:
        return target
    watch = _Watch(on_progress, should_stop)
    # The library announces each download on the terminal otherwise.
    pooch.get_logger().setLevel(logging.WARNING)
    made_folder = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".download-", dir=folder) as scratch:
            _fetch(url, Path(scratch), sha256, watch, timeout).replace(target)
    except (OSError, requests.RequestException, ValueError, _UnusableError) as error:
        raise _explained(error, url, folder) from error
    finally:
        if made_folder:
            # Goes away only if nothing was put into it.
            with contextlib.suppress(OSError):
                folder.rmdir()
    return target


def _fetch(url: str, scratch: Path, sha256: str, watch: _Watch, timeout: float) -> Path:
    """Download into ``scratch`` and return the file once its hash is right."""

    def fetch(address: str, file: str, _: object) -> None:
        # Pooch's own downloader leaves the connection open when the server refuses.
        with (
            requests.get(address, stream=True, timeout=timeout) as response,
            Path(file).open("wb") as part,
        ):
            response.raise_for_status()
            watch.begin(response.headers.get("content-length", ""))
            for chunk in response.iter_content(_CHUNK):
                part.write(chunk)
                watch.advance(len(chunk))
        if not looks_like_zip(Path(file)):
            size = Path(file).stat().st_size
            raise _UnusableError(f"it sent {size:,} bytes that are no zip archive, perhaps a web page")

    return Path(pooch.retrieve(url, f"sha256:{sha256}", "archive.zip", scratch, downloader=fetch))


class _UnusableError(Exception):
    """The server sent something that cannot be the archive."""


class _Watch:
    """Passes progress on, and stops the transfer when asked or when it grows beyond all measure."""

    def __init__(
        self,
        on_progress: Callable[[int, int | None], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self._done = 0
        self._total: int | None = None
        self._on_progress, self._should_stop = on_progress, should_stop

    def begin(self, announced: str) -> None:
        """Take note of the announced number of bytes, if it is one."""
        self._total = int(announced) if announced.isdigit() else None
        self.advance(0)

    def advance(self, n_bytes: int) -> None:
        """Count ``n_bytes`` more."""
        if self._should_stop is not None and self._should_stop():
            raise CancelledError("The download was stopped; nothing was stored.")
        self._done += n_bytes
        if self._done > MAX_BYTES:
            raise _UnusableError(f"it sent more than {MAX_BYTES // 10**6} MB")
        if self._on_progress is not None:
            self._on_progress(self._done, self._total)


def _explained(error: Exception, url: str, folder: Path) -> DownloadError:
    """Say what happened and what to do next."""
    return DownloadError(
        f"{url} could not be downloaded: {_reason(error)}.",
        fix=(
            f"Try again later, or download it by hand and put it into {folder}, "
            "or set REFRAIN_DATA to the folder or zip that you have."
        ),
    )


def _reason(error: Exception) -> str:
    """Say in a few words why a download failed."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answered {error.response.status_code} {error.response.reason}"
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (requests.exceptions.ConnectTimeout, "the server did not answer in time"),
        (requests.exceptions.ReadTimeout, "the server fell silent"),
        (requests.exceptions.ChunkedEncodingError, "the connection broke before the end"),
        (requests.exceptions.ConnectionError, "the server cannot be reached"),
        (requests.exceptions.RequestException, f"the address cannot be used ({error})"),
        (_UnusableError, str(error)),
        (ValueError, "what came is not the official archive (its checksum differs)"),
    )
    return next((text for kind, text in reasons if isinstance(error, kind)), str(error))
