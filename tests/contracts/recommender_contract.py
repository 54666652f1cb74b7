"""The exam every model passes: inherit :class:`RecommenderContract` and say how to make the model.

The checkerboard is implicit's: even users like even items, odd users odd ones, the diagonal is withheld.
A model that learned it puts the withheld item first for everybody.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from recsys_core.columns import Columns
from recsys_core.errors import CancelledError, NotFittedError, SettingsError, UnknownIdError
from recsys_core.models.registry import create_model
from recsys_core.runs.arrays import read_arrays, write_arrays
from tests.core.small_data import checkerboard, dataset_of, random_dataset

SIZE = 20


class RecommenderContract:
    """Tests of one model; ``cannot`` names what it does not claim, with the reason shown when skipped."""

    name: str
    settings: ClassVar[dict] = {}
    epochs = 30
    cannot: ClassVar[dict[str, str]] = {}

    # ---- what the tests need -------------------------------------------------------------

    @classmethod
    def new(cls):
        return create_model(cls.name, cls.settings)

    @pytest.fixture(scope="class")
    @classmethod
    def board(cls):
        return checkerboard(SIZE)

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls, board):
        return cls.new().fit(board, epochs=cls.epochs)

    @pytest.fixture(scope="class")
    @classmethod
    def everyone(cls, board):
        return np.arange(board.n_users, dtype=np.int32)

    def needs(self, ability):
        if ability in self.cannot:
            pytest.skip(f"{self.name}: {self.cannot[ability]}")

    # ---- what it learns ------------------------------------------------------------------

    def test_the_withheld_diagonal_comes_first_for_everybody(self, model, board):
        self.needs("learn taste")
        first = model.recommend(board.users.ids, 1)
        precision_at_1 = (first[Columns.USER_ID] == first[Columns.ITEM_ID]).mean()
        assert precision_at_1 == 1

    def test_items_of_the_own_colour_are_more_similar(self, model):
        self.needs("compare items")
        nearest = model.similar_items([4, 7], 3)
        assert (nearest["of_item_id"] % 2 == nearest[Columns.ITEM_ID] % 2).all()

    def test_more_similar_items_than_there_are_is_all_others(self, model, board):
        self.needs("compare items")
        nearest = model.similar_items([4], 10**10)
        assert len(nearest) <= board.n_items - 1
        with pytest.raises(SettingsError, match="at least 1"):
            model.similar_items([4], 0)

    def test_similarity_is_refused_where_there_are_no_embeddings(self, model):
        if "compare items" not in self.cannot:
            pytest.skip(f"{self.name} does compare items")
        with pytest.raises(SettingsError, match="has no item embeddings to compare"):
            model.similar_items([4])

    # ---- scores --------------------------------------------------------------------------

    def test_scores_are_one_finite_float32_per_user_and_item(self, model, board, everyone):
        scores = model.scores(everyone)
        assert (scores.shape, scores.dtype) == ((board.n_users, board.n_items), np.float32)
        assert np.isfinite(scores).all()

    def test_a_batch_scores_as_one_user_at_a_time(self, model, everyone):
        one_by_one = np.vstack([model.scores(everyone[user : user + 1]) for user in everyone])
        np.testing.assert_allclose(model.scores(everyone), one_by_one, rtol=1e-5, atol=1e-6)

    def test_nobody_asked_nothing_scored(self, model, board):
        assert model.scores(np.zeros(0, np.int32)).shape == (0, board.n_items)

    # ---- recommendations -----------------------------------------------------------------

    def test_lists_hold_unseen_items_best_first_ranked_from_1(self, model, board):
        table = model.recommend(board.users.ids, 5)
        assert list(table.columns) == list(Columns.RECOMMENDATIONS)
        seen = set(zip(*board.interactions.to_coo().coords, strict=True))
        for user, rows in table.groupby(Columns.USER_ID):
            assert rows[Columns.RANK].tolist() == [1, 2, 3, 4, 5]
            assert rows[Columns.SCORE].is_monotonic_decreasing
            assert rows[Columns.ITEM_ID].is_unique
            assert not {(user, item) for item in rows[Columns.ITEM_ID]} & seen

    def test_a_list_is_the_sorted_scores_of_what_is_left(self, model, board, everyone):
        """The slow twin: hide what was seen, sort everything, lower item first among equals."""
        hidden = np.where(model.seen.toarray() > 0, -np.inf, model.scores(everyone))
        expected = np.argsort(-hidden, axis=1, kind="stable")[:, :4]
        table = model.recommend(board.users.ids, 4)
        np.testing.assert_array_equal(table[Columns.ITEM_ID].to_numpy().reshape(-1, 4), expected)

    def test_one_by_one_gives_the_lists_of_the_batch(self, model, board):
        batch = model.recommend(board.users.ids, 1)
        singles = pd.concat([model.recommend([user], 1) for user in board.users.ids], ignore_index=True)
        pd.testing.assert_frame_equal(batch, singles, rtol=1e-5)

    @pytest.mark.parametrize("k", [SIZE, SIZE + 1, 10**9])
    def test_a_list_longer_than_the_catalogue_is_what_there_is(self, model, board, k):
        table = model.recommend(board.users.ids, k)
        assert len(table) == board.n_users * board.n_items - len(board.interactions)
        assert len(model.recommend(board.users.ids, k, exclude_seen=False)) == board.n_users * board.n_items

    def test_more_may_be_left_out(self, model, board):
        table = model.recommend(board.users.ids, 1)
        rows, columns = table[Columns.USER_ID], table[Columns.ITEM_ID]
        grid = (board.n_users, board.n_items)
        first = sparse.csr_matrix((np.ones(len(table), np.float32), (rows, columns)), shape=grid)
        again = model.recommend(board.users.ids, 1, exclude=first)
        assert (again[Columns.ITEM_ID] != table[Columns.ITEM_ID]).all()

    def test_nobody_asked_nothing_recommended(self, model):
        assert len(model.recommend([], 5)) == 0

    def test_users_are_asked_for_by_their_own_ids(self, board):
        renamed = dataset_of(
            [(f"user {u}", f"item {i}") for u, i in [(1, 1), (1, 2), (2, 2), (2, 3), (3, 1)]]
        )
        table = self.new().fit(renamed, epochs=1).recommend(["user 3"], 5)
        assert set(table[Columns.USER_ID]) == {"user 3"}
        assert set(table[Columns.ITEM_ID]) == {"item 2", "item 3"}

    def test_strangers_are_named(self, model):
        with pytest.raises(UnknownIdError, match="There is no user 999"):
            model.recommend([0, 999])

    @pytest.mark.parametrize("k", [0, -1])
    def test_a_list_of_nothing_is_refused(self, model, k):
        with pytest.raises(SettingsError, match="at least 1"):
            model.recommend([0], k)

    # ---- training ------------------------------------------------------------------------

    def test_the_same_seed_trains_the_same_model(self, model, board, everyone):
        again = self.new().fit(board, epochs=self.epochs)
        np.testing.assert_array_equal(again.scores(everyone), model.scores(everyone))

    def test_fit_starts_from_scratch(self, model, board, everyone):
        used = self.new().fit(random_dataset(SIZE, SIZE, 100), epochs=2)
        used.fit(board, epochs=self.epochs)
        np.testing.assert_array_equal(used.scores(everyone), model.scores(everyone))

    def test_another_seed_trains_another_model(self, model, board, everyone):
        self.needs("be seeded")
        other = create_model(self.name, {**self.settings, "seed": 7}).fit(board, epochs=self.epochs)
        assert not np.array_equal(other.scores(everyone), model.scores(everyone))

    def test_every_epoch_is_reported_and_its_time_counted(self, board):
        ticks, seen = iter(range(1000)), []
        model = self.new().fit(
            board,
            epochs=3,
            on_epoch=lambda one, epoch: seen.append((epoch, one.epochs_done, one.fit_seconds)),
            clock=lambda: float(next(ticks)),
        )
        epochs = 3 if model.iterative else 1
        assert seen == [(n, n, float(n)) for n in range(1, epochs + 1)]

    def test_training_goes_on_where_it_stopped(self, board, everyone):
        self.needs("be trained further")
        model = self.new().fit(board, epochs=2)
        model.fit_more(3)
        assert model.epochs_done == 5
        np.testing.assert_array_equal(
            model.scores(everyone), self.new().fit(board, epochs=5).scores(everyone)
        )

    def test_a_stop_is_heard_before_the_next_epoch(self, board):
        asked = []

        def should_stop():
            asked.append(None)
            return len(asked) > 1

        model = self.new()
        if not model.iterative:
            with pytest.raises(CancelledError, match="stopped after 0 epochs"):
                model.fit(board, should_stop=lambda: True)
            return
        with pytest.raises(CancelledError, match="stopped after 1 epochs"):
            model.fit(board, epochs=9, should_stop=should_stop)

    @pytest.mark.parametrize("epochs", [0, -1])
    def test_no_epochs_are_refused(self, board, epochs):
        with pytest.raises(SettingsError, match="at least 1"):
            self.new().fit(board, epochs=epochs)

    def test_an_untrained_model_says_so(self):
        for use in (
            lambda model: model.recommend([0]),
            lambda model: model.scores(np.zeros(1, np.int32)),
            lambda model: model.fit_more(1),
            lambda model: model.data,
        ):
            with pytest.raises(NotFittedError, match=self.name):
                use(self.new())

    @pytest.mark.parametrize(
        "cells",
        [[(1, 1), (1, 2)], [(1, 1), (2, 1)], [(1, 1)], [(u, i) for u in range(4) for i in range(4)]],
        ids=["one user", "one item", "one pair", "everything known"],
    )
    def test_the_smallest_and_fullest_data_are_no_special_case(self, cells):
        data = dataset_of(cells)
        model = self.new().fit(data, epochs=2)
        left = data.n_users * data.n_items - len(cells)
        assert len(model.recommend(data.users.ids, 10)) == left
        assert np.isfinite(model.scores(np.arange(data.n_users))).all()

    # ---- keeping -------------------------------------------------------------------------

    def test_a_restored_model_scores_as_the_trained_one(self, model, board, everyone, tmp_path):
        write_arrays(tmp_path / "arrays.npz", model.arrays())
        again = self.new().restore(board, read_arrays(tmp_path / "arrays.npz"))
        np.testing.assert_array_equal(again.scores(everyone), model.scores(everyone))
        pd.testing.assert_frame_equal(again.recommend([3], 4), model.recommend([3], 4))

    def test_a_restored_model_cannot_be_trained_further(self, model, board):
        trained_before = self.new().fit(board)
        for again in (self.new(), trained_before):
            again.restore(board, model.arrays())
            with pytest.raises(NotFittedError, match="call fit first"):
                again.fit_more(1)

    def test_settings_without_effect_are_settings(self):
        model = self.new()
        assert set(model.without_effect()) <= set(model.settings.to_dict())
