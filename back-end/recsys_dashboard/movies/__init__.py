"""The page about films."""
