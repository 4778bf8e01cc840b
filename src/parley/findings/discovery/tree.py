"""A second opinion: a decision tree on the same readings.

What lives here: the call of scikit-learn, which is an optional extra, and its answer as numbers. What may
not: regions, sentences.

Classification and regression trees (Breiman, Friedman, Olshen & Stone 1984), Gini's index, at most three
questions deep. How far the tree is cut back is chosen by cross-validation over the replicates of the design
(each is a fold: the readings within one are not independent) with the rule of one standard error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.findings.discovery.box import Inputs

__all__ = ["MISSING", "Fork", "Grown", "grow", "pruned"]

MISSING = "pip install 'parley-workbench[analysis]'"
DEEPEST = 3
GROWN = 4096  # readings that a tree is grown on; more hardly change a tree so small
ASKED = 65_536  # readings at a time
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fork:
    """A question of the tree: is a number at most ``high``, or is a switch at ``option``."""

    row: int
    high: float | None
    option: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """A tree: its questions from the top down, its leaves, ``[draw]`` what it says of readings held back."""

    forks: tuple[Fork, ...]
    leaves: int
    fails: Mask


def grow(
    inputs: Inputs, failed: Mask, replicate: NDArray[np.int64], held: Inputs, least: int
) -> Grown | None:
    """Grow a tree and ask it about other readings.

    Parameters
    ----------
    inputs, failed, replicate
        The readings to grow it on, of which the first 4,096 are taken: values, ``[draw]`` whether each is a
        failure, and its replicate.
    held
        The readings to ask it about.
    least
        Fewest readings in a leaf.

    Returns
    -------
    Grown or None
        None when scikit-learn is not installed.

    Examples
    --------
    >>> cube = np.random.default_rng(7).random((3, 1024))
    >>> inputs = Inputs(cube, (None,) * 3)
    >>> grown = grow(inputs, cube[1] > 0.6, np.arange(1024) % 16, inputs, 20)
    >>> grown is None or (grown.leaves, grown.forks[0].row, round(grown.forks[0].high, 2))
    (2, 1, 0.6)
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        return None
    columns = _columns(inputs)
    table = _table(inputs, columns)[:GROWN]
    failed, replicate = failed[:GROWN], replicate[:GROWN]
    shape = {"max_depth": DEEPEST, "min_samples_leaf": least, "random_state": 0}
    path = DecisionTreeClassifier(**shape).cost_complexity_pruning_path(table, failed)
    strength = _strength(DecisionTreeClassifier, shape, np.unique(path.ccp_alphas), table, failed, replicate)
    fitted = DecisionTreeClassifier(**shape, ccp_alpha=strength).fit(table, failed)
    forks = tuple(_fork(columns[column], float(at)) for column, at in _questions(fitted.tree_))
    # A run may have a million readings: a table of all of them would double what it takes.
    parts = (np.arange(first, min(first + ASKED, held.draws)) for first in range(0, held.draws, ASKED))
    said = [fitted.predict(_table(held.where(part), columns)) for part in parts]
    return Grown(forks, int(fitted.get_n_leaves()), np.concatenate(said).astype(np.bool_))


def _columns(inputs: Inputs) -> list[tuple[int, int | None]]:
    """Return a column for each number, and one for each option of a switch (one of two is enough)."""
    found: list[tuple[int, int | None]] = []
    for row, options in enumerate(inputs.options):
        if options is None:
            found.append((row, None))
        else:
            found += [(row, code) for code in range(len(options) if len(options) > 2 else 1)]
    return found


def _table(inputs: Inputs, columns: list[tuple[int, int | None]]) -> NDArray[np.float64]:
    rows = [inputs.values[row] if code is None else inputs.values[row] == code for row, code in columns]
    return np.array(rows, dtype=np.float64).T


def _strength(
    kind: Any,
    shape: dict[str, int],
    alphas: NDArray[np.float64],
    table: NDArray[np.float64],
    failed: Mask,
    replicate: NDArray[np.int64],
) -> float:
    """Return how strongly to prune: the strongest within one standard error of the best."""
    # Between two steps of the path the tree is the same; their geometric mean stands for it (Breiman et al.).
    tried = [*np.sqrt(alphas[:-1] * alphas[1:]), float(alphas[-1])]
    folds = np.unique(replicate)
    wrong = np.zeros((len(tried), folds.size))
    for place, fold in enumerate(folds):
        out = replicate == fold
        fitted = kind(**shape).fit(table[~out], failed[~out])
        leaves = fitted.apply(table[out])
        for row, alpha in enumerate(tried):
            wrong[row, place] = np.mean(pruned(fitted, alpha)[leaves] != failed[out])
    mean = wrong.mean(axis=1)
    best = int(np.argmin(mean))
    error = wrong[best].std(ddof=1) / np.sqrt(folds.size) if folds.size > 1 else 0.0
    return float(max(alpha for alpha, value in zip(tried, mean, strict=True) if value <= mean[best] + error))


def pruned(classifier: Any, alpha: float) -> Mask:
    """Cut a tree back at its weakest links, without growing it again.

    Parameters
    ----------
    classifier
        A fitted ``DecisionTreeClassifier`` that says whether a reading is a failure.
    alpha
        What a leaf costs: a fork goes when it lowers the impurity by no more than this for each leaf that
        it adds (Breiman et al. 1984, section 3.3).

    Returns
    -------
    NDArray
        ``[node]`` what the tree that is left says of a reading that reached the node.
    """
    tree = classifier.tree_
    left, right = tree.children_left, tree.children_right
    cost = tree.impurity * tree.weighted_n_node_samples / tree.weighted_n_node_samples[0]
    says = np.asarray(classifier.classes_[np.argmax(tree.value[:, 0, :], axis=1)], dtype=np.bool_)
    fork = left != right
    # Children have higher numbers than their parents: upwards is backwards.
    nodes = np.flatnonzero(fork)
    while fork[0]:
        below, leaves = cost.copy(), np.ones(cost.size)
        for node in nodes[::-1]:
            if fork[node]:
                below[node] = below[left[node]] + below[right[node]]
                leaves[node] = leaves[left[node]] + leaves[right[node]]
        gain = np.where(fork, (cost - below) / np.maximum(1, leaves - 1), np.inf)
        if gain.min() > alpha:
            break
        fork[np.argmin(gain)] = False
        for node in nodes:
            if not fork[node]:
                fork[[left[node], right[node]]] = False
    for node in nodes:
        if not fork[node]:
            says[[left[node], right[node]]] = says[node]
    return says


def _questions(tree: Any) -> list[tuple[int, float]]:
    """Return column and threshold of each fork, level by level."""
    found, level = [], [0]
    while level:
        forks = [node for node in level if tree.children_left[node] != tree.children_right[node]]
        found += [(int(tree.feature[node]), float(tree.threshold[node])) for node in forks]
        level = [child for node in forks for child in (tree.children_left[node], tree.children_right[node])]
    return found


def _fork(column: tuple[int, int | None], at: float) -> Fork:
    row, code = column
    return Fork(row, at if code is None else None, code)
