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
# # From an event log to training pairs
#
# A music service writes down every request: who heard what, how much of it, and what was offered next. A
# model wants something much smaller: **pairs of a listener and a track that they liked**. This notebook
# makes the one from the other. The choices on the way (what is *liked*? which events may count? what is
# held out?) decide what the model can learn, so each is made visible.
#
# **The listeners are simulated**: each has hidden tastes, skips what does not suit them, and leaves after
# five skips. Their world is made from the demo data. Set `REFRAIN_DATA` to a folder with the Last.fm files,
# or with a subfolder `botify` holding the older service's files, for another world; of any other data no
# world can be made, and it stays the demo's.

# %%
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
from IPython.display import Markdown, display

from recsys_core import DatasetChoice, available_choices, split
from recsys_core.datasets.summary import long_tail
from recsys_core.plots.datasets import long_tail_figure
from recsys_core.plots.notebook import use_in_notebook
from recsys_core.runs.provenance import provenance
from recsys_online.catalogue import write_tracks
from recsys_online.events.reading import read_events
from recsys_online.events.writer import EventWriter
from recsys_online.experiments import Experiment
from recsys_online.experiments.plan import Arms, Plan
from recsys_online.loop.learning import dataset_of_log, time_split
from recsys_online.loop.pairs import Rule, training_pairs
from recsys_online.loop.request import LoopRequest, botify_files
from recsys_online.loop.world import open_world
from recsys_online.shelves import create_recommenders
from recsys_online.simulator import Recommending, simulate

use_in_notebook()
SEED = 42
home = Path(os.environ.get("REFRAIN_HOME") or "../data")
named = os.environ.get("REFRAIN_DATA")
choice = available_choices(home, Path(named))[0] if named else DatasetChoice("demo")
if named and (Path(named) / "botify").is_dir():
    request = LoopRequest(world="botify", seed=SEED, **botify_files(Path(named) / "botify"))
elif choice.name == "lastfm":
    request = LoopRequest(world="lastfm", data=choice.path, seed=SEED)
else:
    request = LoopRequest(seed=SEED)
world = open_world(request, home)
provenance(f"World of {world.title}", seed=SEED)

# %% [markdown]
# ## 1. A log
#
# Half of the listeners (the control, `C`) get tracks **at random**; the others (`T1`) get tracks of one
# fixed list of a hundred. Nobody knows any tastes yet. Each session begins with a track of the listener's
# own choice.

# %%
EXPERIMENT = "FIRST"
WORK = home / "notebooks"
log_folder = WORK / "first-log"
shutil.rmtree(log_folder, ignore_errors=True)
publication = world.without_lists()
recommenders = create_recommenders(publication.catalogue(), np.random.default_rng(SEED))
plan = Plan("random", (Arms(Experiment(EXPERIMENT), {"C": "random", "T1": "top-pop"}),))
log = EventWriter(log_folder)
summary = simulate(
    world,
    Recommending(publication, recommenders, plan),
    episodes=20 * len(world.listeners),
    seed=SEED,
    moment=datetime(2026, 1, 5, 9, tzinfo=UTC),
    log=log,
)
log.close()
Markdown(
    f"{len(world.listeners):,} listeners, {len(world.tracks):,} tracks, {summary.sessions:,} sessions, "
    f"**{summary.events:,} events**."
)

# %% [markdown]
# The first session, line by line. `time` is the share of the track that was heard; `recommendation` is the
# track that was offered next and is the `track` of the line below; `last` ends the session.

# %%
events = read_events(log_folder)
first = []
while not first or first[-1].message != "last":
    first.append(next(events))
columns = ["message", "user", "track", "time", "recommendation", "recommender", "treatment", "session"]
pd.DataFrame([msgspec.structs.asdict(one) for one in first])[columns].astype({"recommendation": "Int64"})

# %% [markdown]
# ## 2. What becomes a pair
#
# 1. **Heard for more than half.** A skip is no love. What was heard to the end may be habit, but it is all
# we have.
# 2. **Each pair once.** Who hears a track ten times still gives one pair, with the moment of the first
# time.
# 3. **Only the control, if we are careful.** Arm `T1` saw a hundred tracks only. A model trained on it
# would learn what was *shown*, not what is *liked*; next time it would show the same again. Random tracks
# have no such memory.

# %%
rules = {
    "both arms": Rule(listened=0.5, above_usual=None),
    "control only": Rule(listened=0.5, above_usual=None, arms=("C",)),
}
found = {name: training_pairs([str(log_folder)], EXPERIMENT, rule) for name, rule in rules.items()}
table = pd.DataFrame({name: msgspec.to_builtins(counts) for name, (_, counts) in found.items()}).T
table[["plays", "liked", "pairs", "pair_listeners", "tracks"]]

# %%
both, control = (found[name][1] for name in rules)
Markdown(
    f"Of {both.plays:,} plays **{both.liked:,} ({both.liked / both.plays:.0%}) were heard for more than "
    f"half**; as distinct pairs they are {both.pairs:,}, so {both.liked - both.pairs:,} were repetitions. "
    f"The control alone gives **{control.pairs:,} pairs** of {control.pair_listeners:,} listeners."
)

# %% [markdown]
# How uneven is it? Number of tracks by how many listeners they have in the pairs:

# %%
datasets = {name: dataset_of_log(pairs, world.public, simulated=True) for name, (pairs, _) in found.items()}
long_tail_figure(
    long_tail(datasets["both arms"]),
    whole=lambda n: f"{n:,.0f}",
    x_title="tracks, both arms",
    y_title="listeners",
)

# %%
long_tail_figure(
    long_tail(datasets["control only"]),
    whole=lambda n: f"{n:,.0f}",
    x_title="tracks, control only",
    y_title="listeners",
)

# %% [markdown]
# The price of care is visible too: the listeners of `T1` are not in the control's pairs at all, so a model
# of these pairs cannot know them. The next notebook personalises for everybody and therefore takes **both
# arms**; the share of random tracks in the log keeps it honest.

# %% [markdown]
# ## 3. What is held out
#
# A model is used on days it has not seen. So the **latest** pairs are held out: the very last to judge,
# those before to choose settings. A random split would let the model look into the future.

# %%
pairs, _ = found["both arms"]
dataset = datasets["both arms"]
parts = split(dataset, time_split(dataset))
named_parts = {"train": parts.train, "validation": parts.validation, "test": parts.test}
pd.DataFrame(
    {
        "pairs": {name: len(part) for name, part in named_parts.items()},
        "from": {name: pd.Timestamp(part.timestamps.min(), unit="s") for name, part in named_parts.items()},
        "to": {name: pd.Timestamp(part.timestamps.max(), unit="s") for name, part in named_parts.items()},
    }
)

# %% [markdown]
# (The simulator writes an event a millisecond; days would look the same.)
#
# ## 4. Saved for the next notebook
#
# Plain files that anybody can open: the pairs as Parquet, the catalogue as lines of JSON, the world's name.

# %%
WORK.mkdir(parents=True, exist_ok=True)
pairs.to_parquet(WORK / "pairs.parquet", index=False)
write_tracks(WORK / "tracks.json", world.public)
(WORK / "world.json").write_bytes(msgspec.json.encode(request.to_dict()))
display(pairs.head(3))
Markdown(f"{len(pairs):,} pairs, fingerprint `{dataset.fingerprint}`. Go on with **personalized**.")
