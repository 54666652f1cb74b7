"""The first page: which model to use, how sure that is, which one in a hurry, what nobody can know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recsys_core.comparison import BASELINE
from recsys_core.comparison.rivals import lightfm_against_svd
from recsys_core.comparison.verdicts import ALPHA
from recsys_core.reporting.goals import FAST_SECONDS, NEAR
from recsys_core.reporting.tables import FIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from recsys_core.comparison.rivals import Duel
    from recsys_core.reporting.findings import Findings
    from recsys_core.reporting.reach import Reach


def answer_lines(found: Findings) -> list[str]:
    """Return the answer as Markdown lines."""
    runs, verdicts, seconds = found.runs, found.verdicts, found.seconds
    metric, k, reached = found.decisive, found.k, found.reached[found.seeds[0]]
    table = verdicts[metric]
    best = str(table.iloc[0]["model"])
    lines = [
        f"**Use `{best}`.** Of {k} suggestions, {_loved(verdicts, best, k)} are artists the listener really "
        f"plays, which the model had not been shown; suggesting the most popular artists to everyone gives "
        f"{_loved(verdicts, BASELINE, k)}. {_how_sure(table, metric, k)}",
        "",
        f"- **In a hurry.** {_fast(seconds, f'precision@{k}')}",
    ]
    if (duel := lightfm_against_svd(runs, metric)) is not None:
        lines.append(f"- **The best LightFM (the package) against TruncatedSVD.** {duel_line(duel, metric)}")
    by_auc = verdicts["auc"].iloc[0]
    lines.append(
        f"- **Over the whole ranking.** A held-out artist stands above one the listener does not play "
        f"{100 * by_auc['mean']:.0f} times in 100 (AUC {by_auc['mean']:.4f}) with `{by_auc['model']}`"
        f"{', which is the best there too' if by_auc['model'] == best else ', the best by that measure'}."
    )
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
        f"have known: with all the rest perfect and these guessed, AUC would be {reached.ceiling:.4f} and "
        f"precision@{reached.k} {reached.list_ceiling:.4f}."
    )


def _loved(verdicts: Mapping[str, pd.DataFrame], model: str, k: int) -> str:
    table = verdicts[f"precision@{k}"].set_index("model")
    return f"{k * float(table.loc[model, 'mean']):.2f}"


def _how_sure(table: pd.DataFrame, metric: str, k: int) -> str:
    measure = f"Where hits count more the earlier in the list of {k} they stand ({metric})"
    level = [f"`{name}`" for name in table.iloc[1:].loc[table["level_with_best"].astype(bool), "model"]]
    if not level:
        return (
            f"{measure}, it is ahead of every other model by more than luck (Holm-corrected p < {ALPHA:g})."
        )
    return f"{measure}, its distance to {', '.join(level)} could be luck."


def _fast(table: pd.DataFrame, metric: str) -> str:
    """Return which model is soon nearly as good, by the mean over splits and seconds of whole trainings."""
    best = table.loc[table[metric].idxmax()]
    near = table[table[metric] >= NEAR * best[metric]].sort_values(FIT_SECONDS).iloc[0]
    soon = table[(table[FIT_SECONDS] <= FAST_SECONDS) & (table["model"] != BASELINE)]
    lines = []
    if len(soon):
        quick = soon.loc[soon[metric].idxmax()]
        lines.append(
            f"Of the models trained within {FAST_SECONDS:g} seconds `{quick['model']}` is the best: {metric} "
            f"{quick[metric]:.4f}, {quick[metric] / best[metric]:.0%} of the best, in "
            f"{quick[FIT_SECONDS]:.2f} seconds; `{best['model']}` takes {best[FIT_SECONDS]:.0f}."
        )
    if near["model"] not in [best["model"], *(quick["model"] for _ in lines)]:
        lines.append(
            f"{NEAR:.0%} of the best is first reached by `{near['model']}`, in {near[FIT_SECONDS]:.1f} "
            "seconds."
        )
    return " ".join(lines) or f"Nothing reaches {NEAR:.0%} of the best sooner than the best itself."
