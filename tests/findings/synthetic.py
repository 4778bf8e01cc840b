"""A small argument about a bargain, and results made up for it: no solver needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from parley.scenario.model import (
    Claim,
    Comparison,
    Criterion,
    Draw,
    Evidence,
    Expectation,
    Expression,
    Judgement,
    Move,
    Nature,
    Option,
    Parameter,
    Player,
    Policy,
    Quantity,
    Rule,
    Scenario,
    Source,
    Span,
    Switch,
)
from parley.scenario.syntax import Kind, Node, Number, Reference
from parley.study.results import Proof, Provenance, Results

SPAN = Span("bargain.md", 1, 1)
DRAWS = 1024
POLICIES = ("status quo", "short list", "pause", "uncommitted")


def expression(source: str, root: Node | None = None) -> Expression:
    return Expression(source, root or Number(0.0, 0, 1), SPAN)


def parameter(name: str, judgement: Judgement, **other: object) -> Parameter:
    empty = Parameter(name, judgement, None, None, None, (), (), None, None, SPAN)
    return replace(empty, **other)  # type: ignore[arg-type]


def judgement(shape: str, *numbers: float, word: str | None = None) -> Judgement:
    return Judgement(shape, numbers, None, word, "icd203" if word else None, SPAN)


def claim(name: str, text: str, **other: object) -> Claim:
    return replace(Claim(name, text, (), None, None, None, None, (), SPAN), **other)  # type: ignore[arg-type]


def comparison() -> Comparison:
    def fixed(name: str) -> Policy:
        return Policy(name, (Rule("posture", {name: 1.0}, None, SPAN),), False, SPAN)

    policies = {name: fixed(name) for name in POLICIES[:3]}
    policies["uncommitted"] = Policy("uncommitted", (), False, SPAN)
    return Comparison(
        "us",
        policies,
        "short list",
        (
            Criterion(expression("P(clean | failure)"), True, "a clean failure", SPAN),
            Criterion(expression("payoff(us)"), True, "net worth to Washington", SPAN),
        ),
        SPAN,
    )


def judged() -> dict[str, Parameter]:
    found = [
        parameter(
            "t_ttp",
            judgement("likelihood", 0.05, 0.2, word="very unlikely"),
            text="the group gives up force",
            claims=("C5",),
            confidence="C",
            why="six broken deals; one poll",
        ),
        parameter(
            "sigma",
            judgement("triangular", 1.2, 2.0, 4.0),
            unit="per month",
            claims=("C13",),
            evidence=("strikes",),
        ),
        parameter("precision", judgement("loguniform", 1.0, 16.0), confidence="B"),
    ]
    return {item.name: item for item in found}


def claimed() -> dict[str, Claim]:
    found = [
        claim("C5", "Talks with this group are almost certain to fail", assumes=("t_ttp",)),
        claim("C13", "A strike on a commander who is dealing ends the deal", assumes=("answer",)),
        claim("C24", "The bargain makes a clean failure likelier", derives=expression("P(c | a) > P(c | b)")),
        claim("C26", "The bargain is worth its price", derives=expression("payoff(us) > 0")),
        claim("C19", "The services will not give up their only tool", unmodelled="one actor stands for all"),
    ]
    return {item.name: item for item in found}


def scenario() -> Scenario:
    options = tuple(Option(name, None, None, None, SPAN) for name in POLICIES[:3])
    yes, no = Option("accept", None, None, None, SPAN), Option("refuse", None, None, None, SPAN)
    on_off = ("on", "off")
    agency = Switch("agency", on_off, "on", None, "the promise binds", None, (), (), None, None, SPAN)
    return Scenario(
        title="Let the talks fail without us",
        question="Which posture makes it likeliest that failing talks unite the country?",
        about={},
        article="",
        passages={},
        players={
            "us": Player("us", "United States", None, None, None, SPAN),
            "gov": Player("gov", "Government", None, None, None, SPAN),
            "public": Player("public", "The public", None, None, None, SPAN),
        },
        precision=expression("precision", Reference(Kind.PARAMETER, "precision", 0, 9)),
        parameters=judged(),
        together=(),
        switches={"agency": agency},
        definitions={},
        states={},
        story=(
            Nature("sincerity", (yes, no), True, None, ("gov",), None, SPAN),
            Move("us", "posture", options, None, None, SPAN),
            Move("gov", "answer", (yes, no), None, None, SPAN),
        ),
        outcomes=("clean", "tainted"),
        payoffs={},
        comparison=comparison(),
        quantities={"p war": Quantity("p war", expression("P(war)"), "chance of war", SPAN)},
        claims=claimed(),
        cases={},
        challenges={},
        sources={"tbij": Source("tbij", "Bureau of Investigative Journalism", None, None, SPAN)},
        evidence={"strikes": Evidence("strikes", "12 strikes in 174 days", "tbij", None, "A", SPAN)},
        expected=(Expectation(expression("P(war | status quo)"), 0.5, 0.05, "tbij", SPAN),),
        path="bargain.md",
        text="",
        digest="0123456789abcdef" * 4,
    )


def proof(draws: int, nodes: int = 87) -> Proof:
    regret = np.zeros((3, draws))
    regret[0] = np.linspace(0.0, 0.02, draws)
    return Proof(
        status=np.zeros(draws, np.int8),
        residual=np.full(draws, 3e-11),
        regret=regret,
        sweeps=np.full(draws, 12, np.int32),
        nodes=nodes,
        infosets=9,
        actions=21,
    )


def evenly(draws: int, step: float) -> NDArray[np.float64]:
    """Return numbers spread evenly over (0, 1): multiples of an irrational step, without the whole part."""
    return np.asarray((0.5 + np.arange(draws) * step) % 1.0, dtype=np.float64)


def results(draws: int = DRAWS) -> Results:
    """Return results in which the short list is surely cleaner and mostly dearer than the status quo."""
    u, v, w = (evenly(draws, float(np.sqrt(prime))) for prime in (2, 3, 5))
    clean = {"status quo": 0.3 + 0.2 * u, "short list": 0.45 + 0.2 * v, "pause": 0.6 + 0.2 * w}
    worth = {"status quo": 2 * u - 3, "short list": 2 * v - 3.8, "pause": 2 * w - 4.5}
    clean["uncommitted"], worth["uncommitted"] = clean["status quo"] * 0.9, worth["status quo"] + 0.5
    values = [(0, name, array) for name, array in clean.items()]
    values += [(1, name, array) for name, array in worth.items()]
    holds = (clean["short list"] > clean["status quo"]).astype(np.float64)
    worthwhile = np.where(u < 0.02, np.nan, (worth["short list"] > -2.0).astype(np.float64))
    return Results(
        scenario=scenario(),
        provenance=Provenance(
            scenario="Let the talks fail without us",
            path="bargain.md",
            digest="0123456789abcdef" * 4,
            overrides={},
            seed=7,
            draws=draws,
            design="scrambled Sobol', 16 replicates",
            concept="agent logit quantal response, principal branch, residual at most 1e-09",
            version="0.1.0",
        ),
        draw=np.arange(draws, dtype=np.int64),
        players=("us", "gov", "public"),
        policies=POLICIES,
        parameters={"t_ttp": 0.05 + 0.15 * u, "sigma": 1.2 + 2.8 * v, "precision": 16.0**w},
        switches={"agency": np.full(draws, "on")},
        precision=dict.fromkeys(("us", "gov", "public"), 16.0**w),
        criteria={(index, name): array for index, name, array in values},
        quantities={("p war", name): 0.5 + 0.02 * (u - v) for name in POLICIES},
        claims={"C24": holds, "C26": worthwhile},
        margins={"C24": clean["short list"] - clean["status quo"]},
        expected=(0.48 + 0.02 * u,),
        proofs={name: proof(draws, 80 + len(name)) for name in POLICIES},
        complete=True,
    )


def with_override(base: Results, name: str, put: Draw, text: str) -> Results:
    """Return results of a scenario in which something was set by hand."""
    return replace(
        base,
        scenario=replace(base.scenario, overrides={name: put}),
        provenance=replace(base.provenance, overrides={name: text}),
    )
