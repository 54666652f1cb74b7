"""The chosen data set in figures: how big, how sparse, what became of every row, whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.datasets.summary import facts, long_tail
from recsys_core.plots.datasets import long_tail_figure
from recsys_dashboard.cards import Card, draw_cards
from recsys_dashboard.downloads import csv_button
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.texts import amount, compact, percent, plain, text, whole

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.datasets.summary import Facts
    from recsys_core.splitting import Protocol

FEW = 0.1  # below this share, artists with a single listener are no finding


def draw(dataset: Dataset) -> None:
    """Draw cards, long tail, facts, rows and licence."""
    found = facts(dataset)
    _cards(found)
    left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        _long_tail(dataset, found)
    with right.container(border=True, height="stretch"):
        st.markdown(f"**{text('datasets.facts_title')}**")
        st.markdown(_facts(found))
    with st.container(border=True):
        st.markdown(f"**{text('datasets.origin_title')}**")
        st.markdown(_origin(dataset))
    _rows(dataset)


def _cards(found: Facts) -> None:
    values = {
        "users": whole(found.n_users),
        "items": whole(found.n_items),
        "plays": compact(found.total_weight),
        "density": percent(found.density),
    }
    counts = {"cells": whole(found.n_cells), "pairs": whole(found.n_pairs)}
    draw_cards(
        [
            Card(text(f"datasets.card_{name}"), value, text(f"datasets.card_{name}_help", **counts))
            for name, value in values.items()
        ]
    )


def _long_tail(dataset: Dataset, found: Facts) -> None:
    top = percent(found.share_of_top_percent)
    single = found.items_with_one_user / found.n_items
    title = text("datasets.tail_title", share=percent(single))
    if single < FEW:
        title = text("datasets.tail_title_short", share=top)
    show_figure(
        long_tail_figure(
            long_tail(dataset), whole=whole, x_title=text("datasets.tail_x"), y_title=text("datasets.tail_y")
        ),
        key="datasets.tail",
        title=title,
        alt=text("datasets.tail_alt", title=title),
        note=text("datasets.tail_note", share=top),
        source=source_line(dataset),
    )


def source_line(dataset: Dataset, split: Protocol | None = None) -> str:
    """Return which data a figure of no model shows, and under which split if it shows one."""
    parts = [plain(dataset.source.title)]
    parts += [text("footer.simulated")] if dataset.source.simulated else []
    parts += [
        text("datasets.whole")
        if split is None
        else text("datasets.driver", share=percent(split.test_share), seed=split.seed)
    ]
    return " · ".join([*parts, text("footer.data", fingerprint=dataset.fingerprint)])


def _facts(found: Facts) -> str:
    lines = [
        text("datasets.fact_pairs", pairs=whole(found.n_pairs), cells=whole(found.n_cells)),
        text("datasets.fact_per_user", median=amount(found.median_items_per_user)),
        text(
            "datasets.fact_largest",
            users=whole(found.users_at_largest),
            n_users=whole(found.n_users),
            largest=whole(found.largest_items_per_user),
        ),
        text("datasets.fact_per_item", median=amount(found.median_users_per_item)),
        text("datasets.fact_weights", low=amount(found.smallest_weight), high=amount(found.largest_weight)),
        text("datasets.fact_times" if found.has_times else "datasets.fact_no_times"),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _origin(dataset: Dataset) -> str:
    source = dataset.source
    given = {"origin": source.origin, "licence": source.licence, "citation": source.citation}
    lines = [text(f"datasets.{name}", words=plain(words)) for name, words in given.items() if words]
    return "\n".join(f"- {line}" for line in lines)


def _rows(dataset: Dataset) -> None:
    table = dataset.report.to_frame()
    lost = int(table["dropped"].sum())
    st.subheader(text("datasets.rows_title"), anchor=False)
    st.markdown(text("datasets.rows_some", lost=whole(lost)) if lost else text("datasets.rows_all"))
    labels = {name: text(f"datasets.column_{name}") for name in table.columns}
    counts = ("read", "kept", "dropped", "first_line")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            **labels,
            **{name: st.column_config.NumberColumn(labels[name], format="localized") for name in counts},
        },
        placeholder="",
        alt=text("datasets.rows_alt"),
        key="datasets.rows",
    )
    notes = [
        f"- {plain(report.file)}: {plain(note)}" for report in dataset.report.files for note in report.notes
    ]
    if notes:
        st.caption("\n".join(notes))
    csv_button(table, f"refrain-rows-{dataset.source.name}.csv", key="datasets.rows_csv")
