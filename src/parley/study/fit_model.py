"""What an estimation found: frozen data, ready for words, pictures and JSON.

What lives here: the types. What may not: arrays, NaN (None stands for a number that does not exist), how
anything is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["WHOLE", "Cell", "CurvePoint", "Estimated", "Fit", "Goodness", "Held", "Interval", "Optimum"]

WHOLE = "whole"  # the stake of a player who states none


@dataclass(frozen=True, slots=True)
class Interval:
    """Values that the data do not rule out; None is a side on which nothing that was tried is ruled out."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A value of a parameter and the best log-likelihood that is left with it, less the maximum (0 at most).

    None where no game could be solved.
    """

    value: float
    drop: float | None


@dataclass(frozen=True, slots=True)
class Estimated:
    """One parameter as the data have it.

    ``value`` maximises the likelihood, in the author's unit. ``error`` is its standard error from the
    observed information, ``wald`` the symmetric interval that follows; both are None where the likelihood has
    no proper peak in it. ``profile`` is the interval of all values that a likelihood-ratio test against the
    maximum does not reject, every other estimate being chosen anew for each. ``bound`` is ``low`` or ``high``
    where the estimate lies at the end of what may be tried, ``flat`` whether the likelihood does not pin it
    down. ``low`` and ``high`` are the ends of what may be tried. ``precision_of`` are the players whose
    precision it is, ``stakes`` what it is per: their stakes as written, :data:`WHOLE` where none is stated.
    ``errors`` are the kinds of errors that they may make. ``curve`` is empty unless asked for.
    """

    name: str
    text: str | None
    unit: str | None
    start: float
    value: float
    error: float | None
    wald: Interval | None
    profile: Interval
    bound: str | None
    flat: bool
    low: float | None
    high: float | None
    precision_of: tuple[str, ...]
    stakes: tuple[str, ...]
    errors: tuple[str, ...]
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A number or switch that was not estimated, and the ``value`` that it stood at.

    ``at`` says what that is: ``median`` and ``middle`` (of a ranking) of what is uncertain, ``default`` of an
    uncertain switch, ``stated`` of a parameter that the scenario states as certain.
    """

    name: str
    value: str
    at: str


@dataclass(frozen=True, slots=True)
class Optimum:
    """A peak of the likelihood and how many of the starts ended there."""

    values: Mapping[str, float]
    log_likelihood: float
    starts: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Something observed: in how many plays, and in how many the fitted model expects it."""

    what: str
    observed: float
    fitted: float


@dataclass(frozen=True, slots=True)
class Goodness:
    """Observed against fitted frequencies.

    ``deviance`` is G2, twice the log-likelihood that is lost against a model which gives every cell of every
    setting its own observed share; ``freedom`` its degrees of freedom; ``chance`` that of a G2 at least as
    large if the model were true. All are None where ``without`` says why there is no such test. ``sparse``
    counts the cells in which fewer than five plays are expected: with any, ``chance`` is rough.
    """

    cells: tuple[Cell, ...]
    deviance: float | None
    freedom: int | None
    chance: float | None
    sparse: int
    without: str | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters of a scenario estimated from observed plays by maximum likelihood.

    ``plays`` is the number of plays (the sum of the counts), ``rows`` the rows of the file, ``settings`` the
    different settings. ``level`` is how much of twice the log-likelihood a value may lose that lies inside an
    interval. ``covariance`` and ``correlation`` are ``[parameter][parameter]`` in the order of
    ``estimates``; None where an estimate has no standard error. ``random`` is the log-likelihood if everybody
    chose at random. ``optima`` are the peaks found, the best first; ``starts`` is from how many starts,
    ``lost`` how many of them led to no peak. ``residual`` is the worst of the certificates at the
    estimates, ``games`` the number of games solved. At ``unsolved`` of ``tried`` sets of values a game had no
    certified answer, and the likelihood no value. ``unsettled`` counts points of profiles at which the other
    estimates found no peak: the profile may be higher there, and the interval wider. ``rough`` is by how much
    second derivatives by two steps differ, relative to the curvature.
    """

    title: str
    path: str
    digest: str
    version: str
    overrides: Mapping[str, str]
    data: str
    ignored: tuple[str, ...]
    given: tuple[str, ...]
    plays: float
    rows: int
    settings: int
    confidence: float
    level: float
    estimates: tuple[Estimated, ...]
    covariance: tuple[tuple[float | None, ...], ...]
    correlation: tuple[tuple[float | None, ...], ...]
    log_likelihood: float
    aic: float
    bic: float
    random: float | None
    goodness: Goodness
    held: tuple[Held, ...]
    optima: tuple[Optimum, ...]
    starts: int
    lost: int
    residual: float
    games: int
    tried: int
    unsolved: int
    unsettled: int
    rough: float

    def __repr__(self) -> str:
        """Return one line."""
        found = ", ".join(f"{each.name} = {each.value:.4g}" for each in self.estimates)
        return f"<Fit of {self.title!r} to {self.plays:g} plays: {found}>"
