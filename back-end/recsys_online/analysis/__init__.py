"""From the event log to who won: sessions, effects with intervals, and what may be concluded."""

from recsys_online.analysis.report import (
    Analysis,
    Question,
    Report,
    analyse,
    analyse_with_tables,
    count_of_log,
)
from recsys_online.analysis.what_if import WhatIf, judge_lists, read_lists

__all__ = [
    "Analysis",
    "Question",
    "Report",
    "WhatIf",
    "analyse",
    "analyse_with_tables",
    "count_of_log",
    "judge_lists",
    "read_lists",
]
