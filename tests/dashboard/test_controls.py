"""What several pages' controls do, each in a page of its own."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def trials_of_a_running_search() -> None:
    """Show a list whose lines are reworded while it is open, as trials end."""
    import streamlit as st  # noqa: PLC0415 (this function is a script of its own)

    from recsys_dashboard.controls import turn_to_picked  # noqa: PLC0415

    words = {3: st.session_state.get("state", "running"), 4: "waiting"}

    def note(number: int) -> None:
        st.session_state["noted"] = number

    st.session_state.setdefault("noted", None)

    st.selectbox(
        "Trial",
        list(words),
        key="trial",
        format_func=lambda one: words.get(one, one),
        on_change=turn_to_picked,
        args=("trial", list(words), note),
    )


@pytest.fixture
def page() -> AppTest:
    """Return that page, drawn once."""
    return AppTest.from_function(trials_of_a_running_search).run()


def test_what_is_picked_from_a_list_is_one_of_its_options(page: AppTest) -> None:
    page.selectbox(key="trial").select(4).run()
    assert page.session_state["noted"] == 4


def test_a_line_that_has_changed_its_words_is_not_taken_for_a_choice(page: AppTest) -> None:
    page.session_state["state"] = "ended"
    page.run()
    trial = page.selectbox(key="trial")
    trial.options[0] = "running"  # what a browser still holds
    trial.set_value("running").run()
    assert not page.exception
    assert page.session_state["noted"] is None
