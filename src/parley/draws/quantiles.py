"""A judgement in three numbers, for printing.

What lives here: quantiles of one parameter. What may not: tables of draws.
"""

from __future__ import annotations

import numpy as np

from parley.draws.marginals import quantile
from parley.scenario.model import Parameter

__all__ = ["describe"]

_SHARES = (0.05, 0.5, 0.95)


def describe(parameter: Parameter) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % quantiles of a parameter as judged, in its own unit.

    Correlation with other parameters leaves them as they are.

    Raises
    ------
    DrawsError
        When the judgement does not describe a distribution.

    Examples
    --------
    >>> from parley.scenario.model import Judgement, Span
    >>> span = Span("a.md", 1, 1)
    >>> judged = Judgement("uniform", (0.0, 20.0), None, None, None, span)
    >>> describe(Parameter("B", judged, None, None, None, (), (), None, None, span))
    (1.0, 10.0, 19.0)
    """
    p, q = np.array(_SHARES), np.array(_SHARES[::-1])
    low, middle, high = quantile(parameter.name, parameter.judgement, p, q).tolist()
    return low, middle, high
