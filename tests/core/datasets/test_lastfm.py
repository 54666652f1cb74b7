"""The real Last.fm files give exactly the figures published for them."""

from __future__ import annotations

import time

import numpy as np
import pytest

from recsys_core.datasets import find_lastfm, load_lastfm
from recsys_core.datasets.scaling import scale


@pytest.fixture(scope="module")
def lastfm(lastfm_dir):
    return load_lastfm(lastfm_dir)


def by_name(lastfm, totals, n):
    best = np.argsort(-totals, kind="stable")[:n]
    return [(lastfm.names[one], int(totals[one])) for one in best]


def test_grid_has_the_published_size(lastfm):
    assert (lastfm.n_users, lastfm.n_items, len(lastfm.interactions)) == (1892, 17632, 92834)
    assert lastfm.interactions.density == pytest.approx(92834 / (1892 * 17632))


def test_ids_are_the_integers_of_the_files_with_their_gaps(lastfm):
    assert lastfm.users.ids.dtype == lastfm.items.ids.dtype == np.int64
    assert (lastfm.users.ids[0], lastfm.users.ids[-1]) == (2, 2100)
    assert (lastfm.items.ids[0], lastfm.items.ids[-1]) == (1, 18745)
    assert 18745 - lastfm.n_items == 1113


def test_rows_are_sorted_by_user_and_artist(lastfm):
    rows = lastfm.interactions
    assert (np.diff(rows.user_idx.astype(np.int64) * rows.shape[1] + rows.item_idx) > 0).all()


def test_play_counts(lastfm):
    plays = lastfm.interactions.weights
    assert (plays == 1).sum() == 636
    assert plays.sum() == 69_183_975
    assert np.median(plays) == 260
    assert plays.mean() == pytest.approx(745.2, abs=0.05)
    first = int(np.argmax(plays))
    assert plays[first] == 352_698
    assert lastfm.users.to_id([lastfm.interactions.user_idx[first]]).tolist() == [1642]
    assert lastfm.names[lastfm.interactions.item_idx[first]] == "Depeche Mode"


def test_most_listeners(lastfm):
    listeners = np.bincount(lastfm.interactions.item_idx, minlength=lastfm.n_items)
    assert by_name(lastfm, listeners, 10) == [
        ("Lady Gaga", 611),
        ("Britney Spears", 522),
        ("Rihanna", 484),
        ("The Beatles", 480),
        ("Katy Perry", 473),
        ("Madonna", 429),
        ("Avril Lavigne", 417),
        ("Christina Aguilera", 407),
        ("Muse", 400),
        ("Paramore", 399),
    ]
    assert (listeners == 1).sum() == 10_679
    assert listeners.min() == 1


def test_most_plays(lastfm):
    rows = lastfm.interactions
    plays = np.bincount(rows.item_idx, rows.weights, minlength=lastfm.n_items)
    assert by_name(lastfm, plays, 5) == [
        ("Britney Spears", 2_393_140),
        ("Depeche Mode", 1_301_308),
        ("Lady Gaga", 1_291_387),
        ("Christina Aguilera", 1_058_405),
        ("Paramore", 963_449),
    ]


def test_lists_end_at_fifty_artists(lastfm):
    lengths = np.bincount(lastfm.interactions.user_idx, minlength=lastfm.n_users)
    assert lengths.max() == 50
    assert (lengths == 50).sum() == 1829
    assert (lengths == 1).sum() == 8


def test_play_count_scaled_loses_the_636_single_plays(lastfm):
    """The owner's driver fills a pivot table with zeros, so pairs scaled to zero vanish."""
    scaled = scale(lastfm.interactions, "play_count_scaled")
    assert len(scaled) == 92_198 == 92_834 - 636
    assert scaled.shape == (1892, 17632)
    best = np.argsort(-scaled.weights)[:5]
    expected = [("Depeche Mode", 1.0), ("Thalía", 0.920513), ("U2", 0.909347), ("Blur", 0.731441)]
    for (name, weight), one in zip([*expected, ("Paramore", 0.645960)], best, strict=True):
        assert lastfm.names[scaled.item_idx[one]] == name
        assert scaled.weights[one] == pytest.approx(weight, abs=5e-7)
    assert lastfm.n_items - len(np.unique(scaled.item_idx)) == 129
    assert lastfm.n_users - len(np.unique(scaled.user_idx)) == 3


def test_names_survive_quotes_numbers_and_scripts(lastfm):
    names = set(lastfm.names)
    assert len(names) == 17_632
    assert '"Weird Al" Yankovic' in names
    assert {"19", "3", "311", "1349", "11.43"} <= names
    assert all(type(name) is str for name in lastfm.names)
    assert sum('"' in name for name in names) == 16
    assert sum(not name.isascii() for name in names) == 1557


def test_friends_are_symmetric(lastfm):
    friends = lastfm.user_features
    assert friends.values.nnz == 25_434
    assert set(friends.values.data) == {1.0}
    columns = lastfm.users.to_idx(int(name.removeprefix("friend:")) for name in friends.names)
    square = friends.values[:, np.argsort(columns)]
    assert (square != square.T).nnz == 0


def test_tags_count_how_many_listeners_gave_them(lastfm):
    tags = lastfm.item_features
    assert tags.values.shape[0] == 17_632
    assert tags.values.sum() == 186_479 - 1538
    gaga = lastfm.names.tolist().index("Lady Gaga")
    row = tags.values[gaga].toarray().ravel()
    assert tags.names[int(row.argmax())] == "tag:pop"
    assert "tag:español" in tags.names
    assert (np.diff(tags.values.indptr) == 0).sum() == 5499


def test_report_accounts_for_every_row(lastfm):
    frame = lastfm.report.to_frame().set_index("file")
    assert frame["read"].to_dict() == {
        "user_artists.dat": 92_834,
        "artists.dat": 17_632,
        "user_friends.dat": 25_434,
        "tags.dat": 11_946,
        "user_taggedartists.dat": 186_479,
    }
    assert (frame["read"] == frame["kept"] + frame["dropped"]).all()
    assert frame.loc["user_taggedartists.dat", ["dropped", "reason"]].tolist() == [
        1538,
        "artist without a play",
    ]
    notes = {one.file: " ".join(one.notes) for one in lastfm.report.files}
    assert "5 dates outside 2002 to 2012" in notes["user_taggedartists.dat"]
    assert "[unknown]" in notes["artists.dat"]
    assert "the names look alike" in notes["artists.dat"]
    assert "ISO-8859-1" in notes["tags.dat"]


def test_source_states_licence_and_citation(lastfm):
    assert lastfm.source.title == "Last.fm 2011"
    assert not lastfm.source.simulated
    assert "Non-commercial" in lastfm.source.licence
    assert "Cantador" in lastfm.source.citation


def test_loads_in_well_under_a_second(lastfm_dir):
    def seconds():
        begin = time.perf_counter()
        load_lastfm(lastfm_dir)
        return time.perf_counter() - begin

    assert min(seconds() for _ in range(3)) < 1.0


def test_found_in_the_parent_folder(lastfm_dir, tmp_path):
    assert find_lastfm([tmp_path, lastfm_dir.parent]) == lastfm_dir
    assert find_lastfm([tmp_path / "absent", tmp_path]) is None
