"""What was measured on a catalogue survives a restart, and a damaged file is as good as none."""

from __future__ import annotations

import json

import pytest

from recsys_core.errors import CancelledError
from recsys_core.movies.loaders.demo import load_demo_movies
from recsys_core.movies.memory import similarity_memory
from recsys_core.movies.pca_study import COMPONENTS
from recsys_core.movies.study_store import (
    fitting_components,
    load_measurements,
    measure_films,
    save_measurements,
)
from tests.core.movies.film_data import films

CREATED = "2026-01-02T03:04:05+00:00"


@pytest.fixture(scope="module")
def demo():
    return load_demo_movies()


@pytest.fixture(scope="module")
def measured(demo):
    return measure_films(demo, created=CREATED, components=(5, 20), queries=10)


def test_the_figures_come_back_as_they_were(measured, demo, tmp_path):
    save_measurements(tmp_path, measured)
    back = load_measurements(tmp_path, demo.fingerprint)
    assert back == measured
    assert back.study.table["components"].tolist() == [5, 20]
    assert back.study.exact_milliseconds == measured.exact_milliseconds
    assert [path.name for path in tmp_path.iterdir()] == [f"{demo.fingerprint}.json"]


def test_the_lists_take_far_less_than_all_pairs(measured, demo):
    formula = similarity_memory(len(demo))
    assert formula.kept_bytes <= measured.peak_bytes < formula.matrix_bytes
    assert measured.of == "overview"


def test_soups_are_compared_where_there_are_no_overviews():
    alike = films(*[{"genres": ["Drama"], "keywords": [f"word {at % 3}"]} for at in range(12)])
    assert measure_films(alike, created=CREATED, components=(2,), queries=3).of == "soup"


def test_progress_is_told_step_by_step_and_a_stop_is_heard(demo):
    steps = []
    measure_films(
        demo, created=CREATED, components=(2, 3), queries=3, on_step=lambda *step: steps.append(step)
    )
    assert steps == [(2, 5), (3, 5), (4, 5), (5, 5)]
    with pytest.raises(CancelledError):
        measure_films(demo, created=CREATED, components=(2, 3), queries=3, should_stop=lambda: True)


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"[]",
        lambda content: json.dumps({**json.loads(content), "format": 99}).encode(),
        lambda content: json.dumps({**json.loads(content), "table": {}}).encode(),
        lambda content: json.dumps({**json.loads(content), "fingerprint": "another"}).encode(),
    ],
)
def test_a_damaged_file_is_as_good_as_none(measured, demo, tmp_path, damage):
    path = save_measurements(tmp_path, measured)
    path.write_bytes(damage(path.read_bytes()))
    assert load_measurements(tmp_path, demo.fingerprint) is None
    assert load_measurements(tmp_path / "nowhere", demo.fingerprint) is None


@pytest.mark.parametrize(("n_films", "most"), [(431, 2000), (9742, 2000), (45_466, 500), (10**9, 50)])
def test_large_catalogues_are_studied_with_fewer_components(n_films, most):
    assert fitting_components(n_films) == tuple(one for one in COMPONENTS if one <= most)
