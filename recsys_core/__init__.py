"""Refrain: build, understand and tune a recommender."""
