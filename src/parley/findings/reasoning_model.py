"""What the findings say of other ways of reasoning: frozen data.

What lives here: the types. What may not: how they are computed, sentences. As in
:mod:`parley.findings.model`, nothing is an array and None stands for a number that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.findings.shares import Share

__all__ = ["ChangedClaim", "Dependence", "ReasonedAnswer", "Way"]


@dataclass(frozen=True, slots=True)
class ReasonedAnswer:
    """One criterion's answer when players reason in another way.

    ``share`` is about what the verdict is about: how often the recommendation beats the baseline, or how
    often it is the best where it is itself the baseline. ``judged`` is the word that the same readings give
    with players who reason as judged.
    """

    criterion: str
    expression: str
    share: Share
    judged: str


@dataclass(frozen=True, slots=True)
class ChangedClaim:
    """A derived claim that gets another word when players reason in another way."""

    name: str
    share: Share
    judged: Share


@dataclass(frozen=True, slots=True)
class Way:
    """The verdict and the derived claims, players reasoning in one way.

    ``kind`` is ``judged``; ``precision``: everybody, or ``player`` alone, follows its interest with
    ``precision``; ``band``: those readings of the run in which the judged precision of ``players`` lies
    from ``low`` to ``high``; ``level``: everybody thinks ``level`` steps ahead of others who begin at random,
    ``noisy`` or without error; ``worst`` and ``best``: in every reading that equilibrium of those found is
    played which speaks most against, or for, the recommendation. ``judged`` is the word of the verdict that
    the same ``readings`` give as judged, ``word`` the one that they give here; both None without a verdict.
    ``claims`` are those derived claims whose word differs; None where they were not looked at. ``unsolved``
    counts the readings in which some policy's game has no answer with a proof; the proof of a level is
    ``largest_residual``, the largest miss of a reply.
    """

    kind: str
    players: tuple[str, ...]
    precision: float | None
    low: float | None
    high: float | None
    level: int | None
    noisy: bool
    readings: int
    unsolved: int
    largest_residual: float | None
    judged: str | None
    word: str | None
    answers: tuple[ReasonedAnswer, ...]
    claims: tuple[ChangedClaim, ...] | None


@dataclass(frozen=True, slots=True)
class Dependence:
    """Which findings survive when players reason in other ways.

    ``readings`` of the run were solved again in each way. ``ways`` begin with the one that was judged, in
    these readings. There are no others where nobody has a choice. ``refused`` says why no levels were solved
    for. ``survives`` is True where every criterion keeps its word in every way, None where some way has no
    verdict.
    """

    readings: int
    policies: tuple[str, ...]
    choosers: tuple[str, ...]
    claims: int
    survives: bool | None
    ways: tuple[Way, ...]
