"""`make notebooks`: run all stories on demo data, keep what came out; then on real data where named."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import nbformat

from tests.notebooks.pictures import draw
from tests.notebooks.stories import FIGURE, FOLDER, PICTURE, STORIES, bundles, execute, figures, ran_on, read

if TYPE_CHECKING:
    from nbformat import NotebookNode

_VOLATILE = ("language_info", "widgets")


def with_pictures(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with every Plotly figure replaced by its picture, fit to be committed."""
    drawn = [one for one in bundles(notebook) if FIGURE in one]
    for bundle, picture in zip(drawn, draw(one[FIGURE] for one in drawn), strict=True):
        bundle.clear()
        bundle.update({PICTURE: picture, "text/plain": "<figure>"})
    for name in _VOLATILE:
        notebook.metadata.pop(name, None)
    return notebook


def run(home: Path, data: Path | None, *, keep: bool) -> None:
    """Execute every story below ``home``; with ``keep`` write each beside its source."""
    for name in STORIES:
        start = perf_counter()
        notebook = execute(read(name), home, data)
        words = f"{name}: {perf_counter() - start:.0f} s on {ran_on(notebook)}, {figures(notebook)} figures"
        if keep:
            target = FOLDER / f"{name}.ipynb"
            nbformat.write(with_pictures(notebook), target)
            words += f", {target.stat().st_size / 1000:.0f} kB"
        sys.stdout.write(words + "\n")


if __name__ == "__main__":
    real = os.environ.get("REFRAIN_DATA")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder) / "demo", None, keep=True)
        if real:
            sys.stdout.write(f"and on {real}:\n")
            run(Path(folder) / "real", Path(real), keep=False)
