"""What ``refrain top`` answers: a result for programs, two tables for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from recsys_cli.output import table
from recsys_cli.stored_run import judged_on
from recsys_core.columns import Columns
from recsys_core.listening.popularity_findings import two_charts
from recsys_core.listening.popularity_shift import LISTENED, RECOMMENDED
from recsys_core.listening.popularity_story import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.listening.popularity_story import Story
    from recsys_core.listening.popularity_tradeoff import Cost
    from recsys_core.runs.manifest import Manifest

# heading in the table, and how the figure is written
_FIGURES = {
    "items": ("artists", "{:,}"),
    "coverage": ("coverage", "{:.4f}"),
    "top_1_percent": ("top 1 % get", "{:.3f}"),
    "gini": ("gini", "{:.4f}"),
    "items_for_80": ("artists for 80 %", "{:.4f}"),
    "average_popularity": ("listeners each", "{:.1f}"),
    "novelty": ("novelty, bits", "{:.2f}"),
}


def top_result(story: Story, price: Cost, shown: int) -> dict[str, Any]:
    """Return both charts, how they differ, the spread of every side, and precision, ready for JSON."""
    tops = story.shift.top(shown)
    return {
        **{f"most_{side}": _chart(tops, side) for side in (LISTENED, RECOMMENDED)},
        "in_both": story.shift.in_both(shown),
        "charts_by_listeners_and_plays": asdict(two_charts(story.dataset, shown)),
        "spread": {part: asdict(one) for part, one in story.spreads.items()},
        "deciles": story.deciles().to_dict("list"),
        "precision": asdict(price),
    }


def top_text(manifest: Manifest, result: dict[str, Any]) -> str:
    """Return the same for people: both charts side by side, the spread, one sentence."""
    k = result["n"]
    there, here = (result["spread"][part]["items_for_80"] for part in (RECOMMENDED, LISTENED))
    price = result["precision"]
    return "\n".join(
        [
            f"{manifest.dataset.title}, {manifest.model} (run {manifest.run_id}), {k} artists each",
            f"Trained and judged on {judged_on(manifest)}",
            "",
            _charts(result),
            "",
            _spread(manifest.model, result),
            "",
            f"80 % of recommendations go to {there:.2%} of artists (listening: {here:.2%}).",
            f"precision@{k} {price['precision']:.4f}, as trained {price['precision_before']:.4f}",
        ]
    )


def _chart(tops: pd.DataFrame, side: str) -> list[dict[str, Any]]:
    rows = tops[tops["side"] == side]
    return rows[[Columns.RANK, Columns.ITEM_ID, Columns.NAME, "count"]].to_dict("records")


def _charts(result: dict[str, Any]) -> str:
    sides = [result[f"most_{side}"] for side in (LISTENED, RECOMMENDED)]
    rows = [(at + 1, *_cell(sides[0], at), *_cell(sides[1], at)) for at in range(max(map(len, sides)))]
    heads = ("rank", "most listened", result["by"], "most recommended", f"in a top {result['n']}")
    return table(heads, rows)


def _cell(chart: list[dict[str, Any]], at: int) -> tuple[str, str]:
    return (chart[at][Columns.NAME], f"{chart[at]['count']:,}") if at < len(chart) else ("", "")


def _spread(model: str, result: dict[str, Any]) -> str:
    names = {LISTENED: result["by"], RECOMMENDED: model, BASELINE: "most popular only"}
    rows = [
        (
            names.get(part, part.replace("_", " ")),
            *(how.format(one[field]) for field, (_, how) in _FIGURES.items()),
        )
        for part, one in result["spread"].items()
    ]
    return table(("", *(head for head, _ in _FIGURES.values())), rows)
