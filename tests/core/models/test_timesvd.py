"""Quality that drifts: each family recovers what was planted, and least squares are least squares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.datasets.interactions import Interactions
from recsys_core.errors import DataError, NotFittedError, SettingsError
from recsys_core.models.timesvd import (
    FAMILIES,
    TABLE_COLUMNS,
    DriftModel,
    DriftSettings,
    beyond_luck,
    chosen_settings,
    held_out_table,
    planted_ratings,
)
from recsys_core.models.timesvd.basis import Basis
from recsys_core.models.timesvd.choose import held_out, rmse
from recsys_core.models.timesvd.clock import YEAR, Clock, days_of
from recsys_core.models.timesvd.held_out import _changes

MOVING = [name for name in FAMILIES if name != "static"]


def random_ratings(rng, n=120, shape=(8, 6)):
    """``n`` ratings of different pairs at random times."""
    cells = rng.choice(shape[0] * shape[1], size=min(n, shape[0] * shape[1]), replace=False)
    users, items = np.divmod(np.sort(cells), shape[1])
    stars = rng.integers(1, 11, len(cells)) / 2
    times = rng.integers(1_000_000_000, 1_300_000_000, len(cells))
    return Interactions(users.astype(np.int32), items.astype(np.int32), stars, shape, times)


def course_error(model, planted, item):
    """How far the learned course is from the planted one, level apart, where the item was rated."""
    mine = planted.ratings.timestamps[planted.ratings.item_idx == item] / 86_400
    days = np.linspace(mine.min(), mine.max(), 200)
    learned, truth = model.quality(item, days), planted.truth(item, days)
    return np.sqrt(np.mean((learned - learned.mean() - truth + truth.mean()) ** 2))


NEAR_TWINS = 0.001  # stars: a step and a decay foretell so much alike that either may be ahead by chance


@pytest.mark.parametrize("seed", range(1, 6))
@pytest.mark.parametrize("own", MOVING)
def test_each_family_recovers_its_own_kind(own, seed):
    planted = planted_ratings((own,), rng=seed, n_items=20)
    n_items = planted.ratings.shape[1]
    train, test = held_out(planted.ratings, "random")
    models = {name: DriftModel(DriftSettings(family=name, drift_penalty=2.0)).fit(train) for name in FAMILIES}
    by_rmse = {name: rmse(model, test) for name, model in models.items()}
    by_course = {
        name: np.mean([course_error(model, planted, item) for item in range(n_items)])
        for name, model in models.items()
    }
    assert by_rmse[own] < min(by_rmse.values()) + NEAR_TWINS
    assert min(by_course, key=by_course.get) == own
    assert by_course[own] < 0.5 * by_course["static"]
    assert by_rmse[own] < 0.95 * by_rmse["static"]


def test_where_nothing_moves_no_family_claims_much():
    still = planted_ratings(("static",), rng=4, n_items=20)
    train, test = held_out(still.ratings, "random")
    static = rmse(DriftModel().fit(train), test)
    for name in MOVING:
        settings = chosen_settings(train, name, "random", DriftSettings())
        assert abs(rmse(DriftModel(settings).fit(train), test) - static) < 0.005


def test_the_pace_of_a_decay_and_the_moment_of_a_step_are_found():
    fading = planted_ratings(("decay",), rng=5, n_items=10)
    model = DriftModel(DriftSettings(family="decay", drift_penalty=1.0)).fit(fading.ratings)
    clock = Clock.of(fading.ratings)
    begin = np.array([model.quality(item, clock.first[[item]])[0] for item in range(10)])
    later = np.array([model.quality(item, clock.last[[item]])[0] for item in range(10)])
    truth = np.array([fading.truth(item, clock.first[[item]])[0] for item in range(10)])
    end = np.array([fading.truth(item, clock.last[[item]])[0] for item in range(10)])
    assert (np.sign(begin - later) == np.sign(truth - end)).all()
    jumping = planted_ratings(("step",), rng=5, n_items=10)
    model = DriftModel(DriftSettings(family="step", drift_penalty=1.0)).fit(jumping.ratings)
    for item in range(10):
        mine = days_of(jumping.ratings)[jumping.ratings.item_idx == item]
        days = np.linspace(mine.min(), mine.max(), 2000)
        moments = [
            days[np.argmax(np.abs(np.diff(one)))]
            for one in (model.quality(item, days), jumping.truth(item, days))
        ]
        assert abs(moments[0] - moments[1]) < 0.06 * (days[-1] - days[0])


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_the_ridge_regression_of_the_whole_matrix(family):
    ratings = random_ratings(np.random.default_rng(1), n=40)
    chosen = DriftSettings(family=family, user_penalty=3.0, item_penalty=4.0, drift_penalty=2.0)
    model = DriftModel(chosen).fit(ratings)
    # the slow twin: the dense design, every unknown at once, for the variants that were picked
    basis = model._basis
    z = basis.with_level(days_of(ratings), ratings.item_idx)
    n_users, n_items = ratings.shape
    design = np.zeros((len(ratings), n_users + n_items * z.shape[1]))
    penalty = np.zeros((design.shape[1],) * 2)
    penalty[range(n_users), range(n_users)] = 3.0
    for row, (user, item) in enumerate(zip(ratings.user_idx, ratings.item_idx, strict=True)):
        design[row, user] = 1
        design[row, n_users + item * z.shape[1] :][: z.shape[1]] = z[row]
    for item in range(n_items):
        at = n_users + item * z.shape[1]
        penalty[at, at] = 4.0
        part = slice(at + 1, at + z.shape[1])
        penalty[part, part] = 2.0 * model.family.penalty()
    target = ratings.weights - ratings.weights.mean()
    weights = np.linalg.solve(design.T @ design + penalty, design.T @ target)
    expected = ratings.weights.mean() + design @ weights
    predicted = model.predict(ratings.user_idx, ratings.item_idx, ratings.timestamps)
    np.testing.assert_allclose(predicted, expected, atol=1e-6)
    np.testing.assert_allclose(model.habits(np.arange(n_users)), weights[:n_users], atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(list(FAMILIES)), st.integers(0, 2**32 - 1), st.floats(0.5, 3))
def test_stars_shifted_shift_the_quality(family, seed, shift):
    ratings = random_ratings(np.random.default_rng(seed), n=30)
    moved = ratings.with_weights(ratings.weights + shift)
    days = np.linspace(11_600, 15_000, 20)
    models = [DriftModel(DriftSettings(family=family)).fit(one) for one in (ratings, moved)]
    first, second = (model.quality(2, days) for model in models)
    np.testing.assert_allclose(second, first + shift, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_item_rated_once_has_a_level_and_no_drift(family):
    rng = np.random.default_rng(2)
    ratings = random_ratings(rng, n=48)
    once = np.flatnonzero(ratings.item_idx == 3)[1:]
    ratings = ratings.take(np.setdiff1d(np.arange(len(ratings)), once))
    quality = DriftModel(DriftSettings(family=family)).fit(ratings).quality(3, np.linspace(11_600, 15_000, 9))
    np.testing.assert_allclose(quality, quality[0], atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_functions_have_mean_zero_over_an_items_ratings(family):
    ratings = random_ratings(np.random.default_rng(3), n=48)
    clock, days = Clock.of(ratings), days_of(ratings)
    one = FAMILIES[family]
    basis = Basis.of(one, clock, np.zeros(6, np.int64), days, ratings.item_idx)
    columns = basis.with_level(days, ratings.item_idx)[:, 1:]
    for item in range(6):
        np.testing.assert_allclose(columns[ratings.item_idx == item].sum(axis=0), 0, atol=1e-9)


@pytest.mark.parametrize("family", ["bins", "splines"])
def test_after_the_end_a_course_keeps_its_last_value(family):
    planted = planted_ratings((family,), rng=3, n_items=5)
    model = DriftModel(DriftSettings(family=family, drift_penalty=1.0)).fit(planted.ratings)
    end = Clock.of(planted.ratings).end
    last, much_later = model.quality(0, np.array([end - 0.01, end + 5000]))
    assert much_later == pytest.approx(last, abs=1e-3)


def test_a_season_comes_back_every_year():
    planted = planted_ratings(("season",), rng=3, n_items=5)
    model = DriftModel(DriftSettings(family="season", drift_penalty=1.0)).fit(planted.ratings)
    days = np.linspace(12_000, 12_300, 7)
    np.testing.assert_allclose(model.quality(1, days), model.quality(1, days + YEAR), atol=1e-9)


def test_strangers_count_as_average():
    ratings = random_ratings(np.random.default_rng(5), n=20, shape=(8, 6))
    kept = ratings.take((ratings.user_idx != 7) & (ratings.item_idx != 5))
    model = DriftModel(DriftSettings(family="linear")).fit(kept)
    stars = model.predict(np.array([7]), np.array([5]), np.array([1_400_000_000]))
    assert stars[0] == pytest.approx(kept.weights.mean())


def test_the_table_compares_every_family_with_no_drift():
    ratings = planted_ratings(rng=1, n_items=14, ratings_an_item=150).ratings
    steps = []
    table = held_out_table(ratings, "random", on_step=lambda done, total: steps.append((done, total)))
    assert tuple(table.columns) == TABLE_COLUMNS
    assert table["family"].tolist() == list(FAMILIES)
    first = table.iloc[0]
    assert (first["change"], first["change_low"], first["change_high"]) == (0, 0, 0)
    assert (table["change_low"] <= table["change"]).all()
    assert (table["change"] <= table["change_high"]).all()
    np.testing.assert_allclose(table["rmse"], first["rmse"] + table["change"])
    assert table["n_ratings"].unique().tolist() == [14 * 150 // 5]
    assert steps[-1] == (len(FAMILIES), len(FAMILIES))
    again = held_out_table(ratings, "random")
    assert again.equals(table)


def test_a_drift_may_describe_the_past_and_not_the_future():
    ratings = planted_ratings(("season", "linear"), rng=1, n_items=14).ratings
    past, test = held_out(ratings, "time")
    assert past.timestamps.max() <= test.timestamps.min()
    table = held_out_table(ratings, "time", families=("season", "linear")).set_index("family")
    assert (table.loc[["season", "linear"], "change_high"] < 0).all()


def test_several_families_asked_of_at_once_are_corrected_for():
    people, rng = np.repeat(np.arange(60), 5), np.random.default_rng(0)
    base = rng.uniform(0.5, 1.5, len(people))
    squared = {"static": base, "clear": 0.5 * base}
    noise = {f"noise {n}": base + rng.normal(0, 0.1, len(people)) for n in range(5)}
    alone, among = _changes(squared, people, 0), _changes({**squared, **noise}, people, 0)
    assert np.isnan(alone["p_holm"][0])
    assert among["p_holm"][1] == pytest.approx(6 * alone["p_holm"][1])
    table = pd.DataFrame({"change": [0.0, -0.1, -0.1, 0.1], "p_holm": [np.nan, 0.01, 0.2, 0.01]})
    assert beyond_luck(table).tolist() == [0, -1, 0, 1]


def test_an_unknown_way_to_hold_out_is_refused():
    with pytest.raises(SettingsError, match="no way 'tiem'"):
        held_out(random_ratings(np.random.default_rng(1)), "tiem")


@pytest.mark.parametrize(("what", "error"), [("family", SettingsError), ("penalty", SettingsError)])
def test_bad_settings_are_refused(what, error):
    bad = {"family": {"family": "waves"}, "penalty": {"drift_penalty": 0.0}}[what]
    with pytest.raises(error):
        DriftModel(DriftSettings(**bad))


def test_ratings_without_times_or_without_rows_are_refused():
    ratings = random_ratings(np.random.default_rng(6))
    timeless = Interactions(ratings.user_idx, ratings.item_idx, ratings.weights, ratings.shape)
    with pytest.raises(DataError, match="no times"):
        DriftModel().fit(timeless)
    with pytest.raises(DataError, match="no rating"):
        DriftModel().fit(ratings.take(np.zeros(len(ratings), bool)))
    for ask in (lambda model: model.quality(0, np.zeros(1)), lambda model: model.habits(np.zeros(1, int))):
        with pytest.raises(NotFittedError):
            ask(DriftModel())


def test_the_same_seed_plants_the_same_ratings():
    one, other = planted_ratings(rng=9), planted_ratings(rng=9)
    assert np.array_equal(one.ratings.weights, other.ratings.weights)
    assert set(np.unique(one.ratings.weights * 2) % 1) == {0}
    assert one.ratings.weights.min() >= 0.5
    assert one.ratings.weights.max() <= 5
    assert set(one.kinds) == set(FAMILIES)
