"""Reading listening data, from whatever source, into one checked :class:`Dataset`."""

from recsys_core.datasets.choice import DatasetChoice, available_choices, load_dataset, store_upload
from recsys_core.datasets.column_guess import ColumnChoice, ColumnGuess, guess_columns
from recsys_core.datasets.dataset import Dataset, Source
from recsys_core.datasets.demo import load_demo
from recsys_core.datasets.download import download_lastfm
from recsys_core.datasets.features import Assignments, FeatureMatrix
from recsys_core.datasets.id_map import IdMap
from recsys_core.datasets.interactions import Interactions
from recsys_core.datasets.lastfm import find_lastfm, load_lastfm
from recsys_core.datasets.loading_report import FileReport, LoadingReport
from recsys_core.datasets.table_file import load_table
from recsys_core.datasets.uploads import guess_upload

__all__ = [
    "Assignments",
    "ColumnChoice",
    "ColumnGuess",
    "Dataset",
    "DatasetChoice",
    "FeatureMatrix",
    "FileReport",
    "IdMap",
    "Interactions",
    "LoadingReport",
    "Source",
    "available_choices",
    "download_lastfm",
    "find_lastfm",
    "guess_columns",
    "guess_upload",
    "load_dataset",
    "load_demo",
    "load_lastfm",
    "load_table",
    "store_upload",
]
