"""What a comparison says, in sentences: titles, verdicts, milestones."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from recsys_core.comparison import BASELINE
from recsys_core.comparison.findings import Lead, lead, share_of_best
from recsys_core.comparison.history import settings_used
from recsys_core.comparison.table import list_length
from recsys_core.convergence import EPOCH
from recsys_core.models.registry import MODELS
from recsys_core.plots.labels import literal
from recsys_dashboard.texts import number, percent, plain, seconds, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.runs.manifest import Manifest

SIGNIFICANT = 0.05
NOTICEABLE = 1.02  # a rival this much better at the top of the list is worth a sentence


def model_name(model: str) -> str:
    """Return what people call a model."""
    return text(f"model.{model}")


def with_names(message: str) -> str:
    """Return an error from below with models called as people call them."""
    for model in sorted(MODELS, key=len, reverse=True):
        message = re.sub(rf"\b{re.escape(model)}\b", model_name(model), message)
    return message


def metric_name(metric: str) -> str:
    """Return the label of a metric such as ``auc`` or ``precision@10``."""
    kind, _, k = metric.partition("@")
    return text(f"models.metric_{kind}", k=k)


def roughly(duration: float) -> str:
    """Return a forecast: whole seconds, at least one."""
    ahead = max(1, math.ceil(duration))
    return text("units.seconds", seconds=ahead) if ahead < 60 else seconds(ahead)


def p_words(p_value: float) -> str:
    """Return ``p < .001`` or ``p = .012``."""
    if p_value < 0.001:
        return text("models.p_small")
    return text("models.p", value=f"{p_value:.3f}" if p_value < 0.1 else f"{p_value:.2f}")


def verdict(mean: float, p_value: float) -> str:
    """Return how a model stands against the best: best, level with it, or behind; empty if not known yet."""
    if math.isnan(p_value):
        return text("models.verdict_best")
    kind = "behind" if mean < 0 and p_value < SIGNIFICANT else "level"
    return text(f"models.verdict_{kind}")


def finding(curves: dict[str, pd.DataFrame], metric: str, x: str, *, live: bool) -> str:
    """Return the sentence above the chart: who leads, since when, and what is still to come."""
    trained = {model: curve for model, curve in curves.items() if model != BASELINE}
    if not trained:
        return text("models.finding_baseline")
    found = lead(trained, f"test_{metric}", x=x)
    values = {"model": model_name(found.model), "metric": metric_name(metric)}
    if len(trained) == 1:
        kind = "so_far" if live else "single"
        start = text(f"models.finding_{kind}", value=number(found.value), **values)
    elif found.level:
        return text("models.finding_level", rival=model_name(found.runner_up or ""), **values)
    else:
        start = text("models.finding_lead", since=_since(found, trained, x), **values)
    return start if live or len(trained[found.model]) == 1 else f"{start} {_trend(found)}"


def sentences(curves: dict[str, pd.DataFrame], table: pd.DataFrame) -> list[str]:
    """Return what to take home: loved artists, the strength of plain popularity, speed, a rival's merit."""
    best, k = table.iloc[0], list_length(next(iter(curves.values())))
    base = table[table["model"] == BASELINE].iloc[0]
    loved, loved_base = k * best[f"test_precision@{k}"], k * base[f"test_precision@{k}"]
    said = [
        text("models.loved_sentence", k=whole(k), model=model_name(best["model"]), loved=number(loved, 2),
             baseline=number(loved_base, 2)),
    ]  # fmt: skip
    if best["test_auc"] > 0:
        said.append(
            text("models.popularity_sentence", share=percent(share_of_best(curves, BASELINE)),
                 baseline=number(base["test_auc"]), best=number(best["test_auc"]))
        )  # fmt: skip
    if "p_holm" in table and len(table) > 1:
        said.insert(0, _lead_sentence(best, table.iloc[1]))
    if best["epochs"] > 1:
        said.append(milestone_sentence(best))
    rival = table.iloc[int(table[f"test_precision@{k}"].argmax())]
    if rival[f"test_precision@{k}"] > NOTICEABLE * best[f"test_precision@{k}"]:
        said.append(
            text("models.rival_sentence", k=whole(k), model=model_name(rival["model"]),
                 loved=number(k * rival[f"test_precision@{k}"], 2), best=model_name(best["model"]))
        )  # fmt: skip
    return said


def _lead_sentence(best: pd.Series, second: pd.Series) -> str:
    """Return by how much the best model is ahead of the second, and whether that could be luck."""
    kind = "ahead" if second["p_holm"] < SIGNIFICANT else "level"
    return text(
        f"models.{kind}_sentence",
        model=model_name(best["model"]),
        rival=model_name(second["model"]),
        gap=f"{-second['vs_best']:.3f}",
        low=f"{-second['vs_best_high']:.3f}",
        high=f"{-second['vs_best_low']:.3f}",
    )


def milestone_sentence(row: pd.Series) -> str:
    """Return after how many epochs and seconds 95 % and 99 % of a model's best test AUC were reached."""
    if math.isnan(row["epochs_to_95"]):
        return text("models.no_milestone_sentence", model=model_name(row["model"]))
    reached = {
        f"{name}{share}": words
        for share in (95, 99)
        for name, words in (
            ("epochs", text("models.count_epochs", n=int(row[f"epochs_to_{share}"]))),
            ("seconds", seconds(float(row[f"seconds_to_{share}"]))),
        )
    }
    return text("models.milestone_sentence", model=model_name(row["model"]), **reached)


def source_line(manifest: Manifest) -> str:
    """Return what was compared: data, protocol, share held out, seed, listeners judged."""
    return text("models.source", **_source(manifest), title=plain(manifest.dataset.title))


def figure_source(manifest: Manifest) -> str:
    """Return the same for a figure, in two short lines."""
    return text("models.figure_source", **_source(manifest), title=literal(manifest.dataset.title))


def _source(manifest: Manifest) -> dict[str, Any]:
    share = manifest.n_test / (manifest.n_train + manifest.n_test)
    return {
        "protocol": protocol_name(manifest),
        "share": percent(share),
        "seed": manifest.protocol.seed,
        "listeners": whole(manifest.n_test_users),
    }


def settings_line(manifests: tuple[Manifest, ...]) -> str:
    """Return the settings that were used, those of the models that have them."""
    used = settings_used(manifests)
    parts = [text("models.count_epochs", n=max(manifest.epochs for manifest in manifests))]
    if "embedding_size" in used:
        parts.append(text("models.used_size", size=_listed(used["embedding_size"])))
    if used.get("learning_schedule") == "adadelta":
        parts.append(text("models.used_adadelta"))
    elif "learning_rate" in used:
        parts.append(text("models.used_rate", rate=_listed(used["learning_rate"])))
    return " · ".join(parts)


def _listed(value: Any) -> str:
    """Return a setting, or the several values that models had."""
    return ", ".join(f"{one:g}" for one in (value if isinstance(value, tuple) else (value,)))


def protocol_name(manifest: Manifest) -> str:
    """Return what people call the way plays were held out."""
    protocol = manifest.protocol
    if protocol.method == "random":
        key = "driver" if protocol.scaling == "play_count_scaled" else "all-pairs"
    else:
        key = {"leave_k_out": "leave-k-out", "time": "time"}[protocol.method]
    return text(f"models.protocol_{key}")


def _since(found: Lead, trained: dict[str, pd.DataFrame], x: str) -> str:
    first = min(float(curve[x].iloc[0]) for curve in trained.values())
    if found.since <= first:
        return text("models.since_start")
    if x == EPOCH:
        return text("models.since_epoch", epoch=whole(found.since))
    return text("models.since_seconds", time=seconds(found.since))


def _trend(found: Lead) -> str:
    return text(f"models.trend_{found.trend}", epoch=whole(found.best_epoch))
