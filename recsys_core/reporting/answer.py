"""The first page: which model to use, how sure that is, which one in a hurry, what nobody can know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.comparison import BASELINE
from recsys_core.comparison.per_user import MODEL
from recsys_core.comparison.quality_in_time import VALUE, quality_in_time, seconds_to
from recsys_core.comparison.rivals import lightfm_against_svd
from recsys_core.comparison.verdicts import ALPHA
from recsys_core.convergence import SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from recsys_core.comparison.rivals import Duel
    from recsys_core.reporting.reach import Reach
    from recsys_core.runs import Run

NEAR, HURRY = 0.95, 0.5


def answer_lines(
    runs: Sequence[Run], verdicts: dict[str, pd.DataFrame], reached: Reach, metric: str, k: int
) -> list[str]:
    """Return the answer as Markdown lines; ``verdicts`` are tables by metric, ``metric`` decides."""
    table = verdicts[metric]
    best = str(table.iloc[0]["model"])
    lines = [
        f"**Use `{best}`.** Of {k} suggestions, {_loved(verdicts, best, k)} were really listened to; "
        f"suggesting the most popular artists to everyone gives {_loved(verdicts, BASELINE, k)}. "
        f"{_how_sure(table, metric)}",
        "",
        f"- **In a hurry.** {_fast(runs, metric)}",
    ]
    if (duel := lightfm_against_svd(runs, metric)) is not None:
        lines.append(f"- **The best LightFM against TruncatedSVD.** {duel_line(duel, metric)}")
    by_auc = str(verdicts["auc"].iloc[0]["model"])
    if by_auc != best:
        lines.append(f"- **Over the whole ranking** (AUC) `{by_auc}` is the best.")
    return [*lines, f"- **What nobody can know.** {reach_line(reached)}"]


def duel_line(duel: Duel, metric: str) -> str:
    """Return how the best LightFM stands against TruncatedSVD."""
    one = duel.difference
    figures = (
        f"{metric} {duel.first_mean:.4f} against {duel.second_mean:.4f}, difference {one.mean:+.4f} "
        f"(95 % interval {one.low:+.4f} to {one.high:+.4f}, n = {duel.n_users:,} listeners)"
    )
    if one.p_value >= ALPHA:
        return f"`{duel.first}` and `{duel.second}` are level, the difference could be luck: {figures}."
    better, other = (duel.first, duel.second) if one.mean > 0 else (duel.second, duel.first)
    return f"`{better}` is better than `{other}`: {figures}."


def reach_line(reached: Reach) -> str:
    """Return which held-out pairs are out of reach, and what that leaves at best."""
    if not reached.n_cold:
        return f"All of the {reached.n_pairs:,} held-out plays are of artists that somebody has in train."
    return (
        f"Of {reached.n_pairs:,} held-out plays, {reached.n_cold:,} are of {reached.n_cold_items:,} artists "
        f"that nobody has in the train part; of these plays {reached.told:,} are of artists somebody else "
        f"tagged. The other {reached.unknowable:,} ({reached.unknowable / reached.n_pairs:.1%}) nobody could "
        f"have known: with all the rest perfect and these guessed, AUC would be {reached.ceiling:.4f}."
    )


def _loved(verdicts: dict[str, pd.DataFrame], model: str, k: int) -> str:
    table = verdicts[f"precision@{k}"].set_index("model")
    return f"{k * float(table.loc[model, 'mean']):.2f}"


def _how_sure(table: pd.DataFrame, metric: str) -> str:
    level = [f"`{name}`" for name in table.iloc[1:].loc[table["level_with_best"].astype(bool), "model"]]
    if not level:
        return (
            f"By {metric} it is ahead of every other model by more than luck (Holm-corrected p < {ALPHA:g})."
        )
    return f"By {metric} its distance to {', '.join(level)} could be luck."


def _fast(runs: Sequence[Run], metric: str) -> str:
    seed = runs[0].manifest.protocol.seed
    curves = {run.manifest.model: run.curve for run in runs if run.manifest.protocol.seed == seed}
    table = quality_in_time(curves, f"test_{metric}")
    best = table.loc[table[VALUE].idxmax()]
    reached = seconds_to(table, NEAR * float(best[VALUE])).drop(BASELINE, errors="ignore").dropna()
    if reached.empty:
        return "No trained model reaches 95 % of the best."
    soon = table[(table[SECONDS] <= HURRY) & (table[MODEL] != BASELINE)]
    lines = []
    if len(soon):
        quick = soon.loc[soon[VALUE].idxmax()]
        lines.append(
            f"Within {HURRY:g} seconds of training `{quick[MODEL]}` leads: {metric} {quick[VALUE]:.4f}, "
            f"that is {quick[VALUE] / best[VALUE]:.0%} of the best, after {quick[SECONDS]:.2f} seconds."
        )
    lines.append(
        f"{NEAR:.0%} of the best is first reached by `{reached.idxmin()}` after {reached.min():.1f} seconds; "
        f"the best, `{best[MODEL]}`, takes {best[SECONDS]:.1f} (split seed {seed}, one computer)."
    )
    return " ".join(lines)
