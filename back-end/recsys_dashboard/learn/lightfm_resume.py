"""A small model trained before one's eyes, and trained on from where it stopped."""

from __future__ import annotations

import streamlit as st

from recsys_core.lessons.resume import LISTENERS, SEED, SIZE, ResumedTraining, small_split
from recsys_core.plots.lesson_training import resume_figure
from recsys_dashboard.controls import is_dark
from recsys_dashboard.figure_frame import show_figure
from recsys_dashboard.learn.toys import toy
from recsys_dashboard.texts import number, text, whole

_KEY, MOST = "learn.training", 60


def draw() -> None:
    """Draw the section."""
    st.markdown(text("learn.resume_text"))
    with toy(text("learn.resume_do")):
        training: ResumedTraining | None = st.session_state.get(_KEY)
        done = training.epochs if training else 0
        with st.container(horizontal=True):
            _button("one", 1, done)
            _button("five", 5, done)
            if training:
                st.button(text("learn.resume_again"), key="learn.resume.again", on_click=_forget)
        asked = st.session_state.pop("learn.more", 0)
        if asked:
            with st.spinner(text("learn.resume_busy")):
                training = _more(training, asked)
        if training:
            _figure(training)
        else:
            st.caption(text("learn.resume_nothing"))


@st.cache_resource(show_spinner=False)
def _parts() -> object:
    return small_split()


def _button(name: str, epochs: int, done: int) -> None:
    st.button(
        text(f"learn.resume_{name}"),
        key=f"learn.resume.{name}",
        type="primary" if name == "one" else "secondary",
        disabled=done + epochs > MOST,
        on_click=_ask,
        args=(epochs,),
    )


def _ask(epochs: int) -> None:
    st.session_state["learn.more"] = epochs


def _forget() -> None:
    st.session_state.pop(_KEY, None)


def _more(training: ResumedTraining | None, epochs: int) -> ResumedTraining:
    going = training or ResumedTraining(_parts())  # type: ignore[arg-type]  # Streamlit's cache forgets the type
    going.more(epochs)
    st.session_state[_KEY] = going
    return going


def _figure(training: ResumedTraining) -> None:
    curve = training.curve()
    last = curve.iloc[-1]
    title = text(
        "learn.resume_title",
        epochs=whole(training.epochs),
        n=len(training.calls),
        auc=number(last["test_auc"]),
    )
    calls = " + ".join(str(one) for one in training.calls)
    same = text("learn.resume_same" if training.same_in_one_go() else "learn.resume_other")
    show_figure(
        resume_figure(
            curve,
            x_title=text("learn.resume_x"),
            y_title=text("learn.resume_y"),
            train=text("learn.resume_train"),
            test=text("learn.resume_test"),
            again=text("learn.resume_resumed"),
            dark=is_dark(),
        ),
        key="learn.resume.figure",
        title=title,
        alt=title,
        source=text("learn.resume_source", listeners=whole(LISTENERS), size=SIZE, seed=SEED),
        note=text("learn.resume_note", calls=calls, epochs=training.epochs, same=same),
    )
