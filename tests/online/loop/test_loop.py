"""The loop end to end in the demo world: what each step leaves, and that a second turn pays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import CancelledError, SettingsError
from recsys_core.tuning import StudyStore
from recsys_online.events.reading import read_events
from recsys_online.events.verify import verify
from recsys_online.index.versions import read_current, read_publication
from recsys_online.loop import (
    LoopError,
    LoopRequest,
    LoopStore,
    botify_files,
    check_request,
    open_world,
    read_look,
    run_loop,
    steps_of,
)
from recsys_online.loop.learning import STUDY
from recsys_online.loop.turn import LOGS, first_log, turn_home
from tests.online.conftest import ROOT, RedisServer, running_service
from tests.online.loop.conftest import CREATED, SMALL, small_loop

# what may lie in the folder of a finished loop besides whole files
PARTIAL = (".partial", ".open", ".tmp")


def leftovers(folder: Path) -> list[str]:
    return [str(one) for one in folder.rglob("*") if one.name.startswith(".") or one.suffix in PARTIAL]


def test_every_step_is_done_once_and_says_what_came_of_it(two_turns):
    loop, events = two_turns
    order = list(steps_of(loop.request))
    assert [name for _, name in order][:8] == [
        *("log", "pairs", "dataset", "model", "lists", "index", "experiment", "analysis")
    ]
    assert order[8] == (2, "pairs")
    assert [(one.turn, one.name) for one in loop.card.steps] == order
    assert [(one["turn"], one["step"]) for one in events if one["kind"] == "done"] == order
    assert LoopStore(loop.folder.parent).open("small").card == loop.card
    assert not leftovers(loop.folder)


def test_the_logs_are_whole_and_the_second_turn_learns_from_both(two_turns):
    loop, _ = two_turns
    logged = verify(first_log(loop))
    tried = verify(turn_home(loop, 1) / LOGS)
    assert logged.whole
    assert tried.whole
    assert (logged.sessions_ended, tried.sessions_ended) == (6000, 8000)
    first, second = (loop.card.done(turn, "pairs").found for turn in (1, 2))
    assert second["plays"] == logged.events + tried.events > first["plays"] == logged.events
    assert second["pairs"] > first["pairs"]


def test_lists_stand_in_the_index_as_they_were_written(two_turns):
    loop, _ = two_turns
    home = turn_home(loop, 1)
    publication = read_publication(home / "index", read_current(home / "index"))
    lines = (home / "recommendations.jsonl").read_text().splitlines()
    written = [json.loads(line) for line in lines]
    assert [one["user"] for one in written] == publication.users.tolist()
    assert [one["tracks"] for one in written] == publication.lists.tolist()
    assert publication.lists.shape[1] == 100
    assert len(publication.tracks) == 303  # the whole catalogue, liked or not


def test_the_model_was_chosen_by_validation_and_beats_the_most_popular_on_the_latest_pairs(two_turns):
    loop, _ = two_turns
    for turn in (1, 2):
        found = loop.card.done(turn, "model").found
        assert found["test"]["ndcg@10"] > 1.5 * found["popularity"]["ndcg@10"]
        assert StudyStore(turn_home(loop, turn) / "studies").open(STUDY).request.protocol.method == "time"


def test_t1_wins_and_the_second_turn_improves_on_the_first(two_turns):
    loop, _ = two_turns
    for turn in (1, 2):
        (verdict,) = read_look(turn_home(loop, turn)).report.verdicts
        assert verdict.outcome == "wins"
        assert verdict.effect.low > 1.0
    (change,) = loop.card.done(2, "analysis").found["improvements"]
    assert change["outcome"] == "improved"
    assert change["control"]["low"] < 0 < change["control"]["high"]


def test_a_look_says_what_the_log_says(two_turns):
    loop, _ = two_turns
    look = read_look(turn_home(loop, 1))
    events = list(read_events(turn_home(loop, 1) / LOGS))
    asked = [one for one in events if one.message == "next"]
    assert look.traffic.requests == len(events)
    assert look.traffic.fallback_share == pytest.approx(sum(one.fallback for one in asked) / len(asked))
    assert look.traffic.waited == (0, 0, 0)
    last = look.course[look.course["metric"] == "mean_time_per_session"].iloc[-1]
    (effect,) = [one for one in look.report.effects if one.metric == "mean_time_per_session"]
    assert last["effect"] == pytest.approx(effect.effect.value)
    assert pd.notna(last["always_low"])


def test_the_same_seed_gives_the_same_figures(tmp_path, demo_world):
    found = []
    for name in ("one", "two"):
        loop = small_loop(tmp_path, name, sessions=1000)
        run_loop(loop, demo_world)
        (verdict,) = loop.card.steps[-1].found["verdicts"]
        steps = [
            {name: value for name, value in one.found.items() if name not in ("seconds", "version")}
            for one in loop.card.steps[:-1]
        ]
        # the database adds up in any order: the last digit may differ
        found.append([steps, pytest.approx(verdict["effect"])])
    assert found[0][0] == found[1][0]
    assert found[0][1].expected == found[1][1]


def test_steps_one_by_one_come_to_the_same_as_all_at_once(two_turns, tmp_path, demo_world):
    loop = small_loop(tmp_path, turns=2, sessions=8000)
    store = LoopStore(tmp_path)
    for step in ("log", "pairs", "dataset", "model", "lists", "index", "experiment", "analysis"):
        run_loop(store.open(loop.card.loop_id), demo_world, until=step)
    found, whole = store.open("small").card, two_turns[0].card
    assert [one.name for one in found.steps] == [one.name for one in whole.steps[:8]]
    ends = [one.done(1, "analysis").found["verdicts"][0]["effect"] for one in (found, whole)]
    assert ends[0] == pytest.approx(ends[1])


def test_lists_of_an_earlier_loop_are_tried_without_learning(two_turns, demo_world):
    loop, _ = two_turns
    again = small_loop(
        loop.folder.parent,
        "again",
        lists_from="small",
        treatments={"C": "random", "T1": "session"},
        sessions=300,
    )
    run_loop(again, demo_world)
    assert [one.name for one in again.card.steps] == ["index", "experiment", "analysis"]
    other = small_loop(loop.folder.parent, "other", lists_from="small", world="lastfm")
    with pytest.raises(LoopError, match="other listeners"):
        run_loop(other, demo_world)


def test_a_stopped_experiment_is_done_again_and_nothing_else(tmp_path, demo_world):
    loop = small_loop(tmp_path, sessions=20_000)
    heard: list[dict] = []

    def stop() -> bool:
        return bool(heard) and heard[-1].get("step") == "experiment" and heard[-1]["kind"] == "progress"

    with pytest.raises(CancelledError):
        run_loop(loop, demo_world, on_event=heard.append, should_stop=stop)
    assert [one.name for one in loop.card.steps][-1] == "index"
    assert verify(turn_home(loop, 1) / LOGS).sessions_ended == 4096  # one block, whole
    heard.clear()
    run_loop(LoopStore(tmp_path).open("small"), demo_world, on_event=heard.append)
    assert [one["step"] for one in heard if one["kind"] == "started"] == ["experiment", "analysis"]
    assert verify(turn_home(loop, 1) / LOGS).sessions_ended == 20_000


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_anywhere_it_leaves_nothing_half_and_goes_on(tmp_path, demo_world, how):
    """Killed after every step in turn; what is there can be read, and the rest is done."""
    environment = {
        **os.environ,
        "REFRAIN_HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")]),
    }
    command = [sys.executable, "-m", "recsys_cli", "loop", "--name", "killed"]
    command += ["--logged", "6000", "--sessions", "3000000", "--trials", "1", "--epochs", "6"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    log = tmp_path / "loops" / "killed" / "turn-1" / LOGS
    deadline = time.monotonic() + 60
    while not (log.is_dir() and any(one.stat().st_size for one in log.iterdir())):
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(how)
    assert process.wait(30) == (130 if how == signal.SIGINT else -signal.SIGKILL)
    store = LoopStore(tmp_path / "loops")
    loop = store.open("killed")
    assert [one.name for one in loop.card.steps][-1] == "index"
    read_publication(turn_home(loop, 1) / "index", "killed-turn-1")  # checks every file
    pd.read_parquet(turn_home(loop, 1) / "pairs.parquet")
    if how == signal.SIGINT:
        assert verify(log).whole
        assert not leftovers(loop.folder)


def test_requests_that_contradict_themselves_are_refused(tmp_path):
    for changes, reason in (
        ({"treatments": {"C": "random"}}, "name C and T1"),
        ({"treatments": {"C": "random", "T2": "indexed"}}, "name C and T1"),
        ({"treatments": {"C": "random", "T1": "nobody"}}, "no recommender 'nobody'"),
        ({"world": "botify"}, "needs both files"),
        ({"users": "x", "tracks": "y"}, "needs both files"),
        ({"arms": ("T7",)}, "T7 is no treatment"),
        ({"lists_from": "x", "turns": 2}, "one turn"),
        ({"listened": 1.0}, "listened"),
    ):
        with pytest.raises(SettingsError, match=reason):
            check_request(LoopRequest(**changes))
    store = LoopStore(tmp_path)
    store.create("a", LoopRequest(), CREATED)
    with pytest.raises(LoopError, match="already"):
        store.create("a", LoopRequest(), CREATED)
    with pytest.raises(LoopError, match="no loop"):
        store.open("b")
    with pytest.raises(LoopError, match="cannot name"):
        store.open("../a")
    (tmp_path / "a" / "loop.json").write_text('{"loop_id": 3}')
    with pytest.raises(LoopError, match="damaged"):
        store.open("a")
    assert store.list() == []


def test_the_folder_of_a_turn_is_a_home_that_the_service_serves_from(two_turns):
    home = turn_home(two_turns[0], 2)
    with running_service(home, REFRAIN_EXPERIMENTS=str(home / "experiments.toml")) as service:
        assert service.wait_ready().status_code == 200


def test_over_http_with_lists_in_a_real_redis(tmp_path, demo_world, redis_server: RedisServer):
    loop = small_loop(tmp_path, way="http", sessions=600, listeners=8)
    events: list[dict] = []
    looked = threading.Event()

    def hear(event: dict) -> None:
        events.append(event)
        if event["kind"] == "look":
            looked.set()
        elif event.get("step") == "experiment" and event["kind"] == "progress" and event["done"] == 400:
            assert looked.wait(60)  # however quick the listeners, somebody looks before they are done

    run_loop(loop, demo_world, redis_url=redis_server.url, on_event=hear, look_every=0.2)
    found = loop.card.done(1, "experiment").found
    assert found["sessions"] == 600
    assert found["failed"] == 0
    assert found["latency"]["p50"] > 0
    home = turn_home(loop, 1)
    assert verify(home / LOGS).whole
    chosen = {
        (one.recommender, one.index_version) for one in read_events(home / LOGS) if one.treatment == "T1"
    }
    assert ("indexed", "small-turn-1") in chosen  # the lists came through Redis
    assert {one["kind"] for one in events} == {"started", "progress", "done", "service", "look"}
    assert read_look(home).traffic.waited[0] > 0


def test_a_service_whose_owner_dies_leaves_too(tmp_path, two_turns):
    home = turn_home(two_turns[0], 1)
    owner = (
        "import sys, pathlib; sys.path[:0] = sys.argv[1:3]\n"
        "from recsys_online.loop.live_service import live_service\n"
        "home = pathlib.Path(sys.argv[3])\n"
        "with live_service(home, home / 'experiments.toml') as url:\n"
        "    print(url, flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", owner, str(ROOT), str(ROOT / "back-end"), str(home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url = process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    deadline = time.monotonic() + 15
    while _answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _answers(url: str) -> bool:
    import httpx  # noqa: PLC0415

    try:
        httpx.get(f"{url}/ready", timeout=1)
    except httpx.HTTPError:
        return False
    return True


def test_two_programs_cannot_work_on_one_loop(tmp_path, demo_world):
    loop = small_loop(tmp_path)
    with LoopStore(tmp_path).open("small").held(), pytest.raises(LoopError, match="Another program"):
        run_loop(loop, demo_world)
    assert not loop.busy()
    assert not loop.card.steps


def test_a_loop_deleted_meanwhile_is_not_busy_and_says_so(tmp_path):
    loop = small_loop(tmp_path)
    shutil.rmtree(loop.folder)
    assert not loop.busy()
    with pytest.raises(LoopError, match="cannot be worked on"), loop.held():
        pass


def test_what_is_done_on_a_loop_may_fail_for_reasons_of_its_own(tmp_path):
    with pytest.raises(BlockingIOError), small_loop(tmp_path).held():
        raise BlockingIOError


def test_a_redis_that_is_not_there_is_found_out_first(tmp_path, demo_world):
    loop = small_loop(tmp_path)
    with pytest.raises(Exception, match="Redis does not answer"):
        run_loop(loop, demo_world, redis_url="redis://127.0.0.1:9/0")
    assert not loop.card.steps


def test_the_older_service_s_world_with_a_real_redis(tmp_path, redis_server, real_botify):
    """The catalogue and listeners of the older service, lists in Redis, sessions over HTTP."""
    request = {
        **SMALL, **botify_files(real_botify),
        "world": "botify", "logged": 30_000, "sessions": 400, "way": "http", "epochs": 2,
    }  # fmt: skip
    loop = LoopStore(tmp_path).create("botify", LoopRequest.from_dict(request), CREATED)
    run_loop(loop, open_world(loop.request, tmp_path), redis_url=redis_server.url)
    look = read_look(turn_home(loop, 1))
    assert look.report.log.sessions == 400
    assert loop.card.done(1, "index").found["tracks"] == 50_000
    assert look.traffic.fallback_share < 0.2
