"""Lists that were not served, judged from random choices: by hand, and against what serving them pays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from recsys_cli.analyse import analyse as command
from recsys_core.errors import DataError
from recsys_online.analysis import judge_lists, read_lists
from recsys_online.analysis.decisions import logged_choices
from recsys_online.events import EventWriter
from recsys_online.experiments import Experiment
from recsys_online.experiments.plan import Arms, Plan
from recsys_online.loop import LoopRequest, open_world
from recsys_online.publishing import write_lists
from recsys_online.shelves import create_recommenders
from recsys_online.simulator import Recommending, simulate
from tests.online.analysis.made_up import START, session_events, write_log

SESSIONS = 30_000
MOMENT = datetime(2026, 1, 10, tzinfo=UTC)


def played(world, publication, recommender: str, folder: Path, seed: int) -> str:
    """Log sessions in which ``recommender`` chose every track but the first, in both arms."""
    arms = Arms(Experiment("PERSONALIZED", 2), {"C": recommender, "T1": recommender})
    served = create_recommenders(publication.catalogue(), np.random.default_rng(seed))
    log = EventWriter(folder)
    recommending = Recommending(publication, served, Plan(recommender, (arms,)), "v1")
    simulate(world, recommending, episodes=SESSIONS, seed=seed, moment=MOMENT, log=log)
    log.close()
    return str(folder)


@pytest.fixture(scope="module")
def lists_and_truth(tmp_path_factory):
    """A random log, lists of twenty, and what their first tracks earn when the simulator does serve them."""
    folder = tmp_path_factory.mktemp("what-if")
    world = open_world(LoopRequest(), Path("nowhere"))
    plain = world.without_lists()
    users, tracks = world.listeners.users, [track.track for track in plain.tracks]
    rng = np.random.default_rng(5)
    chosen = np.stack([rng.permutation(tracks)[:20] for _ in users]).astype(np.int32)
    publication = replace(plain, users=users, lists=chosen)
    truth = logged_choices(played(world, publication, "indexed-sample", folder / "served", 2), "PERSONALIZED")
    write_lists(folder / "lists.jsonl", publication)
    logged = played(world, plain, "random", folder / "log", 1)
    return logged, folder / "lists.jsonl", truth.loc[truth["step"] == 1, "reward"]


def test_estimates_meet_what_the_simulator_pays_when_it_serves_the_lists(lists_and_truth):
    logged, lists, truth = lists_and_truth
    found = judge_lists(logged, "PERSONALIZED", read_lists(lists))
    assert found.choices == pytest.approx(SESSIONS, rel=0.01)
    of_truth = 2 * truth.std() / len(truth) ** 0.5
    for one in (found.ips, found.self_normalised, found.doubly_robust):
        assert one.low - of_truth < truth.mean() < one.high + of_truth
        assert one.high - one.low < 0.2
        assert 100 < one.effective < found.choices
    assert found.doubly_robust.high - found.doubly_robust.low < found.ips.high - found.ips.low


def test_the_command_tells_it(lists_and_truth):
    logged, lists, _ = lists_and_truth
    options = ["--logs", logged, "--experiment", "PERSONALIZED", "--what-if", str(lists)]
    said = CliRunner().invoke(command, options).output
    found = judge_lists(logged, "PERSONALIZED", read_lists(lists))
    (line,) = [one for one in said.splitlines() if one.startswith("doubly robust")]
    assert line.split()[2] == f"{found.doubly_robust.value:.3f}"
    written = json.loads(CliRunner().invoke(command, [*options, "--json", "-"]).output)
    assert written["what_if"]["ips"]["value"] == pytest.approx(found.ips.value)


def test_by_hand(tmp_path):
    write_log(
        tmp_path, session_events(7, [1.0, 0.25, 0.75], at=START) + session_events(8, [1.0, 0.5], at=START)
    )
    lists = {"7": ["100", "5", "101"], "8": ["3"], "9": ["101"]}
    found = judge_lists(str(tmp_path), "PERSONALIZED", lists)
    assert (found.choices, found.listeners, found.ran) == (2, 2, (0.25 + 0.5) / 2)
    second_of_two = (1 / 2) / (1 + 1 / 2)  # the track just played, 100, is left out
    assert found.ips.value == pytest.approx(second_of_two / 0.25 * 0.25 / 2)
    assert found.self_normalised.value == pytest.approx(0.25)


def test_what_cannot_be_judged_or_read_is_said(tmp_path):
    write_log(tmp_path / "log", session_events(7, [1.0, 0.25], at=START))
    with pytest.raises(DataError, match="lists of the same listeners"):
        judge_lists(str(tmp_path / "log"), "PERSONALIZED", {"8": ["101"]})
    for words in (b"nonsense", b'{"user": 1}', b'{"user": 1, "tracks": 5}', b"\xff"):
        (tmp_path / "lists.jsonl").write_bytes(words)
        with pytest.raises(DataError, match=r"lists\.jsonl: It cannot be read"):
            read_lists(tmp_path / "lists.jsonl")
