"""An experiment drawn: effects with their intervals, and how the effect settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots.labels import INK, literal
from recsys_core.plots.theme import (
    BASELINE,
    LABEL_SIZE,
    TREATMENT,
    UNSELECTED,
    apply_layout,
    readable,
    translucent,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

ROW_HEIGHT, HEIGHT = 44, 340
_DECIDED = {1: "#009E73", -1: TREATMENT, 0: BASELINE}
_SYMBOLS = {1: "triangle-up", -1: "triangle-down", 0: "circle"}  # colour alone never decides


def effect_intervals(
    effects: pd.DataFrame,
    *,
    names: Mapping[str, str],
    x_title: str,
    fixed_words: str,
    always_words: str,
    less_is_better: Collection[str] = (),
    dark: bool = False,
) -> go.Figure:
    """Return a row per metric: a mark at the effect, a thick line for one look, a thin one for any time.

    Parameters
    ----------
    effects
        ``metric, effect, low, high, always_low, always_high`` as shares (0.77 for +77 %), from the top;
        ends may be missing.
    names
        Words for the metrics.
    fixed_words, always_words
        What the two intervals are called when pointed at.
    less_is_better
        Metrics whose fall is good: marks point where the effect goes, green is for the better.
    """
    figure = go.Figure()
    rows = list(effects.itertuples())
    for place, row in enumerate(rows):
        sign = _sign(row.always_low, row.always_high)
        good = -sign if row.metric in less_is_better else sign
        colour = readable(_DECIDED[good], dark=dark, contrast=3.0)
        _line(figure, place, row.always_low, row.always_high, colour, 2)
        _line(figure, place, row.low, row.high, colour, 7)
        figure.add_scatter(
            x=[100 * row.effect],
            y=[place],
            mode="markers",
            marker={
                "symbol": _SYMBOLS[sign],
                "size": 12,
                "color": colour,
                "line": {"width": 1, "color": INK[dark]},
            },
            hovertemplate=f"<b>{literal(names[row.metric])}</b><br>{_signed(row.effect)}<br>"
            f"{literal(fixed_words)} {_signed(row.low)} … {_signed(row.high)}<br>"
            f"{literal(always_words)} {_signed(row.always_low)} … {_signed(row.always_high)}<extra></extra>",
        )
    figure.add_vline(
        x=0, layer="below", line={"color": readable(UNSELECTED, dark=dark, contrast=2.2), "width": 1}
    )
    apply_layout(figure, height=72 + ROW_HEIGHT * len(rows), x_title=x_title)
    figure.update_xaxes(ticksuffix=" %", range=_range(effects))
    words = [literal(names[row.metric]) for row in rows]
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=words, range=[len(rows) - 0.4, -0.6], showgrid=False
    )
    return figure


def effect_over_time(
    course: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    fixed_words: str,
    always_words: str,
    dark: bool = False,
) -> go.Figure:
    """Return the effect after so many sessions as a line in two shrinking bands, the outer always valid.

    ``course`` is one metric and one treatment: ``sessions, effect, low, high, always_low, always_high`` as
    shares, by sessions; rows without an interval are left out.
    """
    shown = course[np.isfinite(course["low"]) & np.isfinite(course["high"])]
    colour = readable(TREATMENT, dark=dark, contrast=2.2)
    figure = go.Figure()
    always = shown[np.isfinite(shown["always_low"])]
    _band(figure, always, ("always_low", "always_high"), translucent(TREATMENT, 0.16))
    _band(figure, shown, ("low", "high"), translucent(TREATMENT, 0.30))
    figure.add_scatter(
        x=shown["sessions"],
        y=100 * shown["effect"],
        mode="lines" if len(shown) > 1 else "markers",
        line={"color": colour, "width": 2.5},
        customdata=100 * shown[["low", "high", "always_low", "always_high"]].to_numpy(),
        hovertemplate=f"{x_title} %{{x:,}}<br>%{{y:+.1f}} %<br>"
        f"{literal(fixed_words)} %{{customdata[0]:+.1f}} … %{{customdata[1]:+.1f}} %<br>"
        f"{literal(always_words)} %{{customdata[2]:+.1f}} … %{{customdata[3]:+.1f}} %<extra></extra>",
    )
    figure.add_hline(
        y=0, layer="below", line={"color": readable(UNSELECTED, dark=dark, contrast=2.2), "width": 1}
    )
    _name_bands(figure, always, shown, fixed_words, always_words, dark)
    apply_layout(figure, height=HEIGHT, x_title=x_title, y_title=y_title, right=112)
    figure.update_yaxes(ticksuffix=" %", range=_window(shown))
    return figure


def _line(figure: go.Figure, place: int, low: float, high: float, colour: str, width: int) -> None:
    if np.isfinite(low) and np.isfinite(high):
        figure.add_scatter(
            x=[100 * low, 100 * high],
            y=[place, place],
            mode="lines",
            line={"color": translucent(colour, 0.55) if width > 2 else colour, "width": width},
            hoverinfo="skip",
        )


def _band(figure: go.Figure, course: pd.DataFrame, ends: tuple[str, str], colour: str) -> None:
    for end, fill in zip(ends, (None, "tonexty"), strict=True):
        figure.add_scatter(
            x=course["sessions"],
            y=100 * course[end],
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor=colour,
            hoverinfo="skip",
        )


def _name_bands(
    figure: go.Figure,
    always: pd.DataFrame,
    shown: pd.DataFrame,
    fixed_words: str,
    always_words: str,
    dark: bool,
) -> None:
    """Write what a band is beside its upper end; the outer one above, so that they never meet."""
    for course, end, words, anchor in (
        (always, "always_high", always_words, "bottom"),
        (shown, "high", fixed_words, "top"),
    ):
        if len(course):
            figure.add_annotation(
                x=course["sessions"].iloc[-1],
                y=100 * course[end].iloc[-1],
                text=literal(words),
                xanchor="left",
                yanchor=anchor,
                xshift=6,
                showarrow=False,
                font={"size": LABEL_SIZE, "color": INK[dark]},
            )


def _window(course: pd.DataFrame) -> list[float] | None:
    """Return bounds for the y axis: what the first few sessions say may lie outside."""
    if course.empty:
        return None
    settled = course.iloc[len(course) // 5 :]
    ends = settled[["low", "high", "always_low", "always_high"]].to_numpy()
    ends = ends[np.isfinite(ends)]
    low, high = 100 * min(0.0, ends.min()), 100 * max(0.0, ends.max())
    room = 0.08 * (high - low) or 1.0
    return [low - room, high + room]


def _range(effects: pd.DataFrame) -> list[float]:
    ends = effects[["effect", "low", "high", "always_low", "always_high"]].to_numpy(float)
    ends = 100 * ends[np.isfinite(ends)]
    low, high = min(0.0, *ends, 0.0), max(0.0, *ends, 0.0)
    room = 0.08 * (high - low) or 1.0
    return [low - room, high + room]


def _sign(low: float, high: float) -> int:
    if not (np.isfinite(low) and np.isfinite(high)) or low <= 0 <= high:
        return 0
    return 1 if low > 0 else -1


def _signed(share: float) -> str:
    return f"{100 * share:+.1f} %" if np.isfinite(share) else "?"
