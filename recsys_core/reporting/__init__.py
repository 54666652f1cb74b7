"""Results on one data set as a document: the answer on its first page, the evidence behind it."""

from recsys_core.reporting.document import write_report
from recsys_core.reporting.gather import MODELS_REPORTED, ReportPlan, gather

__all__ = ["MODELS_REPORTED", "ReportPlan", "gather", "write_report"]
