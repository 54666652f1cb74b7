# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Films: from a chart to "more like this"
#
# Somebody liked a film. What should they see next? This notebook answers three times, each time a little
# better: with the **best rated** films for everybody, with films **described by the same words**, and with
# films that are both **similar and good**. On the way it settles two questions that every course raises:
# why the table of all pairs of films fills the memory, and whether fewer dimensions (PCA) help.
#
# It runs on the demo catalogue. Set `REFRAIN_DATA` to a folder with TMDB 5000, IMDB 5000, MovieLens or The
# Movies Dataset, and every table, figure and sentence below is about those films instead.

# %%
import os
from pathlib import Path

import pandas as pd
from IPython.display import Markdown, display

from recsys_core import ContentModel, FilmTexts, MovieChoice, load_movies, similarity_memory
from recsys_core.movies import available_movies
from recsys_core.movies.chart import chart
from recsys_core.movies.memory import measured_peak
from recsys_core.movies.pca import reduce_texts
from recsys_core.movies.pca_study import study_pca
from recsys_core.movies.pca_verdict import COHERENT, judge_pca
from recsys_core.movies.popularity_filter import CANDIDATES, popularity_filter
from recsys_core.movies.reason_groups import grouped, spelled
from recsys_core.movies.search import MovieSearch
from recsys_core.plots.movies import Line, chart_figure, reason_figure, sizes_figure
from recsys_core.plots.notebook import use_in_notebook
from recsys_core.plots.theme import BASELINE, CONTROL, TREATMENT
from recsys_core.runs.provenance import provenance

use_in_notebook()
SEED = 42
home = Path(os.environ.get("REFRAIN_HOME") or "../data")
named = os.environ.get("REFRAIN_DATA")
choice = available_movies(home, Path(named))[0] if named else MovieChoice("demo")
movies = load_movies(choice, data_root=home)
provenance(movies, seed=SEED)

# %% [markdown]
# ## 1. The simple recommender: a chart
#
# A film with one vote of 10 is not the best film ever. So each film's mean vote $R$ is drawn towards the
# mean $C$ of all films, the more the fewer votes $v$ it has:
#
# $$\text{score} = \frac{v}{v+m}\,R + \frac{m}{v+m}\,C$$
#
# $m$ is the number of votes that nine films in ten do not reach; only films with at least $m$ votes are
# listed.

# %%
best = chart(movies, 10)
Markdown(
    f"Here C = {best.scale.mean_vote:.2f} and m = {best.scale.least_votes:,.0f}: "
    f"**{best.qualified:,} of {best.films:,} films** have enough votes to be in the chart."
)

# %%
best.table

# %%
chart_figure(
    best.table,
    best.scale.mean_vote,
    number=lambda value: f"{value:.2f}",
    names=("mean vote", "weighted rating"),
    mean_words=f"C = {best.scale.mean_vote:.2f}",
    x_title="vote",
)

# %% [markdown]
# The longer a line, the more a film loses to its small number of votes. The chart is quick and hard to beat
# as a first page, but it says the same to everybody.

# %% [markdown]
# ## 2. Similar films: the table that nobody needs
#
# The usual recipe turns each film's overview into a list of word weights (TF-IDF), multiplies **all films
# by all films**, and keeps the result. How large is that?

# %%
films = (len(movies), 45_466)
asked = [similarity_memory(n, precision) for n in films for precision in ("float64", "float32")]
pd.DataFrame(
    {
        "films": [one.n_films for one in asked],
        "precision": [one.dtype for one in asked],
        "all pairs, MB": [one.matrix_bytes / 1e6 for one in asked],
        "30 nearest of each, MB": [one.kept_bytes / 1e6 for one in asked],
        "one question, MB": [one.row_bytes / 1e6 for one in asked],
    }
).round(3)

# %% [markdown]
# 45,466 is the number of films of The Movies Dataset. All its pairs take 16.5 GB in the usual precision,
# 8.3 GB in the smaller one: more than most laptops have free. Yet a question needs **one line** of that
# table. So nothing is kept but the word weights; a line is computed when somebody asks, and only from films
# that share a word. Lists for all films, where wanted, are made line by line, thirty films each:

# %%
texts = FilmTexts(movies)
has_plots = bool(texts.overview.present.any())  # MovieLens has none; its films are compared by their soup
by_words = ContentModel(texts, "overview" if has_plots else "soup")
terms = texts.overview if has_plots else texts.soup
by_words.all_similar(30)  # the first call loads compiled code, which is not to be counted
_, peak = measured_peak(lambda: by_words.all_similar(30))
Markdown(
    f"Making the lists of all {len(movies):,} films took at most **{peak / 1e6:.1f} MB** at any moment; "
    f"all pairs in float64 would be {asked[0].matrix_bytes / 1e6:,.1f} MB."
)

# %% [markdown]
# ## 3. More like this, and why
#
# Two descriptions of a film are compared: the **words** of its overview, and its **soup** (director, first
# actors, keywords, genres). Each similarity is a sum of what two films share, so that it can be explained.

# %%
wanted = MovieSearch(movies).find("The Dark Knight Rises", 1)
film_id = wanted[0].movie_id if wanted else best.table["movie_id"].iloc[0]
film = movies.frame.loc[movies.frame["movie_id"] == film_id].iloc[0]
Markdown(
    f"**{film['title']}** ({film['year']}), {film['director'] or 'director not told'}: "
    f"{film['overview'] or 'no plot is told here.'}"
)

# %%
by_soup = ContentModel(texts, "soup")
found = {"soup": by_soup.similar_movies(film_id, 10)}
if has_plots:
    found = {"words": by_words.similar_movies(film_id, 10), **found}
pd.DataFrame({name: similar.table["title"] for name, similar in found.items()})

# %%
both = ContentModel(texts, "both").similar_movies(film_id, 10)
reason_figure(
    grouped(both),
    names={
        "audience": "audience",
        "words": "words",
        "keywords": "keywords",
        "people": "people",
        "genres": "genres",
    },
    percent=lambda share: f"{share:.0%}",
)

# %%
with pd.option_context("display.max_colwidth", 110):
    display(spelled(both)[["title", "similarity", "reasons"]].head(5))

# %% [markdown]
# ## 4. The popularity filter: similar *and* worth seeing
#
# The nearest films may be obscure or bad. So ask for the thirty nearest, drop those with fewer votes than
# most of the thirty, and order the rest by weighted rating.

# %%
nearest = ContentModel(texts, "both").similar_movies(film_id, CANDIDATES)
filtered = popularity_filter(nearest)
kept = filtered.table["title"].isin(nearest.table["title"].head(10))
display(filtered.table[["rank", "title", "similarity", "vote_count", "vote_average", "rating"]])
Markdown(
    f"{kept.sum()} of these {len(kept)} were among the ten nearest before; the others moved up by their "
    "rating."
)

# %% [markdown]
# ## 5. Fewer dimensions: coherent? faster?
#
# PCA squeezes thousands of words into some hundred numbers. (Proper PCA subtracts a mean first and would
# turn every zero into a number, 27 GB for The Movies Dataset; the version without that step, truncated SVD,
# is meant here.) Coherent means: the short list is still the same list. So we count, for films drawn at
# random, how many of the ten exact neighbours are still there, and measure one search.

# %%
study = study_pca(terms.matrix, (10, 25, 50, 100, 200, 400, 1000), queries=100, rng=SEED)
verdict = judge_pca(study)
study.table[["components", "explained_variance", "overlap", "rank_agreement", "milliseconds"]].round(3)

# %%
sizes_figure(
    study.table,
    [
        Line("overlap", "same films", CONTROL, "solid", "circle"),
        Line("explained_variance", "variance kept", BASELINE, "dot", "x"),
    ],
    level=(COHERENT, "coherent"),
    write=lambda share: f"{share:.0%}",
    x_title="components",
    y_title="share",
    share=True,
)

# %%
sizes_figure(
    study.table,
    [
        Line("milliseconds", "fewer numbers", CONTROL, "solid", "circle"),
        Line("approximate_milliseconds", "and a graph", TREATMENT, "dash", "diamond"),
    ],
    level=(study.exact_milliseconds, "exact search by shared words"),
    write=lambda value: f"{value:.3f} ms",
    x_title="components",
    y_title="milliseconds a search",
    log=True,
)

# %%
spoken = {"faster": "faster", "slower": "slower", "same": "no clear difference"}[verdict.speed]
needed = (
    f"from {verdict.enough_components} components on they do"
    if verdict.enough_components
    else "no size studied does"
)
Markdown(
    f"**{verdict.components} components keep {verdict.kept:.0%} of the variance and "
    f"{verdict.overlap * study.k:.1f} of {study.k} films of a list: "
    f"{'coherent' if verdict.coherent else 'not coherent'}** "
    f"(we ask for {COHERENT:.0%}; {needed}). A search takes **{1 / verdict.speed_up:.2f} times as long, "
    f"{spoken}**, beside the exact one, measured on this machine."
)

# %% [markdown]
# What that means for the film above, exact list beside reduced list:

# %%
film_idx = int(movies.ids.to_idx([film_id])[0])
reduced = reduce_texts(terms.matrix, verdict.components, seed=SEED)
lists = {
    "exact": by_words.nearest(film_idx, 10)[0],
    f"{verdict.components} components": reduced.nearest(film_idx, 10)[0],
}
pd.DataFrame({name: pd.Series(movies.frame["title"].to_numpy()[rows]) for name, rows in lists.items()})

# %% [markdown]
# ## What to take away
#
# - A chart needs a correction for few votes, and nothing else.
# - Similar films need one line of a table, never the table.
# - A list that can say *why* is worth more than a list that is 2 % better.
# - Fewer dimensions must be judged by the lists they give and by a clock, not by the variance they keep.
#
# The page *Movies* of the dashboard runs the same functions; `refrain movies --help` does in a terminal.
