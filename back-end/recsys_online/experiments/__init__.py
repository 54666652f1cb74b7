"""Who gets which treatment: pure functions of names, salts and user ids; nothing is stored or drawn."""

from recsys_online.experiments.experiment import Experiment, Split, Treatment
from recsys_online.experiments.known import Experiments

__all__ = ["Experiment", "Experiments", "Split", "Treatment"]
