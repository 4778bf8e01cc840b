"""Results and sweeps as tidy tables.

What lives here: their columns. What may not: statistics.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.draws import REPLICATES
from parley.solve.frames import Column, distinct, frame
from parley.solve.solution import Status
from parley.study.results import Results
from parley.study.sweep_model import SHARES, Sweep

__all__ = ["frame", "results_frame", "sweep_frame"]

_STATUS = np.array([each.name.lower().replace("_", "-") for each in Status])


def results_frame(results: Results, library: str | None = None) -> Any:
    """Return one row for each draw and policy, see :meth:`parley.Results.to_frame`.

    Examples
    --------
    >>> import parley
    >>> found = parley.run(parley.load("which-event-first"), draws=16)
    >>> table = results_frame(found)
    >>> len(table), list(table.columns)[:3]
    (48, ['draw', 'replicate', 'policy'])
    """
    return frame(distinct(list(_columns(results))), library)


def _columns(results: Results) -> Iterator[tuple[str, str, Column]]:
    draws, policies = len(results.draw), results.policies
    yield "draw", "", np.tile(results.draw, len(policies))
    yield "replicate", "", np.tile(results.draw % REPLICATES, len(policies))
    yield "policy", "", [policy for policy in policies for _ in range(draws)]
    proofs = [results.proofs[policy] for policy in policies]
    yield "status", "", _joined([_STATUS[proof.status] for proof in proofs])
    yield "residual", "", _joined([proof.residual for proof in proofs])
    for name, values in results.parameters.items():
        yield name, "parameter", np.tile(values, len(policies))
    for name, labels in results.switches.items():
        yield name, "switch", np.tile(labels, len(policies))
    for name, values in results.precision.items():
        yield f"precision of {name}", "precision", np.tile(values, len(policies))
    compared = results.scenario.comparison
    for number, item in enumerate(compared.by if compared is not None else ()):
        columns = [results.criteria.get((number, policy)) for policy in policies]
        yield item.text or item.expression.source, "criterion", _over(columns, draws)
    for name in dict.fromkeys(name for name, _ in results.quantities):
        columns = [results.quantities.get((name, policy)) for policy in policies]
        yield name, "quantity", _over(columns, draws)
    for name, values in results.claims.items():
        yield name, "claim", np.tile(values, len(policies))


def _joined(columns: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(columns) if columns else np.empty(0)


def _over(columns: list[NDArray[np.float64] | None], draws: int) -> NDArray[Any]:
    """Put the policies below each other; NaN where one was not measured."""
    return _joined([np.full(draws, np.nan) if each is None else each for each in columns])


def sweep_frame(sweep: Sweep, library: str | None = None) -> Any:
    """Return one row for each point of each curve, see :meth:`parley.study.Sweep.to_frame`.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> list(sweep_frame(sweep(scenario, request, draws=16)).columns)[:4]
    ['B', 'quantity', 'policy', 'mean']
    """
    points, curves = len(sweep.x), sweep.curves
    named: list[tuple[str, str, Column]] = [
        (sweep.request.vary, "", np.tile(sweep.x, len(curves))),
        ("quantity", "", [each.shown.name for each in curves for _ in range(points)]),
        ("policy", "", [each.policy for each in curves for _ in range(points)]),
        ("mean", "", _joined([each.mean for each in curves])),
    ]
    for row, share in enumerate(SHARES):
        values = [each.mean if each.spread is None else each.spread[row] for each in curves]
        named.append((f"{100 * share:g} %", "", _joined(values)))
    named.append(("unsolved", "", _joined([each.unsolved for each in curves])))
    named.append(("undefined", "", _joined([each.undefined for each in curves])))
    return frame(distinct(named), library)
