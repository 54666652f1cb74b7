"""``refrain loop``: from a log to lists to an experiment to who won, as often as wanted."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from recsys_cli.interruption import ctrl_c
from recsys_cli.loop_report import loop_result, loop_text, markdown, step_line
from recsys_cli.main import INTERRUPTED
from recsys_cli.output import STDOUT, json_option, show
from recsys_cli.progress import Bar
from recsys_core.errors import CancelledError
from recsys_core.rng import MAX_SEED
from recsys_core.whole_files import write_whole
from recsys_dashboard.settings import read_settings as read_dashboard_settings
from recsys_online.loop import STEPS, LoopRequest, LoopStore, botify_files, open_world, run_loop, serve_lists
from recsys_online.settings import read_settings
from recsys_online.shelves import RECOMMENDERS

if TYPE_CHECKING:
    from recsys_online.loop import Loop

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
CHOSEN = ("turns", "seed", "logged", "sessions", "trials", "epochs", "k", "listeners", "listened", "fatigue")


@click.command(short_help="Log, learn, publish, try out, and again.")
@click.option("--turns", type=click.IntRange(1, 10), help="Turns; the second learns from the first.  [1]")
@click.option("--world", type=click.Choice(["demo", "lastfm"]), help="Whose tastes.  [demo]")
@click.option("--folder", type=FOLDER, help="The older service's users_2024.json and tracks_2021.json.")
@click.option("--users", type=FILE, help="The older service's file of listeners, with --tracks.")
@click.option("--tracks", type=FILE, help="The older service's file of tracks, with --users.")
@click.option("--logged", type=click.IntRange(1), help="Sessions of the first log.  [20 a listener]")
@click.option("--log", "from_log", metavar="URL", help="Learn from this log instead: a folder, s3://, ...")
@click.option("--sessions", type=click.IntRange(1), help="Sessions of each experiment.  [20000]")
@click.option("--treatment", type=click.Choice(RECOMMENDERS), help="What is tried (T1).  [indexed]")
@click.option("--control", type=click.Choice(RECOMMENDERS), help="What it is tried against.  [random]")
@click.option("--listened", type=click.FloatRange(0, 1, max_open=True), help="Liked: more than this.  [0.5]")
@click.option(
    "--above-usual",
    metavar="SHARE",
    help="And that much more than the listener's usual; 'off' for no such rule.  [0.5]",
)
@click.option("--arm", "arms", multiple=True, help="Learn from this treatment only; may be repeated.")
@click.option("--trials", type=click.IntRange(1), help="Settings to try in each turn.  [4]")
@click.option("--epochs", type=click.IntRange(2, 1000), help="Longest training.  [20]")
@click.option("--k", type=click.IntRange(1, 1000), help="Length of the lists.  [100]")
@click.option("--only-new", is_flag=True, help="Lists without what a listener liked before.")
@click.option("--http", is_flag=True, help="Experiments at a real service over HTTP; so with --redis.")
@click.option("--redis", "redis_url", metavar="URL", help="Lists in this Redis (or REFRAIN_REDIS_URL).")
@click.option("--listeners", type=click.IntRange(1, 1000), help="Over HTTP: sessions at a time.  [16]")
@click.option("--fatigue", type=click.FloatRange(0, 1, min_open=True), help="Per play of the artist.  [0.8]")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), help="[42]")
@click.option("--name", help="Name of a new loop.")
@click.option("--resume", metavar="NAME", help="Go on with a loop; other options are its own.")
@click.option("--until", type=click.Choice(tuple(STEPS)), help="Stop after this step; go on with --resume.")
@click.option("--publish", is_flag=True, help="Hand the last turn's lists to the service as well.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write a report in Markdown.")
@json_option
def loop(json_to: str | None, report: Path | None, **values: Any) -> int:
    """Turn the log into training pairs, a tuned model, lists and an index; try them out; say who won.

    Everything is kept below REFRAIN_HOME/loops/NAME, which the service can serve from. Ctrl-C ends the
    step under way; --resume does it again and goes on.
    """
    settings = read_settings()
    store = LoopStore(settings.home / "loops")
    redis_url = values["redis_url"] or settings.redis_url
    found = store.open(values["resume"]) if values["resume"] else _begin(store, values, bool(redis_url))
    stopped = _run(found, values["until"], redis_url, quiet=json_to == STDOUT)
    if values["publish"] and not stopped:
        manifest = serve_lists(found, msgspec.structs.replace(settings, redis_url=redis_url))
        click.echo(f"The service serves version {manifest.version} now.", err=True)
    if report is not None:
        write_whole(report, markdown(found).encode())
    show(loop_result(found), loop_text(found), json_to)
    if stopped:
        click.echo(f"Stopped. Go on with: refrain loop --resume {found.card.loop_id}", err=True)
        return INTERRUPTED
    return 0


def _begin(store: LoopStore, values: dict[str, Any], has_redis: bool) -> Loop:
    request = LoopRequest.from_dict(_asked(values, has_redis))
    now = datetime.now(UTC)
    name = values["name"] or f"{now:%Y%m%dt%H%M%S}-{secrets.token_hex(2)}"
    return store.create(name, request, now.isoformat(timespec="seconds"))


def _asked(values: dict[str, Any], has_redis: bool) -> dict[str, Any]:
    """Return the request that the options spell; what they leave out keeps its default."""
    asked = {name: values[name] for name in CHOSEN if values[name] is not None}
    asked |= _asked_world(values)
    asked["treatments"] = {"C": values["control"] or "random", "T1": values["treatment"] or "indexed"}
    asked["arms"] = list(values["arms"])
    asked["keep_liked"] = not values["only_new"]
    asked["way"] = "http" if values["http"] or has_redis else "in_process"
    if values["from_log"]:
        log = values["from_log"]
        asked["from_log"] = log if "://" in log else str(Path(log).resolve())
    if values["above_usual"] is not None:
        asked["above_usual"] = _share(values["above_usual"])
    return asked


def _asked_world(values: dict[str, Any]) -> dict[str, str]:
    files = {name: str(values[name].resolve()) for name in ("users", "tracks") if values[name]}
    if values["folder"]:
        files = {**botify_files(values["folder"].resolve()), **files}
    if files and values["world"]:
        raise click.UsageError("--world is for data sets: leave it out with the older service's files.")
    if files:
        return {"world": "botify", **files}
    named = read_dashboard_settings().data_dir if values["world"] == "lastfm" else None
    return {"world": values["world"] or "demo", "data": str(named or "")}


def _share(words: str) -> float | None:
    if words == "off":
        return None
    try:
        return float(words)
    except ValueError:
        raise click.BadParameter(f"--above-usual takes a share or 'off', not {words!r}.") from None


def _run(found: Loop, until: str | None, redis_url: str, *, quiet: bool) -> bool:
    """Do the steps, a line each on standard error; return whether somebody stopped them."""
    with Bar(quiet=quiet) as bar, ctrl_c() as asked:

        def hear(event: dict[str, Any]) -> None:
            if event["kind"] == "progress":
                bar.step(f"turn {event['turn']}, {event['step']}", event["done"], event["total"])
            elif event["kind"] == "done":
                bar.end()
                click.echo(step_line(event), err=True)

        try:
            run_loop(
                found,
                open_world(found.request, read_dashboard_settings().data_root),
                until=until,
                redis_url=redis_url,
                threads=os.cpu_count() or 1,
                on_event=hear,
                should_stop=lambda: bool(asked),
            )
        except CancelledError:
            return True
    return False
