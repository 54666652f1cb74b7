"""Train several models on one split, judge them after every epoch, and say what came out."""

from recsys_core.comparison.train_and_judge import BASELINE, ComparisonRequest, Event, compare

__all__ = ["BASELINE", "ComparisonRequest", "Event", "compare"]
