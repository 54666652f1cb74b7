"""What a study found, as JSON and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from recsys_cli.output import table

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.tuning import StudySummary
    from recsys_core.tuning.importance import Importances

SHOWN = 10


def study_result(summary: StudySummary, why: str, adopted: str | None) -> dict[str, Any]:
    """Return the study in plain builtins; ``why`` the search ended, ``adopted`` the run trained from it."""
    card, found = summary.card, summary.importances()
    dataset = msgspec.to_builtins(card.dataset)
    del dataset["choice"]
    best = summary.best
    return {
        "study": card.name,
        "dataset": dataset,
        "request": card.request.to_dict(),
        "judged_on": "validation",
        "ended": why,
        "counts": {state: int(count) for state, count in summary.counts.items()},
        "best": best
        and {
            "trial": best.number,
            **dict(zip(card.request.objectives, best.values or (), strict=True)),
            **(summary.best_configuration() or {}),
        },
        "importances": dict(found.table.itertuples(index=False, name=None)),
        "trials": [_plain(row) for row in summary.table().to_dict("records")],
        "run_id": adopted,
    }


def study_text(summary: StudySummary, why: str, adopted: str | None) -> str:
    """Return what was found, best trials first."""
    card = summary.card
    counts = ", ".join(f"{count} {state}" for state, count in summary.counts.items()) or "none"
    lines = [
        f"Study {card.name}: {card.request.model} on {card.dataset.title}, judged on the validation part "
        f"({card.request.protocol.validation_share:.0%} of all pairs); the test part was not looked at.",
        f"Trials: {counts}; {summary.seconds:.1f} seconds of training. Ended by: {why}.",
    ]
    best = summary.best_configuration()
    if best is not None and summary.best is not None:
        chosen = ", ".join(f"{name} {_short(value)}" for name, value in summary.best.parameters.items())
        lines += ["", f"Best: trial {summary.best.number}, {best['epochs']} epochs, {chosen}"]
        lines += ["", _trials(summary)]
    lines += ["", _importances(summary.importances())]
    if adopted is not None:
        lines += ["", f"Trained on all but the test part and made the default: {adopted}."]
    return "\n".join(lines)


def _trials(summary: StudySummary) -> str:
    parallel = summary.parallel(SHOWN)
    objective = summary.objective
    columns = ["trial", objective, *(name for name in parallel if name not in ("trial", "value"))]
    shown = parallel.rename(columns={"value": objective})[columns]
    return table(
        columns, [[_short(cell) for cell in row] for row in shown.itertuples(index=False, name=None)]
    )


def _importances(found: Importances) -> str:
    if not found.enough:
        return f"What matters: {found.n_trials} of {found.needed} trials needed to say."
    shares = ", ".join(f"{row.parameter} {row.importance:.0%}" for row in found.table.itertuples())
    return f"What sets the best {found.n_best} of {found.n_trials} trials apart: {shares}."


def _short(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(row: pd.Series | dict[str, Any]) -> dict[str, Any]:
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in row.items()}
