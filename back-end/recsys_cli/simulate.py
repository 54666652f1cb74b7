"""``refrain simulate``: listeners who are not real, at a live service or in this process."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from recsys_cli.data_options import load
from recsys_cli.output import STDOUT, json_option, show, table
from recsys_cli.progress import Bar
from recsys_core.datasets import DatasetChoice
from recsys_core.rng import MAX_SEED
from recsys_dashboard.settings import read_settings as read_dashboard_settings
from recsys_online.events.writer import EventWriter
from recsys_online.experiments.plan import Plan, read_plan
from recsys_online.index.versions import read_current, read_publication
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS, create_recommenders
from recsys_online.simulator import Crowd, Habits, Recommending, World, read_botify_world, visit, world_of
from recsys_online.simulator import simulate as simulate_in_process

if TYPE_CHECKING:
    from types import FrameType

    from recsys_online.simulator import Summary

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
INTERRUPTED = 130


@click.command(short_help="Let simulated listeners use the service.")
@click.option("--episodes", type=click.IntRange(1), default=1000, show_default=True, help="Sessions.")
@click.option("--url", help="A live service, such as http://127.0.0.1:5001.")
@click.option("--in-process", is_flag=True, help="No network: what is published, in this process.")
@click.option(
    "--world", "name", type=click.Choice(["demo", "lastfm", "botify"]), default="demo", show_default=True,
    help="Whose tastes: those of a data set, or those of --users and --tracks.",
)  # fmt: skip
@click.option("--users", type=FILE, help="The older service's file of listeners, with --world botify.")
@click.option("--tracks", type=FILE, help="The older service's file of tracks, with --world botify.")
@click.option("--fatigue", type=float, default=0.8, show_default=True, help="Per earlier play of an artist.")
@click.option("--recommender", type=click.Choice(RECOMMENDERS), help="In process: for all, no experiment.")
@click.option("--log", type=click.Path(file_okay=False, path_type=Path), help="In process: log to DIR.")
@click.option("--listeners", type=click.IntRange(1, 10_000), default=16, show_default=True,
              help="Over HTTP: sessions at a time.")  # fmt: skip
@click.option("--threads", type=click.IntRange(1, 64), default=1, show_default=True, help="In process.")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=42, show_default=True)
@json_option
def simulate(url: str | None, in_process: bool, json_to: str | None, **values: Any) -> int:
    """Simulate sessions of listeners with hidden tastes, and say how long they listened.

    The same seed gives the same listeners, first tracks and coins. Ctrl-C keeps what is done.
    """
    if (url is None) != in_process:
        raise click.UsageError("Choose one: --url of a live service, or --in-process.")
    if url and (values["recommender"] or values["log"]):
        raise click.UsageError("--recommender and --log belong to --in-process: a live service has its own.")
    world = _world(values)
    stop = _StopOnce()
    with Bar(quiet=json_to == STDOUT) as bar, stop:
        common = {"episodes": values["episodes"], "seed": values["seed"], "on_progress": bar.sessions}
        summary = (
            visit(world, Crowd(url, values["listeners"]), should_stop=stop.asked, **common)
            if url
            else _in_process(world, values, should_stop=stop.asked, **common)
        )
    show(summary.to_dict(), _text(summary), json_to)
    return INTERRUPTED if stop.asked() else 0


class _StopOnce:
    """Within it, the first Ctrl-C asks to stop, the second interrupts as usual."""

    def __init__(self) -> None:
        self._asked, self._usual = False, signal.getsignal(signal.SIGINT)

    def __enter__(self) -> None:
        signal.signal(signal.SIGINT, self._note)

    def __exit__(self, *_exception: object) -> None:
        signal.signal(signal.SIGINT, self._usual)

    def asked(self) -> bool:
        return self._asked

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, self._usual)


def _world(values: dict[str, Any]) -> World:
    users, tracks, habits = values["users"], values["tracks"], Habits(fatigue=values["fatigue"]).checked()
    if (values["name"] == "botify") != bool(users and tracks) or bool(users) != bool(tracks):
        raise click.UsageError("--world botify needs --users and --tracks, and only it takes them.")
    if users:
        return read_botify_world(users, tracks, habits=habits)
    named = read_dashboard_settings().data_dir if values["name"] == "lastfm" else None
    dataset = load(DatasetChoice(values["name"], str(named) if named else None))
    return world_of(dataset, habits=habits)


def _in_process(world: World, values: dict[str, Any], **common: Any) -> Summary:
    recommending = _recommending(world, values)
    log = EventWriter(values["log"]) if values["log"] else None
    try:
        return simulate_in_process(
            world, recommending, moment=datetime.now(UTC), log=log, threads=values["threads"], **common
        )
    finally:
        if log is not None:
            log.close()


def _recommending(world: World, values: dict[str, Any]) -> Recommending:
    """Return the published version and the plan, or the bare catalogue where nothing is published."""
    settings = read_settings()
    version = read_current(settings.index_dir)
    publication = read_publication(settings.index_dir, version) if version else world.without_lists()
    rng = np.random.default_rng(np.random.SeedSequence(values["seed"]).spawn(1)[0])
    chosen = values["recommender"]
    plan = Plan(chosen) if chosen else read_plan(settings.plan, RECOMMENDERS)
    recommenders = create_recommenders(publication.catalogue(), rng, plan.recommenders)
    return Recommending(publication, recommenders, plan, version)


def _text(summary: Summary) -> str:
    rows = [
        (
            arm.name,
            f"{arm.sessions:,}",
            f"{arm.tracks_per_session:.2f} ± {arm.tracks_margin:.2f}",
            f"{arm.time_per_session:.2f} ± {arm.time_margin:.2f}",
        )
        for arm in summary.arms
    ]
    words = [
        f"Simulated listeners of {summary.world}: {summary.sessions:,} sessions in {summary.seconds:.1f} s "
        f"({summary.sessions / max(summary.seconds, 1e-9):,.0f} a second), seed {summary.seed}.",
        table(("arm", "sessions", "tracks a session", "listened a session"), rows),
    ]
    if summary.events:
        words.append(f"{summary.events:,} events logged, {summary.dropped:,} dropped by a full disk.")
    if summary.latency:
        figures = ", ".join(f"{name} {value:.1f} ms" for name, value in summary.latency.items())
        words.append(f"Answers took {figures}; {summary.failed:,} sessions broke off.")
    return "\n".join(words)
