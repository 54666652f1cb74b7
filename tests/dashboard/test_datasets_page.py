"""Data: facts, rows, shapes, and three ways to other data, none of which can spoil what is there."""

from __future__ import annotations

import hashlib
import secrets
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep

import pytest

from recsys_dashboard.cached import job_queue
from recsys_dashboard.texts import text
from tests.dashboard.page_visits import metrics, visit, words

SHAPES, BRING = text("datasets.tab_shapes"), text("datasets.tab_bring")
OWN = "who;what;how often\n" + "\n".join(f"u{n % 7};artist {n % 5};{n + 1}" for n in range(35))


@pytest.fixture
def lastfm_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lastfm")
    plays = [f"{user}\t{artist}\t{user * artist}" for user in range(1, 9) for artist in range(1, 7)]
    (folder / "user_artists.dat").write_text("userID\tartistID\tweight\n" + "\n".join(plays))
    artists = [f"{one}\tArtist {one}\thttp://a\thttp://b" for one in range(1, 7)]
    (folder / "artists.dat").write_text("id\tname\turl\tpictureURL\n" + "\n".join(artists))
    return folder


@pytest.fixture
def archive(lastfm_folder):
    path = lastfm_folder.parent / "archive.zip"
    with zipfile.ZipFile(path, "w") as file:
        for one in lastfm_folder.iterdir():
            file.write(one, one.name)
        file.writestr("readme.txt", secrets.token_bytes(200_000))  # so that half an archive is something
    return path.read_bytes()


@pytest.fixture
def server(archive):
    """Sends half the archive, then waits for leave to send the rest."""
    gate = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(archive)))
            self.end_headers()
            self.wfile.write(archive[: len(archive) // 2])
            self.wfile.flush()
            gate.wait(30)
            self.wfile.write(archive[len(archive) // 2 :])

        def log_message(self, *_):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    source = {
        "url": f"http://127.0.0.1:{listening.server_port}/data.zip",
        "sha256": hashlib.sha256(archive).hexdigest(),
    }
    yield source, gate
    gate.set()
    listening.shutdown()
    listening.server_close()


def ended(job_id):
    deadline = monotonic() + 60
    while (job := job_queue().snapshot(job_id)).live:
        assert monotonic() < deadline, "the job did not end"
        sleep(0.05)
    return job


# --- facts, rows, shapes


def test_facts_are_counted_and_the_listeners_called_simulated(data_root):
    at = visit("datasets")
    assert metrics(at)[text("datasets.card_users")] == "1,500"
    assert metrics(at)[text("datasets.card_density")] == "13%"
    assert text("datasets.rows_all") in words(at)
    assert "simulated listeners" in words(at)


def test_real_rows_are_accounted_for_and_the_licence_is_shown(data_root, monkeypatch, lastfm_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = visit("datasets")
    rows = at.dataframe[0].value
    assert (rows["read"] >= rows["kept"]).all()
    assert rows.loc[rows["file"] == "user_artists.dat", "kept"].tolist() == [92834]
    assert "Non-commercial use only" in words(at)
    assert "61% of the artists have a single listener" in words(at)


def test_the_shapes_of_the_real_data_are_explained_with_their_numbers(data_root, monkeypatch, lastfm_dir):
    monkeypatch.setenv("REFRAIN_DATA", str(lastfm_dir))
    at = visit("datasets", show=SHAPES)
    said = words(at)
    for number in ("1,892", "17,632", "92,834", "636 pairs", "92,198 remain", "73,758", "18,440", "0 shared"):
        assert number in said
    assert "| playCountScaled | 92,198 | 636 |" in said


def test_equal_counts_are_explained_rather_than_lost(data_root, monkeypatch, tmp_path_factory):
    file = tmp_path_factory.mktemp("own") / "pairs.csv"
    file.write_text("user,artist\n" + "\n".join(f"u{n % 11},a{n % 7}" for n in range(70)))
    monkeypatch.setenv("REFRAIN_DATA", str(file))
    at = visit("datasets", show=SHAPES)
    assert not at.exception
    assert text("datasets.answer_unscaled") in words(at)


def test_data_too_small_to_split_leave_the_rest_of_the_page(data_root, monkeypatch, tmp_path_factory):
    file = tmp_path_factory.mktemp("own") / "one.csv"
    file.write_text("user,artist,plays\nanna,Air,3\n")
    monkeypatch.setenv("REFRAIN_DATA", str(file))
    at = visit("datasets", show=SHAPES)
    assert not at.exception
    assert len(at.warning) == 1
    assert text("datasets.scaling_words") in words(at)


@pytest.mark.parametrize("tab", ["", "nonsense"])
def test_an_unknown_tab_in_the_address_opens_the_first(data_root, tab):
    at = visit("datasets", show=tab)
    assert not at.exception
    assert len(at.metric) == 4


# --- an own file


def brought(content=OWN, name="my plays.csv"):
    at = visit("datasets", show=BRING)
    return at.file_uploader[0].set_value((name, content.encode(), "text/csv")).run()


def pick(at, role, column):
    next(box for box in at.selectbox if box.key.startswith(f"datasets.role.{role}.")).select(column)


def test_columns_are_guessed_confirmed_and_the_file_becomes_the_data_set(data_root):
    at = brought()
    roles = {box.key.split(".")[2]: box.value for box in at.selectbox if box.key.startswith("datasets.role.")}
    assert roles["user"] == "who"
    assert len(at.dataframe[0].value) == 8
    pick(at, "item", "what")
    pick(at, "weight", "how often")
    at.button(key="datasets.upload_use").click().run()
    assert not at.exception
    assert "my plays.csv was checked and stored" in words(at)
    assert "my plays.csv · 7 listeners · 5 artists" in words(at)
    again = visit("datasets", data=at.sidebar.selectbox(key="data").value)
    assert metrics(again)[text("datasets.card_users")] == "7"


def test_nothing_is_stored_while_a_needed_column_is_open(data_root):
    at = brought("a,b\n1,2\n3,4\n")
    at.button(key="datasets.upload_use").click().run()
    assert text("datasets.role_missing", role=text("datasets.role_user")) in words(at)
    assert not list(data_root.glob("uploads/*.data"))


def test_a_bad_file_names_line_column_and_fix_and_changes_nothing(data_root):
    at = brought("user,artist,plays\nanna,Air,many\nben,Air,-3\n")
    at.button(key="datasets.upload_use").click().run()
    said = at.error[0].value.replace("\\", "")
    assert 'my plays.csv, line 2, column "plays"' in said
    assert "Check the file" in said
    assert at.sidebar.selectbox(key="data").value == "demo"


def test_a_file_that_is_no_table_says_so(data_root):
    at = brought("just a sentence\nand another\n")
    assert "No separator was found" in words(at)
    assert not any(button.key == "datasets.upload_use" for button in at.button)


def test_dropped_rows_of_an_own_file_are_shown(data_root):
    at = brought(OWN.replace("who;what;how often", "user;artist;plays") + "\nu1;artist 9;0\n;artist 1;4\n")
    at.button(key="datasets.upload_use").click().run()
    facts = visit("datasets", data=at.sidebar.selectbox(key="data").value)
    rows = facts.dataframe[0].value
    assert rows["dropped"].sum() == 2
    assert rows["reason"].str.contains("zero").any()


# --- the real data


def test_a_folder_is_checked_copied_and_shown(data_root, lastfm_folder):
    at = visit("datasets", show=BRING)
    at.text_input(key="datasets.folder").input(str(lastfm_folder))
    at.button(key="datasets.folder_use").click().run()
    assert at.sidebar.selectbox(key="data").value == "lastfm"
    assert text("datasets.lastfm_adopted") in words(at)
    assert sorted(one.name for one in lastfm_folder.iterdir()) == ["artists.dat", "user_artists.dat"]


@pytest.mark.parametrize("folder", ["", "/no/such/folder", "  "])
def test_a_wrong_folder_is_a_sentence_with_a_next_step(data_root, folder):
    at = visit("datasets", show=BRING)
    at.text_input(key="datasets.folder").input(folder)
    at.button(key="datasets.folder_use").click().run()
    assert len(at.error) == 1
    assert "Name the folder or zip" in at.error[0].value
    assert not (data_root / "downloads").exists()


def test_an_unreachable_server_leaves_everything_as_it_was(data_root, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("NO_PROXY", "")
    at = visit("datasets", show=BRING)
    at.button(key="datasets.download").click().run()
    ended(job_queue().recent()[0].id)
    at.run()
    assert "could not be downloaded" in words(at)
    assert "by hand" in words(at)
    assert any(button.key == "datasets.download" for button in at.button)
    assert not (data_root / "downloads").exists()
    assert metrics(visit("datasets"))[text("datasets.card_users")] == "1,500"


def test_progress_is_shown_and_the_data_can_be_chosen_afterwards(data_root, server):
    source, gate = server
    job_id = job_queue().submit("download", {"source": source}, "another tab")
    while not any(event["done"] for event in job_queue().snapshot(job_id).events):
        assert job_queue().snapshot(job_id).live
        sleep(0.05)
    at = visit("datasets", show=BRING)
    assert not at.exception
    assert not any(button.key == "datasets.download" for button in at.button)
    assert not any(button.key == "datasets.download_cancel" for button in at.button)  # not ours
    gate.set()
    assert ended(job_id).state == "done"
    at.run()
    at.button(key="datasets.lastfm_use").click().run()
    assert at.sidebar.selectbox(key="data").value == "lastfm"
    assert metrics(visit("datasets", data="lastfm"))[text("datasets.card_users")] == "8"
