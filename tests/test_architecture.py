"""The rules of the tree, checked on the source text: homes of libraries, purity of pages, names, sizes."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("recsys_core", "back-end", "pages")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
CORE = [path for path in SOURCES if path.is_relative_to(ROOT / "recsys_core")]
PAGES = [path for path in SOURCES if path.is_relative_to(ROOT / "pages")]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))

# library -> the only places that may import it, as beginnings of paths
HOMES = {
    "streamlit": ("pages/", "back-end/recsys_dashboard/", "back-end/app.py"),
    "plotly": ("recsys_core/plots/",),
    "lightfm": ("recsys_core/models/lightfm.py",),
    "implicit": ("recsys_core/models/",),
    "sklearn": ("recsys_core/models/", "recsys_core/artist_map/agreement.py", "recsys_core/movies/"),
    "redis": ("back-end/recsys_online/redis_",),
    "pyspark": ("back-end/recsys_online/spark_jobs.py",),
    "umap": ("recsys_core/artist_map/umap_learn.py",),
    "hdbscan": ("recsys_core/artist_map/clusters.py",),
    "optuna": ("recsys_core/tuning/",),
    "numba": ("recsys_core/kernel.py", "recsys_core/ranking/", "recsys_core/models/fast/"),
    "pooch": ("recsys_core/datasets/download.py",),
    "requests": ("recsys_core/datasets/download.py",),
    "rapidfuzz": ("recsys_core/movies/search.py", "recsys_core/listening/artist_search.py"),
    "usearch": ("recsys_core/movies/approximate.py",),
    "snowballstemmer": ("recsys_core/movies/profile.py",),
    "psutil": ("recsys_core/movies/memory.py", "recsys_core/tuning/taking.py"),
    "click": ("back-end/recsys_cli/",),
    "tqdm": ("back-end/recsys_cli/",),
    "babel": ("back-end/recsys_dashboard/",),
    "starlette": ("back-end/recsys_dashboard/", "back-end/recsys_online/"),
    "uvicorn": ("back-end/recsys_dashboard/", "back-end/serve.py"),
    "duckdb": ("back-end/recsys_online/analysis/",),
    "mmh3": ("back-end/recsys_online/experiments/",),
    "prometheus_client": ("back-end/recsys_online/counters.py",),
}
RUNS_CODE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools", "base_utils"}
# what reads the environment: where settings are read, the script that starts, and the look for a display
READS_ENVIRONMENT = (
    "back-end/recsys_dashboard/settings.py",
    "back-end/recsys_dashboard/server.py",
    "back-end/app.py",
    "back-end/recsys_online/settings.py",
    "back-end/serve.py",
)
CLOCKS = {
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.perf_counter",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
}
RANDOM_STATE = {"seed", "rand", "randn", "randint", "random", "choice", "shuffle", "permutation", "normal"}
MAX_LINES = 300


ABOVE_THE_CORE = {"recsys_dashboard", "recsys_cli", "recsys_online", "pages"}


def relative(path):
    return path.relative_to(ROOT).as_posix()


def n_lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def dotted(node):
    """Return ``a.b.c`` of an attribute chain, or ''."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def without_type_checking(tree):
    """Yield all nodes but those under ``if TYPE_CHECKING``."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for child in ast.iter_child_nodes(node):
            if not (isinstance(child, ast.If) and dotted(child.test).endswith("TYPE_CHECKING")):
                waiting.append(child)


def imported(tree):
    """Yield the modules a file imports when it runs, at the top or inside functions."""
    for node in without_type_checking(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def keywords(tree):
    return {keyword.arg for node in calls(tree) for keyword in node.keywords}


def imports_of(tree, packages):
    return sorted({module.partition(".")[0] for module in imported(tree)} & packages)


def reads_environment(path, tree):
    """Return the uses of environment variables outside the few places that may."""
    used = {dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    allowed = relative(path) in READS_ENVIRONMENT
    return [] if allowed else sorted(used & {"os.environ", "os.getenv", "os.putenv"})


def homeless(path, tree):
    """Return the libraries that ``path`` may not import."""
    found = {module.partition(".")[0] for module in imported(tree)}
    return sorted(lib for lib in found & set(HOMES) if not relative(path).startswith(HOMES[lib]))


def code_runners(tree):
    """Return what turns data into running code."""
    modules = {module.partition(".")[0] for module in imported(tree)} & RUNS_CODE
    names = {node.func.id for node in calls(tree) if isinstance(node.func, ast.Name)} & RUNS_TEXT
    loads = {
        keyword.arg
        for node in calls(tree)
        for keyword in node.keywords
        if keyword.arg == "allow_pickle" and getattr(keyword.value, "value", None) is not False
    }
    return sorted(modules | names | loads)


def clock_readings(tree):
    """Return calls of clocks; a clock as a default argument is passed in, not read."""
    return sorted({name for node in calls(tree) if (name := dotted(node.func)).endswith(tuple(CLOCKS))})


def global_random(tree):
    """Return uses of NumPy's or Python's hidden generator."""
    numpy = {f"{np}.random.{name}" for np in ("np", "numpy") for name in RANDOM_STATE}
    used = {dotted(node.func) for node in calls(tree)} & numpy
    return sorted(used | ({"random"} & set(imported(tree))))


def frame_arithmetic(tree):
    """Return lines of a page that compute instead of showing: array libraries, sums over columns."""
    modules = {module.partition(".")[0] for module in imported(tree)} & {"numpy", "pandas", "scipy"}
    methods = {"groupby", "merge", "pivot_table", "apply", "agg", "aggregate", "cumsum", "assign", "rank"}
    lines = [node.lineno for node in calls(tree) if getattr(node.func, "attr", "") in methods]
    operators = (ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod, ast.FloorDiv, ast.MatMult)
    lines += [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, operators)
        and any(isinstance(side, ast.Subscript) for side in (node.left, node.right))
    ]
    return sorted(modules) + sorted(set(lines))


def broken(paths, rule):
    """Return file -> what breaks the rule, for all files that break it."""
    found = {relative(path): rule(path, parsed(path)) for path in paths}
    return {path: what for path, what in found.items() if what}


EVERYWHERE = {
    "each library has its home": homeless,
    "nothing turns data into code": lambda _path, tree: code_runners(tree),
    "the environment is read in one place": reads_environment,
    "chance is passed in": lambda _path, tree: global_random(tree),
    "names say what is inside": lambda path, _tree: path.stem in BANNED_NAMES,
    "every file says what it is": lambda _path, tree: not ast.get_docstring(tree),
    "no file is longer than 300 lines": lambda path, _tree: n_lines(path) > MAX_LINES,
}
IN_THE_CORE = {
    "the clock is passed in": lambda _path, tree: clock_readings(tree),
    "nothing is printed": lambda _path, tree: "print" in {dotted(node.func) for node in calls(tree)},
    "it stands below everything else": lambda _path, tree: imports_of(tree, ABOVE_THE_CORE),
}
ON_PAGES = {
    "a page shows and does not compute": lambda _path, tree: frame_arithmetic(tree),
    "a page imports no page": lambda _path, tree: imports_of(tree, {"pages", *(one.stem for one in PAGES)}),
    "a page is at most 120 lines": lambda path, _tree: n_lines(path) > 120,
    "markup from data is never trusted": lambda _path, tree: "unsafe_allow_html" in keywords(tree),
}


@pytest.mark.parametrize("rule", EVERYWHERE.values(), ids=EVERYWHERE)
def test_everywhere(rule):
    assert broken(SOURCES, rule) == {}


@pytest.mark.parametrize("rule", IN_THE_CORE.values(), ids=IN_THE_CORE)
def test_in_the_core(rule):
    assert broken(CORE, rule) == {}


@pytest.mark.parametrize("rule", ON_PAGES.values(), ids=ON_PAGES)
def test_on_pages(rule):
    assert broken(PAGES, rule) == {}


def test_tests_and_benchmarks_are_short_too():
    assert broken([*TESTS, *BENCHMARKS], lambda path, _tree: n_lines(path) > 2 * MAX_LINES) == {}


def test_there_is_something_to_check():
    assert len(SOURCES) > 60
    assert len(CORE) > 40
    assert len(PAGES) >= 5


def test_pages_are_no_package_and_the_data_folder_holds_no_code():
    assert not (ROOT / "pages" / "__init__.py").exists()
    assert not list((ROOT / "data").rglob("*.py"))


BAD = {
    "import streamlit": homeless,
    "def f():\n    import lightfm": homeless,
    "from plotly import graph_objects": homeless,
    "x = os.environ['HOME']": reads_environment,
    "import pickle": lambda _path, tree: code_runners(tree),
    "from joblib import dump": lambda _path, tree: code_runners(tree),
    "eval('1')": lambda _path, tree: code_runners(tree),
    "np.load(f, allow_pickle=True)": lambda _path, tree: code_runners(tree),
    "t = time.time()": lambda _path, tree: clock_readings(tree),
    "t = datetime.datetime.now()": lambda _path, tree: clock_readings(tree),
    "np.random.seed(1)": lambda _path, tree: global_random(tree),
    "import random": lambda _path, tree: global_random(tree),
    "import pandas as pd": lambda _path, tree: frame_arithmetic(tree),
    "table['a'] / table['b']": lambda _path, tree: frame_arithmetic(tree),
    "table.groupby('a')": lambda _path, tree: frame_arithmetic(tree),
}
GOOD = {
    "if TYPE_CHECKING:\n    import lightfm": homeless,
    "def f(clock=time.perf_counter): return clock()": lambda _path, tree: clock_readings(tree),
    "rng = np.random.default_rng(1)": lambda _path, tree: global_random(tree),
    "np.load(f, allow_pickle=False)": lambda _path, tree: code_runners(tree),
    "re.compile('x')": lambda _path, tree: code_runners(tree),
    "show(table['a'], height=40 * n)": lambda _path, tree: frame_arithmetic(tree),
}


@pytest.mark.parametrize(("source", "rule"), BAD.items(), ids=BAD)
def test_the_rules_see_what_they_forbid(source, rule):
    assert rule(ROOT / "recsys_core" / "new.py", ast.parse(source))


@pytest.mark.parametrize(("source", "rule"), GOOD.items(), ids=GOOD)
def test_the_rules_let_pass_what_is_allowed(source, rule):
    assert not rule(ROOT / "recsys_core" / "new.py", ast.parse(source))
