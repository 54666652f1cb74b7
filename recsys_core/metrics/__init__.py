"""Metrics: one value per user first, means and intervals later."""
