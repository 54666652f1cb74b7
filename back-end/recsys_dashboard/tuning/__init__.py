"""The page that tunes a model."""
