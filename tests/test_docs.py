"""What the documents say is true: their code runs, their links lead somewhere, nothing goes unmentioned."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from recsys_core.datasets.demo import load_demo
from recsys_core.models.registry import MODELS
from recsys_core.splitting import PROTOCOLS
from recsys_dashboard.navigation import PAGES
from recsys_dashboard.texts import text

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "data/README.md", ROOT / "benchmarks/README.md"]
)
STORIES = [*DOCUMENTS, *sorted(ROOT.glob("notebooks/*.py"))]
SOURCES = ("back-end", "recsys_core", "notebooks", "tests", "benchmarks")
METRICS = ("AUC", "precision@k", "recall@k", "NDCG@k", "MRR", "MAP")


def python_blocks(path: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", path.read_text(), flags=re.DOTALL)


def test_the_readme_s_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = python_blocks(ROOT / "README.md")
    exec(compile(block, "README.md", "exec"), {"__name__": "readme"})
    assert "lightfm-warp" in capsys.readouterr().out


def test_the_worked_example_is_a_model() -> None:
    (block,) = python_blocks(ROOT / "CONTRIBUTING.md")
    module = types.ModuleType("worked_example")
    sys.modules[module.__name__] = module
    try:
        exec(compile(block, "CONTRIBUTING.md", "exec"), module.__dict__)
        model = module.CoListeningRecommender(shrink=1.0).fit(load_demo())
    finally:
        del sys.modules[module.__name__]
    user = model.data.users.ids[0]
    table = model.recommend([user], k=5)
    heard = model.seen[0].indices
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert not np.isin(model.data.items.to_idx(table["item_id"]), heard).any()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_every_target_of_make_that_the_documents_name_exists() -> None:
    named = {word for path in DOCUMENTS for word in re.findall(r"`make ([a-z]+)", path.read_text())}
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert named - targets == set()


def test_conventions_name_every_metric_and_protocol() -> None:
    conventions = (ROOT / "docs/conventions.md").read_text()
    assert [name for name in (*METRICS, *PROTOCOLS) if name not in conventions] == []


def test_the_documents_name_every_model() -> None:
    models = (ROOT / "docs/models.md").read_text()
    assert [name for name in MODELS if f"`{name}`" not in models] == []


def test_the_readme_names_every_page() -> None:
    readme = (ROOT / "README.md").read_text()
    titles = {text(f"{page.name}.title") for page in PAGES} - {text("home.title")}
    assert [title for title in titles if f"*{title}*" not in " ".join(readme.split())] == []


@pytest.mark.parametrize("path", STORIES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_that_are_named_exist(path: Path) -> None:
    flowing = " ".join(re.sub(r"^# ?", "", path.read_text(), flags=re.MULTILINE).split())
    named = re.findall(r"\bpages? ((?:\*[^*]+\*(?:, (?:and )?| and )?)+)", flowing)
    titles = {text(f"{page.name}.title") for page in PAGES}
    assert {title for some in named for title in re.findall(r"\*([^*]+)\*", some)} - titles == set()


def test_the_readme_names_every_setting_of_the_environment() -> None:
    sources = [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]
    read = {
        name
        for path in sources
        for name in re.findall(r'"((?:REFRAIN|PROMETHEUS)_[A-Z_]+)"', path.read_text())
    }
    readme = (ROOT / "README.md").read_text()
    assert {"REFRAIN_HOME", "REFRAIN_TEST_DATA"} < read
    assert [name for name in sorted(read) if f"| `{name}` |" not in readme] == []


def test_what_is_written_below_data_is_told_of_and_never_committed() -> None:
    told = set(
        re.findall(r"^\| `([a-z_.]+)/?` \|.*\| no \|$", (ROOT / "data/README.md").read_text(), re.MULTILINE)
    )
    ignored = set(re.findall(r"^/data/([a-z_.]+)/?$", (ROOT / ".gitignore").read_text(), re.MULTILINE))
    assert told == ignored


def test_every_runtime_dependency_is_justified() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text()
    runtime = re.findall(r'"([a-z-]+)>=', pyproject.split("[project]")[1].split("[project.optional")[0])
    decisions = (ROOT / "docs/decisions.md").read_text().lower()
    assert [name for name in runtime if name not in decisions] == []
