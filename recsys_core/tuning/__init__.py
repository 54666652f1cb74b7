"""Find the settings a model does best with, on the validation part, in studies that survive a restart."""

from recsys_core.tuning.adopting import train_best
from recsys_core.tuning.request import Budget, TuningRequest, check_request, size_and_rate_grid
from recsys_core.tuning.search import run_study
from recsys_core.tuning.store import StudyStore
from recsys_core.tuning.study import StudyCard, TuningStudy
from recsys_core.tuning.summary import HeatMap, StudySummary
from recsys_core.tuning.trials import Trial

__all__ = [
    "Budget",
    "HeatMap",
    "StudyCard",
    "StudyStore",
    "StudySummary",
    "Trial",
    "TuningRequest",
    "TuningStudy",
    "check_request",
    "run_study",
    "size_and_rate_grid",
    "train_best",
]
