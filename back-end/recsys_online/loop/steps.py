"""The steps of a turn. Each reads what earlier ones left, leaves its own, and returns what to say of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from recsys_core.splitting import split
from recsys_core.whole_files import write_whole
from recsys_online.analysis import Question, analyse_with_tables, count_of_log
from recsys_online.events.writer import EventWriter
from recsys_online.experiments.plan import Plan
from recsys_online.index.versions import Manifest, publish, read_current, read_manifest, read_publication
from recsys_online.loop.improvement import improvement
from recsys_online.loop.learning import Effort, time_split, tune_and_judge
from recsys_online.loop.live_service import live_service
from recsys_online.loop.looking import LISTENERS, Watcher, keep_look
from recsys_online.loop.pairs import Rule, training_pairs
from recsys_online.loop.request import CONTROL, EXPERIMENT, LOG_PER_LISTENER
from recsys_online.loop.turn import Turn, earlier_index, first_log, turn_home
from recsys_online.publishing import write_lists
from recsys_online.shelves import create_recommenders
from recsys_online.simulator import Crowd, Recommending, simulate, visit

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from recsys_online.index.versions import Publication
    from recsys_online.simulator import Summary

Found = dict[str, Any]
Event = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Errand:
    """What steps are told beside the turn.

    Attributes
    ----------
    created
        When the loop began; simulated days are counted from it.
    look_every
        Seconds between two looks at a running experiment; None for none before its end.
    on_progress
        Told ``(done, of)`` of the step.
    on_event
        Told what the running experiment does: ``service`` with its ``url``, ``look``.
    """

    created: datetime
    redis_url: str = ""
    threads: int = 1
    look_every: float | None = None
    on_progress: Callable[[int, int], None] = lambda _done, _of: None
    on_event: Callable[[Event], None] = lambda _event: None
    should_stop: Callable[[], bool] = lambda: False


def log_step(turn: Turn, errand: Errand) -> Found:
    """Log sessions in which every track but the first is chosen at random, or count a log that is there."""
    if turn.request.from_log:
        counts = count_of_log(turn.request.from_log, EXPERIMENT)
        return {"sessions": counts.sessions, "events": counts.events}
    folder, world = first_log(turn.loop), turn.world
    shutil.rmtree(folder, ignore_errors=True)  # of a step that was interrupted
    sessions = turn.request.logged or LOG_PER_LISTENER * len(world.listeners)
    recommending = _recommending(world.without_lists(), Plan("random"), turn.request.seed)
    summary = _simulated(turn, errand, recommending, folder, sessions, turn.request.seed, 0)
    return _told(summary)


def pairs_step(turn: Turn, _errand: Errand) -> Found:
    """Read the pairs to learn from out of all logs so far."""
    request = turn.request
    rule = Rule(request.listened, request.above_usual, request.arms)
    pairs, counts = training_pairs(turn.logs, EXPERIMENT, rule)
    turn.home.mkdir(parents=True, exist_ok=True)
    _write_table(turn.pairs, pairs)
    return {**msgspec.to_builtins(counts), "logs": len(turn.logs)}


def dataset_step(turn: Turn, _errand: Errand) -> Found:
    """Make the data set and split it by time."""
    parts = split(turn.dataset, time_split(turn.dataset))
    return {
        "users": turn.dataset.n_users,
        "tracks": turn.dataset.n_items,
        "train": len(parts.train),
        "validation": 0 if parts.validation is None else len(parts.validation),
        "test": len(parts.test),
        "fingerprint": turn.dataset.fingerprint,
    }


def model_step(turn: Turn, errand: Errand) -> Found:
    """Find settings by the validation part, and judge them once by the test part."""
    request, tried = turn.request, 0

    def hear(event: Event) -> None:
        nonlocal tried
        if event["kind"] == "ended":
            tried += 1
            errand.on_progress(min(tried, request.trials), request.trials)

    learned = tune_and_judge(
        turn.studies,
        turn.dataset,
        Effort(request.trials, request.epochs, request.seed, errand.threads),
        created=errand.created.isoformat(),
        on_event=hear,
        should_stop=errand.should_stop,
    )
    return msgspec.to_builtins(learned)


def lists_step(turn: Turn, errand: Errand) -> Found:
    """Train on every pair and write everybody's list."""
    publication = turn.publication(errand.should_stop)
    write_lists(turn.lists, publication)
    filled = int((publication.lists >= 0).sum(1).min()) if len(publication.lists) else 0
    return {"users": len(publication.users), "k": publication.lists.shape[1], "shortest": filled}


def index_step(turn: Turn, errand: Errand) -> Found:
    """Publish the lists, to Redis as well where one is named."""
    publication, title = _to_publish(turn, errand)
    if not read_current(turn.index):
        publish(turn.index, publication, _manifest(turn, publication, title, errand.created))
    if errand.redis_url:
        from recsys_online.redis_upload import upload_lists  # noqa: PLC0415  (not needed without Redis)

        upload_lists(errand.redis_url, publication, turn.version)
    manifest = read_manifest(turn.index, read_current(turn.index))
    return {
        "version": manifest.version,
        "users": manifest.n_users,
        "tracks": manifest.n_tracks,
        "k": manifest.k,
        "redis": bool(errand.redis_url),
    }


def experiment_step(turn: Turn, errand: Errand) -> Found:
    """Let listeners use the service as the plan divides them."""
    turn.forget_log()
    turn.write_plan()
    if errand.look_every is None:
        return _told(_played(turn, errand))

    def told() -> None:
        errand.on_event({"kind": "look", "turn": turn.number})

    with Watcher(
        turn.log, question(turn), turn.home, errand.look_every, on_look=told, should_stop=errand.should_stop
    ):
        summary = _played(turn, errand)
    return _told(summary)


def analysis_step(turn: Turn, _errand: Errand) -> Found:
    """Say who won, and whether the turn improved on the one before."""
    analysis = analyse_with_tables(str(turn.log), question(turn))
    _write_table(turn.home / LISTENERS, analysis.listeners)
    keep_look(turn.home, analysis)
    found: Found = {"verdicts": msgspec.to_builtins(analysis.report.verdicts)}
    if turn.number > 1:
        found["improvements"] = [msgspec.to_builtins(one) for one in _improvements(turn, analysis.listeners)]
    return found


Step = Callable[[Turn, Errand], Found]
STEPS: dict[str, Step] = {
    "log": log_step,
    "pairs": pairs_step,
    "dataset": dataset_step,
    "model": model_step,
    "lists": lists_step,
    "index": index_step,
    "experiment": experiment_step,
    "analysis": analysis_step,
}
BORROWED = ("index", "experiment", "analysis")


def question(turn: Turn) -> Question:
    """Return what the turn's log is asked."""
    shares = dict.fromkeys(turn.request.treatments, 1.0)
    return Question(EXPERIMENT, shares)


def _improvements(turn: Turn, after: pd.DataFrame) -> list[Any]:
    import pandas as pd  # noqa: PLC0415  (only later turns need it)

    before = pd.read_parquet(turn_home(turn.loop, turn.number - 1) / LISTENERS)
    arms = [arm for arm in sorted(turn.request.treatments) if arm != CONTROL]
    return [improvement(turn.number, arm, before, after) for arm in arms]


def _played(turn: Turn, errand: Errand) -> Summary:
    request = turn.request
    if request.way == "http":
        with live_service(
            turn.home, turn.plan, redis_url=errand.redis_url, should_stop=errand.should_stop
        ) as url:
            errand.on_event({"kind": "service", "turn": turn.number, "url": url})
            return visit(
                turn.world, Crowd(url, request.listeners), episodes=request.sessions, seed=turn.seed,
                on_progress=errand.on_progress, should_stop=errand.should_stop,
            )  # fmt: skip
    version = read_current(turn.index)
    recommending = _recommending(read_publication(turn.index, version), request.plan, turn.seed, version)
    return _simulated(turn, errand, recommending, turn.log, request.sessions, turn.seed, turn.number)


def _simulated(
    turn: Turn, errand: Errand, recommending: Recommending, folder: Path, sessions: int, seed: int, day: int
) -> Summary:
    """Play in this process; simulated days follow each other up to the day on which the loop began."""
    log = EventWriter(folder)
    try:
        return simulate(
            turn.world,
            recommending,
            episodes=sessions,
            seed=seed,
            moment=errand.created - timedelta(days=turn.request.turns + 1 - day),
            log=log,
            on_progress=errand.on_progress,
            should_stop=errand.should_stop,
        )
    finally:
        log.close()


def _recommending(publication: Publication, plan: Plan, seed: int, version: str = "") -> Recommending:
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])
    return Recommending(publication, create_recommenders(publication.catalogue(), rng), plan, version)


def _told(summary: Summary) -> Found:
    found = summary.to_dict()
    return {name: found[name] for name in ("sessions", "events", "seconds", "failed", "latency", "arms")}


def _to_publish(turn: Turn, errand: Errand) -> tuple[Publication, str]:
    if not turn.request.lists_from:
        return turn.publication(errand.should_stop), f"Turn {turn.number} of {turn.loop.card.loop_id}"
    index = earlier_index(turn.loop)
    return read_publication(index, read_current(index)), f"Lists of {turn.request.lists_from}"


def _manifest(turn: Turn, publication: Publication, title: str, created: datetime) -> Manifest:
    return Manifest(
        version=turn.version,
        created=created.astimezone(UTC).isoformat(timespec="microseconds"),
        title=title,
        simulated=True,
        n_users=len(publication.users),
        n_tracks=len(publication.tracks),
        k=publication.lists.shape[1],
    )


def _write_table(path: Path, frame: pd.DataFrame) -> None:
    write_whole(path, frame.to_parquet(index=False))
