"""What the document says besides its verdicts: how it was measured and tuned, what could be known at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.comparison.export import to_markdown
from recsys_core.models.tuned import TUNED_SEED, tuned_settings
from recsys_core.reporting import tried
from recsys_core.reporting.answer import reach_line
from recsys_core.reporting.tables import settings_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys_core.datasets import Dataset
    from recsys_core.reporting.reach import Reach
    from recsys_core.runs import Run


def method_lines(runs: Sequence[Run], dataset: Dataset, command: str, figures: str) -> list[str]:
    """Return data, split, seeds, what intervals mean, and the command; ``figures`` is the file of numbers."""
    manifest = runs[0].manifest
    seeds = list(dict.fromkeys(run.manifest.protocol.seed for run in runs))
    share = manifest.n_test / (manifest.n_train + manifest.n_test)
    return [
        f"{dataset.n_users:,} listeners, {dataset.n_items:,} artists, {len(dataset.interactions):,} pairs "
        f"(fingerprint `{dataset.fingerprint}`). {share:.0%} of the pairs are held out at random after the "
        f"play counts are scaled as the platform's driver does ({manifest.n_train:,} to train on, "
        f"{manifest.n_test:,} to test in the first split). Every model ranks all artists a listener does not "
        "have in train; of equal scores the held-out artist counts as last.",
        "",
        f"Split seeds: {', '.join(map(str, seeds))}; training seed {_training_seed(runs)}. Settings were "
        f"searched on Last.fm 2011, on a validation part of the train pairs of seed {TUNED_SEED}; on no "
        "other seed was anything tuned. Intervals are the bootstrap's over listeners, a listener of several "
        "splits counting once with the mean; p-values are paired, two-sided and corrected for the number of "
        "models (Holm).",
        "",
        f"This page, its figures, [its numbers]({figures}) and every run behind them are made by:",
        "",
        f"```\n{command}\n```",
    ]


def _training_seed(runs: Sequence[Run]) -> str:
    return ", ".join(map(str, sorted({run.manifest.parameters.get("seed", TUNED_SEED) for run in runs})))


def budget_lines(page: str) -> list[str]:
    """Return how much every model was tuned."""
    rows = tried.budget_rows()
    usual, least = int(rows["trials"].max()), int(rows["settings tried"].min())
    fewer = [
        f"`{row.model}` {row.trials}, after {row.by_hand} by hand"
        for row in rows.rename(columns={tried.BY_HAND: "by_hand"}).itertuples()
        if row.trials < usual
    ]
    exceptions = f" Less for what trains slowly and was tried by hand: {'; '.join(fewer)}." if fewer else ""
    return [
        "## Tuning, the same for every model",
        "",
        f"Every model had at least {least} settings judged by {tried.OBJECTIVE} on a validation part before "
        f"it was compared: {usual} trials of `refrain tune --model M --trials {usual}` each.{exceptions} One "
        "trial is the model's defaults, one what was found by hand before where that differs, the others are "
        "drawn by TPE, whose first ten are random; median pruning gives up trials that fall behind. "
        "`lightfm-warp` takes what the search of `fast-warp` found, which learns the same objective sooner. "
        f"Every setting with its figures: [{page}]({page}).",
        "",
        to_markdown(rows),
    ]


def oracle_lines(reached: Reach) -> list[str]:
    """Return how many held-out plays anybody could have known, by what there is to know."""
    table = pd.DataFrame(
        {
            "held-out plays": [
                "all",
                "of an artist a friend plays in train",
                "of an artist without a train listener",
                "… that others tagged",
                "… that the listener alone tagged, which no model may use",
                "… out of reach: no train listener, no tag by others",
            ],
            "count": [
                *(reached.n_pairs, reached.by_friends, reached.n_cold),
                *(reached.told, reached.own_only, reached.unknowable),
            ],
        }
    )
    return ["## What could be known at all", "", reach_line(reached), "", to_markdown(table)]


def settings_lines(first: Sequence[Run]) -> list[str]:
    """Return the settings of every model, and which models nobody tuned."""
    left = sorted(name for name, one in tuned_settings().items() if not one.found)
    said = (
        f"Nobody tuned {', '.join(f'`{name}`' for name in left)}: they are not compared here." if left else ""
    )
    return [to_markdown(settings_rows(first)), said]
