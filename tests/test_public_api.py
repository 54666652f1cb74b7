"""The names a notebook may rely on."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import recsys_core

SOURCE = Path(recsys_core.__file__)
PROMISED = {
    "Dataset",
    "Interactions",
    "compare",
    "evaluate",
    "get_ground_truth",
    "get_recommandation",
    "get_recommendation",
    "load_dataset",
    "load_demo",
    "load_lastfm",
    "split",
}


def names_imported_for_type_checkers():
    tree = ast.parse(SOURCE.read_text())
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    return {(alias.name, node.module) for node in imports for alias in node.names}


def test_the_list_is_complete_and_in_order():
    assert set(recsys_core.__all__) >= PROMISED
    assert set(recsys_core.__all__) == set(recsys_core._HOME_OF)
    kinds = (str.isupper, lambda name: name[0].isupper() and not name.isupper(), str.islower)
    groups = [[name for name in recsys_core.__all__ if kind(name)] for kind in kinds]
    assert recsys_core.__all__ == [name for group in groups for name in sorted(group)]
    assert set(recsys_core.__all__) < set(dir(recsys_core))


def test_type_checkers_see_the_same_names_in_the_same_places():
    homes = {(name, f"recsys_core.{home}") for name, home in recsys_core._HOME_OF.items()}
    assert names_imported_for_type_checkers() == homes


@pytest.mark.parametrize("name", recsys_core.__all__)
def test_every_name_is_there_and_documented(name):
    one = getattr(recsys_core, name)
    assert callable(one) or isinstance(one, dict)
    assert not callable(one) or one.__doc__


def test_the_owners_spelling_is_the_same_function():
    assert recsys_core.get_recommandation is recsys_core.get_recommendation


def test_an_unknown_name_is_an_ordinary_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'get_recommendations'"):
        _ = recsys_core.get_recommendations


def test_importing_the_package_loads_nothing_heavy():
    check = (
        "import sys, recsys_core; "
        "heavy = {'numpy', 'pandas', 'scipy', 'numba', 'lightfm', 'sklearn', 'plotly', 'streamlit'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=SOURCE.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_example_of_the_docstring_runs():
    outcome = doctest.testmod(recsys_core)
    assert outcome.attempted > 3
    assert outcome.failed == 0
