"""What are these shapes? The split and the scalings, explained with the numbers of the chosen data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.datasets.scaling_summary import COMPARED, compare_scalings, scaling_histograms
from recsys_core.plots.datasets import corner_figure, scaling_figure
from recsys_core.split_summary import SplitFacts, corner, split_facts
from recsys_core.splitting import PROTOCOLS, Split, split
from recsys_dashboard.data.overview import source_line
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.texts import number, percent, text, whole

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset


def draw_shapes(dataset: Dataset) -> None:
    """Draw the plain answer beside a corner of both matrices.

    Raises
    ------
    DataError
        If there are too few pairs to split.
    """
    parts = _split(dataset.fingerprint, dataset)
    found = split_facts(parts)
    left, right = st.columns(2)
    with left:
        st.markdown(_answer(found, parts))
    with right.container(border=True):
        title = text("datasets.shapes_title", users=whole(found.n_users), items=whole(found.n_items))
        show_figure(
            corner_figure(
                *corner(parts),
                names=(
                    text("datasets.train_cells", cells=whole(found.train)),
                    text("datasets.test_cells", cells=whole(found.test)),
                ),
            ),
            key="datasets.corner",
            title=title,
            alt=text("datasets.corner_alt"),
            note=text("datasets.corner_note"),
            source=source_line(dataset, parts.protocol),
        )


def draw_scalings(dataset: Dataset) -> None:
    """Draw what each scaling does to the play counts."""
    table = compare_scalings(dataset.interactions)
    first = table.set_index("scaling").loc["play_count_scaled"]
    left, right = st.columns(2)
    with left.container(border=True):
        title = text("datasets.scaling_title", share=percent(float(first["below_one_percent"])))
        show_figure(
            scaling_figure(
                scaling_histograms(dataset.interactions),
                names={name: text(f"scaling.{name}") for name in COMPARED},
                x_title=text("datasets.scaling_x"),
            ),
            key="datasets.scaling",
            title=title,
            alt=text("datasets.scaling_alt", title=title),
            note=text("datasets.scaling_note"),
            source=source_line(dataset),
        )
    with right:
        st.markdown(text("datasets.scaling_words"))
        heads = ("scaling", "kept", "lost", "median", "below")
        lines = ["| " + " | ".join(text(f"datasets.scaling_{head}") for head in heads) + " |"]
        lines.append("| :--- | ---: | ---: | ---: | ---: |")
        lines += [
            f"| {text(f'scaling.{row.scaling}')} | {whole(row.kept)} | {whole(row.lost)} "
            f"| {number(row.median)} | {percent(row.below_one_percent)} |"
            for row in table.itertuples()
        ]
        st.markdown("\n".join(lines))


def _answer(found: SplitFacts, parts: Split) -> str:
    scaled = parts.protocol.scaling == "play_count_scaled"
    shape = {"users": whole(found.n_users), "items": whole(found.n_items)}
    paragraphs = [
        text("datasets.answer_grid", known=whole(found.known), **shape),
        text("datasets.answer_vanished", n=found.vanished, left=whole(found.known - found.vanished))
        if scaled
        else text("datasets.answer_unscaled"),
        text("datasets.answer_split", train=whole(found.train), test=whole(found.test), **shape),
        text("datasets.answer_shared", shared=whole(found.shared)),
        text(
            "datasets.answer_cold",
            artists=whole(found.items_only_in_test),
            pairs=whole(found.test_pairs_of_those),
            share=percent(found.test_pairs_of_those / found.test),
            judged=whole(found.test_users),
            **shape,
        ),
    ]
    return "\n\n".join(paragraphs)


@st.cache_resource(max_entries=4, show_spinner=False)
def _split(fingerprint: str, _dataset: Dataset) -> Split:
    weights = _dataset.interactions.weights
    # under the driver's scaling equal counts would all become zero, and nothing would be left to split
    return split(_dataset, PROTOCOLS["driver" if weights.min() < weights.max() else "all-pairs"])
