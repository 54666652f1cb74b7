"""``refrain data``, ``recommend`` and ``runs``."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import shutil
import threading
import zipfile

import pytest

from recsys_cli.main import run
from recsys_cli.output import one_line, table
from recsys_core.datasets import download_lastfm
from recsys_core.runs import RunStore

FILES = {
    "user_artists.dat": "userID\tartistID\tweight\n2\t51\t100\n2\t52\t9\n3\t51\t7\n3\tx\t7\n",
    "artists.dat": "id\tname\turl\tpictureURL\n51\tDuran Duran\tu\tp\n52\tMorcheeba\tu\tp\n",
}


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory):
    """A home with the runs of one comparison."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REFRAIN_HOME", str(folder))
        assert run(["compare", "--dataset", "demo", "--models", "svd"]) == 0
    return folder


@pytest.fixture
def trained(trained_once, home):
    shutil.copytree(trained_once, home)


def run_ids(home, model=None):
    return [one.run_id for one in RunStore(home / "runs").list() if model in (None, one.model)]


# ---- data ------------------------------------------------------------------------------------


def test_without_anything_the_demo_is_described_as_simulated(refrain):
    code, out, err = refrain("data")
    assert (code, err) == (0, "")
    assert out.startswith("Demo data (simulated listeners): 1,500 users")


def test_every_row_is_accounted_for(refrain, plays):
    columns = ("--user-column", "Fan", "--item-column", "Tune", "--weight-column", "Times")
    code, out, _ = refrain("data", "--data", plays, *columns, "--json", "-")
    (report,) = json.loads(out)["files"]
    assert code == 0
    assert report["read"] == report["kept"] + sum(report["dropped"].values()) == 161
    assert list(report["first_lines"].values()) == [162]
    _, text, _ = refrain("data", "--data", plays, *columns)
    assert "162" in text


def test_the_environment_names_the_data(refrain, lastfm_dir, monkeypatch):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    _, out, _ = refrain("data", "--json", "-")
    answer = json.loads(out)
    assert (answer["dataset"]["name"], answer["dataset"]["n_interactions"]) == ("lastfm", 92_834)
    assert "Non-commercial" in answer["licence"]
    assert json.loads(refrain("data", "--dataset", "demo", "--json", "-")[1])["dataset"]["name"] == "demo"


def test_the_environment_may_name_a_table(refrain, monkeypatch, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("user,item\na,x\na,y\nb,x\n")
    monkeypatch.setenv("REFRAIN_DATA", str(path))
    assert json.loads(refrain("data", "--json", "-")[1])["dataset"]["n_interactions"] == 3


def test_a_wrong_environment_is_an_error_and_not_silently_the_demo(refrain, monkeypatch, tmp_path):
    monkeypatch.setenv("REFRAIN_DATA", str(tmp_path / "nowhere"))
    code, _, err = refrain("data")
    assert code == 2
    assert "nowhere" in err


@pytest.fixture
def archive(tmp_path):
    """The address and checksum of a small archive on a server of this computer."""
    folder = tmp_path / "site"
    folder.mkdir()
    with zipfile.ZipFile(folder / "lastfm.zip", "w") as made:
        for name, text in FILES.items():
            made.writestr(name, text)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.func.log_message = lambda *_arguments: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        digest = hashlib.sha256((folder / "lastfm.zip").read_bytes()).hexdigest()
        yield f"http://127.0.0.1:{server.server_port}/lastfm.zip", digest
        server.shutdown()


def test_download_fetches_then_describes_and_is_found_from_then_on(refrain, archive, monkeypatch, home):
    url, digest = archive
    fetch = functools.partial(download_lastfm, url=url, sha256=digest)
    monkeypatch.setattr("recsys_cli.data.download_lastfm", fetch)
    code, out, err = refrain("data", "--download")
    assert (code, err) == (0, "")
    assert out.startswith("Last.fm 2011: 2 users x 2 items, 3 pairs")
    assert [path.suffix for path in (home / "downloads").iterdir()] == [".zip"]
    assert refrain("data")[1].startswith("Last.fm 2011")


def test_a_download_that_fails_leaves_nothing_and_says_what_to_do(refrain, archive, monkeypatch, home):
    fetch = functools.partial(download_lastfm, url=archive[0], sha256="0" * 64)
    monkeypatch.setattr("recsys_cli.data.download_lastfm", fetch)
    code, out, err = refrain("data", "--download")
    assert (code, out) == (2, "")
    assert "could not be downloaded" in err
    assert not (home / "downloads").exists()


# ---- recommend -------------------------------------------------------------------------------


def test_a_listener_gets_the_best_unheard_of_the_best_run_of_the_data(refrain, trained, home):
    code, out, err = refrain("recommend", "7", "--k", "4", "--json", "-")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert (answer["user_id"], answer["model"], answer["run_id"]) == (7, "svd", *run_ids(home, "svd"))
    assert [row["rank"] for row in answer["recommendations"]] == [1, 2, 3, 4]
    assert set(answer["recommendations"][0]) == {"rank", "item_id", "name", "score", "hit"}


def test_any_run_may_be_asked(refrain, trained, home):
    (run_id,) = run_ids(home, "popularity")
    _, out, _ = refrain("recommend", "7", "--run", run_id, "--json", "-")
    assert json.loads(out)["model"] == "popularity"
    _, text, _ = refrain("recommend", "7", "--run", run_id)
    assert text.startswith(f"For listener 7, Demo data, by popularity (run {run_id})")


def test_a_run_is_not_asked_about_other_data(refrain, trained, plays, home):
    columns = ("--user-column", "Fan", "--item-column", "Tune")
    code, _, err = refrain("recommend", "7", "--data", plays, *columns)
    assert (code, err) == (2, "refrain: There is no run of this data yet. Train one with: refrain compare.\n")
    (run_id,) = run_ids(home, "svd")
    code, _, err = refrain("recommend", "7", "--run", run_id, "--data", plays, *columns)
    assert code == 2
    assert "was trained on Demo data" in err


# ---- runs ------------------------------------------------------------------------------------


def test_nothing_is_stored_at_first(refrain):
    assert refrain("runs") == (0, "No run is stored yet.\n", "")
    assert refrain("runs", "--json", "-") == (0, "[]\n", "")


def test_runs_are_listed_shown_and_deleted(refrain, trained, home):
    ids = run_ids(home)
    listed = json.loads(refrain("runs", "--json", "-")[1])
    assert [one["run_id"] for one in listed] == ids
    assert refrain("runs")[1] == refrain("runs", "list")[1]
    assert all(run_id in refrain("runs")[1] for run_id in ids)
    shown = json.loads(refrain("runs", "show", ids[0], "--json", "-")[1])
    assert shown["manifest"]["run_id"] == ids[0]
    assert ids[0] in refrain("runs", "show", ids[0])[1]
    code, out, _ = refrain("runs", "delete", *ids)
    assert (code, out.splitlines()) == (0, [f"Deleted {run_id}." for run_id in ids])
    assert run_ids(home) == []


# ---- output ----------------------------------------------------------------------------------


def test_figures_stand_right_and_names_left():
    text = table(["name", "plays"], [("U2", "1,000"), ("a-ha", "7")])
    assert text.splitlines() == ["name  plays", "U2    1,000", "a-ha      7"]


def test_a_name_cannot_steer_the_terminal():
    assert one_line("a\x1b[2Jb\nc\u202ed") == "a\ufffd[2Jb c\ufffdd"
    assert "\x1b" not in table(["name"], [("\x1b[31mred",)])
