"""Movies: which film next, what resembles this one, and why?"""

import streamlit as st

from recsys_core.errors import RefrainError
from recsys_dashboard.movies import film_choice, similar_controls, similar_view
from recsys_dashboard.movies.bring import bring_films
from recsys_dashboard.movies.catalogue import open_catalogue
from recsys_dashboard.movies.catalogue_view import catalogue_facts
from recsys_dashboard.movies.chart_view import chart_tab
from recsys_dashboard.movies.choice import catalogue_badge, opening, pick_catalogue, source_line
from recsys_dashboard.movies.dimension_view import dimension_part, measurements_of
from recsys_dashboard.movies.film_card import film_card
from recsys_dashboard.movies.memory_view import memory_part
from recsys_dashboard.movies.side_view import side_view
from recsys_dashboard.movies.tabs import open_view
from recsys_dashboard.movies.words import film_label
from recsys_dashboard.page_frame import footer, how_to_read, page_header
from recsys_dashboard.texts import plain, text

top = st.container()
choice = pick_catalogue()
slot = st.container()
try:
    with slot.skeleton(height=500), top, opening(choice):
        films = open_catalogue(choice)
        methods = films.methods
except RefrainError as error:
    with top:
        page_header("movies", None)
    st.error(plain(error), icon=":material/error:")
    bring_films()
    how_to_read("movies")
    footer()
    st.stop()

with top:
    page_header("movies", None, catalogue_badge(films))
view, place = open_view()
with place:
    if view == "similar":
        search = st.container()
        row = film_choice.film_of_address(films)
        with search:
            film_choice.search_row(films, row)
        film_choice.breadcrumbs(films)
        if row is None:
            film_choice.landing(films)
        elif not methods:
            film_card(films, row)
            st.info(text("movies.titles_only"), icon=":material/help:")
        else:
            film = films.film(row)
            label, source = film_label(film), source_line(films)
            with st.container(border=True):
                wanted, compared = similar_controls.pick_wanted(films)
            if compared:
                lists = {one: wanted.similar(films, film["movie_id"], one) for one in compared}
                side_view(lists, label, f"refrain-{films.movies.source.name}-{film['movie_id']}")
            left, right = st.columns([2, 3])
            with left.container(border=True):
                film_card(films, row)
            with right.container(border=True):
                similar = wanted.similar(films, film["movie_id"])
                similar_view.tell_fallback(similar)
                similar_view.similar_rows(similar, label, wanted.k)
            if len(similar.table):
                with left.container(border=True):
                    similar_view.reasons_card(similar, label, source)
                similar_view.similar_table(similar, film["movie_id"], films.movies.source.name)
    elif view == "charts":
        chart_tab(films)
    elif view == "cost":
        measured = measurements_of(films)
        memory_part(films, measured)
        st.divider()
        dimension_part(films, choice, measured)
    else:
        catalogue_facts(films)
        bring_films()

how_to_read("movies")
footer()
