"""Agreement and density validity of groups, each against its published formula worked out slowly."""

from __future__ import annotations

from itertools import combinations
from math import comb, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree

from recsys_core.artist_map.agreement import seed_agreement, tag_agreement
from recsys_core.artist_map.clusters import density_validity

sortings = st.integers(6, 14).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 2), min_size=n, max_size=n) for _ in "ab"])
)


def slow_rand(one, other):
    """Hubert & Arabie (1985): pairs together in both, less those of chance, over what could be."""
    pairs = list(combinations(range(len(one)), 2))
    same_one, same_other = ([labels[i] == labels[j] for i, j in pairs] for labels in (one, other))
    both = sum(a and b for a, b in zip(same_one, same_other, strict=True))
    expected = sum(same_one) * sum(same_other) / len(pairs)
    most = (sum(same_one) + sum(same_other)) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


@given(sortings)
def test_agreement_between_seeds_counts_pairs(pair):
    one, other = map(np.array, pair)
    assert seed_agreement(one, [other])[0] == pytest.approx(slow_rand(one, other), abs=1e-12)


def entropy(labels):
    shares = [np.mean(labels == one) for one in set(labels)]
    return -sum(share * log(share) for share in shares)


def information(one, other):
    """Mutual information in nats, cell by cell."""
    n, total = len(one), 0.0
    for a in set(one):
        for b in set(other):
            both = sum((one == a) & (other == b))
            if both:
                total += both / n * log(n * both / (sum(one == a) * sum(other == b)))
    return total


def expected_information(one, other):
    """Vinh, Epps & Bailey (2010): over all tables with these margins, a hypergeometric sum."""
    n, total = len(one), 0.0
    for a in (int(sum(one == label)) for label in set(one)):
        for b in (int(sum(other == label)) for label in set(other)):
            for both in range(max(1, a + b - n), min(a, b) + 1):
                chance = comb(b, both) * comb(n - b, a - both) / comb(n, a)
                total += chance * both / n * log(n * both / (a * b))
    return total


@given(sortings)
def test_agreement_with_tags_is_information_beyond_chance(pair):
    labels, tags = map(np.array, pair)
    found, n = tag_agreement(labels, tags)
    assert n == len(labels)
    if found is None:
        assert min(len(set(labels)), len(set(tags))) == 1
        return
    chance, most = expected_information(tags, labels), (entropy(tags) + entropy(labels)) / 2
    if abs(most - chance) > 1e-9:
        assert found == pytest.approx((information(tags, labels) - chance) / (most - chance), abs=1e-9)


def slow_validity(points, labels):
    """DBCV by the definitions of Moulavi et al. (2014), sections 4 and 5."""
    n_dims, groups = points.shape[1], sorted(set(labels) - {-1})
    trees = {group: _tree(points[labels == group], n_dims) for group in groups}
    found = 0.0
    for group in groups:
        sparseness = trees[group][2]
        separation = min(_separation(trees[group], trees[other]) for other in groups if other != group)
        validity = (separation - sparseness) / max(separation, sparseness)
        found += (labels == group).mean() * validity
    return found


def _tree(members, n_dims):
    """Return inner members, their core distances, and the longest edge between inner members."""
    gaps = np.linalg.norm(members[:, None] - members[None], axis=2)
    cores = np.array(
        [
            np.mean([gap**-n_dims for gap in np.delete(row, at)]) ** (-1 / n_dims)
            for at, row in enumerate(gaps)
        ]
    )
    reach = np.maximum(gaps, np.maximum.outer(cores, cores))
    np.fill_diagonal(reach, 0)
    edges = np.argwhere(minimum_spanning_tree(reach).toarray() > 0)
    inner = np.flatnonzero(np.bincount(edges.ravel(), minlength=len(members)) > 1)
    longest = max(reach[i, j] for i, j in edges if i in inner and j in inner)
    return members[inner], cores[inner], longest


def _separation(one, other):
    return min(
        max(np.linalg.norm(a - b), core_a, core_b)
        for a, core_a in zip(one[0], one[1], strict=True)
        for b, core_b in zip(other[0], other[1], strict=True)
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.5, 6))
def test_validity_is_that_of_the_definitions(seed, apart):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(45, 3)) + apart * np.repeat([0, 1, 2], 15)[:, None]
    labels = np.repeat([0, 1, 2], 15)
    labels[::11] = -1
    assert density_validity(points, labels) == pytest.approx(slow_validity(points, labels), abs=1e-6)
