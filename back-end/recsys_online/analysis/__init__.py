"""From the event log to who won: sessions, effects with intervals, and what may be concluded."""

from recsys_online.analysis.report import (
    Analysis,
    Question,
    Report,
    analyse,
    analyse_with_tables,
    count_of_log,
)

__all__ = ["Analysis", "Question", "Report", "analyse", "analyse_with_tables", "count_of_log"]
