"""What adds up to the scores of what is suggested, as stacked bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import plotly.graph_objects as go

from recsys_core.plots.labels import INK, STRIPES, literal, shortened
from recsys_core.plots.theme import BACKGROUNDS, BASELINE, LISTENING, UNSELECTED, apply_layout

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.listening.explain import Explanation

ROW_HEIGHT = 30
STRONGEST = "strongest"
# own artists are shades of listening, the strongest darkest; ink that can be read on each
_OWN, _INKS, _OTHERS = (LISTENING, "#3E92C8", "#7DB8DE"), ("#FFFFFF", "#10202C", "#10202C"), "#BBD9EC"


def why_figure(
    explanation: Explanation,
    *,
    number: Callable[[float], str],
    words: Mapping[str, str],
    x_title: str = "",
    n_reasons: int = 3,
    dark: bool = False,
) -> go.Figure:
    """Return one bar per explained artist, best on top, of pieces that add up to its score without its level.

    ``words`` names the pieces in the legend: ``strongest, others, anybody, rest``, and ``score``, a diamond
    where they add up. The strongest are named within their pieces; what speaks against is left of zero.
    """
    pieces = why_pieces(explanation, n_reasons)[::-1]
    rows = np.arange(len(pieces))
    figure = go.Figure()
    for slot, (kind, colour, ink, pattern) in enumerate(_slots(n_reasons)):
        sizes = np.array([piece[slot].size for piece in pieces])
        if kind != STRONGEST and not np.abs(sizes).max(initial=0) > 0:
            continue
        names = [piece[slot].name or words[kind] for piece in pieces]
        figure.add_bar(
            x=sizes,
            y=rows,
            orientation="h",
            name=words[kind],
            legendgroup=kind,
            showlegend=slot == 0 or kind != STRONGEST,
            marker={"color": colour, "pattern": {"shape": pattern, **STRIPES}, "line": {"width": 0}},
            text=[shortened(piece[slot].name, 18) for piece in pieces],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": ink},
            hovertext=[f"{literal(name)}: {number(size)}" for name, size in zip(names, sizes, strict=True)],
            hoverinfo="text",
        )
    _mark_scores(figure, explanation, words["score"], number, dark=dark)
    names = [explanation.names[target] for target in explanation.targets[::-1]]
    _finish_why(figure, names, x_title, dark=dark)
    return figure


def _mark_scores(
    figure: go.Figure, explanation: Explanation, word: str, number: Callable[[float], str], *, dark: bool
) -> None:
    """Put a diamond where the pieces of each bar add up, which is the score less its level."""
    scores = explanation.scores[::-1]
    figure.add_scatter(
        x=scores - explanation.level,
        y=np.arange(len(scores)),
        mode="markers",
        name=word,
        cliponaxis=False,
        marker={
            "symbol": "diamond",
            "size": 10,
            "color": INK[dark],
            "line": {"width": 1.5, "color": BACKGROUNDS[dark]},
        },
        hovertext=[f"{word}: {number(float(score))}" for score in scores],
        hoverinfo="text",
    )


class Piece(NamedTuple):
    """A part of a bar: the artist it stands for, or nothing, and its length."""

    name: str
    size: float


def why_pieces(explanation: Explanation, n_reasons: int) -> list[list[Piece]]:
    """Return for each target the strongest ``n_reasons`` own artists, the others, anybody's, the rest."""
    found = []
    for at in range(len(explanation.targets)):
        strongest = explanation.strongest(at, n_reasons)
        named = [
            Piece(str(explanation.names[explanation.items[own]]), float(explanation.parts[at, own]))
            for own in strongest
        ]
        named += [Piece("", 0.0)] * (n_reasons - len(named))
        others = float(explanation.own[at] - explanation.parts[at, strongest].sum())
        last = (others, float(explanation.anybody[at]), float(explanation.rest[at]))
        found.append([*named, *(Piece("", size) for size in last)])
    return found


def _slots(n_reasons: int) -> list[tuple[str, str, str, str]]:
    """Return kind, colour, ink and pattern of each piece, from the zero line outwards."""
    own = [
        (STRONGEST, _OWN[min(at, len(_OWN) - 1)], _INKS[min(at, len(_OWN) - 1)], "")
        for at in range(n_reasons)
    ]
    return [*own, ("others", _OTHERS, INK[False], ""), ("anybody", UNSELECTED, INK[False], ""),
            ("rest", BASELINE, "#FFFFFF", "/")]  # fmt: skip


def _finish_why(figure: go.Figure, names: list[str], x_title: str, *, dark: bool) -> None:
    apply_layout(figure, height=120 + ROW_HEIGHT * len(names), x_title=x_title, left=8, right=16)
    figure.update_layout(
        barmode="relative",
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        margin={"t": 44},
        uniformtext={"mode": "hide", "minsize": 10},
    )
    figure.update_yaxes(
        tickvals=np.arange(len(names)),
        ticktext=[shortened(name) for name in names],
        tickfont={"color": INK[dark]},
        showgrid=False,
    )
    figure.update_xaxes(zeroline=True, zerolinewidth=1, showgrid=True, nticks=6)
