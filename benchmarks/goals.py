"""What the engine is meant to reach: the least ratio over a peer, job by job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SIZES = (10, 32, 64, 128)
NOISE = 0.9
"""Two runs of the same code differ by a tenth on a busy machine: "not slower" cannot be shown more finely."""


EVALUATION, LISTS, TRAINING = "Evaluation after an epoch", "Lists of all users", "Training, one epoch"
LOOP, GROWTH, MODELS = "Train and judge every epoch", "Growth", "Models"
FILMS, MAPS, SERVICE = "Similar films", "Artist map", "Online service, 32 connections"
SIMULATOR, LOGS = "Simulated listeners", "Analysis of a log"
DATA = {
    **dict.fromkeys((EVALUATION, LISTS, TRAINING, LOOP, MODELS, MAPS), "Last.fm 2011"),
    GROWTH: "made-up listeners, power law",
    FILMS: "TMDB 5000 overviews",
    SERVICE: "10000 users, 50000 tracks",
    SIMULATOR: "made up: 10000 listeners",
    LOGS: "made-up log of listening sessions",
}
"""How the name of the data begins that each group of goals is about: what ran on others is no answer."""
LISTENING, LEAST_MORE = "users_2024.json", {"indexed": 77, "session": 150}
"""Data, and how much longer than under Random simulated listeners are to listen, in per cent."""
Runs = list[dict[str, Any]]
Occasion = tuple[str, str]
"""A day, and the processor that measured."""


def on_data_of(group: str, runs: Runs) -> Runs:
    """Return the runs on the data that a group of goals is about, oldest first."""
    own = [run for run in runs if run["data"].startswith(DATA[group])]
    return sorted(own, key=lambda run: run["measured_at"])


def occasion(run: dict[str, Any]) -> Occasion:
    """Return when and where a run was made."""
    return run["measured_at"][:10], run["processor"]


@dataclass(frozen=True)
class Goal:
    """``least`` is the ratio to reach, the peer's seconds over ours, 0 if none is set.

    ``peer`` may be a beginning.
    """

    group: str
    job: str
    peer: str
    least: float

    def ratios(self, runs: Runs) -> dict[Occasion, tuple[float, float]]:
        """Return by occasion, oldest first, the ratios by the clock and by processor time of its last run."""
        return {
            occasion(run): (row["ratio"], row["cpu_ratio"])
            for run in on_data_of(self.group, runs)
            for row in run.get("rows", ())
            if row["job"] == self.job and row["peer"].startswith(self.peer)
        }


def _threads(n: int) -> str:
    return f"{n} thread{'s' * (n > 1)}"


def _by_size(group: str, job: str, peer: str, least: tuple[float, ...]) -> list[Goal]:
    return [Goal(group, job.format(size), peer, one) for size, one in zip(SIZES, least, strict=True)]


GOALS = [
    *_by_size(EVALUATION, "evaluate, size {}, 1 thread", "lightfm", (100, 75, 50, 40)),
    *_by_size(EVALUATION, "evaluate, size {}, 2 threads", "lightfm", (90, 65, 50, 33)),
    *_by_size(EVALUATION, "evaluate, size {}, 1 thread", "OpenBLAS", (0.5, 0.5, 0.5, 0.5)),
    *_by_size(EVALUATION, "evaluate at 3 k, size {}, 1 thread", "ours", (1 / 1.3,) * 4),
    *(
        goal
        for k in (10, 100)
        for goal in _by_size(LISTS, f"top-{k}, size {{}}, 1 thread", "implicit", (2.5,) * 4)
        + _by_size(LISTS, f"top-{k}, size {{}}, 2 threads", "implicit", (2.5,) * 4)
        + _by_size(LISTS, f"top-{k}, size {{}}, 1 thread", "predict", (40.0,) * 4)
    ),
    *_by_size(TRAINING, "warp epoch, size {}, 1 thread", "lightfm", (4.5, 8, 6, 3.5)),
    *(
        goal
        for loss in ("bpr", "logistic", "warp-kos")
        for goal in _by_size(TRAINING, f"{loss} epoch, size {{}}, 1 thread", "lightfm", (3.0,) * 4)
    ),
    *(
        goal
        for loss in ("warp", "bpr", "logistic", "warp-kos")
        for goal in _by_size(TRAINING, f"{loss} epoch, size {{}}, 2 threads", "ours, 1 thread", (NOISE,) * 4)
    ),
    Goal(LOOP, "train and judge 10 epochs, same trainer", "lightfm", 18),
    Goal(LOOP, "train and judge 10 epochs, our trainer", "lightfm", 40),
    *(Goal(LOOP, f"to 95 % of best AUC, {whose} trainer", "lightfm", 0) for whose in ("same", "our")),
    *(Goal(GROWTH, f"evaluate, 10M pairs, size 64, {_threads(n)}", "lightfm", 40) for n in (1, 2)),
    *(Goal(GROWTH, f"warp epoch, 10M pairs, size 64, {_threads(n)}", "lightfm", 3) for n in (1, 2)),
    *(
        Goal(GROWTH, f"{loss} epoch, 10M pairs, size 64, 2 threads", "ours, 1 thread", NOISE)
        for loss in ("warp", "bpr", "logistic", "warp-kos")
    ),
    Goal(MODELS, "EASE, exact, all items", "items x items inverse", 150),
    Goal(FILMS, "top-30 of all 45,466 films, resampled, 1 thread", "sparse_dot_topn", 1),
    Goal(FILMS, "top-30 of all 45,466 films, resampled, 2 threads", "sparse_dot_topn", 1),
    Goal(FILMS, "top-30 of all 45,466 films, resampled, 1 thread", "scikit-learn in blocks", 40),
    Goal(FILMS, "top-30 of one film, 45,466 films, resampled", "scikit-learn row", 250),
    Goal(FILMS, "top-30 of one film, 45,466 films, resampled", "sparse row times X.T", 20),
    Goal(FILMS, "top-30 of one film, 45,466 films, resampled", "sparse row times a kept X.T", 0),
    Goal(MAPS, "map of 17,632 x 64, warm", "umap-learn", 2),
    Goal(MAPS, "map of 17,632 x 64, cold", "umap-learn", 3),
    Goal(MAPS, "groups of 17,632 in 2 dimensions", "scikit-learn", 1),
    Goal(SERVICE, "POST /next, own index", "the older service", 12),
    Goal(SERVICE, "POST /next, index in Redis", "the older service", 6),
    Goal(SERVICE, "POST /next, Redis down", "the older service", 12),
    Goal(SIMULATOR, "simulated session in process, 1 thread", "the older simulator", 200),
    Goal(SIMULATOR, "simulated session over HTTP, 1 worker", "the older simulator", 25),
    Goal(SIMULATOR, "simulated session over HTTP, 2 workers", "the older simulator", 25),
    Goal(LOGS, "5.0M events as lines", "pandas, as in the notebook", 10),
]
