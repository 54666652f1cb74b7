"""The message catalogue: complete, without left-overs, and numbers as people read them."""

from __future__ import annotations

import ast
import functools
import math
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_dashboard import texts

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))
CODE = [*PAGES, *sorted((ROOT / "back-end" / "recsys_dashboard").rglob("*.py"))]


def calls(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def called(call):
    """``text`` for ``text(...)`` and for ``texts.text(...)``."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def key_patterns(argument):
    """What keys an argument of text() can stand for: itself, or for an f-string any word in each gap."""
    if isinstance(argument, ast.IfExp):
        return key_patterns(argument.body) + key_patterns(argument.orelse)
    if isinstance(argument, ast.Constant):
        return [re.escape(argument.value)]
    assert isinstance(argument, ast.JoinedStr), f"a key is a literal, not {ast.unparse(argument)}"
    parts = [
        re.escape(part.value) if isinstance(part, ast.Constant) else r"[\w@-]+" for part in argument.values
    ]
    assert any(isinstance(part, ast.Constant) and part.value.strip(".") for part in argument.values)
    return ["".join(parts)]


@functools.cache
def used_patterns():
    """Compiled here: there are more than re remembers, and each is tried on every key."""
    found = {}
    for path in CODE:
        for call in calls(path):
            if called(call) == "text":
                found |= dict.fromkeys(key_patterns(call.args[0]), f"{path.name}:{call.lineno}")
            elif called(call) in {"page_header", "how_to_read"} and call.args:
                what = {"page_header": r"\.(title|question)", "how_to_read": r"\.how"}[called(call)]
                found[re.escape(call.args[0].value) + what] = f"{path.name}:{call.lineno}"
    return {re.compile(pattern): where for pattern, where in found.items()}


def test_every_key_the_code_uses_is_in_the_catalogue():
    keys = texts.catalogue()
    unknown = {
        pattern: where
        for pattern, where in used_patterns().items()
        if not any(pattern.fullmatch(key) for key in keys)
    }
    assert not unknown


def test_every_message_in_the_catalogue_is_used():
    patterns = used_patterns()
    unused = [key for key in texts.catalogue() if not any(pattern.fullmatch(key) for pattern in patterns)]
    assert not unused


def test_no_message_is_empty_or_still_a_key():
    for key, message in texts.catalogue().items():
        for form in [message] if isinstance(message, str) else message:
            assert form.strip(), key
            assert form != key


def values_of(message):
    return set(re.findall(r"{(\w+)}", message))


def test_the_values_given_in_the_code_are_those_the_message_wants():
    """Only calls with a literal key and named values can be compared; the others fail when they run."""
    for path in CODE:
        for call in calls(path):
            literal = called(call) == "text" and isinstance(call.args[0], ast.Constant)
            if not literal or any(keyword.arg is None for keyword in call.keywords):
                continue
            message = texts.catalogue()[call.args[0].value]
            wanted = values_of("".join(message)) | ({"n"} if isinstance(message, tuple) else set())
            assert wanted == {keyword.arg for keyword in call.keywords}, f"{path.name}:{call.lineno}"


def sentences_in_streamlit_calls(source):
    """String constants passed to st.* that people would read: with a space, or starting a sentence."""
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        root = call.func
        while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
            root = root.func if isinstance(root, ast.Call) else root.value
        if getattr(root, "id", "") != "st":
            continue
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            yield from filter(readable, constants(argument))


def constants(node):
    """String constants below ``node``, but not those of calls within it: they are looked at by themselves."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if not isinstance(node, ast.Call):
        for child in ast.iter_child_nodes(node):
            yield from constants(child)


def readable(constant):
    return (" " in constant.strip() and any(map(str.isalpha, constant))) or constant[:1].isupper()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_contain_no_literal_sentence(page):
    assert not list(sentences_in_streamlit_calls(page.read_text(encoding="utf-8")))


def test_the_search_for_sentences_finds_them():
    source = """
st.title("Compare models"); st.button("Train"); st.columns(2)[0].metric(label=f"{n} of them", value=1)
st.button(text("models.train"), key="train", icon=":material/play_arrow:"); st.caption(" · ".join(parts))
"""
    assert list(sentences_in_streamlit_calls(source)) == ["Compare models", "Train", " of them"]


def test_a_missing_message_is_an_error():
    with pytest.raises(KeyError):
        texts.text("no.such.key")
    with pytest.raises(KeyError):
        texts.text("server.url")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.877, "0.877"),
        (1.6, "1.60"),
        (12.345, "12.3"),
        (0, "0"),
        (-0.01234, "-0.0123"),
        (0.09996, "0.100"),
        (None, "–"),
    ],
)
def test_numbers_have_three_significant_digits(value, shown):
    assert texts.number(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(17632, "17,632"), (0, "0"), (1e6, "1,000,000"), (None, "–")])
def test_counts_have_separators(value, shown):
    assert texts.whole(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.467, "47%"), (0.0314, "3.1%"), (1, "100%"), (0, "0%"), (0.0996, "10%"), (0.00012, "0.012%")],
)
def test_shares_have_two_significant_digits(share, shown):
    assert texts.percent(share) == shown


@pytest.mark.parametrize(
    ("duration", "shown"),
    [(0.314, "0.31 s"), (9.96, "10 s"), (12.4, "12 s"), (59.7, "1 min 0 s"), (125, "2 min 5 s"),
     (3725, "1 h 2 min"), (math.nan, "–")],
)  # fmt: skip
def test_durations_are_said_as_people_say_them(duration, shown):
    assert texts.seconds(duration) == shown


def test_a_time_is_said_in_the_time_zone_of_this_computer(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        assert texts.moment("2026-01-02T03:04:05+00:00") == "2 Jan 2026, 04:04"
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.floats(-1e15, 1e15) | st.sampled_from([math.nan, math.inf, -math.inf]))
def test_no_number_breaks_the_formatting(value):
    assert all(form(value) for form in (texts.number, texts.whole, texts.percent))


@given(st.text())
def test_plain_keeps_every_letter_and_hides_every_markdown_sign(name):
    shown = texts.plain(name)
    assert re.sub(r"\\(.)", r"\1", shown, flags=re.DOTALL) == name
    assert not re.search(r"[*_`\[\]<$:]", re.sub(r"\\.", "", shown))
