"""The five stories run from top to bottom on demo data, and say what they should.

``REFRAIN_NOTEBOOK_DATA`` names a folder to run them on instead; what is peculiar to the demo is skipped then.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from recsys_online.index.versions import read_current, read_publication
from tests.core.movies.published_samples import metadata_row, metadata_text
from tests.notebooks.stories import (
    FIGURE,
    PICTURE,
    STORIES,
    begun,
    bundles,
    committed,
    execute,
    figures,
    ran_on,
    read,
    shortened,
    streams,
    texts,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

# versions, times and memory differ from computer to computer
MACHINE = ("provenance(", "measured on this machine", '"milliseconds"', "measured_peak(")
LESS = {"epochs=40": "epochs=8", "epochs=15": "epochs=4", "trials=10": "trials=2"}
FIGURES = {"movies": 4, "lastfm": 5, "interactions": 2, "personalized": 2, "experiment": 3}
REAL = os.environ.get("REFRAIN_NOTEBOOK_DATA")
on_the_demo = pytest.mark.skipif(bool(REAL), reason="says what is true of the demo data only")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def executed(home: Path) -> dict[str, NotebookNode]:
    """All stories, one after the other: the later ones read what the earlier ones left."""
    return {name: execute(read(name), home, Path(REAL) if REAL else None) for name in STORIES}


def number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    assert found, f"{pattern} is not said in: {text}"
    return float(found.group(1).replace(",", ""))


@pytest.mark.parametrize("name", STORIES)
def test_every_story_begins_with_data_seed_and_versions_and_draws_its_figures(executed, name):
    notebook = executed[name]
    first = str(bundles(notebook)[0]["text/plain"])
    assert [
        word for word in ("data set", "simulated", "seed", "python", "lightfm-next") if word not in first
    ] == []
    assert figures(notebook) == FIGURES[name]
    assert streams(notebook) == "", "a reader would see warnings"


def results(notebook: NotebookNode) -> dict[str, tuple[list[str], list[str]]]:
    """What each cell of code says in sentences and in tables, but for what is the machine's own."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or any(word in cell.source for word in MACHINE):
            continue
        said = [one["data"] for one in cell.outputs if "data" in one]
        said = [one for one in said if FIGURE not in one and PICTURE not in one]
        sentences = [one["text/markdown"] for one in said if "text/markdown" in one]
        found[cell["id"]] = (sentences, [one["text/plain"] for one in said if "text/markdown" not in one])
    return found


def numbers(texts_: list[str]) -> list[float]:
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", " ".join(texts_))]


def words(texts_: list[str]) -> str:
    return re.sub(r"[-+]?\d[\d,]*\.?\d*", "#", " ".join(texts_))


@on_the_demo
@pytest.mark.parametrize("name", STORIES)
def test_what_is_kept_is_what_a_fresh_run_says(executed, name):
    """Sentences by word and number; of tables the numbers, since equals may stand in another order."""
    fresh, kept = results(executed[name]), results(committed(name))
    assert fresh.keys() == kept.keys()
    stale = [
        cell
        for cell, (sentences, tables) in kept.items()
        if words(sentences) != words(fresh[cell][0])
        or numbers(sentences) != pytest.approx(numbers(fresh[cell][0]), rel=0.02, abs=0.02)
        or numbers(tables) != pytest.approx(numbers(fresh[cell][1]), rel=0.02, abs=0.02)
    ]
    assert stale == [], f"{name} has other results by now: run `make notebooks`"


@pytest.mark.parametrize("name", ["movies", "lastfm", "interactions"])
@pytest.mark.parametrize("kind", ["films", "plays"])
def test_a_story_opens_what_is_there_or_says_that_it_is_on_the_demo(tmp_path, name, kind):
    """A folder of films holds no plays and a file of plays no films; neither may end in an error."""
    if kind == "films":
        data = tmp_path / "films"
        data.mkdir()
        (data / "movies_metadata.csv").write_text(
            metadata_text([metadata_row(n, f"Film {n}") for n in (1, 2, 3)])
        )
    else:
        data = tmp_path / "plays.csv"
        data.write_text("user,artist,plays\n" + "".join(f"{n % 7},a{n % 5},{1 + n}\n" for n in range(35)))
    opened = ran_on(execute(begun(read(name)), tmp_path / "home", data))
    own = {("films", "movies"): "The Movies Dataset", ("plays", "lastfm"): "plays.csv"}
    assert own.get((kind, name), "Demo") in opened


def test_lastfm_tells_of_real_listening_in_short(tmp_path, lastfm_dir):
    """The story on Last.fm with fewer epochs and trials than a reader would give it."""
    notebook = execute(shortened(read("lastfm"), LESS), tmp_path, lastfm_dir)
    said = texts(notebook)
    assert ran_on(notebook).startswith("Last.fm 2011")
    assert figures(notebook) == FIGURES["lastfm"]
    assert streams(notebook) == ""
    assert "2,191 artists have listeners in the test part only" in said
    assert "**lightfm-warp** has the highest test AUC" in said
    assert "**The winner flips**: lightfm-warp under LightFM's rule, svd when a tie counts half" in said


def test_movies_answers_memory_and_dimensions(executed):
    said = texts(executed["movies"])
    assert number(r"took at most \*\*([\d.]+) MB", said) < number(r"float64 would be ([\d.,]+) MB", said)
    kept = number(r"keep (\d+)% of the variance", said)
    same = number(r"and ([\d.]+) of 10 films", said)
    assert 0 < kept < 100
    assert ("**100 components" in said) == (kept > 0)
    assert ("not coherent" in said) == (same < 8)


@on_the_demo
def test_movies_finds_the_film_of_the_tutorial(executed):
    assert "**The Dark Knight** (2008), Christopher Nolan" in texts(executed["movies"])


def test_lastfm_hides_cells_and_not_rows(executed):
    said = texts(executed["lastfm"])
    assert "0 cells are in both parts" in said
    plain = "\n".join(str(one.get("text/plain", "")) for one in bundles(executed["lastfm"]))
    shapes = re.findall(r"(?:train|test)\s+\((\d+, \d+)\)", plain)
    assert len(shapes) == 2
    assert len(set(shapes)) == 1
    assert all(f"lightfm-{loss}" in plain for loss in ("logistic", "bpr", "warp", "warp-kos"))


def test_lastfm_warp_beats_the_logistic_loss_and_the_search_beats_the_driver(executed):
    said = texts(executed["lastfm"])
    assert "**lightfm-warp** has the highest test AUC" in said
    best = number(r"highest test AUC, ([\d.]+) \[", said)
    assert best > number(r"logistic loss reaches ([\d.]+),", said)
    assert number(r"setting has AUC \*\*([\d.]+)\*\*", said) > number(r"driver's setting: ([\d.]+)\)", said)


def test_lastfm_reaches_95_percent_before_99(executed):
    said = texts(executed["lastfm"])
    early = number(r"95 % of it is reached in epoch (\d+)", said)
    assert 1 <= early <= number(r"99 % in epoch (\d+)", said) <= 40


def test_lastfm_says_what_the_rule_for_ties_changes(executed):
    said = texts(executed["lastfm"])
    assert re.search(r"The winner flips|wins under both|the rule changes nothing here", said)
    assert "**the winner flips**: lightfm-warp comes first under LightFM's rule, svd under the other" in said


def test_interactions_leaves_distinct_pairs_in_order_of_time(executed, home):
    pairs = pd.read_parquet(home / "notebooks" / "pairs.parquet")
    assert not pairs.duplicated(["user_id", "item_id"]).any()
    assert pairs["timestamp"].is_monotonic_increasing
    said = texts(executed["interactions"])
    assert len(pairs) == number(r"distinct pairs they are ([\d,]+)", said)
    assert number(r"gives? \*\*([\d,]+) pairs\*\*", said) < len(pairs)


def test_personalized_lists_are_published_as_exported_and_hold_nothing_liked(executed, home):
    folder = home / "notebooks"
    pairs = pd.read_parquet(folder / "pairs.parquet")
    liked = pairs.groupby("user_id")["item_id"].agg(set)
    published = read_publication(folder / "index", read_current(folder / "index"))
    lines = [json.loads(line) for line in (folder / "recommendations.json").read_text().splitlines()]
    assert len(lines) == pairs["user_id"].nunique()
    for row, line in enumerate(lines):
        assert line["user"] == published.users[row]
        assert line["tracks"] == published.lists[row][published.lists[row] >= 0].tolist()
        assert len(set(line["tracks"])) == len(line["tracks"]) <= 100
        assert not liked[line["user"]] & set(line["tracks"])
    assert "in **100%** of them" in texts(executed["personalized"])


def test_personalized_beats_the_charts_on_later_days(executed):
    said = texts(executed["personalized"])
    assert number(r"latest pairs: \*\*([\d.]+)\*\*", said) > number(r"charts reach ([\d.]+)\.", said)


def test_personalized_leaves_vectors_that_the_projector_can_read(executed, home):
    assert executed["personalized"]
    folder = home / "notebooks" / "tensorboard"
    vectors = np.loadtxt(folder / "vectors.tsv", delimiter="\t")
    names = (folder / "metadata.tsv").read_text().splitlines()
    assert len(vectors) == len(names) - 1
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert 'tensor_path: "vectors.tsv"' in (folder / "projector_config.pbtxt").read_text()


def test_experiment_finds_that_own_lists_please_after_checking_the_lot(executed):
    said = texts(executed["experiment"])
    assert "no alarm" in said
    assert "**T1 wins**" in said
    assert number(r"T1 wins\*\*, \+[\d.]+% \[\+([\d.]+)%", said) > 0
    assert 0 < number(r"see effects from \*\*([\d.]+)%\*\*", said) < 100
    assert number(r"waited ([\d.]+) ms in the median", said) > 0
