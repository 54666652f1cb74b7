"""Each notebook lies beside its source: the same cells, and what a reader on a code host sees."""

from __future__ import annotations

import re

import nbformat
import pytest

from tests.notebooks.stories import FIGURE, FOLDER, PICTURE, ROOT, STORIES, bundles, committed, figures, read
from tests.notebooks.test_notebooks import FIGURES

LARGEST = 300_000  # bytes


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, str, str]]:
    return [(cell["id"], cell.cell_type, cell.source) for cell in notebook.cells]


def test_every_source_is_a_story_and_every_story_has_both_files():
    assert sorted(path.stem for path in FOLDER.glob("*.py")) == sorted(STORIES)
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(STORIES)


@pytest.mark.parametrize("name", STORIES)
def test_source_and_notebook_agree(name):
    assert cells(committed(name)) == cells(read(name)), f"{name}.py has changed: run `make notebooks`"


@pytest.mark.parametrize("name", STORIES)
def test_a_reader_sees_every_result_as_a_picture_or_a_table(name):
    notebook = committed(name)
    nbformat.validate(notebook)
    assert figures(notebook, PICTURE) == FIGURES[name]
    assert figures(notebook, FIGURE) == 0, "pages that run no script show nothing of it"
    kinds = {one["output_type"] for cell in notebook.cells for one in cell.get("outputs", [])}
    assert kinds <= {"display_data", "execute_result"}
    assert (FOLDER / f"{name}.ipynb").stat().st_size < LARGEST


@pytest.mark.parametrize("name", STORIES)
def test_what_is_committed_comes_from_the_demo_and_from_no_place_of_this_computer(name):
    plain = "\n".join(str(one.get("text/plain", "")) for one in bundles(committed(name)))
    assert re.search(r"data set .*(Demo|Log of the service)", plain)
    assert "nothing here speaks of real people" in plain
    whole = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert re.findall(r"/(?:home|root|tmp|work|Users)/[a-z]+", whole) == []


@pytest.mark.parametrize("name", STORIES)
def test_the_readme_links_to_it(name):
    assert f"(notebooks/{name}.ipynb)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", STORIES)
def test_a_story_calls_our_packages_and_computes_with_none_of_its_own(name):
    code = "\n".join(cell.source for cell in read(name).cells if cell.cell_type == "code")
    imported = set(re.findall(r"^(?:from|import) (\w+)", code, flags=re.MULTILINE))
    allowed = {"os", "shutil", "datetime", "pathlib", "concurrent", "msgspec", "numpy", "pandas", "IPython"}
    assert imported - allowed <= {"recsys_core", "recsys_online"}
    assert not re.search(r"^\s*(def|class|for .* in range|while True)", code, flags=re.MULTILINE)
