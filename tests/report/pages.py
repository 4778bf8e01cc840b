"""What users read, for the golden texts: findings and stories made up for the purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from parley.findings import Findings, assess
from parley.report import render, render_story
from parley.scenario.model import (
    Clock,
    Criterion,
    Draw,
    Ending,
    Endings,
    Group,
    Judgement,
    Move,
    Nature,
    Option,
    Payoff,
    Quantity,
    Race,
    Ranking,
    Repeat,
    Reveal,
    Reward,
    Scenario,
    Signal,
    Simultaneous,
    StateVariable,
    Update,
)
from parley.scenario.syntax import Call, Kind, Number, Reference
from tests.findings.synthetic import SPAN, claim, expression, proof, results, scenario, with_override

__all__ = ["PAGES"]


def divided() -> Findings:
    return assess(results())


def withheld() -> Findings:
    base = results()
    status = np.zeros(1024, np.int8)
    status[100:140] = 1
    status[7] = 3
    return assess(replace(base, proofs={**base.proofs, "pause": replace(proof(1024), status=status)}))


def nothing_compared() -> Findings:
    base = results()
    return assess(
        replace(
            base,
            scenario=replace(base.scenario, comparison=None, expected=()),
            policies=("free play",),
            criteria={},
            quantities={("p war", "free play"): base.quantities["p war", "pause"]},
            proofs={"free play": proof(1024)},
            expected=(),
        )
    )


def robust_but_changed() -> Findings:
    base = results(64)
    kept = ("status quo", "short list")
    criteria = {key: values for key, values in base.criteria.items() if key[1] in kept}
    criteria[1, "short list"] = criteria[1, "status quo"] + 0.25
    criteria[1, "short list"][3] = np.nan
    base = replace(
        base,
        policies=kept,
        criteria=criteria,
        quantities={key: value for key, value in base.quantities.items() if key[1] in kept},
        proofs={name: base.proofs[name] for name in kept},
        expected=(np.full(64, 0.7),),
        complete=False,
        provenance=replace(base.provenance, draws=4096, path="my arguments/bargain.md"),
    )
    put = Draw(Judgement("fixed", (3.0,), None, None, None, SPAN), None, None, SPAN)
    return assess(with_override(base, "sigma", put, "3"))


def crowded() -> Findings:
    """Return findings as large as a newspaper column gives: 26 claims, ten quantities."""
    base = results()
    long = "A strike-ended round makes refusing cooperation look like the best reply to many more than before"
    claims = {}
    for number in range(1, 27):
        name = f"C{number}"
        if number <= 9:
            claims[name] = claim(name, long, derives=expression("P(a) > P(b)"))
        elif number <= 20:
            claims[name] = claim(name, long if number % 2 else "Talks fail", assumes=("t_ttp", "sigma"))
        else:
            claims[name] = claim(
                name, long, unmodelled="it needs several rounds of the same game, year by year"
            )
    quantities = {
        f"q{i}": Quantity(f"q{i}", expression(f"P(q{i})"), f"chance of ending {i}", SPAN) for i in range(10)
    }
    values = {
        (name, policy): base.quantities["p war", policy] for name in quantities for policy in base.policies
    }
    return assess(
        replace(
            base,
            scenario=replace(base.scenario, claims=claims, quantities=quantities),
            quantities=values,
            claims={f"C{number}": base.claims["C26" if number % 3 else "C24"] for number in range(1, 10)},
        )
    )


def option(label: str, chance: str | None = None, when: str | None = None) -> Option:
    return Option(
        label, expression(chance) if chance else None, expression(when) if when else None, None, SPAN
    )


def rounds() -> Repeat:
    """Return a repeat with a race, updates and a reward in it."""
    strike = expression("posture is short list")
    clocks = (
        Clock("strike", expression("sigma"), strike, SPAN),
        Clock("breach", expression("kappa"), None, SPAN),
    )
    flow = {"us": expression("-v * sigma")}
    steps = (
        Race("first event", clocks, expression("6"), "nothing", flow, None, None, SPAN),
        Update("mood", "angry", (), expression("first event is strike"), SPAN),
        Update("mood", None, (option("angry", "30%"), option("calm")), None, SPAN),
        Reward({"us": expression("-cost")}, None, SPAN),
    )
    return Repeat(3, "round", expression("first event is breach"), steps, None, SPAN)


def long_story() -> Scenario:
    """Return a scenario with a step of every kind."""
    kinds = (option("reconcilable", "t_ttp"), option("hostile"))
    answers = (option("go quiet"), option("protest", when="round > 1"))
    postures = (option("as usual"), option("short list"), option("pause"))
    kept = (option("keep"), option("break"))
    endings = (Ending("clean", expression("first event is breach"), SPAN), Ending("tainted", None, SPAN))
    chances = {"reconcilable": (expression("70%"), None), "hostile": (expression("10%"), None)}
    both = (Move("gov", "answer", answers, None, None, SPAN), Move("us", "word", kept, (), None, SPAN))
    told = Reveal(("sincerity",), ("gov", "public"), None, SPAN)
    story = (
        Nature("sincerity", kinds, False, None, ("gov",), None, SPAN),
        Move("us", "posture", postures, None, None, SPAN),
        Simultaneous(both, expression("posture is short list"), SPAN),
        Signal("report", "sincerity", (), expression("20%"), None, ("public",), None, SPAN),
        Signal("rumour", "sincerity", (option("soft"), option("hard")), None, chances, (), None, SPAN),
        rounds(),
        Group((told,), expression("posture is pause"), SPAN),
        Endings(endings, None, SPAN),
    )
    payoffs = {
        "us": Payoff("us", {"clean": expression("0")}, expression("-B"), None, (expression("-cost"),), SPAN),
        "gov": Payoff("gov", {}, None, Ranking((("clean",), ("tainted", "war")), (True,), SPAN), (), SPAN),
    }
    states = {"mood": StateVariable("mood", "calm", ("calm", "angry"), False, ("gov",), SPAN)}
    return replace(scenario(), story=story, payoffs=payoffs, states=states)


def tied() -> Findings:
    """Return findings in which the recommendation loses always, to two rivals that are equal."""
    base = results()
    equal = np.linspace(1.0, 2.0, 1024)
    criteria = {
        **base.criteria,
        (0, "short list"): equal - 0.5,
        (0, "pause"): equal,
        (0, "status quo"): equal,
    }
    return assess(replace(base, criteria=criteria))


def one_policy() -> Findings:
    """Return findings of a run that left out what claims, criteria and quantities need."""
    base = results()
    needs = Reference(Kind.POLICY, "pause", 0, 1)
    other = expression("P(x | pause)", Call("P", (Number(1.0, 0, 1),), needs, 0, 1))
    comparison = base.scenario.comparison
    assert comparison is not None
    by = (comparison.by[0], Criterion(other, True, "against pausing", SPAN))
    scenario = replace(
        base.scenario,
        comparison=replace(comparison, by=by),
        claims={**base.scenario.claims, "C24": claim("C24", "Pausing is cleaner", derives=other)},
        quantities={**base.scenario.quantities, "q": Quantity("q", other, "chance of x", SPAN)},
        expected=(replace(base.scenario.expected[0], expression=other),),
    )
    kept, nothing = ("status quo", "short list"), np.full(1024, np.nan)
    return assess(
        replace(
            base,
            scenario=scenario,
            policies=kept,
            criteria={key: nothing if key[0] else base.criteria[key] for key in base.criteria},
            quantities={
                **{key: values for key, values in base.quantities.items() if key[1] in kept},
                **{("q", name): nothing for name in kept},
            },
            claims={**base.claims, "C24": nothing},
            expected=(nothing,),
            proofs={name: base.proofs[name] for name in kept},
        )
    )


def objection() -> str:
    words = "K4: the promise does not bind"
    return render(robust_but_changed(), 100, author=divided(), objection=words)


@dataclass(frozen=True)
class Size:
    nodes: int = 1234
    edges: int = 2345
    infosets: int = 56
    actions: int = 120


def story(width: int) -> str:
    quantiles = {"t_ttp": (0.0575, 0.125, 0.1925), "sigma": (1.5, 2.3, 3.5), "precision": (1.15, 4.0, 13.9)}
    return render_story(long_story(), Size(), quantiles, width)


PAGES: dict[str, Callable[[], str]] = {
    "divided-100": lambda: render(divided(), 100),
    "divided-60": lambda: render(divided(), 60, show=["all"]),
    "divided-120": lambda: render(divided(), 120, show=["all"]),
    "withheld-80": lambda: render(withheld(), 80, show=["all"]),
    "nothing-compared-80": lambda: render(nothing_compared(), 80),
    "robust-but-changed-100": lambda: render(robust_but_changed(), 100),
    "objection-100": lambda: render(
        robust_but_changed(), 100, author=divided(), objection="K4: the promise does not bind"
    ),
    "tied-100": lambda: render(tied(), 100, show=["all"]),
    "one-policy-100": lambda: render(one_policy(), 100),
    "crowded-100": lambda: render(crowded(), 100),
    "crowded-80": lambda: render(crowded(), 80, show=["all"]),
    "story-100": lambda: story(100),
    "story-60": lambda: story(60),
}
