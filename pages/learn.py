"""Learn: what do recommenders do, and how does one know that they are any good?"""

import streamlit as st

from recsys_dashboard.learn import (
    drift,
    experiments,
    feedback,
    field,
    further,
    lightfm,
    neighbours,
    words,
)
from recsys_dashboard.learn.chapters import open_chapter, turn_the_page
from recsys_dashboard.page_frame import Badge, footer, how_to_read, page_header
from recsys_dashboard.texts import text

CHAPTERS = {
    "feedback": feedback.draw,
    "field": field.draw,
    "lightfm": lightfm.draw,
    "words": words.draw,
    "neighbours": neighbours.draw,
    "drift": drift.draw,
    "experiments": experiments.draw,
}

page_header("learn", None, Badge(text("learn.badge"), "orange", ":material/science:"))
chapter = open_chapter()
st.header(text(f"learn.name_{chapter}"), anchor=False)
CHAPTERS[chapter]()
st.space("small")
turn_the_page(chapter)
further.draw()
how_to_read("learn")
footer()
