"""Recommend by text alone: a person's profile is the mean of the texts they looked at."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import snowballstemmer

from recsys_core.errors import DataError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

LANGUAGES: tuple[str, ...] = tuple(sorted(snowballstemmer.algorithms()))
PROFILE_COLUMNS = ("rank", "position", "text", "similarity", "shared")


@dataclass(frozen=True)
class Profile:
    """``weights``: the share of the viewed texts that have each token; how texts are cut into tokens."""

    weights: Mapping[str, float]
    language: str | None
    stop_words: frozenset[str]


def tokens(text: str, language: str | None = "english", stop_words: Collection[str] = ()) -> set[str]:
    """Return the distinct normalised words of ``text``: lower case, stop words out, then Snowball stems.

    ``language`` is one of ``LANGUAGES``; None leaves words as they are.

    Examples
    --------
    >>> sorted(tokens("Running dogs run", "english"))
    ['dog', 'run']

    Raises
    ------
    SettingsError
        If there is no stemmer for the language.
    """
    left_out = {word.casefold() for word in stop_words}
    words = {word for word in re.findall(r"\w+", text.casefold()) if word not in left_out}
    if language is None:
        return words
    if language not in LANGUAGES:
        raise SettingsError(f"There is no stemmer for {language!r}. Choose among {', '.join(LANGUAGES)}.")
    return set(snowballstemmer.stemmer(language).stemWords(words))


def bag_of_words_profile(
    viewed: Iterable[str], language: str | None = "english", *, stop_words: Collection[str] = ()
) -> Profile:
    """Return the mean of the binary bags of words of the ``viewed`` texts.

    A token of all of them weighs 1, one of half of them 0.5.

    Raises
    ------
    DataError
        If no text has a word.
    """
    texts = list(viewed)
    counts = Counter(token for text in texts for token in tokens(text, language, stop_words))
    if not counts:
        raise DataError("There is no word to make a profile of.", fix="Give at least one text with words.")
    weights = {token: count / len(texts) for token, count in sorted(counts.items())}
    return Profile(weights, language, frozenset(stop_words))


def rank_by_profile(profile: Profile, candidates: Sequence[str]) -> pd.DataFrame:
    """Return the candidates by cosine of their binary bags of words with ``profile``, best first.

    Columns ``PROFILE_COLUMNS``: ``position`` counts the candidates as given, from 1, and decides ties;
    ``shared`` lists the tokens in common, heaviest first.
    """
    rows = []
    for position, text in enumerate(candidates, start=1):
        own = tokens(text, profile.language, profile.stop_words)
        shared = sorted(own & set(profile.weights), key=lambda token: (-profile.weights[token], token))
        rows.append((position, text, _cosine(profile.weights, own), tuple(shared)))
    rows.sort(key=lambda row: (-row[2], row[0]))
    ranked = [(rank, *row) for rank, row in enumerate(rows, start=1)]
    return pd.DataFrame(ranked, columns=list(PROFILE_COLUMNS))


def _cosine(weights: Mapping[str, float], own: set[str]) -> float:
    """Return the cosine of a profile and a binary bag; 0 for an empty one."""
    if not own:
        return 0.0
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return math.fsum(weights.get(token, 0.0) for token in own) / (length * math.sqrt(len(own)))
