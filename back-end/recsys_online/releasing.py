"""Handing a version to the service: its folder and, where one is named, Redis; both point to it last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_online.index.versions import earlier_version, make_current, publish, read_publication

if TYPE_CHECKING:
    from recsys_online.index.publication import Publication
    from recsys_online.index.versions import Manifest
    from recsys_online.settings import ServiceSettings


def release(settings: ServiceSettings, publication: Publication, manifest: Manifest) -> Manifest:
    """Publish a version where the service looks, and return its manifest.

    Raises
    ------
    DataError
        If it is unsound, the disk is full or Redis does not take it: what was served goes on.
    """

    def upload() -> None:
        if settings.redis_url:
            from recsys_online.redis_upload import upload_lists  # noqa: PLC0415  (not needed without Redis)

            upload_lists(settings.redis_url, publication, manifest.version)

    return publish(settings.index_dir, publication, manifest, before_current=upload)


def release_again(settings: ServiceSettings, version: str) -> None:
    """Serve a version again that was published before; raises DataError as :func:`release` does."""
    if settings.redis_url:
        from recsys_online.redis_upload import serve_lists_again  # noqa: PLC0415  (not needed without Redis)

        publication = read_publication(settings.index_dir, version)
        serve_lists_again(settings.redis_url, publication, version)
    make_current(settings.index_dir, version)


def roll_back(settings: ServiceSettings) -> Manifest:
    """Serve the newest version before the present one again, and return its manifest."""
    manifest = earlier_version(settings.index_dir)
    release_again(settings, manifest.version)
    return manifest
