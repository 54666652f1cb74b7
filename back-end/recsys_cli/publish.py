"""``refrain publish``: hand lists to the service, which picks them up without a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.output import json_option, show
from recsys_cli.served_run import publication_of_run, run_options, warn_of_numbers
from recsys_core.errors import SettingsError
from recsys_online.index.versions import Manifest
from recsys_online.publishing import read_lists
from recsys_online.releasing import release, roll_back
from recsys_online.settings import read_settings

if TYPE_CHECKING:
    from recsys_online.index.publication import Publication
    from recsys_online.settings import ServiceSettings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Hand a run's lists to the service.")
@run_options
@click.option("--lists", type=FILE, help='JSON lines {"user", "tracks"} instead of a run.')
@click.option("--tracks", type=FILE, help='JSON lines {"track", "artist", "title"}, with --lists.')
@click.option("--top", type=FILE, help="A JSON list of popular track ids, with --lists.")
@click.option("--best-last", is_flag=True, help="The lists stand worst first.")
@click.option("--rollback", is_flag=True, help="Serve the version before the present one again.")
@json_option
def publish(rollback: bool, json_to: str | None, **values: Any) -> None:
    """Publish the best artists of every listener, none they listened to, as a new version.

    Written below REFRAIN_HOME, and to the Redis server of REFRAIN_REDIS_URL where that is set.
    """
    settings = read_settings()
    manifest = roll_back(settings) if rollback else _publish(settings, values)
    words = f"Version {manifest.version}: {manifest.k} tracks for each of {manifest.n_users:,} users."
    show(msgspec.to_builtins(manifest), words, json_to)


def _publish(settings: ServiceSettings, values: dict[str, Any]) -> Manifest:
    publication, card = _asked_for(values)
    now = datetime.now(UTC)
    manifest = Manifest(
        version=now.strftime("%Y%m%dt%H%M%S%f"),
        created=now.isoformat(timespec="microseconds"),
        n_users=len(publication.users),
        n_tracks=len(publication.tracks),
        k=publication.lists.shape[1],
        **card,
    )
    manifest = release(settings, publication, manifest)
    folder = settings.index_dir / manifest.version
    warn_of_numbers([folder / name for name in publication.ids()])
    return manifest


def _asked_for(values: dict[str, Any]) -> tuple[Publication, dict[str, Any]]:
    lists, tracks = values["lists"], values["tracks"]
    if (lists is None) != (tracks is None):
        raise SettingsError("--lists and --tracks belong together.")
    if lists is None:
        return publication_of_run(values)
    publication = read_lists(lists, tracks, values["top"], best_last=values["best_last"])
    return publication, {"title": lists.name}
