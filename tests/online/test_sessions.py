"""What listeners just heard: kept per listener, shared by processes, and never worth a failure."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.errors import SettingsError
from recsys_online.next_track import Play
from recsys_online.sessions import IDLE, PROBED, REMEMBERED, SLOTS, Listener, SessionStore

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
sys.path[:0] = [{root!r}, {root!r} + "/back-end"]
from pathlib import Path
from recsys_online.sessions import Listener, SessionStore
from recsys_online.next_track import Play
store = SessionStore(Path({path!r}))
print(store.listener(7, 10.0))
store.keep(7, Listener(9, (), (Play(5, 0.5), Play(6, 0.25))), 11.0)
"""


def heard(*tracks: int, session: int = 3) -> Listener:
    return Listener(session, (), tuple(Play(one, 0.5) for one in tracks))


@pytest.fixture
def store(tmp_path):
    opened = SessionStore(tmp_path / "sessions.bin")
    yield opened
    opened.close()


def test_a_stranger_has_no_plays(store):
    assert store.listener(7, 0.0) is None


@given(
    user=st.integers(0, 2**63 - 1),
    session=st.integers(1, 2**63 - 1),
    before=st.lists(st.tuples(st.integers(0, 2**31 - 1), st.floats(0, 1, width=32)), max_size=60),
    plays=st.lists(st.tuples(st.integers(0, 2**31 - 1), st.floats(0, 1, width=32)), max_size=60),
)
def test_the_latest_plays_come_back_as_they_were_kept(tmp_path_factory, user, session, before, plays):
    store = SessionStore(tmp_path_factory.mktemp("one") / "sessions.bin", slots=8)
    before, plays = (tuple(Play(*one) for one in some) for some in (before, plays))
    store.keep(user, Listener(session, before, plays), 5.0)
    found = store.listener(user, 6.0)
    kept = (*before, *plays)[-REMEMBERED:]
    assert (*found.before, *found.plays) == kept
    assert len(found.plays) == min(len(plays), REMEMBERED)
    assert found.session == session
    store.close()


def test_an_idle_session_has_ended_but_is_remembered_as_an_earlier_one(store):
    store.keep(7, heard(1, 2), 100.0)
    assert store.listener(7, 100.0 + IDLE) == heard(1, 2)
    assert store.listener(7, 101.0 + IDLE) == Listener(0, heard(1, 2).plays, ())


def test_two_processes_share_one_file(tmp_path):
    path = tmp_path / "sessions.bin"
    store = SessionStore(path)
    store.keep(7, heard(1), 9.0)
    code = CHILD.format(root=str(ROOT), path=str(path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Play(track=1, share=0.5)" in done.stdout
    assert store.listener(7, 12.0) == Listener(9, (), (Play(5, 0.5), Play(6, 0.25)))
    store.close()


@pytest.mark.parametrize("ids", ["0 to 9,999", "of 63 bits"])
def test_ten_thousand_listeners_keep_out_of_each_others_way(store, ids):
    users = range(10_000)
    if ids == "of 63 bits":
        users = np.random.default_rng(0).integers(0, 2**63 - 1, 10_000).tolist()
    for moment, user in enumerate(users):
        store.keep(user, heard(moment), float(moment))
    lost = sum(store.listener(user, 0.0) != heard(moment) for moment, user in enumerate(users))
    assert lost <= 10  # of 10,000, in 65,536 slots


def test_a_newcomer_takes_the_slot_that_was_longest_silent(tmp_path):
    store = SessionStore(tmp_path / "sessions.bin", slots=PROBED)  # everybody may be anywhere
    for user in (1, 2, 3, 4):
        store.keep(user, heard(user), 10.0 + user)
    store.keep(2, heard(2, 2), 20.0)
    store.keep(5, heard(5), 21.0)
    assert store.listener(1, 22.0) is None
    assert [store.listener(user, 22.0) for user in (2, 3, 4, 5)] == [
        heard(2, 2), heard(3), heard(4), heard(5),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"x", b"\xff" * 10_000, b"\x00" * (SLOTS * 500)])
def test_a_file_of_a_wrong_size_is_replaced_and_who_has_it_open_goes_on(tmp_path, content):
    path = tmp_path / "sessions.bin"
    before = SessionStore(path)
    before.keep(7, heard(1), 9.0)
    other = tmp_path / "other"
    other.write_bytes(content)
    other.replace(path)
    after = SessionStore(path)
    assert after.listener(7, 10.0) is None
    after.keep(7, heard(2), 9.0)
    assert before.listener(7, 10.0) == heard(1)
    assert after.listener(7, 10.0) == heard(2)
    for one in (before, after):
        one.close()


def test_damage_inside_the_file_fails_nobody(tmp_path):
    path = tmp_path / "sessions.bin"
    SessionStore(path, slots=64).close()
    path.write_bytes(np.random.default_rng(0).bytes(path.stat().st_size))
    store = SessionStore(path, slots=64)
    for user in range(200):
        store.keep(user, heard(user), 1e9 + user)
        assert store.listener(user, 1e9 + user) == heard(user)
    store.close()


@pytest.mark.parametrize("damaged", [1, 2, 3, 4])
def test_a_time_that_is_no_number_counts_as_old(tmp_path, damaged):
    store = SessionStore(tmp_path / "sessions.bin", slots=PROBED)
    for user in (1, 2, 3, 4):
        store.keep(user, heard(user), math.nan if user == damaged else 10.0)
    store.keep(5, heard(5), 11.0)
    assert store.listener(damaged, 12.0) is None
    assert all(store.listener(user, 12.0) == heard(user) for user in {1, 2, 3, 4} - {damaged})
    store.close()


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path):
    (tmp_path / "sessions.bin").mkdir()
    with pytest.raises(SettingsError, match=r"sessions\.bin"):
        SessionStore(tmp_path / "sessions.bin")
