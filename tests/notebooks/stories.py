"""The notebooks as the suite and `make notebooks` see them: read, run, counted."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
import nbformat
from nbclient import NotebookClient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
STORIES = ("movies", "lastfm", "interactions", "personalized", "experiment")  # each may use the one before
FIGURE, PICTURE = "application/vnd.plotly.v1+json", "image/png"
LONGEST_CELL = 1200  # seconds; real data take their time


def read(name: str) -> NotebookNode:
    """Return the notebook of a source file, its cells numbered, nothing executed."""
    notebook = jupytext.read(FOLDER / f"{name}.py")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{name}-{number:02d}"
    return notebook


def committed(name: str) -> NotebookNode:
    """Return the notebook as it is kept, with its results."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def begun(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook up to its first cell with code, which opens the data."""
    code = (place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source)
    notebook.cells = notebook.cells[: next(code) + 1]
    return notebook


def shortened(notebook: NotebookNode, changes: Mapping[str, str]) -> NotebookNode:
    """Return the notebook with less to do: each of ``changes`` must stand in its code."""
    for long, short in changes.items():
        cells = [cell for cell in notebook.cells if long in cell.source]
        assert cells, f"{long} is not in the notebook any more"
        for cell in cells:
            cell.source = cell.source.replace(long, short)
    return notebook


def execute(notebook: NotebookNode, home: Path, data: Path | None = None) -> NotebookNode:
    """Return ``notebook`` executed by a kernel of its own, on the demo or on the data in a folder.

    Raises
    ------
    CellExecutionError
        If a cell fails.
    """
    settings = home / "ipython"
    settings.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "REFRAIN_HOME": str(home),
        "REFRAIN_DATA": "" if data is None else str(data),
        "PLOTLY_RENDERER": "plotly_mimetype",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "back-end")]),
        "PYTHONWARNINGS": "ignore:IProgress not found",  # a progress bar of a download that never happens
        "IPYTHONDIR": str(settings),
    }
    client = NotebookClient(
        notebook,
        timeout=LONGEST_CELL,
        resources={"metadata": {"path": str(FOLDER)}},
        record_timing=False,
        extra_arguments=["--HistoryManager.enabled=False", "--log-level=ERROR"],
    )
    client.execute(env=environment)
    return notebook


def ran_on(notebook: NotebookNode) -> str:
    """Return the name of the data that an executed notebook says it rests on."""
    first = str(bundles(notebook)[0]["text/plain"])
    return re.search(r"data set +(.+)", first).group(1).strip()


def bundles(notebook: NotebookNode) -> list[dict[str, object]]:
    """Return what all cells put out, as bundles by MIME type."""
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", [])]
    return [one["data"] for one in outputs if "data" in one]


def texts(notebook: NotebookNode) -> str:
    """Return all sentences that code cells put out."""
    return "\n".join(str(one["text/markdown"]) for one in bundles(notebook) if "text/markdown" in one)


def figures(notebook: NotebookNode, kind: str = FIGURE) -> int:
    """Return how many figures were put out as ``kind``."""
    return sum(kind in one for one in bundles(notebook))


def streams(notebook: NotebookNode) -> str:
    """Return what was written to the standard streams: warnings, mostly."""
    outputs = [one for cell in notebook.cells for one in cell.get("outputs", [])]
    return "".join(one["text"] for one in outputs if one["output_type"] == "stream")
