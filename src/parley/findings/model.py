"""What a run found: frozen data, ready for words, pictures and JSON.

What lives here: the types. What may not: statistics (:mod:`parley.findings.statistics`), sentences
(:mod:`parley.report`). Nothing here is an array: every field is a number, a text, a truth value, None or a
tuple or mapping of those, so that :mod:`parley.findings.exchange` writes and reads all of it. None stands
for a number that does not exist; there is no NaN.

*Reading* means one draw: one complete set of values for every uncertain number of the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parley.findings.discovery_model import Failure
from parley.findings.exchange import read, write
from parley.findings.flip_model import Flips
from parley.findings.history_model import History
from parley.findings.importance import Cruxes
from parley.findings.policy_model import Information, Pareto, Robustness
from parley.findings.reasoning_model import Dependence
from parley.findings.shares import Pair, Share, Spread
from parley.study.results import Provenance

__all__ = [
    "FORMAT",
    "MARK",
    "Answer",
    "Assumption",
    "Bounds",
    "Certification",
    "ClaimFinding",
    "Coverage",
    "ExpectedNumber",
    "Findings",
    "Measure",
    "Multiplicity",
    "Pair",
    "PolicyProof",
    "PolicySearch",
    "Precision",
    "Regret",
    "Share",
    "Spread",
    "Survival",
    "Verdict",
]

MARK = "parley_findings"  # the first key of the JSON form
FORMAT = 1  # the version of the JSON form; see docs/reference/findings.md


@dataclass(frozen=True, slots=True)
class Answer:
    """What one criterion says about the recommended policy.

    Margins are signed so that positive favours the recommendation. ``rival`` is the other candidate that is
    most often the best of all candidates; ``rival_ties`` are the candidates, the recommendation included,
    that equal it in every reading; ``best_share`` says how often each candidate is the best. ``pairs`` sets
    the recommendation beside every other candidate, by its name; None in files of before.
    """

    criterion: str
    expression: str
    higher: bool
    against_baseline: Share | None
    best: Share
    margin: Spread | None
    margin_over_rivals: Spread
    rival: str
    rival_ties: tuple[str, ...]
    best_share: Mapping[str, float | None]
    pairs: Mapping[str, Pair] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the recommendation stands.

    ``word`` answers whether it beats the baseline (or, when it *is* the baseline, whether it is best):
    ``robust``, ``leans``, ``open`` or ``fails`` when all criteria agree, ``divided`` when they do not, and
    ``withheld`` when too many readings have no certified answer. ``best_word`` answers whether it is the
    best of all ``candidates`` in the same words.
    """

    player: str
    recommended: str
    baseline: str | None
    candidates: tuple[str, ...]
    word: str
    best_word: str
    answers: tuple[Answer, ...]

    def __str__(self) -> str:
        """Return words and shares, for a quick look; :func:`parley.report.render` has the sentences."""
        against = f" against {self.baseline!r}" if self.answers[0].against_baseline is not None else ""
        lines = [f"{self.recommended!r}{against}: {self.word}"]
        lines += [f"  {item.criterion}: {item.against_baseline or item.best}" for item in self.answers]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that was measured under each policy.

    ``kind`` is ``criterion`` or ``quantity``; ``higher`` is None for a quantity, which has no better side.
    ``needs`` are the policies that it needs and the run left out: then there is no spread and no word.
    """

    name: str
    kind: str
    expression: str
    higher: bool | None
    needs: tuple[str, ...]
    spread: Mapping[str, Spread]
    best_share: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something that the author judged: a number, or a choice between rival structures.

    ``kind`` is ``parameter`` or ``switch``. ``judgement`` is the range as the author stated it,
    in words; ``low``, ``middle``, ``high`` are the 5, 50 and 95 % quantiles of the values used.
    ``confidence`` is A (counted), B (read off), C (judged) or None when the author gave none.
    """

    name: str
    kind: str
    text: str | None
    judgement: str
    unit: str | None
    low: float | None
    middle: float | None
    high: float | None
    confidence: str | None
    evidence: tuple[str, ...]
    why: str | None
    passage: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What became of one claim of the argument.

    ``kind`` is ``assumed``, ``derived`` or ``unmodelled``. ``carriers`` name the assumptions that carry it.
    ``confidence`` is the lowest grade among the carriers and the claim's own evidence; a carrier without a
    grade counts as lower than C and makes it None (a step of the story has no grade and is left out).
    ``holds`` is None for a derived claim that this run did not measure; ``needs`` are the policies that it
    needs and the run left out.
    """

    name: str
    kind: str
    text: str
    passage: str | None
    carriers: tuple[str, ...]
    structure: str | None
    confidence: str | None
    evidence: tuple[str, ...]
    expression: str | None
    holds: Share | None
    margin: Spread | None
    needs: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the argument the model carries: numbers of claims.

    ``words`` counts the derived claims by the word of their share (``unmeasured`` where this run has none);
    ``grades`` counts the assumed claims by confidence (``none`` where no grade can be given).
    """

    claims: int
    assumed: int
    derived: int
    unmodelled: int
    words: Mapping[str, int]
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Regret:
    """The most that a player could gain by deviating, in units of its stake: over draws."""

    largest: float | None
    median: float | None


@dataclass(frozen=True, slots=True)
class PolicyProof:
    """The certificates of one policy's game.

    ``statuses`` counts draws by status; ``failed`` lists, for each status other than ``converged``, the
    numbers of the first draws that have it.
    """

    policy: str
    draws: int
    statuses: Mapping[str, int]
    failed: Mapping[str, tuple[int, ...]]
    largest_residual: float | None
    regret: Mapping[str, Regret]
    largest_sweeps: int
    nodes: int
    infosets: int
    actions: int


@dataclass(frozen=True, slots=True)
class Certification:
    """The proof beside the answer, summed up.

    ``solved`` counts (draw, policy) pairs with status converged out of ``games``. ``uncertified`` counts
    the draws in which at least one policy's game was not solved. ``sufficient`` is False when they are more
    than ``limit`` of all: then no verdict is given.
    """

    draws: int
    games: int
    solved: int
    uncertified: int
    limit: float
    sufficient: bool
    largest_residual: float | None
    policies: tuple[PolicyProof, ...]


@dataclass(frozen=True, slots=True)
class Precision:
    """How closely a player follows its interest, in odds.

    ``errors`` is "logistic", "normal", "normal on endings", or "by switch" where a switch says which.

    Between two options whose consequences differ by a tenth of all that is at stake for the player it takes
    the better one with odds ``odds``, that is with chance ``chance``. Under logistic errors the odds are
    exp(``middle`` / 10); under normal ones the chance is Phi(``middle`` / (10 sqrt 2)), with shocks on
    endings between two sure ones. Both are None where a switch says which errors apply. ``low``, ``middle``,
    ``high`` are the 5, 50, 95 % quantiles of the precision used. ``stake`` is what the author states to be at
    stake, None for the whole stake.
    """

    player: str
    text: str
    stake: str | None
    low: float
    middle: float
    high: float
    odds: float | None
    chance: float | None
    errors: str = "logistic"


@dataclass(frozen=True, slots=True)
class ExpectedNumber:
    """A published number, and what this run found in its place (the mean over the defined readings).

    ``needs`` are the policies that it needs and the run left out: then nothing was measured.
    """

    expression: str
    value: float
    tolerance: float
    found: float | None
    error: float | None
    met: bool
    needs: tuple[str, ...]
    source: str | None


@dataclass(frozen=True, slots=True)
class PolicySearch:
    """Equilibria that a search found in one policy's games.

    ``several`` counts the games with more than one, ``most`` is the largest number in one game. ``missed``
    counts those in which the signs of the equilibria found do not add up to 1: there is at least one more.
    ``twins`` counts those in which two equilibria are mirror images of each other, ``accidents`` those of
    them in which the one on the principal branch is such an image; ``none`` those in which not even one was
    found.
    """

    policy: str
    games: int
    several: int
    most: int
    missed: int
    twins: int
    accidents: int
    none: int
    largest_residual: float | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """In what share of the searched readings something holds, whichever equilibrium is played.

    ``played`` is with everybody on the principal branch; ``worst`` and ``best`` take, reading by reading and
    policy by policy, the equilibrium that speaks most against and most for the recommendation. ``depends``
    counts the readings in which these two differ.
    """

    played: Share
    worst: Share
    best: Share
    depends: int


@dataclass(frozen=True, slots=True)
class Survival:
    """Whether one criterion's answer survives in the other equilibria."""

    criterion: str
    expression: str
    against_baseline: Bounds | None
    best: Bounds


@dataclass(frozen=True, slots=True)
class Multiplicity:
    """What a search for other equilibria found.

    ``starts`` in each game; ``draws`` readings were searched under every policy: ``games`` in all. A search
    finds at least so many; it does not prove that there are no more. ``survives`` is True when every word of
    the verdict is the same whichever equilibrium is played, None when there is no verdict.
    """

    starts: int
    draws: int
    games: int
    several: int
    most: int
    missed: int
    twins: int
    accidents: int
    survives: bool | None
    policies: tuple[PolicySearch, ...]
    criteria: tuple[Survival, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything a run says. See docs/reference/findings.md for each field."""

    title: str
    question: str | None
    players: Mapping[str, str]
    policies: tuple[str, ...]
    left_out: tuple[str, ...]
    draws: int
    complete: bool
    verdict: Verdict | None
    measures: tuple[Measure, ...]
    claims: tuple[ClaimFinding, ...]
    coverage: Coverage
    assumptions: tuple[Assumption, ...]
    precision: tuple[Precision, ...]
    expected: tuple[ExpectedNumber, ...]
    certification: Certification
    provenance: Provenance
    notes: tuple[str, ...]
    multiplicity: Multiplicity | None = None
    robustness: tuple[Robustness, ...] | None = None
    pareto: Pareto | None = None
    information: tuple[Information, ...] | None = None
    cruxes: Cruxes | None = None
    flips: Flips | None = None
    discovery: tuple[Failure, ...] | None = None
    reasoning: Dependence | None = None
    history: History | None = None

    def __repr__(self) -> str:
        """Return one line."""
        word = self.verdict.word if self.verdict is not None else "no verdict"
        return f"<Findings of {self.title!r}: {word}, {self.draws} readings>"

    def to_json(self) -> str:
        """Write the findings as JSON, the same text as ``parley run --json``.

        Returns
        -------
        str
            Versioned (``"parley_findings": 1``), keys in the order of the fields, without NaN.
        """
        return write(self, MARK, FORMAT)

    def to_frame(self, table: str | None = None, library: str | None = None) -> Any:
        """Return tables for pandas or polars.

        Parameters
        ----------
        table
            ``verdict``, ``measures``, ``claims``, ``assumptions``, ``precision``, ``expected``, ``proof``,
            ``robustness``, ``information``, ``cruxes``, ``flips``, ``curves`` (how the answer moves with each
            assumption), ``options`` (of switches), ``regions`` (in which the recommendation fails),
            ``cases``; None for all that have rows.
        library
            ``pandas`` or ``polars``; None takes pandas where it is installed, else polars.

        Returns
        -------
        One frame; of None a dictionary of frames by name. Columns are the fields that
        docs/reference/findings.md describes; a record within a record has columns ``outer inner``.

        Raises
        ------
        FindingsError
            There is no such table.
        FrameError
            The library is neither of the two, or not installed (``pip install 'parley-workbench[frames]'``).

        Examples
        --------
        >>> import parley
        >>> found = parley.assess(parley.run(parley.load("which-event-first"), draws=16))
        >>> len(found.to_frame("claims")), "measures" in found.to_frame()
        (4, True)
        """
        from parley.findings.tidy import findings_frame, findings_frames

        return findings_frames(self, library) if table is None else findings_frame(self, table, library)

    @staticmethod
    def from_json(text: str) -> Findings:
        """Read findings back from :meth:`to_json`.

        Raises
        ------
        FindingsError
            The text is not JSON, of another version, or a field is missing, unknown or of another type.
        """
        return read(Findings, text, MARK, FORMAT)
