"""The artist map: a first view at once, the stored map from then on, and what may be asked of it."""

from __future__ import annotations

import base64
import io
import json
import time
import zipfile
from functools import cache

import msgspec
import numpy as np
import pytest

from recsys_cli.data_options import by_default, load
from recsys_core.artist_map import (
    ItemVectors,
    MapStore,
    artist_tags,
    build_map,
    default_settings,
    similar_artists,
)
from recsys_core.artist_map.selected import commonest_main_tags
from recsys_core.artist_map.store import map_name
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets.demo import load_demo
from recsys_core.errors import SettingsError
from recsys_core.listening.preferences import get_ground_truth
from recsys_core.listening.profile import Profile
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import FOLDER
from recsys_core.splitting import PROTOCOLS
from recsys_dashboard import cached
from recsys_dashboard.artist_map import drawing
from recsys_dashboard.artist_map.pictures import key_of, shelf_of, stored_picture
from recsys_dashboard.artist_map.quality import lines, verdict
from recsys_dashboard.artist_map.take_away import all_artists, projector_zip
from recsys_dashboard.jobs.job import JobSnapshot
from recsys_dashboard.settings import read_settings
from recsys_dashboard.texts import number, percent, text
from tests.dashboard.page_visits import fine, store_demo_runs, trained, visit, words

PAGE = "artist_map"
MODEL = "lightfm-warp"


@pytest.fixture
def runs(data_root):
    return store_demo_runs(data_root, MODEL, "svd")


@cache
def vectors_of():
    """The item vectors of the usual run."""
    run = next(one for one in trained(MODEL, "svd") if one.manifest.model == MODEL)
    return ItemVectors.of_run(run, load_demo())


@cache
def made(**changes):
    """A map of a demo run with few passes; the same one to all tests."""
    vectors = vectors_of()
    settings = default_settings(vectors, **{"epochs": 30, **changes})
    # maps of other settings are older: the usual one is shown first
    return build_map(vectors, settings, created=f"202{5 if changes else 6}-01-02T03:04:05+00:00")


@pytest.fixture
def stored(runs, data_root):
    """The stored map of the usual run."""
    MapStore(RunStore(data_root / "runs")).save(made())
    return made()


def wait_for_jobs(patience):
    """Wait until no job is left, ``patience`` seconds at most."""
    deadline = time.monotonic() + patience
    while any(job.live for job in cached.job_queue().recent()):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def busiest():
    """The artist with the most listeners on the map."""
    return made().artists.sort_values("listeners").iloc[-1]


def test_without_a_run_the_page_says_how_to_get_one(data_root):
    at = visit(PAGE)
    assert not at.exception
    assert text("artist_map.no_run") in words(at)


def test_a_run_without_a_vector_per_artist_is_not_enough(data_root):
    svd = store_demo_runs(data_root, "svd")["svd"].manifest.run_id
    RunStore(data_root / "runs").delete(svd)
    at = visit(PAGE)
    assert text("artist_map.no_run") in words(at)


def test_a_first_visit_shows_a_first_view_at_once_and_the_map_once_it_is_drawn(runs):
    at = visit(PAGE)
    assert not at.exception
    assert text("artist_map.badge_first") in words(at)
    assert text("artist_map.quality_first") in words(at)
    assert [one.label for one in at.button if one.key == "artist_map.cancel"] == [text("artist_map.cancel")]
    run_id = runs[MODEL].manifest.run_id
    wait_for_jobs(120)
    at.run()
    card = shelf_of(run_id).cards[0]
    assert f"{len(card.clusters)} groups of artists who share listeners" in words(at)
    assert at.query_params["map"] == key_of(card.settings)
    assert len(cached.job_queue().recent()) == 1, "one map, drawn once"


def test_what_was_cancelled_is_not_begun_again_by_itself(runs):
    at = visit(PAGE)
    at.button(key="artist_map.cancel").click().run()
    wait_for_jobs(30)
    at.run().run()
    assert text("artist_map.cancelled") in words(at)
    assert len(cached.job_queue().recent()) == 1
    at.button(key="artist_map.draw").click().run()
    assert len(cached.job_queue().recent()) == 2


def ended(state, settings=None):
    """A job of a queue that is not there, over already."""
    events = () if settings is None else (msgspec.Raw(msgspec.json.encode({"settings": settings.to_dict()})),)
    return JobSnapshot("job", "map", "somebody", state, 0, "no memory left", 0.0, 0.0, 0.0, events)


@pytest.mark.parametrize(("state", "told"), [("cancelled", "was cancelled"), ("failed", "no memory left")])
def test_what_became_of_a_job_is_told_to_who_waited_for_it_only(stored, monkeypatch, state, told):
    monkeypatch.setattr(drawing, "job_of", lambda _run_id: ended(state))
    at = visit(PAGE)
    assert told not in words(at)
    at.session_state["artist_map.waited_for"] = "job"
    assert told in words(at.run())


def test_who_misses_a_map_is_told_why_there_is_none(runs, monkeypatch):
    monkeypatch.setattr(drawing, "job_of", lambda _run_id: ended("failed"))
    at = visit(PAGE)
    assert "no memory left" in words(at)
    assert text("artist_map.badge_first") in words(at)


def test_a_map_that_is_stored_while_the_page_looks_is_shown(runs, data_root, monkeypatch):
    def just_done(_run_id):
        MapStore(RunStore(data_root / "runs")).save(made())
        return ended("done", made().card.settings)

    at = visit(PAGE, map="first")
    monkeypatch.setattr(drawing, "job_of", just_done)
    at.session_state["artist_map.waited_for"] = "job"
    at.run()
    assert not at.warning
    assert at.query_params["map"] == key_of(made().card.settings)


def test_data_of_too_few_artists_lead_to_other_data_and_no_job_is_begun(data_root, monkeypatch, tmp_path):
    file = tmp_path / "plays.csv"
    rows = [f"u{user},a{(user + step) % 8},{user + step + 1}" for user in range(20) for step in range(4)]
    file.write_text("user,artist,plays\n" + "\n".join(rows))
    monkeypatch.setenv("REFRAIN_DATA", str(file))
    request = ComparisonRequest(models=("svd",), embedding_size=2, protocol=PROTOCOLS["all-pairs"])
    for run in compare(load(by_default(read_settings())), request, created="2026-01-02T03:04:05+00:00"):
        RunStore(data_root / "runs").save(run)
    at = fine(visit(PAGE))
    assert text("artist_map.too_few", n=8, least="10") in words(at)
    assert cached.job_queue().recent() == ()


def test_whoever_has_a_job_running_already_is_told_and_sees_the_first_view(runs, monkeypatch):
    def full(_task, _payload, _owner):
        raise SettingsError(text("jobs.one_each"))

    monkeypatch.setattr(cached.job_queue(), "submit", full)
    at = visit(PAGE)
    assert text("jobs.one_each") in words(at)
    assert text("artist_map.badge_first") in words(at)


def test_a_stored_map_is_shown_and_no_job_is_started(stored):
    at = visit(PAGE)
    assert not at.exception
    assert not at.warning
    assert cached.job_queue().recent() == ()
    names = ", ".join(one.name for one in stored.card.clusters[:3])
    assert text("artist_map.title_groups", n=len(stored.card.clusters), names=names) in words(at)
    assert text("artist_map.axes") in words(at)
    assert "map seed 42" in words(at)


def test_quality_is_that_of_the_card_with_a_sentence_each(stored):
    at = visit(PAGE)
    quality = stored.card.quality
    assert f"{text('artist_map.trustworthiness')} {number(quality.trustworthiness, 2)}" in words(at)
    assert f"{text('artist_map.unclustered')} {percent(quality.unclustered)}" in words(at)
    assert f"{text('artist_map.seed_agreement')} {number(min(quality.seed_agreement), 2)}" in words(at)
    for line in lines(quality):
        assert text(f"artist_map.{line.name}_{line.verdict}") in words(at)


def test_a_figure_that_is_missing_has_no_verdict(stored):
    poor = msgspec.structs.replace(
        stored.card.quality, density_validity=None, tag_agreement=None, n_clusters=0, seed_agreement=(1.0,)
    )
    assert {line.name: line.verdict for line in lines(poor)} == {
        "trustworthiness": verdict("trustworthiness", poor.trustworthiness),
        "unclustered": verdict("unclustered", poor.unclustered),
        "seed_agreement": None,
        "tag_agreement": None,
        "density_validity": None,
    }


def test_an_address_rings_an_artist_and_shows_its_nearest(stored):
    artist = busiest()
    at = visit(PAGE, artist=artist["name"])
    assert at.query_params["artist"] == str(artist["item_id"])
    assert text("artist_map.ringed", name=artist["name"]) in words(at)
    assert text("artist_map.nearest", name=artist["name"]) in words(at)
    bars = json.loads(at.get("plotly_chart")[1].proto.spec)["data"][0]
    among = stored.artists["item_idx"].to_numpy()
    near = similar_artists(vectors_of(), int(artist["item_idx"]), 10, among=among)
    assert bars["text"][::-1] == [number(float(one), 2) for one in near["cosine"]]


def test_an_artist_is_found_while_typing_and_the_ring_can_go_again(stored):
    artist = busiest()
    at = visit(PAGE)
    at.text_input(key="artist_map.typed").set_value(artist["name"].lower()).run()
    at.button(key=f"artist_map.find.{artist['item_idx']}").click().run()
    assert text("artist_map.ringed", name=artist["name"]) in words(at)
    assert at.text_input(key="artist_map.typed").value == ""
    assert at.button(key="artist_map.zoom_button").label == text("artist_map.whole")
    at.button(key="artist_map.zoom_button").click().run()
    assert at.button(key="artist_map.zoom_button").label == text("artist_map.near")
    at.button(key="artist_map.unring").click().run()
    assert text("artist_map.ringed", name=artist["name"]) not in words(at)
    assert "artist" not in at.query_params


def test_somebody_who_likes_the_artist_and_its_nearest_is_one_click_away(stored):
    artist = busiest()
    at = visit(PAGE, artist=str(artist["item_id"]))
    query = at.get("page_link")[0].proto.query_string
    assert "who=me" in query
    assert f"mine={Profile().having(artist['item_id'], '3').encode()}~" in query


def test_nothing_typed_that_fits_is_said(stored):
    at = visit(PAGE)
    at.text_input(key="artist_map.typed").set_value("qqqqxx").run()
    assert text("artist_map.search_nothing", typed="qqqqxx") in words(at)


def test_a_listener_is_shown_with_their_artists_and_suggestions(stored):
    user = str(load_demo().users.ids[0])
    at = visit(PAGE, listener=user, colour="listener")
    played = get_ground_truth(user, load_demo())["item_id"]
    there = played.isin(stored.artists["item_id"]).sum()
    assert f"Listener {user}: **{there}** of the {len(played)} artists they play are on the map" in words(at)
    main = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert len(main["data"]) == 3, "all artists, those played, those suggested"
    assert at.selectbox(key="artist_map.pick_listener").value == user


def test_a_listeners_score_without_a_listener_asks_for_one(stored):
    at = visit(PAGE, colour="listener")
    assert not at.exception
    assert text("artist_map.choose_listener") in words(at)


@pytest.mark.parametrize("colour", ["group", "tag", "popularity"])
def test_every_colour_draws(stored, colour):
    at = visit(PAGE, colour=colour)
    assert not at.exception
    main = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert len(main["data"]) == 1


def test_a_link_holds_what_is_in_colour_what_is_circled_and_what_the_mouse_does(stored):
    circled = [str(one) for one in stored.artists["item_id"].head(3)]
    groups = [one.label for one in stored.card.clusters[-2:]]
    lists = {"groups": "~".join(map(str, groups)), "circled": "~".join(circled)}
    at = fine(visit(PAGE, drag="lasso", **lists))
    assert text("artist_map.selected_title", n=3) in [one.value for one in at.subheader]
    main = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert main["layout"]["dragmode"] == "lasso"
    values = main["data"][0]["marker"]["color"]
    colours = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    assert (colours >= 0).sum() == stored.artists["cluster"].isin(groups).sum()
    assert {name: at.query_params[name] for name in lists} == lists
    at.button(key="artist_map.unselect").click().run()
    assert "circled" not in at.query_params


def test_a_link_holds_chosen_tags_and_leaves_out_what_is_not_there(stored):
    tags = artist_tags(load_demo(), stored.artists["item_idx"].to_numpy())
    first, second = (tags.names[tag] for tag, _ in commonest_main_tags(tags)[:2])
    at = fine(visit(PAGE, colour="tag", tags=f"{first}~nonsense~{second}", groups="x~999", circled="%ff~-1"))
    assert at.query_params["tags"] == f"{first}~{second}".replace(" ", "%20")
    assert {"groups", "circled"}.isdisjoint(at.query_params)


def test_what_an_address_cannot_mean_is_told_until_something_is_chosen(stored):
    bad = {"run": "r0", "artist": "qqqqxx", "listener": "-9", "colour": "pink", "map": "m0", "with": "w0"}
    at = visit(PAGE, **bad)
    assert not at.exception
    told = [one.value.replace("\\", "") for one in at.warning]
    for name, asked in bad.items():
        assert text(f"artist_map.bad_{name}", asked=asked) in told
    at.run()
    assert len(at.warning) == len(bad), "a page drawn again by itself does not forget"
    at.selectbox(key="artist_map.pick_listener").select(str(load_demo().users.ids[0])).run()
    assert not at.warning


def test_two_pictures_stand_beside_each_other(stored, runs):
    svd = runs["svd"].manifest.run_id
    at = visit(PAGE, **{"with": f"{svd}~first"})
    assert not at.exception
    assert not at.warning
    charts = [json.loads(one.proto.spec) for one in at.get("plotly_chart")]
    assert len(charts) == 2
    ranges = [chart["layout"]["xaxis"]["range"] for chart in charts]
    assert ranges[0] == ranges[1], "one frame"
    for chart in charts:
        x = chart["data"][0]["x"]
        places = np.frombuffer(base64.b64decode(x["bdata"]), x["dtype"])
        assert ranges[0][0] < places.min() < places.max() < ranges[0][1], "which holds both"
    assert "of the layout is the same" in words(at)
    assert text("artist_map.beside_note") in words(at)


def test_groups_are_listed_with_tags_and_typical_artists(stored):
    at = visit(PAGE)
    table = at.dataframe[0].value
    assert table["name"].tolist() == [one.name for one in stored.card.clusters]
    assert table["size"].tolist() == [one.size for one in stored.card.clusters]


def test_other_settings_make_another_map_and_stored_ones_are_listed(stored, runs, data_root):
    run_id = runs[MODEL].manifest.run_id
    MapStore(RunStore(data_root / "runs")).save(made(seed=7))
    at = visit(PAGE)
    assert text("artist_map.stored", n=2) in words(at)
    key = key_of(made(seed=7).card.settings)
    at.button(key=f"artist_map.open.{key}").click().run()
    assert "map seed 7" in words(at)
    assert at.button(key="artist_map.make").label == text("artist_map.show_this")
    at.number_input(key=f"artist_map.seed.{run_id}").set_value(9).run()
    assert at.button(key="artist_map.make").label == text("artist_map.make")
    at.button(key=f"artist_map.delete.{key}").click().run()
    assert shelf_of(run_id).find(key) is None
    assert "map seed 42" in words(at)


def test_the_slider_says_how_many_artists_remain(stored, runs):
    at = visit(PAGE)
    run_id = runs[MODEL].manifest.run_id
    at.select_slider(key=f"artist_map.least.{run_id}").set_value(20).run()
    left = int((stored.artists["listeners"] >= 20).sum())
    assert f"{left} of 303 artists remain" in words(at)


@pytest.mark.parametrize("damage", ["points", "card"])
def test_a_damaged_map_is_told_and_made_again_at_a_click(stored, runs, data_root, damage):
    run_id = runs[MODEL].manifest.run_id
    folder = RunStore(data_root / "runs").folder(run_id) / FOLDER / map_name(stored.card.settings)
    file = folder / ("artists.parquet" if damage == "points" else "artefact.json")
    file.write_bytes(b"no such thing")
    at = visit(PAGE)
    assert not at.exception
    assert text("artist_map.damaged", n=1) in [one.value.replace("\\", "") for one in at.error]
    assert cached.job_queue().recent() == ()
    at.button(key="artist_map.again").click().run()
    assert not folder.exists()
    assert len(cached.job_queue().recent()) == 1


def test_everything_can_be_taken_home(stored, runs):
    run_id = runs[MODEL].manifest.run_id
    picture = stored_picture(run_id, shelf_of(run_id).cards[0], load_demo())
    table = all_artists(picture)
    assert len(table) == len(stored.artists)
    assert {"item_id", "name", "group", "tags", "listeners", "x", "y"} <= set(table.columns)
    with zipfile.ZipFile(io.BytesIO(projector_zip(stored, picture))) as archive:
        assert "projector_config.pbtxt" in archive.namelist()
        assert len(archive.read("metadata.tsv").decode().splitlines()) == len(stored.artists) + 1
