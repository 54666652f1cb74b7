"""From training pairs to everybody's list: data set, tuned model, judged on what came last, lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.errors import CancelledError
from recsys_core.metrics.accuracy import per_user_metrics
from recsys_core.models.registry import create_model
from recsys_core.ranking import held_out_ranks
from recsys_core.splitting import PROTOCOLS, Protocol, split
from recsys_core.tuning import Budget, StudyStore, TuningRequest, check_request, run_study
from recsys_core.tuning.adopting import chosen_trial
from recsys_online.track_lists import dataset_of_tracks, publication_of_tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from recsys_core.models.base import Recommender
    from recsys_core.splitting import Split
    from recsys_core.tuning import TuningStudy
    from recsys_online.catalogue import Track
    from recsys_online.index.versions import Publication

MODEL, STUDY, OBJECTIVE, LIST_LENGTH = "fast-hybrid", "study", "ndcg@10", 10
# artists are learned, tracks inherit from them; what else could vary changed little in the simulator
FIXED = {
    "identity": False, "tag_strength": 1.0, "tags": 100_000, "learning_schedule": "adagrad",
    "user_alpha": 0.0, "item_alpha": 0.0, "rho": 0.95, "epsilon": 1e-6, "tagger_strength": 0.0,
    "friend_strength": 0.0,
}  # fmt: skip
FIRST_TRIED = {"embedding_size": 128, "learning_rate": 0.05, "max_sampled": 20}
HELD_OUT, MOST_HELD_OUT = 0.1, 3000
"""A tenth of the pairs is held out for choosing and another for judging, at most so many."""


class Effort(NamedTuple):
    """Settings to try, how long each may learn, the seed, and threads that judge."""

    trials: int
    epochs: int
    seed: int
    threads: int = 1


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What was chosen, and what it is worth on the latest pairs, which nothing was chosen by.

    Attributes
    ----------
    parameters, epochs
        All settings of the model.
    tried
        Number of settings.
    validation
        Value of the objective by which they were chosen.
    test, popularity
        Means over listeners on the test part, of the model and of the most popular tracks for everybody.
    """

    model: str
    objective: str
    parameters: dict[str, Any]
    epochs: int
    tried: int
    validation: float
    test: dict[str, float]
    popularity: dict[str, float]


def dataset_of_log(pairs: pd.DataFrame, tracks: Sequence[Track], *, simulated: bool) -> Dataset:
    """Return the data set of the log's pairs, each track with its artist for a feature."""
    return dataset_of_tracks(pairs, tracks, Source("log", "Log of the service", simulated=simulated))


def time_split(dataset: Dataset) -> Protocol:
    """Return the protocol that holds out the latest pairs: the last to judge by, those before to choose."""
    share = min(HELD_OUT, MOST_HELD_OUT / len(dataset.interactions))
    return PROTOCOLS["time"].replace(test_share=share, validation_share=share)


def tune_and_judge(
    folder: Path,
    dataset: Dataset,
    effort: Effort,
    *,
    created: str,
    on_event: Callable[[dict[str, Any]], None] = lambda _event: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Learned:
    """Return the best of some settings; trials are kept in the study below ``folder`` and gone on with.

    The events are those of a study.

    Raises
    ------
    CancelledError
        If ``should_stop`` says so.
    StudyError
        If the study below ``folder`` is of other data, or no setting came through.
    """
    request = check_request(
        TuningRequest(
            model=MODEL, objectives=(OBJECTIVE,), epochs=effort.epochs, seed=effort.seed, fixed=FIXED,
            protocol=time_split(dataset),
        )
    )  # fmt: skip
    study = StudyStore(folder).open_or_create(STUDY, request, dataset, created=created)
    if not study.trials():
        study.ask_for(FIRST_TRIED)
    run_study(
        study, dataset, Budget(trials=effort.trials), threads=effort.threads, on_event=on_event,
        should_stop=should_stop,
    )  # fmt: skip
    if should_stop():
        raise CancelledError("The search was stopped; every finished trial is kept.")
    return _judged(study, dataset, effort, should_stop)


def _judged(study: TuningStudy, dataset: Dataset, effort: Effort, should_stop: Callable[[], bool]) -> Learned:
    """Return the best setting, trained on all but the test part and looked at there, once."""
    best = chosen_trial(study)
    parameters, epochs = study.request.parameters(best.parameters), best.best_epoch or effort.epochs
    parts = split(dataset, study.request.protocol.replace(validation_share=0.0))
    model = create_model(MODEL, parameters)
    return Learned(
        model=MODEL,
        objective=OBJECTIVE,
        parameters=model.settings.to_dict(),
        epochs=epochs,
        tried=sum(one.counts for one in study.trials()),
        validation=(best.values or (float("nan"),))[0],
        test=_means(model.fit(parts.training, epochs=epochs, should_stop=should_stop), parts, effort.threads),
        popularity=_means(create_model("popularity").fit(parts.training), parts, effort.threads),
    )


def _means(model: Recommender, parts: Split, threads: int) -> dict[str, float]:
    train, test = parts.train.to_csr(binary=True), parts.test.to_csr(binary=True)
    ranks = held_out_ranks(model.scorer, test, train, threads=threads)
    values = per_user_metrics(ranks, train.shape[1], (LIST_LENGTH,))
    return {name: float(np.nanmean(one)) for name, one in values.items() if name != "users"}


def lists_of(
    dataset: Dataset, learned: Learned, tracks: Sequence[Track], k: int, *, keep_liked: bool,
    should_stop: Callable[[], bool] = lambda: False,
) -> Publication:  # fmt: skip
    """Return everybody's ``k`` best, of a model trained with the chosen settings on every pair there is.

    The whole catalogue comes with them: tracks that nobody liked yet may be chosen at random too.
    """
    model = create_model(learned.model, learned.parameters)
    model.fit(dataset, epochs=learned.epochs, should_stop=should_stop)
    found = publication_of_tracks(model, dataset, tracks, k, keep_liked=keep_liked)
    return with_whole_catalogue(found, tracks)


def with_whole_catalogue(publication: Publication, tracks: Sequence[Track]) -> Publication:
    """Return ``publication`` with all ``tracks``; those it lacks have no neighbours and an embedding of 0."""
    row = {one.track: number for number, one in enumerate(tracks)}
    place = np.array([row[one.track] for one in publication.tracks])
    return replace(
        publication,
        tracks=list(tracks),
        neighbours=_spread(publication.neighbours, place, len(tracks), -1),
        embeddings=_spread(publication.embeddings, place, len(tracks), 0),
    )


def _spread(rows: np.ndarray | None, place: np.ndarray, n: int, empty: int) -> np.ndarray | None:
    if rows is None:
        return None
    whole = np.full((n, rows.shape[1]), empty, rows.dtype)
    whole[place] = rows
    return whole
