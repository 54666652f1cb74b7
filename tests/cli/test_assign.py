"""``refrain assign``: the older service's treatments, and refusals in a sentence."""

from __future__ import annotations

import json

import pytest

PUBLISHED = "0 1 1 0 0 0 1 0 1 0 1 1 0 1 1 0 0 0 1 0"


def test_personalized_is_printed_as_the_older_service_published_it(refrain):
    code, out, err = refrain(
        "assign", "--name", "PERSONALIZED", "--split", 2, "--users", "0-19", "--json", "-"
    )
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert (answer["experiment"], answer["split"]) == ("PERSONALIZED", 2)
    assert [one["user"] for one in answer["assignments"]] == list(range(20))
    drawn = [one["treatment"] for one in answer["assignments"]]
    assert drawn == ["T1" if one == "1" else "C" for one in PUBLISHED.split()]


def test_users_are_ranges_and_single_ones(refrain):
    code, out, _ = refrain("assign", "--name", "PERSONALIZED", "--users", "0-1, 6,9223372036854775807")
    assert code == 0
    heads, *rows = (line.split() for line in out.splitlines())
    assert heads == ["user", "treatment"]
    assert rows[:3] == [["0", "C"], ["1", "T1"], ["6", "T1"]]
    assert rows[3][0] == "9223372036854775807"


@pytest.mark.parametrize("users", ["", "a", "5-", "-5", "7-3", "1.5", "１", "0-1000000", "9" * 5000])
def test_what_names_no_users_is_refused(refrain, users):
    code, out, err = refrain("assign", "--name", "x", "--users", users)
    assert (code, out) == (2, "")
    assert err.startswith("refrain: --users: ")


@pytest.mark.parametrize("name", ["", "a b", "x" * 101, "\udcff", "größe"])
def test_what_is_no_name_of_an_experiment_is_refused(refrain, name):
    code, out, err = refrain("assign", "--name", name, "--users", "1")
    assert (code, out) == (2, "")
    assert err.startswith("refrain: --name: ")
