"""What all pairs would take, and what is taken instead."""

from __future__ import annotations

import tracemalloc

import numpy as np
import psutil
import pytest

from recsys_core.errors import SettingsError
from recsys_core.movies.memory import machine_memory, measured_peak, similarity_memory


@pytest.mark.parametrize(("dtype", "gigabytes"), [("float64", 16.54), (np.float32, 8.27), ("float16", 4.13)])
def test_the_matrix_of_the_movies_dataset(dtype, gigabytes):
    assert similarity_memory(45_466, dtype).matrix_bytes / 1e9 == pytest.approx(gigabytes, abs=0.005)


def test_what_is_kept_instead():
    memory = similarity_memory(45_466, k=30)
    assert memory.kept_bytes == 45_466 * 30 * (4 + 4)
    assert memory.row_bytes == 45_466 * 4
    assert memory.saving == pytest.approx(45_466 * 4 / (30 * 8))


def test_this_machine_is_asked():
    memory = similarity_memory(10)
    assert memory.machine_bytes == machine_memory()[0]
    assert memory.fits
    assert memory.fits_machine
    assert not similarity_memory(10**8).fits_machine


@pytest.mark.parametrize("wrong", [{"n_films": 0}, {"n_films": 3, "k": 0}, {"n_films": 2.5}])
def test_numbers_are_whole_and_positive(wrong):
    with pytest.raises(SettingsError, match="whole number from 1"):
        similarity_memory(**wrong)


@pytest.mark.parametrize("dtype", ["int32", "no such type", bool])
def test_similarities_are_floating_point_numbers(dtype):
    with pytest.raises(SettingsError, match="floating-point"):
        similarity_memory(3, dtype)


def test_a_peak_is_what_was_held_at_one_time():
    result, peak = measured_peak(lambda: [np.ones(1000).sum() for _ in range(50)])
    assert len(result) == 50
    assert 8_000 <= peak < 50_000
    assert not tracemalloc.is_tracing()


def test_measuring_within_a_measurement_leaves_it_running():
    (_, inner), outer = measured_peak(lambda: measured_peak(lambda: np.ones(10_000)))
    assert 80_000 <= inner <= outer + 10_000


@pytest.mark.parametrize(("limit", "used", "free"), [("1000", "400", 600), ("1000", "4000", 0)])
def test_a_container_has_what_it_is_given(tmp_path, limit, used, free):
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text(f"{used}\n")
    assert machine_memory(tmp_path) == (1000, free)


@pytest.mark.parametrize("limit", ["max", None])
def test_without_a_limit_it_is_the_machine(tmp_path, limit):
    if limit:
        (tmp_path / "memory.max").write_text(limit)
        (tmp_path / "memory.current").write_text("5")
    total, free = machine_memory(tmp_path)
    assert 0 < free < total == psutil.virtual_memory().total
