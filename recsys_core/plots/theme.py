"""Colours with a fixed meaning, one colour, dash and marker per model, and the layout all figures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import plotly.graph_objects as go

LISTENING, RECOMMENDATIONS = "#0072B2", "#E69F00"
CONTROL, TREATMENT = "#0072B2", "#D55E00"
BASELINE, UNSELECTED = "#6E6E6E", "#B8BEC5"

FONT_SIZE, LABEL_SIZE = 13, 12
BACKGROUNDS = {False: "#FFFFFF", True: "#11161C"}  # the page's own, keyed by "is dark"


class ModelStyle(NamedTuple):
    """How one model is drawn on every page: three channels, so that colour alone never decides."""

    colour: str
    dash: str
    symbol: str


MODEL_STYLES: dict[str, ModelStyle] = {
    "lightfm-warp": ModelStyle("#0072B2", "solid", "circle"),
    "lightfm-bpr": ModelStyle("#009E73", "dot", "square"),
    "lightfm-warp-kos": ModelStyle("#E69F00", "dash", "diamond"),
    "lightfm-logistic": ModelStyle("#CC79A7", "dashdot", "triangle-up"),
    "fast-warp": ModelStyle("#56B4E9", "solid", "circle-open"),
    "fast-bpr": ModelStyle("#44AA99", "dot", "square-open"),
    "fast-warp-kos": ModelStyle("#999933", "dash", "diamond-open"),
    "fast-logistic": ModelStyle("#882255", "dashdot", "triangle-up-open"),
    "lightfm-hybrid": ModelStyle("#0072B2", "longdash", "star"),
    "fast-hybrid": ModelStyle("#56B4E9", "longdash", "star-open"),
    "als": ModelStyle("#009E73", "solid", "hexagon"),
    "als-tags": ModelStyle("#44AA99", "longdash", "hexagon-open"),
    "implicit-bpr": ModelStyle("#CC79A7", "dot", "pentagon"),
    "ease": ModelStyle("#E69F00", "solid", "triangle-down"),
    "ease-tags": ModelStyle("#999933", "longdash", "triangle-down-open"),
    "item-knn": ModelStyle("#882255", "dot", "triangle-left"),
    "rp3beta": ModelStyle("#D55E00", "dashdot", "triangle-right"),
    "svd": ModelStyle("#D55E00", "longdash", "cross"),
    "hybrid": ModelStyle("#882255", "solid", "hexagram"),
    "quick-hybrid": ModelStyle("#E69F00", "longdash", "hexagram-open"),
    "ensemble": ModelStyle("#CC79A7", "longdash", "bowtie"),
    "popularity": ModelStyle(BASELINE, "solid", "line-ew"),
    "random": ModelStyle("#8A8F98", "longdashdot", "x"),
}


def style_of(model: str) -> ModelStyle:
    """Return the style of ``model``; grey for a name that has none yet."""
    return MODEL_STYLES.get(model, ModelStyle(BASELINE, "dot", "circle-open"))


def readable(colour: str, *, dark: bool = False, contrast: float = 4.5) -> str:
    """Return ``colour`` moved towards black (white on the dark theme) until it stands out as text must.

    ``contrast`` is the ratio of WCAG 2.2, success criterion 1.4.3.
    """
    background, end = BACKGROUNDS[dark], (255 if dark else 0)
    for step in range(21):
        mixed = _hex(tuple(part + (end - part) * step / 20 for part in _rgb(colour)))
        if contrast_ratio(mixed, background) >= contrast:
            return mixed
    return mixed


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def translucent(colour: str, alpha: float) -> str:
    """Return ``colour`` as ``rgba(...)``."""
    red, green, blue = (int(part) for part in _rgb(colour))
    return f"rgba({red},{green},{blue},{alpha:g})"


def apply_layout(
    figure: go.Figure,
    *,
    height: int,
    x_title: str = "",
    y_title: str = "",
    right: int = 24,
    left: int = 56,
) -> go.Figure:
    """Return ``figure`` with the common look: no legend, few grid lines, margins in pixels, nothing to drag.

    Text and grid colours are left to the page's theme, which knows light from dark.
    """
    figure.update_layout(
        height=height,
        margin={"l": left, "r": right, "t": 16, "b": 48 if x_title else 24, "pad": 4},
        showlegend=False,
        hovermode="closest",
        dragmode=False,
        font={"size": FONT_SIZE},
        hoverlabel={"font": {"size": FONT_SIZE}},
        bargap=0.25,
        separators=".,",
    )
    axes = {"zeroline": False, "fixedrange": True, "automargin": True}
    figure.update_xaxes(title={"text": x_title}, showgrid=False, **axes)
    figure.update_yaxes(title={"text": y_title}, nticks=6, **axes)
    return figure


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(float(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _hex(parts: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(part):02X}" for part in parts)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
