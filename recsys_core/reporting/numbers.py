"""The report's figures for programs: a small JSON document beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from recsys_core.comparison.per_user import MODEL
from recsys_core.reporting.tables import FIT_SECONDS

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.reporting.findings import Findings

FORMAT = 1
DIGITS = 5


def numbers(found: Findings, *, command: str) -> bytes:
    """Return the JSON: data, seeds, a row per model (means, intervals, verdicts, seconds), goals, reach.

    Models stand best first by the decisive metric; reach is that of the first split.
    """
    data, verdicts = found.runs[0].manifest.dataset, found.verdicts
    reached, metrics = found.reached[found.seeds[0]], list(verdicts)
    tables = {metric: table.set_index(MODEL) for metric, table in verdicts.items()}
    took = found.seconds.set_index(MODEL)[FIT_SECONDS]
    models = [
        {
            "model": model,
            "seconds": round(float(took[model]), 3),
            **{metric: _row(tables[metric].loc[model]) for metric in metrics},
        }
        for model in tables[metrics[-1]].index
    ]
    document: dict[str, Any] = {
        "format": FORMAT,
        "dataset": {
            "name": data.name,
            "title": data.title,
            "simulated": data.simulated,
            "fingerprint": data.fingerprint,
            "n_users": data.n_users,
            "n_items": data.n_items,
            "n_interactions": data.n_interactions,
        },
        "protocol": found.runs[0].manifest.protocol.to_dict(),
        "seeds": found.seeds,
        "list_length": found.k,
        "metrics": metrics,
        "models": models,
        "goals": found.goals,
        "reach": {**asdict(reached), "unknowable": reached.unknowable},
        "command": command,
    }
    return msgspec.json.format(msgspec.json.encode(document, enc_hook=_plain), indent=1) + b"\n"


def _row(found: pd.Series) -> dict[str, Any]:
    p_value = float(found["p_holm"])
    return {
        **{name: round(float(found[name]), DIGITS) for name in ("mean", "low", "high")},
        "n": int(found["n_users"]),
        "p_holm": None if p_value != p_value else round(p_value, DIGITS),  # noqa: PLR0124 - NaN of the best
        "level_with_best": bool(found["level_with_best"]),
    }


def _plain(value: Any) -> Any:
    return value.item()
