"""Runs on disk: one folder each, without anything that could be executed."""

from recsys_core.runs.store import Run, RunStore

__all__ = ["Run", "RunStore"]
