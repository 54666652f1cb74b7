"""The figures of listened against recommended, each with its finding, its alt text and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import streamlit as st

from recsys_core.listening.popularity_findings import two_charts
from recsys_core.listening.popularity_rerank import METHODS
from recsys_core.plots.charts import facing_charts
from recsys_core.plots.popularity import decile_figure, lorenz_figure, popularity_figure, tail_figure
from recsys_core.plots.tradeoff import Axis, tradeoff_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.listening import popularity_words as words
from recsys_dashboard.listening.popularity_cache import cost_of, points_of, trade_off_of
from recsys_dashboard.texts import compact, number, percent, text, whole

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from recsys_core.datasets import Dataset
    from recsys_core.listening.popularity_story import Story
    from recsys_dashboard.listening.popularity_choice import Choice


def draw_charts(choice: Choice, story: Story, source: str) -> None:
    """Draw the most listened and the most recommended face to face, and how the two charts differ."""
    of = min(choice.shown, len(story.shift.names))
    title = words.overlap_title(story.shift.in_both(of), of)
    show_figure(
        facing_charts(
            story.shift.top(choice.shown),
            heads=(
                text(f"top_artists.head_{choice.by}"),
                text("top_artists.head_recommended", k=choice.k),
            ),
            amount=compact,
            dark=is_dark(),
        ),
        key="top_artists.charts",
        title=title,
        alt=text("top_artists.charts_alt", title=title),
        note=words.charts_note(choice, story.shift),
        source=source,
    )
    st.markdown(words.two_charts_sentence(two_charts(story.dataset, choice.shown)))


def draw_lorenz(story: Story, names: dict[str, str], source: str) -> None:
    """Draw the Lorenz curves."""
    title = words.concentration_title(story)
    _show(
        lorenz_figure(
            story.lorenz(),
            names,
            equal=text("top_artists.equal"),
            x_title=text("top_artists.lorenz_x"),
            y_title=text("top_artists.lorenz_y"),
            dark=is_dark(),
        ),
        "lorenz",
        key="top_artists.lorenz",
        title=title,
        source=source,
    )


def draw_tail(story: Story, names: dict[str, str], source: str) -> None:
    """Draw the long tail."""
    title = words.tail_title(story)
    _show(
        tail_figure(
            story.long_tail(),
            names,
            whole=whole,
            percent=lambda share: words.exact(share, 1),
            x_title=text("top_artists.tail_x"),
            y_title=text("top_artists.tail_y"),
            dark=is_dark(),
        ),
        "tail",
        key="top_artists.tail",
        title=title,
        source=source,
    )


def draw_deciles(story: Story, names: dict[str, str], source: str) -> None:
    """Draw the shares of each tenth of the catalogue."""
    title = words.half_title(story)
    _show(
        decile_figure(
            story.deciles(),
            names,
            x_title=text("top_artists.decile_x"),
            y_title=text("top_artists.decile_y"),
            dark=is_dark(),
        ),
        "decile",
        key="top_artists.deciles",
        title=title,
        source=source,
    )


def draw_popularity(story: Story, names: dict[str, str], source: str) -> None:
    """Draw how popular the artists of a list are, and how unknown."""
    title = words.lists_title(story)
    spreads = {part: story.spreads[part] for part in names}
    _show(
        popularity_figure(
            {part: one.average_popularity for part, one in spreads.items()},
            names,
            remarks={
                part: text(
                    "top_artists.popularity_bar",
                    listeners=whole(one.average_popularity),
                    one_in=words.one_in(one),
                )
                for part, one in spreads.items()
            },
            x_title=text("top_artists.popularity_x"),
            dark=is_dark(),
        ),
        "popularity",
        key="top_artists.popularity",
        title=title,
        source=source,
    )


def _show(figure: go.Figure, name: str, *, key: str, title: str, source: str) -> None:
    """Show a figure whose alternative text and note are the messages ``name_alt`` and ``name_note``."""
    alt, note = text(f"top_artists.{name}_alt", title=title), text(f"top_artists.{name}_note")
    show_figure(figure, key=key, title=title, alt=alt, note=note, source=source)


def draw_trade_off(
    choice: Choice, dataset: Dataset, story: Story, names: dict[str, str], source: str
) -> None:
    """Draw what diversity costs in precision, with the chosen point."""
    axis = st.segmented_control(
        text("top_artists.axis"),
        get_args(Axis),
        format_func=lambda name: text(f"top_artists.axis_{name}"),
        default="items",
        key="axis",
        required=True,
        bind="query-params",
        label_visibility="collapsed",
    )
    found = cost_of(choice, dataset)
    title = words.cost_title(choice, found)
    here = (
        text("top_artists.here", strength=percent(choice.strength))
        if choice.reranked
        else text("top_artists.here_trained")
    )
    show_figure(
        tradeoff_figure(
            trade_off_of(choice, dataset),
            axis=axis,
            methods={one: text(f"top_artists.method_{one}") for one in METHODS},
            chosen=(choice.method, choice.strength),
            chosen_words=here,
            others=points_of(choice, dataset, story, names),
            percent=words.exact,
            amount=whole if axis == "items" else number,
            x_title=text(f"top_artists.trade_x_{axis}"),
            y_title=text("top_artists.trade_y", k=choice.k),
            dark=is_dark(),
        ),
        key="top_artists.trade",
        title=title,
        alt=text("top_artists.trade_alt", title=title, details=words.cost_sentence(choice, found)),
        note=words.cost_sentence(choice, found),
        source=source,
    )
    st.caption(text("top_artists.trade_note"))
