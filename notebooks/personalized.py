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
# # Everybody's own list
#
# The notebook **interactions** left pairs of listeners and tracks they liked. Here a LightFM model learns
# from them, its settings are found by search, and everybody gets a list of a hundred tracks they have not
# liked yet, published where the service reads it. Nothing here knows the simulated listeners' hidden
# tastes.

# %%
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.display import Markdown

from recsys_core import (
    Budget,
    ComparisonRequest,
    ItemVectors,
    StudyStore,
    StudySummary,
    TuningRequest,
    build_map,
    compare,
    create_model,
    run_study,
    train_best,
)
from recsys_core.artist_map import default_settings, export_projector
from recsys_core.plots.notebook import use_in_notebook
from recsys_core.plots.tuning import history_figure
from recsys_core.plots.tuning_curves import trial_figure
from recsys_core.runs.provenance import provenance
from recsys_online.catalogue import read_tracks
from recsys_online.index.versions import Manifest, publish, read_current, read_publication
from recsys_online.loop.learning import FIXED, dataset_of_log, time_split, with_whole_catalogue
from recsys_online.publishing import write_lists
from recsys_online.track_lists import publication_of_tracks

use_in_notebook()
SEED = 42
NOW = datetime.now(UTC)
CREATED = NOW.isoformat(timespec="seconds")
WORK = Path(os.environ.get("REFRAIN_HOME") or "../data") / "notebooks"
pairs = pd.read_parquet(WORK / "pairs.parquet")  # no such file? run the notebook interactions first
tracks = read_tracks(WORK / "tracks.json")
dataset = dataset_of_log(pairs, tracks, simulated=True)
provenance(dataset, seed=SEED)

# %% [markdown]
# ## 1. Settings by search
#
# The model is LightFM with the WARP loss. Where a catalogue has many tracks by the same artist, each track
# is heard too rarely to be learned alone: then a track has the vector of its artist (LightFM calls this an
# item feature), learned by our own compiled copy of the same loss, which is quick enough for it.
#
# The latest pairs are the **test** part, those before them the **validation** part. Every trial trains up
# to fifteen epochs and is judged after each one on the validation part; hopeless trials are given up early.
# One epoch per trial would be quicker and worthless: a setting that learns slowly and well would lose to
# one that starts fast. Everything is drawn from one seed, so that the search can be repeated. (In the
# figure a dot is a finished trial, a dash one that was given up, the line the best so far.)

# %%
artists = len(dataset.item_features.names)
alone = artists > dataset.n_items / 2
request = TuningRequest(
    model="lightfm-warp" if alone else "fast-hybrid",
    objectives=("ndcg@10",),
    epochs=15,
    seed=SEED,
    fixed={"learning_schedule": "adagrad", "user_alpha": 0.0, "item_alpha": 0.0} if alone else FIXED,
    protocol=time_split(dataset),
)
store = StudyStore(WORK / "studies")
study = store.open_or_create(f"personalized-{dataset.fingerprint}", request, dataset, created=CREATED)
run_study(study, dataset, Budget(trials=12))
summary = StudySummary.of(study)
history_figure(
    summary.history(),
    x_title="trial",
    y_title="NDCG@10 on the validation part",
    states={"complete": "finished", "pruned": "given up"},
)

# %%
summary.table()[
    ["trial", "state", "ndcg@10", "best_epoch", "embedding_size", "learning_rate", "max_sampled"]
].sort_values("ndcg@10", ascending=False).head(5).round(4)

# %%
learned = summary.curves()
trial_figure(
    {"usual settings": learned[0], "best trial": learned[summary.best.number]},
    "ndcg@10",
    chosen="best trial",
    x_title="epoch",
    y_title="NDCG@10 on the validation part",
)

# %% [markdown]
# ## 2. What it is worth
#
# The best setting is trained on training and validation part together and judged **once** on the test part,
# beside the same hundred most popular tracks for everybody. And because training itself is a matter of
# luck, it is trained with two more seeds: a difference smaller than their spread means nothing.

# %%
judged = []
best = train_best(study, dataset, created=CREATED, on_run=judged.append)
chosen = summary.best_configuration()
protocol = request.protocol.replace(validation_share=0.0)
for seed in (SEED + 1, SEED + 2):
    settings = {request.model: {**chosen["parameters"], "seed": seed}}
    again = ComparisonRequest(
        models=(request.model,),
        settings=settings,
        epochs_of={request.model: chosen["epochs"]},
        protocol=protocol,
    )
    judged.append(compare(dataset, again, created=CREATED)[-1])
rows = [
    {"model": run.manifest.model, "seed": run.manifest.parameters.get("seed", "")}
    | {name: value["mean"] for name, value in run.manifest.metrics["test"].items()}
    for run in judged
]
results = pd.DataFrame(rows)[["model", "seed", "auc", "precision@10", "recall@10", "ndcg@10"]]
results.round(4)

# %%
ours = results[results["model"] == request.model]["ndcg@10"]
charts = float(results.loc[results["model"] == "popularity", "ndcg@10"].iloc[0])
interval = best.manifest.metrics["test"]["ndcg@10"]
Markdown(
    f"NDCG@10 on the latest pairs: **{interval['mean']:.4f}** [{interval['low']:.4f}, "
    f"{interval['high']:.4f}] (95 % over "
    f"listeners); the charts reach {charts:.4f}. Between seeds it runs from {ours.min():.4f} to "
    f"{ours.max():.4f}."
)

# %% [markdown]
# ## 3. The model that serves
#
# What was held out has done its duty. The model that makes the lists learns from **all** pairs, with the
# settings and the number of epochs found above.

# %%
model = create_model(request.model, chosen["parameters"]).fit(dataset, epochs=chosen["epochs"])
pd.DataFrame({"value": {**chosen["parameters"], "epochs": chosen["epochs"]}})

# %% [markdown]
# ## 4. What it has learned, for TensorBoard
#
# The vectors of all tracks go to a folder that TensorBoard's Embedding Projector opens: `tensorboard
# --logdir data/notebooks/tensorboard`.

# %%
vectors = ItemVectors.of_model("personalized", model, dataset)
track_map = build_map(vectors, default_settings(vectors, seed=SEED), created=CREATED)
files = export_projector(track_map, vectors, WORK / "tensorboard")
Markdown(", ".join(f"`{path.name}` ({path.stat().st_size / 1000:,.1f} kB)" for path in files))

# %% [markdown]
# ## 5. A hundred for everybody
#
# Best first, nothing a listener is known to have liked. (An older export wrote the lists worst first and
# left liked tracks in; nothing failed, the music was only worse. So both are checked here.)

# %%
publication = publication_of_tracks(model, dataset, tracks, 100)
heard = dataset.interactions.to_csr(binary=True)
rows = [dataset.items.locate(one[one >= 0]) for one in publication.lists]
order = dataset.users.to_idx(publication.users)
favourites = model.recommend(publication.users, 1)["item_id"].to_numpy()
first = float((publication.lists[:, 0] == favourites).mean())
repeated = sum(int(heard[user, items].sum()) for user, items in zip(order, rows, strict=True))
Markdown(
    f"{len(publication.users):,} lists of {publication.lists.shape[1]}. The model's favourite stands first "
    f"in **{first:.0%}** of them; tracks that their listener had liked before: **{repeated}**."
)

# %%
write_lists(WORK / "recommendations.json", publication)
title = {one.track: f"{one.artist}: {one.title}" if one.artist != one.title else one.title for one in tracks}
user = int(publication.users[0])
liked = pairs.loc[pairs["user_id"] == user, "item_id"].head(8)
pd.DataFrame(
    {
        f"listener {user} liked": pd.Series([title[one] for one in liked]),
        "and is offered": pd.Series([title[one] for one in publication.lists[0][:8].tolist()]),
    }
).fillna("")

# %% [markdown]
# ## 6. Published
#
# A version is written whole and becomes the current one by a single rename: a service that reads the folder
# sees the old lists or the new ones, never half of each. This folder belongs to the notebooks; `refrain
# publish` writes to the one the service reads.

# %%
whole = with_whole_catalogue(publication, tracks)
version = NOW.strftime("%Y%m%dt%H%M%S%f")
publish(
    WORK / "index",
    whole,
    Manifest(
        version=version,
        created=CREATED,
        title=dataset.source.title,
        simulated=True,
        n_users=len(whole.users),
        n_tracks=len(whole.tracks),
        k=whole.lists.shape[1],
    ),
)
served = read_publication(WORK / "index", read_current(WORK / "index"))
same = bool(np.array_equal(served.lists, publication.lists))
Markdown(
    f"Read back from the index: {len(served.users):,} listeners, {len(served.tracks):,} tracks, lists "
    f"{'unchanged' if same else '**changed**'}. Do they please anybody? The notebook **experiment** asks."
)
