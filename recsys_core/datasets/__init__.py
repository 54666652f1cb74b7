"""Reading listening data, from whatever source, into one checked :class:`Dataset`."""

from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.demo import load_demo
from recsys_core.datasets.features import FeatureMatrix
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions
from recsys_core.datasets.lastfm import find_lastfm, load_lastfm
from recsys_core.datasets.loading_report import FileReport, LoadingReport

__all__ = [
    "Dataset",
    "FeatureMatrix",
    "FileReport",
    "IdMap",
    "Interactions",
    "LoadingReport",
    "Source",
    "find_lastfm",
    "load_demo",
    "load_lastfm",
]
