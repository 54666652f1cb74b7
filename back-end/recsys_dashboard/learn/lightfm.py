"""Chapter 3: LightFM in five minutes: the score, the four losses, training on, and how lists are judged."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard.learn import lightfm_lists, lightfm_losses, lightfm_resume, lightfm_score
from recsys_dashboard.texts import text


def draw() -> None:
    """Draw the chapter, a section after the other."""
    st.markdown(text("learn.lightfm_text"))
    for name, section in (
        ("score", lightfm_score.draw),
        ("losses", lightfm_losses.draw),
        ("resume", lightfm_resume.draw),
        ("lists", lightfm_lists.draw),
    ):
        st.subheader(text(f"learn.lightfm_{name}"), anchor=name)
        section()
