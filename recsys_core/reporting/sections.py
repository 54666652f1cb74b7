"""What the document says besides its verdicts: how it was measured and tuned, what could be known at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from recsys_core.comparison.export import to_markdown
from recsys_core.models.tuned import TUNED_SEED, tuned_settings
from recsys_core.reporting import tried
from recsys_core.reporting.answer import reach_line
from recsys_core.reporting.gather import TOO_SLOW
from recsys_core.reporting.goals import FIRST, MEAN
from recsys_core.reporting.tables import settings_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def goal_lines(goals: list[dict[str, object]], seeds: Sequence[int]) -> list[str]:
    """Return the table of goals, and where to read on about those that were missed; none without goals."""
    if not goals:
        return []
    names = {FIRST: f"seed {seeds[0]}", MEAN: f"mean of {len(seeds)} splits"}
    lines = ["## Goals", "", _GOALS, "", to_markdown(pd.DataFrame(goals).rename(columns=names))]
    missed = [str(one["goal"]) for one in goals if not one["reached"]]
    if missed:
        lines += [f"Missed: {'; '.join(missed)}. {_MISSED}", ""]
    return lines


_GOALS = (
    "Each figure is the mean over the listeners of a split; a quality is reached if it is on the first split "
    "and in the mean of all. LightFM's objectives are learned by the package (`lightfm-…`) and by our own "
    "trainer (`fast-…`), which count alike here; seconds are as under Quality and time."
)
_MISSED = (
    "What was tried for it stands in the table of everything tried, what is left under "
    "[What could be known at all](#what-could-be-known-at-all)."
)


def budget_lines(page: str) -> list[str]:
    """Return how much every model was tuned."""
    rows = tried.budget_rows()
    least, most = int(rows["trials"].min()), int(rows["trials"].max())
    at_random = [f"`{row.model}`" for row in rows.itertuples() if row.trials <= RANDOM_TRIALS]
    chance = (
        f" TPE's first {RANDOM_TRIALS} trials are drawn at random, so that of {', '.join(at_random)} no "
        "setting was ever chosen by what earlier ones had shown."
        if at_random
        else ""
    )
    return [
        "## Tuning, model by model",
        "",
        f"From {least} to {most} trials of `refrain tune` a model, fewer the longer it trains, judged by "
        f"{tried.OBJECTIVE} on a validation part; besides what was tried by hand before. One trial is the "
        "model's defaults, one what was found by hand where that differs, the others are drawn by TPE; "
        f"median pruning gives up trials that fall behind.{chance} `lightfm-warp` takes what the search of "
        "`fast-warp` found, which learns the same objective sooner. "
        f"Every setting with its figures: [{page}]({page}).",
        "",
        *_looked_at(),
        to_markdown(rows),
    ]


RANDOM_TRIALS = 10
"""Optuna's TPE draws so many trials before it learns from them."""


def _looked_at() -> list[str]:
    seeds, models = tried.looked_at()
    return [
        f"While models were being built, the test parts of split seeds {', '.join(map(str, seeds))} were "
        f"looked at too, also with settings that were then rejected ({', '.join(f'`{m}`' for m in models)}). "
        "Figures on those seeds may therefore be a little too good; on all others nothing was looked at "
        "before this report.",
        "",
    ]


def oracle_lines(reached: Mapping[int, Reach], found: pd.DataFrame, k: int) -> list[str]:
    """Return how many held-out plays anybody could have known, on each split, and who found them.

    ``found`` is :func:`recsys_core.reporting.misses.found_rows` of the first split.
    """
    table = pd.DataFrame({"held-out plays": [*_KNOWN, "best AUC", f"best precision@{k}"]})
    for seed, one in reached.items():
        counts = [one.n_pairs, one.by_friends, one.n_cold, one.told, one.own_only, one.unknowable]
        table[f"seed {seed}"] = [*map(str, counts), f"{one.ceiling:.4f}", f"{one.list_ceiling:.4f}"]
    first = next(iter(reached))
    return [
        "## What could be known at all",
        "",
        reach_line(reached[first]),
        "",
        _CEILINGS,
        "",
        to_markdown(table),
        f"Where the held-out plays of split seed {first} are, in lists of {k}:",
        "",
        to_markdown(found),
    ]


_KNOWN = (
    "all",
    "of an artist a friend plays in train",
    "of an artist without a train listener",
    "… that others tagged",
    "… that the listener alone tagged, which no model may use",
    "… out of reach: no train listener, no tag by others",
)
_CEILINGS = (
    "The best figures are those of somebody who knows every held-out play but those out of reach, which are "
    "guessed: no model can be above, and listeners with fewer held-out plays than the list is long keep "
    "precision below 1. That something was said of an artist does not mean that it points to this listener: "
    "what can really be reached is less."
)


def settings_lines(first: Sequence[Run]) -> list[str]:
    """Return the settings of every model, and why the others are not compared."""
    compared = {run.manifest.model for run in first}
    left = [name for name, one in tuned_settings().items() if name not in compared and not one.found]
    lines = [to_markdown(settings_rows(first)), _REPEATS, ""]
    if left:
        lines += [f"Nobody tuned {', '.join(f'`{name}`' for name in left)}: they are not compared here.", ""]
    return lines + [f"`{name}`: {why}." for name, why in TOO_SLOW.items() if name not in compared]


_REPEATS = (
    "`repeats` says how many trainings from different seeds are taken together, each score the mean of "
    "theirs; with `plain_size` there is another one without features beside each. A mean of scalar products "
    "is one of longer vectors: still one LightFM, with so many more numbers for each listener and artist."
)
