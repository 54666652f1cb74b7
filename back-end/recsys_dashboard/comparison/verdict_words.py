"""Verdicts in a manager's words; the p-values behind them for a help bubble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from recsys_core.comparison.ties import HALF, PESSIMISTIC, verdict_depends_on_ties
from recsys_dashboard.comparison.words import SIGNIFICANT, model_name, p_words, protocol_name
from recsys_dashboard.texts import percent, plain, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from recsys_core.comparison.rivals import Duel
    from recsys_core.runs.manifest import Manifest


def standing(table: pd.DataFrame, metric: str) -> str:
    """Return who is best by ``metric`` and who is level with it, from a verdict table."""
    best, others = table.iloc[0], table.iloc[1:]
    level = [model_name(model) for model in others.loc[others["level_with_best"].astype(bool), "model"]]
    values = {"model": model_name(best["model"]), "metric": metric, "others": ", ".join(level)}
    if not len(others):
        return text("models.standing_single", **values)
    if not level:
        return text("models.standing_alone", **values)
    return text("models.standing_shared", **values)


def pair_sentence(pair: Mapping[str, Any], metric: str) -> str:
    """Return how one model stands against another, with the interval of their distance."""
    kind = "better" if pair["p_holm"] < SIGNIFICANT else "luck"
    return text(
        f"models.pair_{kind}",
        model=model_name(pair["model"]),
        other=model_name(pair["other"]),
        metric=metric,
        gap=f"{pair['behind']:.3f}",
        low=f"{pair['behind_low']:.3f}",
        high=f"{pair['behind_high']:.3f}",
    )


def duel_sentence(found: Duel, metric: str) -> str:
    """Return how the best LightFM stands against TruncatedSVD."""
    one = found.difference
    kind = "level" if one.p_value >= SIGNIFICANT else "above" if one.mean > 0 else "below"
    return text(
        f"models.duel_{kind}",
        model=model_name(found.first),
        metric=metric,
        mean=f"{found.first_mean:.3f}",
        other=f"{found.second_mean:.3f}",
        gap=f"{abs(one.mean):.3f}",
        low=f"{min(abs(one.low), abs(one.high)) if kind != 'level' else one.low:.3f}",
        high=f"{max(abs(one.low), abs(one.high)) if kind != 'level' else one.high:.3f}",
        listeners=whole(found.n_users),
    )


def p_values(table: pd.DataFrame) -> str:
    """Return the corrected p-values of all models against the best, a line each."""
    best = model_name(table.iloc[0]["model"])
    known = table[np.isfinite(table["p_holm"].astype(float))]
    lines = [
        text("models.p_line", model=model_name(row.model), p=p_words(float(row.p_holm)))
        for row in known.itertuples()
    ]
    return "\n".join([text("models.p_intro", model=best), "", *(f"- {line}" for line in lines)])


def protocol_sentence(manifest: Manifest, table: pd.DataFrame) -> str:
    """Return what a verdict was computed from: listeners, interval, split."""
    share = manifest.n_test / (manifest.n_train + manifest.n_test)
    return text(
        "models.verdict_source",
        listeners=whole(int(table["n_users"].iloc[0])),
        title=plain(manifest.dataset.title),
        protocol=protocol_name(manifest),
        share=percent(share),
        seed=manifest.protocol.seed,
    )


def ties_sentence(table: pd.DataFrame, metric: str) -> str:
    """Return whether the order of models depends on how equal scores are counted."""
    if not verdict_depends_on_ties(table):
        return text("models.ties_same", metric=metric, most=f"{table['difference'].max():.4f}")
    moved = table[table[f"place_{PESSIMISTIC}"] != table[f"place_{HALF}"]]
    names = ", ".join(model_name(model) for model in moved["model"])
    return text("models.ties_matter", metric=metric, models=names)
