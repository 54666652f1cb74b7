"""Figures of maps: one trace of all artists, colours that can be told apart, names beside their points."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.artist_map import Cluster
from recsys_core.plots.artist_map import map_figure, sizes_of
from recsys_core.plots.map_colours import PALETTES, REST, by_group, by_value
from recsys_core.plots.map_frame import HEIGHT, WIDTH, around, frame_of
from recsys_core.plots.map_marks import Overlay
from recsys_core.plots.map_names import LETTER, LINE, places_of_names
from recsys_core.plots.placing import Box
from recsys_core.plots.similar_artists import similar_figure
from recsys_core.plots.theme import BACKGROUNDS, contrast_ratio


def artists_of(n=200, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "item_idx": np.arange(n, dtype=np.int32) * 3,
            "name": [f"artist <{i}>" for i in range(n)],
            "x": rng.normal(size=n).astype(np.float32),
            "y": rng.normal(size=n).astype(np.float32),
            "cluster": rng.integers(-1, 14, n).astype(np.int32),
            "listeners": rng.integers(1, 600, n),
        }
    )


ARTISTS = artists_of()


def cluster(label, medoid):
    return Cluster(
        label=label, size=3, name=f"group {label}", words=(), artists=(), item_idx=(), medoid=medoid
    )


def drawn(colouring=None, **options):
    colouring = colouring or by_group(ARTISTS["cluster"].to_numpy())
    hover = options.pop("hover", lambda name, count, label: f"{name} {count} {label}")
    return map_figure(ARTISTS, colouring, hover=hover, **options)


# ---- the trace -------------------------------------------------------------------------------


def test_one_webgl_trace_holds_every_artist_with_its_own_place_and_number():
    figure = drawn()
    (trace,) = figure.data
    assert trace.type == "scattergl"
    assert trace.customdata.dtype == np.int32
    rows = ARTISTS.set_index("item_idx").loc[trace.customdata]
    np.testing.assert_array_equal(trace.x, rows["x"])
    np.testing.assert_array_equal(trace.y, rows["y"])
    expected = [f"artist &lt;{item // 3}&gt; {row.listeners} {row.cluster}" for item, row in rows.iterrows()]
    assert list(trace.text) == expected


def test_grey_points_lie_below_and_large_ones_below_small_ones():
    trace = drawn().data[0]
    grey = trace.marker.color == -1
    assert list(grey) == sorted(grey, reverse=True)
    for part in (grey, ~grey):
        sizes = trace.marker.size[part]
        assert list(sizes) == sorted(sizes, reverse=True)


def test_areas_grow_with_listeners():
    sizes = sizes_of(np.array([0, 100, 400]))
    assert sizes[2] - sizes[0] == pytest.approx(2 * (sizes[1] - sizes[0]), rel=1e-5)


def test_axes_are_hidden_equal_and_free_to_zoom():
    layout = drawn().layout
    assert (layout.xaxis.visible, layout.yaxis.visible) == (False, False)
    assert (layout.yaxis.scaleanchor, layout.dragmode, layout.showlegend) == ("x", "pan", False)
    assert layout.xaxis.fixedrange is False
    assert layout.uirevision == "map"


def test_seventeen_thousand_artists_are_a_small_message():
    many = artists_of(17_632)
    figure = map_figure(
        many, by_group(many["cluster"].to_numpy()), hover=lambda name, count, _label: f"{name} {count}"
    )
    assert len(figure.to_json()) < 1_500_000


# ---- colours ---------------------------------------------------------------------------------


def test_at_most_ten_groups_have_a_colour_the_largest_ones():
    labels = np.repeat(np.arange(14), np.arange(14, 0, -1))
    colouring = by_group(np.concatenate([labels, [-1, -1]]))
    assert colouring.labels == tuple(range(10))
    assert colouring.values.max() == 9
    assert colouring.grey.sum() == sum(range(1, 5)) + 2
    chosen = by_group(labels, shown=[12, 3])
    assert chosen.labels == (12, 3)
    assert (chosen.values[labels == 3] == 1).all()
    assert by_group(np.full(3, -1)).labels == ()


@pytest.mark.parametrize("dark", [False, True])
def test_each_group_is_drawn_in_its_own_colour(dark):
    marker = drawn(dark=dark).data[0].marker
    scale = [(at, colour) for at, colour in marker.colorscale]
    for value, colour in enumerate((REST[dark], *PALETTES[dark]), start=-1):
        share = (value - marker.cmin) / (marker.cmax - marker.cmin)
        below = [c for at, c in scale if at <= share]
        above = [c for at, c in scale if at >= share]
        assert below[-1] == above[0] == colour


def test_values_are_coloured_along_a_scale_and_what_has_none_is_grey():
    values = np.linspace(1, 2, len(ARTISTS))
    values[:5] = np.nan
    colouring = by_value(values)
    assert colouring.grey.sum() == 5
    marker = drawn(colouring).data[0].marker
    assert np.isfinite(marker.color).all()
    assert (marker.color < 1).sum() == 5
    assert marker.colorscale[0][1] == REST[False]
    np.testing.assert_allclose(by_value(np.array([1, 10, 1000]), log=True).values, [0, 1, 3])
    assert drawn(by_value(np.full(len(ARTISTS), np.nan))).data[0].marker.color == REST[False]


# Machado, Oliveira & Fernandes (2009), severity 1: how each kind of colour blindness sees linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour, sight):
    """CIELAB of what somebody with ``sight`` sees of a colour."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(SIGHT[sight]) @ linear, 0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("dark", [False, True])
def test_colour_blind_people_tell_the_groups_apart(sight, dark):
    colours = [*PALETTES[dark], REST[dark]]
    gaps = [np.linalg.norm(lab(a, sight) - lab(b, sight)) for a, b in combinations(colours, 2)]
    assert len(PALETTES[dark]) == 10
    assert min(gaps) > 15  # about 2 is just noticeable side by side
    assert min(contrast_ratio(colour, BACKGROUNDS[dark]) for colour in PALETTES[dark]) > 2.2


# ---- names, ring, overlay --------------------------------------------------------------------


def test_names_stand_at_medoids():
    names = [cluster(0, 30), cluster(1, 60), cluster(2, 10_000)]
    notes = drawn(names=names).layout.annotations
    assert {note.text for note in notes} == {"<b>group 0</b>", "<b>group 1</b>"}
    first = next(note for note in notes if "0" in note.text)
    assert (first.x, first.y) == tuple(ARTISTS.loc[10, ["x", "y"]])


@given(st.integers(0, 2**31), st.integers(1, 10))
def test_no_name_covers_another_and_all_are_inside(seed, n):
    rng = np.random.default_rng(seed)
    points = rng.uniform(100, 500, size=(300, 2))
    names = [f"name {i}" for i in range(n)]
    places = places_of_names(names, points[:n], points, (WIDTH, HEIGHT))
    boxes = []
    for name, (x, y), (right, up) in zip(names, points, places, strict=False):
        width = LETTER * len(name) + 6
        left, bottom = x + right - width / 2, y + up - LINE / 2
        boxes.append(Box(left, bottom, left + width, bottom + LINE))
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))
    assert all(
        box.left >= 0 and box.bottom >= 0 and box.right <= WIDTH and box.top <= HEIGHT for box in boxes
    )


def test_a_name_moves_off_its_points_where_there_is_room():
    heap = np.random.default_rng(0).normal(scale=12, size=(200, 2)) + 300
    (place,) = places_of_names(["folk"], np.array([[300.0, 300.0]]), heap, (WIDTH, HEIGHT))
    width = LETTER * 4 + 6
    x, y = 300 + place.right, 300 + place.up
    assert Box(x - width / 2, y - LINE / 2, x + width / 2, y + LINE / 2).holds(*heap.T) <= 2


def test_the_artist_asked_for_is_ringed_named_and_zoomed_to():
    figure = drawn(overlay=Overlay(asked=30), zoom=True)
    ring = figure.data[-1]
    point = ARTISTS.loc[10, ["x", "y"]].to_numpy(float)
    assert ring.marker.symbol == "circle-open"
    assert (ring.x[0], ring.y[0]) == tuple(point)
    assert [note.text for note in figure.layout.annotations] == ["<b>artist &lt;10&gt;</b>"]
    whole = frame_of(ARTISTS[["x", "y"]].to_numpy())
    assert tuple(figure.layout.xaxis.range) == around(point, whole).x
    assert len(drawn(overlay=Overlay(asked=31)).data) == 1  # not on the map
    assert tuple(drawn(overlay=Overlay(asked=31), zoom=True).layout.xaxis.range) == whole.x


def test_a_listener_is_shown_by_shape_too_and_others_step_back():
    figure = drawn(overlay=Overlay(heard=[3, 6, 7], recommended=np.array([9])))
    points, heard, recommended = figure.data
    assert list(heard.customdata) == [3, 6]
    assert list(recommended.customdata) == [9]
    assert (heard.marker.symbol, recommended.marker.symbol) == ("circle", "diamond")
    assert points.marker.opacity < 0.5 < drawn().data[0].marker.opacity


def test_two_maps_can_share_a_frame():
    one, other = np.zeros((2, 2)), np.array([[4.0, -2.0]])
    frame = frame_of(one, other)
    assert frame.x[0] < 0 < 4 < frame.x[1]
    assert frame.y[0] < -2 < 0 < frame.y[1]
    assert tuple(drawn(frame=frame).layout.yaxis.range) == frame.y


def test_pixels_keep_the_shape_of_the_map():
    frame = frame_of(np.array([[0.0, 0.0], [10.0, 1.0]]))
    a, b, c = frame.pixels(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), HEIGHT)
    assert b[0] - a[0] == pytest.approx(c[1] - a[1])


# ---- neighbours ------------------------------------------------------------------------------


def test_neighbours_are_bars_from_nought_the_nearest_on_top():
    table = pd.DataFrame({"item_idx": [4, 9], "name": ["a<b", "c"], "cosine": [0.9, -0.1]})
    (bars,) = similar_figure(table, amount=lambda value: f"{value:.1f}").data
    assert list(bars.x) == [0, 0.9]
    assert list(bars.text) == ["-0.1", "0.9"]
    assert list(bars.customdata) == [9, 4]
    assert bars.hovertext[1] == "a&lt;b: 0.9"
