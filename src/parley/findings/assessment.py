"""From tables to findings: the one function that reads everything a run measured.

What lives here: :func:`assess` and the summary of certificates. What may not: sentences, files, solvers.

>>> from parley.findings.assessment import STATUSES
>>> STATUSES[0]
'converged'
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parley.catalog.naming import known_as
from parley.errors import FindingsError
from parley.findings.comparison import measures, verdict
from parley.findings.discovery import discover
from parley.findings.flips import flips
from parley.findings.history import history
from parley.findings.information import information
from parley.findings.judgements import number
from parley.findings.ledger import assumptions, claims, coverage
from parley.findings.model import Certification, ExpectedNumber, Findings, PolicyProof, Regret
from parley.findings.multiplicity import multiplicity
from parley.findings.needs import left_out
from parley.findings.pareto import pareto
from parley.findings.precision import precision
from parley.findings.reasoning import reasoning
from parley.findings.robustness import robustness
from parley.findings.sensitivity import cruxes
from parley.findings.statistics import REPLICATES, UNCERTIFIED_LIMIT, number_or_none, spread
from parley.study.results import Proof, Results

if TYPE_CHECKING:
    from parley.study.evaluator import Evaluator

__all__ = ["STATUSES", "assess"]

STATUSES = ("converged", "stalled", "limit", "ill-posed", "forked", "untraced")  # as parley.solve's Status
FAILED_SHOWN = 10


def assess(results: Results, probe: Evaluator | None = None) -> Findings:
    """Say what a run found: verdict, comparison, claims, assumptions, proof.

    Parameters
    ----------
    results
        The tables of :func:`parley.study.run`.
    probe
        Solves the same scenario for further readings: then the findings also say what carries the
        conclusion and what would reverse it. Without it they say what the run's own readings tell.

    Returns
    -------
    Findings
        With the verdict withheld when more than one draw in a hundred has no certified answer.

    Raises
    ------
    FindingsError
        The results hold no draws, or not the values that the scenario asks for.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load(parley.catalog.template())
    >>> findings = parley.assess(parley.run(scenario, draws=64, seed=7))
    >>> findings.verdict.recommended, findings.certification.sufficient
    ('accept', True)
    """
    if not results.draw.size:
        raise FindingsError("the results hold no draws: there is nothing to assess")
    certified = _certification(results)
    assumed = assumptions(results)
    found = claims(results, assumed)
    expected = _expected(results)
    comparison = results.scenario.comparison
    compared = comparison.policies if comparison is not None else {}
    judged = verdict(results, sufficient=certified.sufficient)
    others = multiplicity(results, judged, certified)
    return Findings(
        title=results.scenario.title,
        question=results.scenario.question,
        players={name: player.text for name, player in results.scenario.players.items()},
        policies=results.policies,
        left_out=tuple(name for name in compared if name not in results.policies),
        draws=int(results.draw.size),
        complete=results.complete,
        verdict=judged,
        measures=measures(results),
        claims=found,
        coverage=coverage(found),
        assumptions=assumed,
        precision=precision(results),
        expected=expected,
        certification=certified,
        provenance=results.provenance,
        notes=_notes(results, expected, has_verdict=judged is not None),
        multiplicity=others,
        robustness=robustness(results),
        pareto=pareto(results),
        information=information(results),
        cruxes=cruxes(results, probe) if probe is not None else None,
        flips=flips(results, probe, found) if probe is not None else None,
        discovery=discover(results, tree=probe is not None),
        reasoning=reasoning(results, probe, others) if probe is not None else None,
        history=history(results, probe) if probe is not None else None,
    )


def _certification(results: Results) -> Certification:
    """Sum up the proofs of all policies."""
    proofs = tuple(_proof(results, policy, proof) for policy, proof in results.proofs.items())
    if not proofs:
        raise FindingsError("the results hold no certificates: nothing in them can be trusted")
    unsolved: NDArray[np.bool_] = np.any([proof.status != 0 for proof in results.proofs.values()], axis=0)
    uncertified = int(np.count_nonzero(unsolved))
    residuals = [proof.largest_residual for proof in proofs if proof.largest_residual is not None]
    return Certification(
        draws=int(results.draw.size),
        games=sum(proof.draws for proof in proofs),
        solved=sum(proof.statuses["converged"] for proof in proofs),
        uncertified=uncertified,
        limit=UNCERTIFIED_LIMIT,
        sufficient=uncertified <= UNCERTIFIED_LIMIT * results.draw.size,
        largest_residual=max(residuals, default=None),
        policies=proofs,
    )


def _proof(results: Results, policy: str, proof: Proof) -> PolicyProof:
    if proof.status.size != results.draw.size:
        raise FindingsError(
            f"policy {policy!r} has {proof.status.size} certificates for {results.draw.size} draws"
        )
    counts = {name: int(np.count_nonzero(proof.status == code)) for code, name in enumerate(STATUSES)}
    if sum(counts.values()) != proof.status.size:
        raise FindingsError(f"policy {policy!r} has a draw with an unknown status")
    failed = {
        name: tuple(int(n) for n in results.draw[proof.status == code][:FAILED_SHOWN])
        for code, name in enumerate(STATUSES)
        if code and counts[name]
    }
    solved = proof.status == 0
    regret = {
        player: _regret(proof.regret[row][solved])
        for row, player in enumerate(results.players)
        if row < proof.regret.shape[0]
    }
    return PolicyProof(
        policy=policy,
        draws=int(proof.status.size),
        statuses=counts,
        failed=failed,
        largest_residual=_largest(proof.residual[solved]),
        regret=regret,
        largest_sweeps=int(proof.sweeps.max(initial=0)),
        nodes=proof.nodes,
        infosets=proof.infosets,
        actions=proof.actions,
    )


def _largest(values: NDArray[np.float64]) -> float | None:
    known = values[~np.isnan(values)]
    return number_or_none(float(known.max())) if known.size else None


def _regret(values: NDArray[np.float64]) -> Regret:
    known = values[~np.isnan(values)]
    return Regret(_largest(values), number_or_none(float(np.median(known))) if known.size else None)


def _expected(results: Results) -> tuple[ExpectedNumber, ...]:
    stated = [each for each in results.scenario.expected if not each.apart]
    if len(stated) != len(results.expected):
        raise FindingsError(
            f"the scenario expects {len(stated)} published numbers; the results hold {len(results.expected)}"
        )
    comparison = results.scenario.comparison
    default = comparison.recommend if comparison is not None else None
    found: list[ExpectedNumber] = []
    for item, values in zip(stated, results.expected, strict=True):
        over = spread(np.where(np.isfinite(values), values, np.nan), results.draw)
        met = over.mean is not None and abs(over.mean - item.value) <= item.tolerance
        source = results.scenario.sources.get(item.source or "")
        found.append(
            ExpectedNumber(
                expression=item.expression.source,
                value=item.value,
                tolerance=item.tolerance,
                found=over.mean,
                error=over.error,
                met=met,
                needs=left_out(results.scenario, item.expression.root, results.policies, default),
                source=source.text if source is not None else item.source,
            )
        )
    return tuple(found)


def _notes(results: Results, expected: tuple[ExpectedNumber, ...], *, has_verdict: bool) -> tuple[str, ...]:
    """Return what a reader must know beside the numbers, one sentence each."""
    count, provenance = int(results.draw.size), results.provenance
    notes: list[str] = []
    if not results.complete:
        notes.append(
            f"The run was stopped after {count:,} of {provenance.draws:,} readings; "
            "all figures rest on those."
        )
    if count % REPLICATES:
        notes.append(
            f"{count:,} readings are not a multiple of {REPLICATES}: the replicates behind the sampling "
            "error are of unequal size."
        )
    for name, value in provenance.overrides.items():
        notes.append(f"Not as the author wrote it: {name} is set to {value}.")
    comparison = results.scenario.comparison
    if comparison is not None:
        absent = [name for name in comparison.policies if name not in results.policies]
        if absent:
            notes.append("Policies left out of this run: " + ", ".join(absent) + ".")
        if not has_verdict:
            notes.append(
                "No verdict: it needs the recommended policy, at least one other, and those that a criterion "
                "names."
            )
    for item in expected:
        if not item.met and not item.needs:
            found = "nothing" if item.found is None else number(item.found, 6)
            notes.append(
                f"Not reproduced: {item.expression} should be {number(item.value, 6)} within "
                f"{number(item.tolerance)}, found {found}."
            )
    apart = sum(each.apart for each in results.scenario.expected)
    if apart:
        more = "1 more published number" if apart == 1 else f"{apart} more published numbers"
        notes.append(f"{more}: parley reproduce {shlex.quote(known_as(provenance.path))}")
    return tuple(notes)
