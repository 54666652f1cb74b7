"""The experiments everybody refers to by name."""

from __future__ import annotations

from typing import Final

from recsys_online.experiments.experiment import Experiment, Split


class Experiments:
    """Experiments with the older service's names and assignments."""

    AA: Final = Experiment("AA", Split.HALF_HALF)
    PERSONALIZED: Final = Experiment("PERSONALIZED", Split.HALF_HALF)
