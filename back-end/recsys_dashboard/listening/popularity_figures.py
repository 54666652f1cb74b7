"""The figures of listened against recommended, each with its finding, its alt text and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

import streamlit as st

from recsys_core.listening.popularity_findings import two_charts
from recsys_core.listening.popularity_rerank import METHODS
from recsys_core.plots.charts import facing_charts
from recsys_core.plots.popularity import decile_figure, lorenz_figure, popularity_figure, tail_figure
from recsys_core.plots.tradeoff import Axis, tradeoff_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.listening import popularity_words as words
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.listening.popularity_cache import cost_of, points_of, trade_off_of
from recsys_dashboard.texts import compact, number, text, whole

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
    axis = _pick_axis()
    found = cost_of(choice, dataset)
    title, details = words.cost_title(choice, found), words.cost_sentence(choice, found)
    show_figure(
        tradeoff_figure(
            trade_off_of(choice, dataset),
            axis=axis,
            methods={one: text(f"top_artists.method_{one}") for one in METHODS},
            chosen=(choice.method, choice.strength),
            chosen_words=words.here(choice),
            others=points_of(choice, dataset, story, names),
            percent=words.exact,
            amount=whole if axis == "items" else number,
            x_title=text(f"top_artists.trade_x_{axis}"),
            y_title=text("top_artists.trade_y", k=choice.k),
            dark=is_dark(),
        ),
        key="top_artists.trade",
        title=title,
        alt=text("top_artists.trade_alt", title=title, details=details),
        note=details,
        source=source,
    )
    st.caption(text("top_artists.trade_note"))


def _pick_axis() -> Axis:
    """Draw the choice of how the spread over artists is measured; ``?axis=`` names it."""
    return cast(
        "Axis",
        pick_addressed(
            "axis",
            get_args(Axis),
            label=text("top_artists.axis"),
            words=lambda name: text(f"top_artists.axis_{name}"),
            bare=True,
        ),
    )
