"""The form of a new experiment: who listens, what is tried against what, where, how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from recsys_core.datasets.named_path import named_path
from recsys_core.errors import RefrainError
from recsys_core.rng import MAX_SEED
from recsys_dashboard.comparison.words import roughly
from recsys_dashboard.data.files import choices
from recsys_dashboard.experiment import shelf
from recsys_dashboard.experiment.actions import begin, blocked
from recsys_dashboard.experiment.words import experiment_name, recommender_name
from recsys_dashboard.texts import plain, text
from recsys_online.loop import LoopRequest, botify_files, check_request
from recsys_online.loop.turn import same_world
from recsys_online.shelves import RECOMMENDERS

if TYPE_CHECKING:
    from recsys_online.loop import LoopCard

LEARN, NONE = "", ""
WORLDS = ("demo", "lastfm", "botify")
WAYS = ("http", "in_process")
SESSIONS, MOST_SESSIONS = 4000, 1_000_000
SMALL = {"sessions": SESSIONS, "trials": 2, "epochs": 10, "way": "http"}
# a rough forecast: sessions a second on a usual computer, and seconds to learn from a log
RATES = {"http": 600.0, "in_process": 10_000.0}
LEARNING = {"demo": 15.0, "lastfm": 40.0, "botify": 240.0}


class _UnnamedError(Exception):
    """The older service's folder has not been named yet."""


def draw_new_form() -> None:
    """Draw the form and its button."""
    try:
        request = check_request(LoopRequest.from_dict(_asked()))
    except _UnnamedError:
        st.info(text("experiment.folder_empty"), icon=":material/folder_open:")
        return
    except RefrainError as error:
        st.error(plain(error), icon=":material/error:")
        return
    st.caption(text("experiment.forecast", time=forecast(request)))
    st.button(
        text("experiment.start"), type="primary", icon=":material/play_arrow:", key="experiment.start",
        width="stretch", disabled=bool(blocked()), help=text("experiment.start_help"),
        on_click=begin, args=(request,),
    )  # fmt: skip


def small_request() -> LoopRequest:
    """Return the experiment that the empty page offers."""
    return check_request(LoopRequest.from_dict(SMALL))


def forecast(request: LoopRequest) -> str:
    """Return how long an experiment will take, right within a factor of a few."""
    learning = 0.0 if request.lists_from else LEARNING[request.world]
    return roughly(request.turns * (learning + request.sessions / RATES[request.way]))


def _asked() -> dict[str, Any]:
    """Draw everything above the button and return what was chosen."""
    values = _draw_world()
    values["treatments"] = _draw_arms()
    values |= _draw_lists(values)
    values["way"] = st.segmented_control(
        text("experiment.way"), WAYS, default=WAYS[0], required=True, key="e_way", width="stretch",
        format_func=lambda one: text(f"experiment.way_{one}"), help=text("experiment.way_help"),
    )  # fmt: skip
    values["sessions"] = st.number_input(
        text("experiment.sessions"), 100, MOST_SESSIONS, SESSIONS, 1000, key="e_sessions",
        help=text("experiment.sessions_help"),
    )  # fmt: skip
    with st.expander(text("experiment.more"), icon=":material/tune:"):
        values |= _draw_more(learning=not values["lists_from"])
    return values


def _draw_world() -> dict[str, Any]:
    lastfm = next((one for one in choices() if one.name == "lastfm"), None)
    names = [one for one in WORLDS if one != "lastfm" or lastfm is not None]
    world = st.selectbox(
        text("experiment.world"), names, key="e_world", help=text("experiment.world_help"),
        format_func=lambda one: text(f"experiment.world_{one}"),
    )  # fmt: skip
    if world == "lastfm" and lastfm is not None:
        return {"world": world, "data": lastfm.path or ""}
    if world != "botify":
        return {"world": world}
    folder = st.text_input(
        text("experiment.folder"), key="e_folder", help=text("experiment.folder_help")
    ).strip()
    if not folder:
        raise _UnnamedError
    return {"world": world, **botify_files(named_path(folder).absolute())}


def _draw_arms() -> dict[str, str]:
    names = list(RECOMMENDERS)
    others: dict[str, Any] = {"format_func": recommender_name}
    treatments = {
        "T1": st.selectbox(
            text("experiment.treatment"), names, names.index("indexed"), key="e_t1",
            help=text("experiment.treatment_help"), **others,
        )
    }  # fmt: skip
    control = st.selectbox(
        text("experiment.control"), names, names.index("random"), key="e_control",
        help=text("experiment.control_help"), **others,
    )  # fmt: skip
    second = st.selectbox(
        text("experiment.second"), [NONE, *names], key="e_t2", help=text("experiment.second_help"),
        format_func=lambda one: recommender_name(one) if one else text("experiment.second_none"),
    )  # fmt: skip
    return {"C": control, **treatments, **({"T2": second} if second else {})}


def _draw_lists(values: dict[str, Any]) -> dict[str, Any]:
    """Draw where the lists come from: learned first, or those of an earlier experiment in the same world."""
    asked = LoopRequest.from_dict({**values, "treatments": values["treatments"]})
    earlier = {card.loop_id: card for card in shelf.cards() if _has_lists(card, asked)}
    names = [LEARN, *earlier]
    lists = st.selectbox(
        text("experiment.lists"), names, key="e_lists", help=text("experiment.lists_help"),
        format_func=lambda one: text("experiment.lists_of", name=experiment_name(earlier[one])) if one
        else text("experiment.lists_learn"),
    )  # fmt: skip
    if lists:
        return {"lists_from": lists}
    turns = st.segmented_control(
        text("experiment.turns"), (1, 2), default=1, required=True, key="e_turns", width="stretch",
        format_func=lambda one: text(f"experiment.turns_{one}"), help=text("experiment.turns_help"),
    )  # fmt: skip
    return {"lists_from": "", "turns": turns}


def _has_lists(card: LoopCard, asked: LoopRequest) -> bool:
    return same_world(card.request) == same_world(asked) and any(one.name == "index" for one in card.steps)


def _draw_more(*, learning: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if learning:
        found["logged"] = st.number_input(
            text("experiment.logged"), 0, MOST_SESSIONS, 0, 1000, key="e_logged",
            help=text("experiment.logged_help"),
        )  # fmt: skip
        found["trials"] = st.slider(
            text("experiment.trials"), 1, 20, 4, key="e_trials", help=text("experiment.trials_help")
        )
        found["keep_liked"] = st.toggle(
            text("experiment.keep_liked"), value=True, key="e_keep", help=text("experiment.keep_liked_help")
        )
    found["listeners"] = st.slider(
        text("experiment.at_a_time"), 1, 64, 16, key="e_at_a_time", help=text("experiment.at_a_time_help")
    )
    found["seed"] = st.number_input(
        text("experiment.seed"), 0, MAX_SEED, 42, 1, key="e_seed", help=text("experiment.seed_help")
    )
    return found
