"""The result of a comparison, as JSON and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from recsys_cli.output import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.runs import Run
    from recsys_core.runs.manifest import Manifest

SHOWN = ("auc", "precision", "recall")


def comparison_result(protocol: str, runs: Sequence[Run]) -> dict[str, Any]:
    """Return ``{"dataset", "split", "models"}`` in plain builtins, the models in order of training."""
    first = runs[0].manifest
    dataset = msgspec.to_builtins(first.dataset)
    del dataset["choice"]
    return {
        "dataset": dataset,
        "split": {
            "name": protocol,
            **first.protocol.to_dict(),
            "shape": [first.dataset.n_users, first.dataset.n_items],
            "train": first.n_train,
            "test": first.n_test,
            "test_users": first.n_test_users,
        },
        "models": [model_result(run) for run in runs],
    }


def model_result(run: Run) -> dict[str, Any]:
    """Return what is said of one model."""
    manifest = run.manifest
    return {
        "name": manifest.model,
        "parameters": manifest.parameters,
        "test": manifest.metrics["test"],
        "train": manifest.metrics["train"],
        "curve": run.curve.to_dict("records"),
        "epochs_to_95": _epochs_to(manifest, "95"),
        "epochs_to_99": _epochs_to(manifest, "99"),
        "seconds": manifest.seconds,
    }


def comparison_text(runs: Sequence[Run]) -> str:
    """Return a table of the models, best test AUC first, and which runs they are stored as."""
    ordered = sorted((run.manifest for run in runs), key=lambda one: -one.metrics["test"]["auc"]["mean"])
    first = ordered[0]
    title = f"{first.dataset.title}: {first.n_train:,} pairs to train on, {first.n_test:,} to test"
    simulated = " (simulated listeners)" if first.dataset.simulated else ""
    stored = "Stored as " + ", ".join(one.run_id for one in ordered) + "."
    return "\n".join([title + simulated, "", metrics_table(ordered), "", stored])


def _epochs_to(manifest: Manifest, share: str) -> int | None:
    reached = manifest.milestones.get(share)
    return None if reached is None else int(reached["epoch"])


def metrics_table(manifests: Sequence[Manifest]) -> str:
    """Return one line per model: test metrics with half their 95 % interval, train metrics, epochs, time."""
    names = [name for name in manifests[0].metrics["test"] if name.partition("@")[0] in SHOWN]
    heads = [f"{part} {name}" for part in ("test", "train") for name in names]
    rows = [
        [
            one.model,
            *(_with_interval(one.metrics["test"][name]) for name in names),
            *(f"{one.metrics['train'][name]['mean']:.4f}" for name in names),
            str(_epochs_to(one, "95") or "never"),
            str(_epochs_to(one, "99") or "never"),
            f"{one.seconds['fit']:.2f}",
        ]
        for one in manifests
    ]
    return table(["model", *heads, "epochs to 95 %", "to 99 %", "fit seconds"], rows)


def _with_interval(one: dict[str, float]) -> str:
    return f"{one['mean']:.4f} ±{(one['high'] - one['low']) / 2:.4f}"
