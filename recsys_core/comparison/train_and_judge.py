"""Train several models on one split, judge them after every epoch, keep each as a run."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import pandas as pd
from msgspec import Meta

from recsys_core.convergence import Curve, first_reaching
from recsys_core.errors import DivergedError, SettingsError
from recsys_core.evaluation import PARTS, Evaluator, Report
from recsys_core.models.lightfm import LightFMSettings
from recsys_core.models.registry import MODELS, create_model
from recsys_core.runs import Run
from recsys_core.runs.manifest import Manifest, card_of, code_digest, versions
from recsys_core.splitting import PROTOCOLS, Protocol, Split, split

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.datasets import Dataset
    from recsys_core.models.base import Recommender

BASELINE = "popularity"
Event = dict[str, Any]


class ComparisonRequest(LightFMSettings, frozen=True, kw_only=True):
    """What to train: models by name, and one set of parameters of which each takes its own.

    ``list_length`` is the k of precision@k and recall@k, not LightFM's ``k``. ``settings`` and ``epochs_of``
    hold what a model has of its own, by its name, such as what tuning found; they go before common values.
    """

    models: Annotated[tuple[str, ...], Meta(min_length=1, max_length=64)]
    epochs: Annotated[int, Meta(ge=1, le=1000)] = 10
    list_length: Annotated[int, Meta(ge=1, le=1000)] = 10
    protocol: Protocol = msgspec.field(default_factory=lambda: PROTOCOLS["driver"])
    settings: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    epochs_of: dict[str, Annotated[int, Meta(ge=1, le=1000)]] = msgspec.field(default_factory=dict)

    def parameters(self, model: str | None = None) -> dict[str, Any]:
        """Return what all models may take from this request, or what ``model`` does."""
        own = {"models", "epochs", "list_length", "protocol", "settings", "epochs_of"}
        common = {key: value for key, value in self.to_dict().items() if key not in own}
        return {**common, **self.settings.get(model or "", {})}

    def epochs_for(self, model: str) -> int:
        """Return how many epochs ``model`` trains: one if it is not iterative."""
        return self.epochs_of.get(model, self.epochs) if MODELS[model].iterative else 1


@dataclass(frozen=True, eq=False)
class _Watch:
    """What the caller passes in: where events go, when to stop, what time it is."""

    on_event: Callable[[Event], None]
    should_stop: Callable[[], bool]
    clock: Callable[[], float]


def compare(
    dataset: Dataset,
    request: ComparisonRequest,
    *,
    created: str,
    choice: dict[str, Any] | None = None,
    comparison_id: str | None = None,
    on_event: Callable[[Event], None] = lambda _event: None,
    on_run: Callable[[Run], None] = lambda _run: None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
    threads: int = 1,
    tuned_from: Mapping[str, dict[str, Any]] | None = None,
) -> list[Run]:
    """Return one run per model, the popularity baseline always among them and first trained.

    Parameters
    ----------
    created
        The time now, ISO 8601, for manifests and run ids.
    choice, comparison_id
        Kept in each manifest: how to load the data again, and what the runs have in common.
    on_event
        Called with JSON-ready dicts: ``started`` (model, run_id, index, of, epochs, and ``plan``: the
        epochs of every model in order), ``epoch`` (model, epoch, seconds, test_auc, ...) and
        ``finished`` (model, run_id).
    on_run
        Called with each finished run, to store it.
    threads
        Threads of the evaluation; training uses ``request.threads``.
    tuned_from
        By model name, kept in its manifest: which study its settings come from.

    Raises
    ------
    SettingsError, DataError
        If the request does not fit the data.
    DivergedError
        After all models had their turn, naming those whose parameters left the finite numbers.
    CancelledError
        As :meth:`Recommender.fit`; runs finished before went to ``on_run``.
    """
    request = request.checked()
    names = _in_order(request.models)
    parts = split(dataset, request.protocol)
    evaluator = Evaluator(parts, ks=(request.list_length,), threads=threads)
    comparison_id = comparison_id or _short_hash(created, dataset.fingerprint, request.to_dict())
    card = card_of(dataset, choice)
    watch = _Watch(on_event, should_stop, clock)
    plan = {name: request.epochs_for(name) for name in names}
    runs, diverged = [], []
    for index, name in enumerate(names):
        model = create_model(name, request.parameters(name))
        run_id = f"{name}-{_short_hash(created, comparison_id, name, request.to_dict())}"
        where = {"index": index, "of": len(names), "epochs": plan[name], "plan": plan}
        watch.on_event({"kind": "started", "model": name, "run_id": run_id, **where})
        try:
            curve, report = _train(model, parts, evaluator, plan[name], watch)
        except DivergedError as error:  # no reason not to try the others
            diverged.append(str(error))
            continue
        identity: dict[str, Any] = {"run_id": run_id, "comparison_id": comparison_id, "created": created}
        identity |= {"tuned_from": (tuned_from or {}).get(name), "dataset": card}
        run = Run(
            _manifest(identity, model, parts, curve, report),
            curve,
            _per_user(report, dataset),
            model.arrays(),
        )
        on_run(run)
        runs.append(run)
        watch.on_event({"kind": "finished", "model": name, "run_id": run_id})
    if diverged:
        raise DivergedError(" ".join(diverged))
    return runs


def _in_order(models: tuple[str, ...]) -> list[str]:
    unknown = next((name for name in models if name not in MODELS), None)
    if unknown is not None:
        raise SettingsError(f"There is no model {unknown!r}. Choose among {', '.join(MODELS)}.")
    # baseline first: its line is what every later curve is read against
    return [BASELINE, *(name for name in dict.fromkeys(models) if name != BASELINE)]


def _train(
    model: Recommender, parts: Split, evaluator: Evaluator, epochs: int, watch: _Watch
) -> tuple[pd.DataFrame, Report]:
    curve, last = Curve(), {}

    def record(trained: Recommender, epoch: int) -> None:
        start = watch.clock()
        last["report"] = evaluator.evaluate(trained)
        row = curve.add(epoch, trained.fit_seconds, watch.clock() - start, last["report"])
        watch.on_event({"kind": "epoch", "model": trained.name, **row})

    model.fit(
        parts.training, epochs=epochs, on_epoch=record, should_stop=watch.should_stop, clock=watch.clock
    )
    return curve.to_frame(), last["report"]


def _manifest(
    identity: dict[str, Any], model: Recommender, parts: Split, curve: pd.DataFrame, report: Report
) -> Manifest:
    return Manifest(
        **identity,
        model=model.name,
        parameters=model.settings.to_dict(),
        epochs=model.epochs_done,
        protocol=parts.protocol,
        n_train=len(parts.train),
        n_test=len(parts.test),
        n_test_users=len(report.test.users),
        metrics={part: _means(report, part) for part in PARTS},
        milestones=_milestones(curve),
        seconds={
            "fit": float(curve["seconds"].iloc[-1]),
            "evaluation": float(curve["evaluation_seconds"].sum()),
        },
        versions=versions(),
        code=code_digest(),
    )


def _means(report: Report, part: str) -> dict[str, dict[str, float]]:
    found = report.intervals(part).items()
    return {name: {"mean": one.mean, "low": one.low, "high": one.high} for name, one in found}


def _milestones(curve: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return when 95 and 99 % of the best were reached, by per cent."""
    reached = {per_cent: first_reaching(curve, per_cent / 100) for per_cent in (95, 99)}
    return {
        str(per_cent): {"epoch": one.epoch, "seconds": one.seconds, "threshold": one.threshold}
        for per_cent, one in reached.items()
        if one is not None
    }


def _per_user(report: Report, dataset: Dataset) -> pd.DataFrame:
    """Return ``part, user_id, <metrics>``: what paired comparisons and segments are computed from."""
    tables = []
    for part in PARTS:
        values = report.part(part)
        columns = {"part": part, "user_id": dataset.users.to_id(values.users), **values.values}
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def _short_hash(*parts: object) -> str:
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()[:10]
