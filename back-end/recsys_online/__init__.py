"""The online service: next track, index of lists, experiments, event log."""
