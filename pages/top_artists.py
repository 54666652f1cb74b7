"""Listened vs recommended: do recommendations repeat the charts, or do they open the catalogue?"""

import streamlit as st

from recsys_dashboard import cached
from recsys_dashboard.controls import chosen_dataset
from recsys_dashboard.listening import popularity_figures as figures
from recsys_dashboard.listening import popularity_view as view
from recsys_dashboard.listening import popularity_words as words
from recsys_dashboard.listening.popularity_cache import story_of
from recsys_dashboard.listening.popularity_choice import pick
from recsys_dashboard.listening.run_choice import runs_or_stop, source_line, tell_why_shown
from recsys_dashboard.page_frame import Badge, footer, how_to_read, page_header, run_badge, split_badge
from recsys_dashboard.texts import percent, text

dataset = chosen_dataset()
top = st.container()
manifests = cached.manifests(dataset)
if not manifests:
    with top:
        page_header("top_artists", dataset)
    runs_or_stop(dataset)

choice = pick(manifests)
tell_why_shown(manifests, choice.manifest)
badges = [run_badge(choice.manifest), split_badge(choice.manifest)]
if choice.reranked:
    badges.append(
        Badge(text("top_artists.badge", strength=percent(choice.strength)), "orange", ":material/tune:")
    )
with top:
    page_header("top_artists", dataset, *badges)

slot = st.container()
with slot.skeleton(height=700):
    story = story_of(choice, dataset)
names = words.names_of(choice, story)
source, sources = source_line(dataset, choice.manifest), words.sources_of(choice, dataset)
with slot:
    st.info(words.headline(choice, story), icon=":material/campaign:")
    view.cards(choice, story)
    with st.container(border=True):
        figures.draw_charts(choice, story, source)

    st.subheader(text("top_artists.spread_title"), anchor=False)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        figures.draw_lorenz(story, names, sources)
    with right.container(border=True, height="stretch"):
        figures.draw_tail(story, names, sources)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        figures.draw_deciles(story, names, sources)
    with right.container(border=True, height="stretch"):
        figures.draw_popularity(story, names, sources)
    view.spread_table(choice, story, names)

    st.subheader(text("top_artists.trade_title"), anchor=False)
    with st.container(border=True):
        figures.draw_trade_off(choice, dataset, story, names, source)

    st.subheader(text("top_artists.artists_title"), anchor=False)
    st.markdown(words.ratio_title(story.shift))
    view.artist_table(choice, story)

how_to_read("top_artists")
footer(dataset, choice.manifest.protocol.seed)
