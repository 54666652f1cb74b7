"""What is known of artists and models beyond one list: made once, shared by all visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.listening.artist_search import ArtistSearch
from recsys_core.listening.company import Company
from recsys_core.listening.nearness import Nearness, nearness_of
from recsys_core.listening.ranked_list import common_tags
from recsys_dashboard import cached

if TYPE_CHECKING:
    from recsys_core.datasets import Dataset
    from recsys_core.listening.preferences import Suggestions


def company_of(dataset: Dataset) -> Company:
    """Return the tags and friends of ``dataset``."""
    return _company(dataset.fingerprint, dataset)


def search_of(dataset: Dataset) -> ArtistSearch:
    """Return the search over the names of ``dataset``."""
    return _search(dataset.fingerprint, dataset)


def tags_of(dataset: Dataset) -> list[str]:
    """Return the common tags of ``dataset``, the commonest first."""
    return _tags(dataset.fingerprint, dataset)


def nearness(run_id: str, dataset: Dataset) -> Nearness | None:
    """Return how near the explained lists of a run are to its own; None where it cannot explain."""
    return _nearness(run_id, dataset.fingerprint, cached.suggestions(run_id, dataset))


@st.cache_resource(max_entries=4, show_spinner=False)
def _company(fingerprint: str, _dataset: Dataset) -> Company:
    return Company.of(_dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def _search(fingerprint: str, _dataset: Dataset) -> ArtistSearch:
    return ArtistSearch(_dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def _tags(fingerprint: str, _dataset: Dataset) -> list[str]:
    return common_tags(_dataset)


@st.cache_resource(max_entries=16, show_spinner=False)
def _nearness(run_id: str, fingerprint: str, _suggestions: Suggestions) -> Nearness | None:
    return nearness_of(_suggestions)
