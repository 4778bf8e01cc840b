"""A sweep as plain data, for other programs.

What lives here: the document that ``parley sweep --json`` writes, the rows of ``--csv``. What may not: words
for people, layout.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import parley
from parley.report.sweeps.sentences import sentences
from parley.study.sweep_model import SHARES, Curve, Sweep

__all__ = ["sweep_document", "sweep_rows"]


def sweep_document(sweep: Sweep) -> dict[str, Any]:
    """Return a sweep in values that JSON can hold.

    Returns
    -------
    dict
        ``x[point]``, and for each of ``curves`` its ``mean[point]``, ``spread`` (share of the readings ->
        ``[point]``), ``unsolved[point]``, ``undefined[point]``; null where there is no value. ``jumps``,
        ``crossings``, ``best`` and ``published`` name curves by their place.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> sweep_document(sweep(scenario, request, draws=16))["curves"][0]["policy"]
    'status quo'
    """
    request, parameter = sweep.request, sweep.scenario.parameters[sweep.request.vary]
    return {
        "parley": parley.__version__,
        "title": sweep.scenario.title,
        "digest": sweep.provenance.digest,
        "overrides": dict(sweep.provenance.overrides),
        "vary": request.vary,
        "text": parameter.text,
        "unit": parameter.unit,
        "from": request.low,
        "to": request.high,
        "scale": request.scale,
        "set": dict(request.set),
        "concept": sweep.provenance.concept,
        "readings": sweep.readings,
        "seed": sweep.provenance.seed,
        "games": sweep.games,
        "unsolved": sweep.unsolved,
        "complete": sweep.complete,
        "x": sweep.x.tolist(),
        "curves": [_curve(curve) for curve in sweep.curves],
        "jumps": [
            {"curve": j.curve, "from": j.low, "to": j.high, "before": j.before, "after": j.after}
            for j in sweep.jumps
        ],
        "crossings": [
            {"upper": c.upper, "lower": c.lower, "at": c.at, "from": c.low, "to": c.high, "jump": c.jump}
            for c in sweep.crossings
        ],
        "best": [{"curve": b.curve, "from": b.low, "to": b.high} for b in sweep.best],
        "published": [
            {"curve": p.curve, "x": p.x, "value": p.value, "tolerance": p.tolerance} for p in sweep.published
        ],
        "sentences": list(sentences(sweep)),
    }


def _curve(curve: Curve) -> dict[str, Any]:
    spread = None
    if curve.spread is not None:
        spread = {f"{share:g}": _plain(row) for share, row in zip(SHARES, curve.spread, strict=True)}
    return {
        "quantity": curve.shown.name,
        "expression": curve.shown.expression.source,
        "text": curve.shown.text,
        "policy": curve.policy,
        "mean": _plain(curve.mean),
        "spread": spread,
        "unsolved": curve.unsolved.tolist(),
        "undefined": curve.undefined.tolist(),
    }


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values.tolist()]


def sweep_rows(sweep: Sweep) -> Iterator[tuple[Any, ...]]:
    """Yield a sweep as a table, its head first: one row for each point of each curve.

    Examples
    --------
    >>> import parley
    >>> from parley.study import sweep
    >>> from parley.scenario import read_request
    >>> scenario = parley.load("which-event-first")
    >>> request = read_request(scenario, "{vary: B, from: 0, to: 40, steps: 3, show: payoff(us)}")
    >>> rows = list(sweep_rows(sweep(scenario, request, draws=16)))
    >>> rows[0][:4]
    ('B', 'quantity', 'policy', 'mean')
    """
    head = ("mean", *(f"p{100 * share:g}" for share in SHARES), "readings", "unsolved", "undefined")
    yield (sweep.request.vary, "quantity", "policy", *head)
    for curve in sweep.curves:
        for point, x in enumerate(sweep.x.tolist()):
            spread = [None] * len(SHARES) if curve.spread is None else _plain(curve.spread[:, point])
            yield (
                x,
                curve.shown.name,
                curve.policy,
                _plain(curve.mean[[point]])[0],
                *spread,
                sweep.readings,
                int(curve.unsolved[point]),
                int(curve.undefined[point]),
            )
