"""Metric against epoch or training time, one line per model, each named at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from recsys_core.comparison import BASELINE
from recsys_core.convergence import EPOCH, SECONDS
from recsys_core.plots import theme
from recsys_core.plots.frame import HEIGHT, NEAR_BEST, NEARLY_BEST, WIDTH, Frame, frame_of
from recsys_core.plots.placing import Box, beside_level, spread

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

_CHARACTER, _LINE = 6.6, 16  # pixels of the label font
_MANY = 40  # epochs: beyond, the points of a line touch
_TOP, _BOTTOM = 16, 82


@dataclass(frozen=True)
class Words:
    """All that is written on the figure; ``below`` names models whose end lies below the frame."""

    models: dict[str, str]
    below: dict[str, str]
    x: str
    y: str
    hover: str
    near_best: str
    nearly_best: str
    baseline: str
    source: str = ""


def convergence_figure(
    curves: dict[str, pd.DataFrame],
    words: Words,
    *,
    metric: str = "auc",
    x: str = EPOCH,
    epochs: int | None = None,
    unfinished: Collection[str] = (),
    training: bool = False,
    dark: bool = False,
) -> go.Figure:
    """Return the figure of ``curves`` (tables of :class:`recsys_core.convergence.Curve` by model).

    Popularity is drawn as a level line, as are 95 and 99 % of the best value; stars mark best epochs.

    Parameters
    ----------
    metric
        Metric name without its part, such as ``auc`` or ``precision@10``.
    x
        ``epoch`` or ``seconds`` (of training).
    epochs
        Right end of the epoch axis, so that a live line grows into a still frame.
    unfinished
        Models still in training, or stopped half way: their lines end where they are.
    training
        Add thin lines for the training part.
    """
    frame = frame_of(curves, metric, x, epochs=epochs, training=training)
    picture = _Picture(curves, words, frame, metric, x, unfinished, dark)
    if training:
        picture.add_training()
    picture.add_lines()
    picture.add_levels()
    picture.name_lines()
    return picture.finished()


@dataclass
class _Picture:
    curves: dict[str, pd.DataFrame]
    words: Words
    frame: Frame
    metric: str
    x: str
    unfinished: Collection[str]
    dark: bool
    figure: go.Figure = field(default_factory=go.Figure)

    def __post_init__(self) -> None:
        self.column = f"test_{self.metric}"
        self.lines = {model: curve for model, curve in self.curves.items() if model != BASELINE}
        self.ends = {model: float(curve[self.column].iloc[-1]) for model, curve in self.curves.items()}

    def add_training(self) -> None:
        """Add what the models score on the plays they were trained on, thinner."""
        for model, curve in self.lines.items():
            self._add_quiet(model, curve[self.x], curve[f"train_{self.metric}"], 1)

    def add_lines(self) -> None:
        """Add the lines; a finished one goes on level to the right edge: its model stays as good as it is."""
        for model, curve in self.lines.items():
            last = float(curve[self.x].iloc[-1])
            if model not in self.unfinished and last < self.frame.x_high:
                self._add_quiet(model, [last, self.frame.x_high], [self.ends[model]] * 2, 1.5)
            self._add_line(model, curve)

    def add_levels(self) -> None:
        """Add the level lines with their names where fewest lines pass."""
        best = max(float(curve[self.column].max()) for curve in self.curves.values())
        levels = [(NEARLY_BEST * best, "dot", self.words.nearly_best)]
        levels.append((NEAR_BEST * best, "dot", self.words.near_best))
        if BASELINE in self.curves:
            levels.append((self.ends[BASELINE], "solid", self.words.baseline))
        points = self._points()
        taken: list[Box] = []
        for level, dash, label in levels:
            line = {"color": theme.BASELINE, "dash": dash, "width": 1.2}
            self.figure.add_hline(y=level, line=line)
            self._name_level(level, label, points, taken)

    def name_lines(self) -> None:
        """Write each model's name at the end of its line, moved apart where they would collide."""
        at_edge = [one for one in self.lines if one not in self.unfinished or self._reaches_edge(one)]
        heights = np.clip(self.frame.y_pixels(np.array([self.ends[model] for model in at_edge])), 0, HEIGHT)
        placed = dict(zip(at_edge, spread(heights, _LINE, 0, HEIGHT), strict=True))
        for model, curve in self.lines.items():
            below = self.ends[model] < self.frame.y_low
            self.figure.add_annotation(
                x=1 if model in placed else float(curve[self.x].iloc[-1]),
                xref="paper" if model in placed else "x",
                y=placed.get(model, float(self.frame.y_pixels(self.ends[model]))) / HEIGHT,
                yref="paper",
                xshift=2 if model in placed else 10,
                text=f"<b>{(self.words.below if below else self.words.models)[model]}</b>",
                showarrow=False,
                xanchor="left",
                yanchor="middle",
                font={"size": theme.LABEL_SIZE, "color": self._readable(theme.style_of(model).colour)},
            )

    def finished(self) -> go.Figure:
        """Return the figure with axes, margins and the line that says what it was made from."""
        names = [self.words.models[model] for model in self.lines] or [""]
        right = round(max(map(len, names)) * _CHARACTER * 1.1) + 14
        height = HEIGHT + _TOP + _BOTTOM
        theme.apply_layout(
            self.figure, height=height, x_title=self.words.x, y_title=self.words.y, right=right
        )
        self.figure.update_layout(margin={"t": _TOP, "b": _BOTTOM})
        pad = 0.02 * (self.frame.x_high - self.frame.x_low)
        whole = {"dtick": 1} if self.x == EPOCH and self.frame.x_high <= 10 else {"nticks": 11}
        self.figure.update_xaxes(range=[self.frame.x_low - pad, self.frame.x_high + 1.5 * pad], **whole)
        digits = 2 if self.frame.y_high - self.frame.y_low > 0.05 else 3
        self.figure.update_yaxes(range=[self.frame.y_low, self.frame.y_high], tickformat=f".{digits}f")
        self.figure.add_annotation(
            text=self.words.source,
            **{"x": 0, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom"},
            **{"yshift": -_BOTTOM, "showarrow": False, "align": "left"},
            font={"size": theme.LABEL_SIZE - 2, "color": self._readable(theme.BASELINE)},
        )
        return self.figure

    # ---- details -------------------------------------------------------------------------

    def _add_line(self, model: str, curve: pd.DataFrame) -> None:
        style, values = self._style(model), curve[self.column]
        best, single = int(values.to_numpy().argmax()), len(curve) == 1
        starred = [not single and row == best for row in range(len(curve))]
        small = 5 if len(curve) <= _MANY else 0
        self.figure.add_scatter(
            x=curve[self.x],
            y=values,
            name=self.words.models[model],
            mode="lines+markers",
            line={"color": style.colour, "dash": style.dash, "width": 2.5},
            marker={
                "color": style.colour,
                "symbol": ["star" if star else style.symbol for star in starred],
                "size": [9 if single else 13 if star else small for star in starred],
                "opacity": 1,
            },
            customdata=curve[[EPOCH, SECONDS]].to_numpy(np.float64),
            hovertemplate=self.words.hover,
        )

    def _add_quiet(self, model: str, x: object, y: object, width: float) -> None:
        style = self._style(model)
        line = {"color": theme.translucent(style.colour, 0.6), "dash": style.dash, "width": width}
        self.figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")

    def _name_level(
        self, level: float, label: str, points: tuple[np.ndarray, np.ndarray], taken: list[Box]
    ) -> None:
        y, wide = float(self.frame.y_pixels(level)), len(label) * _CHARACTER * 0.96
        centre, above = beside_level(y, wide, _LINE, WIDTH, points, taken)
        self.figure.add_annotation(
            x=centre,
            xref="paper",
            y=level,
            text=label,
            showarrow=False,
            xanchor={0.0: "left", 1.0: "right"}.get(centre, "center"),
            yanchor="bottom" if above else "top",
            font={"size": theme.LABEL_SIZE - 1, "color": self._readable(theme.BASELINE)},
            bgcolor=theme.translucent(theme.BACKGROUNDS[self.dark], 0.75),
            borderpad=1,
        )

    def _points(self) -> tuple[np.ndarray, np.ndarray]:
        """Return pixels along all lines, level continuations included."""
        grid = np.linspace(self.frame.x_low, self.frame.x_high, 200)
        heights = [
            np.interp(grid, curve[self.x].to_numpy(np.float64), curve[self.column], left=np.nan)
            for curve in self.lines.values()
        ]
        across = np.tile(self.frame.x_pixels(grid), len(heights))
        return across, self.frame.y_pixels(np.concatenate([np.empty(0), *heights]))

    def _reaches_edge(self, model: str) -> bool:
        return float(self.lines[model][self.x].iloc[-1]) >= self.frame.x_high

    def _style(self, model: str) -> theme.ModelStyle:
        style = theme.style_of(model)
        return style._replace(colour=theme.readable(style.colour, dark=self.dark, contrast=2.2))

    def _readable(self, colour: str) -> str:
        return theme.readable(colour, dark=self.dark)
