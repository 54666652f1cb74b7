"""From a stored run to a map on disk and back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys_core.artist_map import (
    ItemVectors,
    MapSettings,
    MapStore,
    artist_tags,
    build_map,
    can_be_mapped,
    default_settings,
    similar_artists,
)
from recsys_core.artist_map.progress import STEPS
from recsys_core.artist_map.store import map_name
from recsys_core.comparison import ComparisonRequest, compare
from recsys_core.datasets import load_demo
from recsys_core.errors import CancelledError, DataError, RunError, SettingsError
from recsys_core.models.registry import MODELS, create_model
from recsys_core.runs import RunStore
from recsys_core.runs.artefacts import delete_artefact
from recsys_core.splitting import PROTOCOLS, split
from tests.core.artist_map.demo_map import CREATED, demo, demo_map, demo_run, demo_vectors, settings
from tests.core.small_data import random_dataset

# ---- which artists ---------------------------------------------------------------------------


def test_vectors_are_the_models_own_at_length_one():
    vectors = demo_vectors()
    np.testing.assert_array_equal(vectors.embeddings, demo_run().arrays["item_embeddings"])
    unit = vectors.unit(np.arange(20))
    np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1, atol=1e-6)
    assert (unit @ vectors.embeddings[:20].T).diagonal().min() > 0


def test_artists_need_listeners_and_a_vector_that_was_learned():
    vectors = demo_vectors()
    trained = split(demo(), PROTOCOLS["all-pairs"]).train.item_idx
    for least in (1, 40, 100):
        slow = [
            item
            for item in range(demo().n_items)
            if (demo().interactions.item_idx == item).sum() >= least and item in trained
        ]
        assert vectors.chosen(least).tolist() == slow
    facts = vectors.facts(40)
    assert facts.n_shown == len(vectors.chosen(40))
    assert 0 < facts.share_of_listening <= 1


def test_too_few_artists_are_no_map():
    with pytest.raises(DataError, match="ask for fewer listeners"):
        build_map(demo_vectors(), settings(min_listeners=10_000), created=CREATED)


def test_a_model_without_vectors_cannot_be_mapped():
    assert can_be_mapped("fast-warp")
    assert can_be_mapped("svd")
    assert not can_be_mapped("popularity")
    assert not can_be_mapped("nonsense")
    run = compare(
        random_dataset(),
        ComparisonRequest(models=("popularity",), protocol=PROTOCOLS["all-pairs"]),
        created="",
    )[0]
    with pytest.raises(SettingsError, match="factor model"):
        ItemVectors.of_run(run, random_dataset())
    with pytest.raises(RunError, match="was trained on"):
        ItemVectors.of_run(demo_run(), random_dataset())


def test_defaults_fit_the_data_and_changes_win():
    found = default_settings(demo_vectors())
    assert found.min_listeners == 5
    n = len(demo_vectors().chosen(5))
    assert found.min_cluster_size == max(5, round(0.3 * np.sqrt(n)))
    assert default_settings(demo_vectors(), min_cluster_size=7, seed=3).min_cluster_size == 7
    with pytest.raises(SettingsError, match="neighbours"):
        default_settings(demo_vectors(), neighbours=1)
    with pytest.raises(SettingsError, match="surprise"):
        default_settings(demo_vectors(), surprise=1)


def test_a_small_catalogue_asks_for_fewer_listeners():
    data = random_dataset(n_users=30, n_items=40, n_pairs=160)
    vectors = ItemVectors.of_model("r", create_model("svd", {"embedding_size": 4}).fit(data), data)
    assert default_settings(vectors).min_listeners == 1


# ---- the map ---------------------------------------------------------------------------------


def test_the_same_settings_give_the_same_bits():
    again = build_map(demo_vectors(), settings(), created="later")
    pd.testing.assert_frame_equal(again.artists, demo_map().artists, check_exact=True)
    assert again.card.quality == demo_map().card.quality
    assert again.card.clusters == demo_map().card.clusters


def test_side_by_side_layouts_give_the_same_bits():
    again = build_map(demo_vectors(), settings(), created=CREATED, threads=3)
    pd.testing.assert_frame_equal(again.artists, demo_map().artists, check_exact=True)
    assert again.card.quality == demo_map().card.quality


def test_another_seed_moves_points_and_is_compared():
    quality = demo_map().card.quality
    assert len(quality.seed_agreement) == len(quality.other_seeds) == 2
    assert settings().seed not in quality.other_seeds
    other = build_map(demo_vectors(), settings(seed=7), created=CREATED)
    assert not np.array_equal(other.points, demo_map().points)


def test_a_row_per_artist_and_clusters_that_add_up():
    made = demo_map()
    artists, card = made.artists, made.card
    assert artists["item_idx"].tolist() == demo_vectors().chosen(card.settings.min_listeners).tolist()
    assert (artists["name"] == demo().names[artists["item_idx"]]).all()
    assert np.isfinite(made.points).all()
    labels = artists["cluster"].to_numpy()
    assert [one.size for one in card.clusters] == np.bincount(labels[labels >= 0]).tolist()
    assert card.quality.n_clusters == len(card.clusters)
    assert card.quality.unclustered == (labels < 0).mean()
    members = {one.label: set(artists["item_idx"][labels == one.label]) for one in card.clusters}
    assert all({one.medoid, *one.item_idx} <= members[one.label] for one in card.clusters)
    assert made.name_of(0) == card.clusters[0].name
    assert made.name_of(-1) == ""


def test_groups_of_the_demo_are_its_genres():
    quality = demo_map().card.quality
    assert quality.n_clusters >= 3
    assert quality.tag_agreement > 0.3
    assert quality.trustworthiness > 0.8
    tags = {name.removeprefix("tag:") for name in demo().item_features.names}
    assert all(set(one.words) <= tags and one.words for one in demo_map().card.clusters)


def test_a_picture_by_principal_components_has_the_same_groups():
    made = build_map(demo_vectors(), settings(method="pca"), created=CREATED)
    assert (made.artists["cluster"] == demo_map().artists["cluster"]).all()
    assert not np.array_equal(made.points, demo_map().points)


@pytest.mark.slow
def test_a_picture_by_umap_learn_has_the_same_groups():
    made = build_map(demo_vectors(), settings(method="umap-learn"), created=CREATED)
    assert (made.artists["cluster"] == demo_map().artists["cluster"]).all()
    assert made.card.quality.trustworthiness > 0.8


def test_without_tags_groups_are_named_after_artists():
    data = random_dataset(n_users=80, n_items=60, n_pairs=1500)
    vectors = ItemVectors.of_model("r", create_model("svd", {"embedding_size": 8}).fit(data), data)
    made = build_map(vectors, MapSettings(min_listeners=1, min_cluster_size=4, epochs=30), created=CREATED)
    assert artist_tags(data, np.arange(3)) is None
    assert made.card.quality.tag_agreement is None
    assert all(one.name.startswith(one.artists[0]) and not one.words for one in made.card.clusters)


# ---- tags ------------------------------------------------------------------------------------


def test_the_main_tag_is_given_most_often_and_among_equals_the_commoner():
    tags = artist_tags(demo(), np.arange(demo().n_items))
    dense = tags.counts.toarray()
    totals = dense.sum(axis=0)
    for item, main in enumerate(tags.main()):
        best = max(range(len(totals)), key=lambda tag: (dense[item, tag], totals[tag], -tag))
        assert main == best
        assert tags.of(item)[0] == tags.names[main]


# ---- progress and cancelling -----------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 3])
def test_steps_and_passes_are_told_with_a_share_that_only_grows(threads):
    events = []
    build_map(demo_vectors(), settings(), created=CREATED, on_event=events.append, threads=threads)
    assert [one["step"] for one in events if one["kind"] == "step"] == list(STEPS)
    shares = [one["share"] for one in events]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.1 < 0.85 < shares[-1] <= 1
    last = [one for one in events if one["kind"] == "progress"][-1]
    assert last["done"] == last["total"] == settings().epochs


@pytest.mark.parametrize("asked", [1, 2, 30, 90, 200])
def test_it_stops_when_asked_wherever_it_is(asked):
    questions = []

    def should_stop():
        questions.append(1)
        return len(questions) >= asked

    with pytest.raises(CancelledError):
        build_map(demo_vectors(), settings(), created=CREATED, should_stop=should_stop)
    assert len(questions) == asked


def test_side_by_side_layouts_all_end_when_one_is_told_to_stop():
    asked, ended = [], []

    def should_stop():
        asked.append(1)
        return len(asked) == 40  # once: the others have to hear of it

    def on_event(event):
        ended.append(event["kind"] == "progress" and event["done"] == event["total"])

    with pytest.raises(CancelledError):
        build_map(
            demo_vectors(), settings(), created=CREATED, on_event=on_event, should_stop=should_stop, threads=3
        )
    assert not any(ended)
    assert len(asked) == 40


# ---- neighbours ------------------------------------------------------------------------------


def test_similar_artists_are_those_of_a_plain_loop():
    vectors = demo_vectors()
    unit = vectors.unit(np.arange(demo().n_items)).astype(np.float64)
    usable = [item for item in vectors.chosen(1) if item != 5]
    slow = sorted(usable, key=lambda item: -(unit[5] @ unit[item]))[:6]
    found = similar_artists(vectors, 5, 6)
    assert found["item_idx"].tolist() == slow
    assert found["cosine"].tolist() == pytest.approx([unit[5] @ unit[item] for item in slow], abs=1e-6)
    few = similar_artists(vectors, 5, 6, among=np.array([5, 8, 9]))
    assert sorted(few["item_idx"]) == [8, 9]


def test_who_was_never_heard_has_no_neighbours():
    data = random_dataset(n_items=40, n_pairs=60)
    model = create_model("svd", {"embedding_size": 3}).fit(
        data.with_interactions(data.interactions.take(range(20)))
    )
    vectors = ItemVectors.of_model("r", model, data)
    unheard = int(np.flatnonzero(vectors.trained == 0)[0])
    with pytest.raises(DataError, match="saw nobody"):
        similar_artists(vectors, unheard)
    with pytest.raises(DataError, match="outside"):
        similar_artists(vectors, 10_000)


# ---- on disk ---------------------------------------------------------------------------------


@pytest.fixture
def maps(tmp_path):
    runs = RunStore(tmp_path / "runs")
    runs.save(demo_run())
    return MapStore(runs)


def test_a_map_is_kept_with_its_run_and_read_as_it_was(maps):
    run_id = demo_map().card.run_id
    assert maps.load(run_id, settings()) is None
    maps.save(demo_map())
    found = maps.load(run_id, settings())
    assert found.card == demo_map().card
    pd.testing.assert_frame_equal(found.artists, demo_map().artists)
    assert maps.load(run_id, settings(seed=1)) is None
    assert [card.settings for card in maps.list(run_id)] == [settings()]
    assert maps.runs.load(run_id).manifest.run_id == run_id  # the run is still whole
    maps.runs.delete(run_id)
    assert maps.list(run_id) == []


def test_a_map_is_made_once(maps):
    calls = []

    def build():
        calls.append(1)
        return demo_map()

    for _ in range(3):
        maps.get(demo_map().card.run_id, settings(), build)
    assert len(calls) == 1


def test_a_truncated_map_is_noticed_and_made_again(maps):
    run_id = demo_map().card.run_id
    maps.save(demo_map())
    path = maps.path(run_id, settings())
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(RunError, match="Compute it again"):
        maps.load(run_id, settings())
    assert maps.list(run_id) == []
    assert maps.get(run_id, settings(), demo_map) is demo_map()
    assert maps.load(run_id, settings()) is not None
    delete_artefact(maps.runs, run_id, map_name(settings()))
    assert maps.load(run_id, settings()) is None
    with pytest.raises(RunError, match="refrain map"):
        maps.path(run_id, settings())


def test_a_card_of_something_else_is_no_map(maps):
    run_id = demo_map().card.run_id
    maps.save(demo_map())
    card = maps.path(run_id, settings()).parent / "artefact.json"
    card.write_bytes(card.read_bytes().replace(b'"trustworthiness"', b'"truthfulness"'))
    with pytest.raises(RunError, match="damaged"):
        maps.load(run_id, settings())


def test_settings_decide_about_the_name():
    names = {map_name(settings(**{"seed": seed})) for seed in range(5)}
    assert len(names) == 5
    assert map_name(settings()) == map_name(MapSettings.from_dict(settings().to_dict()))


# ---- the real data ---------------------------------------------------------------------------


@pytest.mark.slow
def test_lastfm_gives_a_map_of_named_groups(lastfm):
    request = ComparisonRequest(models=("fast-warp",), epochs=20, embedding_size=64)
    run = compare(lastfm, request, created=CREATED)[-1]
    vectors = ItemVectors.of_run(run, lastfm)
    facts = vectors.facts(5)
    assert (facts.n_items, facts.singletons, facts.n_shown) == (17_632, 10_679, 2_828)
    made = build_map(vectors, default_settings(vectors), created=CREATED)
    quality = made.card.quality
    assert quality.trustworthiness > 0.92
    assert quality.n_clusters > 20
    assert quality.tag_agreement > 0.3
    assert min(quality.seed_agreement) > 0.4
    names = [one.name for one in made.card.clusters]
    assert len(set(names)) == len(names)
    assert {"thrash metal", "new wave"} <= set(names)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", MODELS)
def test_models_that_promise_vectors_have_them_and_only_they(name):
    data = load_demo(n_users=60)
    model = create_model(name).fit(data)
    if can_be_mapped(name):
        assert len(ItemVectors.of_model("r", model, data).chosen(1)) > 10
    else:
        with pytest.raises(SettingsError, match="factor model"):
            ItemVectors.of_model("r", model, data)
