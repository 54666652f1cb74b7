"""Every figure about listeners and artists says its finding to those who do not see it, in plain words."""

from __future__ import annotations

import pytest

from recsys_core.artist_map import ItemVectors, MapStore, build_map, default_settings
from recsys_core.datasets.demo import load_demo
from recsys_core.runs import RunStore
from recsys_dashboard.texts import spoken
from tests.dashboard.page_visits import store_demo_runs, visit

CREATED = "2026-01-02T03:04:05+00:00"


@pytest.fixture
def runs(data_root):
    """Two trained models, one of them with a map of few passes."""
    found = store_demo_runs(data_root, "lightfm-warp", "svd")
    vectors = ItemVectors.of_run(found["lightfm-warp"], load_demo())
    settings = default_settings(vectors, epochs=10)
    MapStore(RunStore(data_root / "runs")).save(build_map(vectors, settings, created=CREATED))
    return found


def told(at):
    """What is said of each figure of a page instead of showing it."""
    return [figure.proto.alt for figure in at.get("plotly_chart")]


def findings(at):
    """The bold sentences of a page: each figure stands below the one that says what was found."""
    return [
        spoken(one.value) for one in at.markdown if one.value.startswith("**") and one.value.endswith("**")
    ]


PAGES = [
    ("preferences", {"user": "12"}, 2),
    ("preferences", {"user": "12", "log": "true", "measure": "scaled"}, 2),
    ("preferences", {"who": "me", "mine": "5.1~2.7~4.12"}, 1),
    ("top_artists", {}, 6),
    ("top_artists", {"strength": "50%", "by": "By plays"}, 6),
    ("artist_map", {}, 1),
    ("artist_map", {"map": "first"}, 1),
]


@pytest.mark.parametrize(("page", "query", "figures"), PAGES)
def test_every_figure_says_the_sentence_above_it(runs, page, query, figures):
    at = visit(page, **query)
    said, found = told(at), findings(at)
    assert len(said) == figures
    for words in said:
        assert any(finding in words for finding in found), words
        assert "\\" not in words
        assert "**" not in words


def test_the_nearest_artists_are_named_and_two_maps_compared_in_words(runs):
    beside = runs["svd"].manifest.run_id
    at = visit("artist_map", artist="1", **{"with": f"{beside}~first"})
    _, other, nearest = told(at)
    assert "of the layout is the same" in other
    assert "nearest to" in nearest
    assert "closeness of 0." in nearest or "closeness of 1" in nearest


@pytest.mark.parametrize("page", ["preferences", "top_artists", "artist_map"])
def test_a_damaged_run_is_told_below_the_title_of_the_page(runs, data_root, page):
    run_id = runs["svd"].manifest.run_id
    (data_root / "runs" / run_id / "arrays.npz").write_bytes(b"damaged")
    at = visit(page, model=run_id)
    assert len(at.exception) == 1  # which the server draws as a card with the reason
    assert at.title[0].value
