"""Figures as pictures for readers on a code host, where no script runs: the same Plotly, in a browser."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import plotly
from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH, HEIGHT, SCALE = 820, 380, 1.5  # pixels; a figure that knows its height keeps it
COLOURS = 128
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_LIBRARY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
_DRAW = """async ({figure, width, height, scale}) => {
    const layout = {...figure.layout, width: width, height: figure.layout.height || height};
    const size = {width: width, height: layout.height, scale: scale};
    // without a graphics card there is no WebGL; the plain kind draws the same
    const data = figure.data.map(one => ({...one, type: one.type === 'scattergl' ? 'scatter' : one.type}));
    return await Plotly.toImage({data: data, layout: layout}, {format: 'png', ...size});
}"""


def chromium() -> str | None:
    """Return the browser to draw with, None where none is installed (``CHROMIUM`` names another)."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def draw(figures: Iterable[dict[str, Any]]) -> list[str]:
    """Return each Plotly figure as a PNG in base64, without any request to a network.

    Raises
    ------
    RuntimeError
        If no Chromium is installed.
    """
    executable = chromium()
    if executable is None:
        raise RuntimeError("Pictures need Chromium: install it, or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page()
        page.set_content("<html></html>")
        page.add_script_tag(content=_LIBRARY.read_text(encoding="utf-8"))
        size = {"width": WIDTH, "height": HEIGHT, "scale": SCALE}
        drawn = [page.evaluate(_DRAW, {"figure": json.loads(json.dumps(one)), **size}) for one in figures]
        browser.close()
    return [_fewer_colours(one.partition(",")[2]) for one in drawn]


def _fewer_colours(picture: str) -> str:
    """Return the PNG with a palette: charts have few colours, and the file becomes a third."""
    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    written = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return base64.b64encode(written.getvalue()).decode()
