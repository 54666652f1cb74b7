"""The names of all table columns, spelled once."""

from __future__ import annotations


class Columns:
    """Column names of the interactions and recommendations tables and of the catalogue."""

    USER_ID = "user_id"
    ITEM_ID = "item_id"
    WEIGHT = "weight"
    TIMESTAMP = "timestamp"
    SCORE = "score"
    RANK = "rank"
    NAME = "name"
    HIT = "hit"

    INTERACTIONS = (USER_ID, ITEM_ID, WEIGHT, TIMESTAMP)
    RECOMMENDATIONS = (USER_ID, ITEM_ID, SCORE, RANK)
