"""Quality that drifts: how many stars a film gets may depend on when it is rated.

The item part of timeSVD++ (Koren, "Collaborative Filtering with Temporal Dynamics", KDD 2009):
``r_ui(t) = mu + b_u + b_i + b_i(t)``, with seven families of functions for the last term.
"""

from recsys_core.models.timesvd.choose import chosen_settings
from recsys_core.models.timesvd.families import FAMILIES, Family, family_named
from recsys_core.models.timesvd.held_out import TABLE_COLUMNS, beyond_luck, held_out_table
from recsys_core.models.timesvd.model import DriftModel, DriftSettings
from recsys_core.models.timesvd.planted import Planted, planted_ratings

__all__ = [
    "FAMILIES",
    "TABLE_COLUMNS",
    "DriftModel",
    "DriftSettings",
    "Family",
    "Planted",
    "beyond_luck",
    "chosen_settings",
    "family_named",
    "held_out_table",
    "planted_ratings",
]
