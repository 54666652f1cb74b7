"""The tables of chapters 6 and 7 of docs/survey.md: what drifts foretell, and what peeking costs.

``python -m benchmarks.survey_lessons --data-dir PATH`` computes them anew, from the folder of MovieLens
latest-small, and writes them between their marks.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from benchmarks.survey import DOCUMENT
from recsys_core.models.timesvd import held_out_table
from recsys_core.models.timesvd.choose import WAYS
from recsys_core.movies import load_movies
from recsys_core.movies.choice import MovieChoice
from recsys_online.analysis.peeking import false_alarms

if TYPE_CHECKING:
    from recsys_core.models.timesvd.choose import Way

LOOKS = (1, 2, 5, 10, 20, 50)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=os.environ.get("REFRAIN_DATA"), help="MovieLens")
    folder = parser.parse_args().data_dir
    document = DOCUMENT.read_text(encoding="utf-8")
    for way in WAYS:
        document = with_block(document, f"drift, {way}", drift_lines(drift_figures(folder, way)))
    document = with_block(document, "peeking", peeking_lines())
    DOCUMENT.write_text(document, encoding="utf-8")


def drift_figures(folder: Path, way: Way) -> pd.DataFrame:
    """Return the held-out table of MovieLens in ``folder``, as ``refrain drift`` makes it."""
    films = load_movies(MovieChoice("movielens", str(folder)), data_root=folder)
    return held_out_table(films.ratings.interactions, way)


def drift_lines(found: pd.DataFrame) -> list[str]:
    """Return what was held out and the table, as Markdown."""
    first = found.iloc[0]
    lines = [
        f"{first['n_ratings']:,} ratings held out, by {first['n_people']:,} people; "
        f"{first['share_known']:.1%} of them by people known from training.",
        "",
        "| family | numbers a film | penalty | RMSE | change | 95 % interval | p (Holm) |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in found.itertuples():
        head = f"| {row.family} | {row.weights_an_item} |"
        if pd.isna(row.drift_penalty):
            lines.append(f"{head} | {row.rmse:.4f} | | | |")
            continue
        interval = f"{row.change_low:+.4f} to {row.change_high:+.4f}"
        lines.append(
            f"{head} {row.drift_penalty:g} | {row.rmse:.4f} | {row.change:+.4f} | {interval} "
            f"| {row.p_holm:.3f} |"
        )
    return lines


def peeking_lines() -> list[str]:
    """Return how often an experiment without effect cries wolf, by the number of looks, as Markdown."""
    lines = ["| looks | interval for one look | interval for any time |", "|---|---|---|"]
    for looks in LOOKS:
        last = false_alarms(0, looks=looks).iloc[-1]
        lines.append(f"| {looks} | {100 * last['one_look']:.1f} % | {100 * last['any_time']:.1f} % |")
    return lines


def with_block(document: str, name: str, lines: list[str]) -> str:
    """Return the document with ``lines`` between the two marks of ``name``."""
    begin, end = (
        f"<!-- written by benchmarks.survey_lessons: {name}, {edge} -->" for edge in ("begin", "end")
    )
    before, rest = document.split(begin)
    return "\n".join([f"{before}{begin}", "", *lines, "", f"{end}{rest.split(end)[1]}"])


if __name__ == "__main__":
    main()
