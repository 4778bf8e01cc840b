"""Findings in sentences: rounding that never overstates, and the few sentences that carry the answer.

What lives here: numbers and findings as English. What may not: layout, colour, statistics.

Rounding. A share that is not exactly all or none is never written as 100 or 0: 99.96 % is "more than 99 of
100". A sampling error is rounded up. Where a reader who takes one from the other would come to another word
than the findings, both get a decimal more. A number that does not exist is "n/a".
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable

from parley.catalog.naming import known_as
from parley.findings import Answer, Findings, Measure, Precision, Share
from parley.findings.judgements import number
from parley.findings.statistics import FAILS_BELOW, LEANS_ABOVE, ROBUST_FROM, side, word

__all__ = [
    "ABSENT",
    "GRADES",
    "answer",
    "best_in",
    "best_of_all",
    "brief",
    "clean",
    "command",
    "decimals_of",
    "figure",
    "figures",
    "give_or_take",
    "headline",
    "listed",
    "method",
    "not_measured",
    "odds",
    "of_hundred",
    "precisions",
    "quoted",
    "readings",
    "scientific",
    "shorten",
    "thresholds",
    "unchallenged",
    "unsound",
]

ABSENT = "n/a"
NOISE = 1e-9  # the precision to which games are solved: smaller measures are written as 0
GRADES = {"A": "A, counted", "B": "B, read off", "C": "C, judged", None: "no grade"}
HEADLINES = {
    "robust": "The recommendation is robust",
    "leans": "The readings lean towards the recommendation",
    "open": "The question stays open",
    "fails": "The recommendation fails",
    "divided": "The answers differ",
}
_PLAIN = {
    "agent logit quantal response": "better options are chosen more often, never surely",
    "agent quantal response": "better options are chosen more often",
    "limit of quantal response": "nobody errs",
    "scrambled Sobol'": "readings spread evenly",
}
_AGAINST = {1: "better", 0: "neither clearly better nor worse", -1: "worse"}
_BEST = {1: "the best", 0: "perhaps the best", -1: "not the best"}


def clean(text: str) -> str:
    r"""Return the text on one line, without control characters (a scenario must not drive a terminal).

    >>> clean("two\nlines, \x1b[31mred")
    'two lines, [31mred'
    """
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def shorten(text: str, width: int) -> str:
    """Return the text on one line of at most ``width`` characters, cut between words.

    >>> shorten("Talks with this group are almost certain to fail", 24)
    'Talks with this group …'
    """
    text = clean(text)
    if len(text) <= width:
        return text
    kept = text[: max(1, width - 1)]
    if " " in kept[width // 2 :]:
        kept = kept[: kept.rindex(" ")] + " "
    return (kept.rstrip(" ,;:") + " …") if kept.endswith(" ") else kept + "…"


def figure(value: float | None) -> str:
    """Write a measured number with three significant digits.

    >>> figure(0.51234), figure(3e-17), figure(None)
    ('0.512', '0', 'n/a')
    """
    if value is None:
        return ABSENT
    return number(value) if abs(value) >= NOISE else "0"


def scientific(value: float) -> str:
    """Write how far something is off: two digits and a power of ten.

    >>> scientific(8.04e-12), scientific(0.0)
    ('8.0e-12', '0')
    """
    return f"{value:.1e}" if value else "0"


def figures(values: Iterable[float | None]) -> list[str]:
    """Write numbers that stand beside each other with the same number of decimals.

    >>> figures((0.4, 0.3117, None)), figures((-2.0, 12.34)), figures((3.0, 12.0))
    (['0.400', '0.312', 'n/a'], ['-2.0', '12.3'], ['3', '12'])
    """
    values = [0.0 if value is not None and abs(value) < NOISE else value for value in values]
    known = [value for value in values if value is not None]
    size = max((abs(value) for value in known), default=0.0)
    if all(value == int(value) for value in known) or not 1e-3 <= size < 1e9:
        return [figure(value) for value in values]
    if all(0.0 <= value <= 1.0 for value in known):
        return [_portion(value) for value in values]
    decimals = max(0, 2 - math.floor(math.log10(size)))
    # Adding 0.0 turns a rounded -0.0 into 0.0.
    return [ABSENT if value is None else f"{round(value, decimals) + 0.0:,.{decimals}f}" for value in values]


def _portion(value: float | None) -> str:
    """Write a number from 0 to 1, never as 0 or 1 unless it is."""
    if value is None:
        return ABSENT
    if 0.0 < value < 0.0005:
        return "<0.001"
    if 0.9995 <= value < 1.0 - NOISE:
        return ">0.999"
    return f"{value:.3f}"


def of_hundred(share: float | None, decimals: int = 0) -> str:
    """Write a share as so many of 100, never 0 or 100 unless it is exactly none or all.

    >>> of_hundred(0.634), of_hundred(0.9996), of_hundred(0.0004), of_hundred(1.0), of_hundred(None)
    ('63 of 100', 'more than 99 of 100', 'fewer than 1 of 100', 'all', 'n/a')
    >>> of_hundred(0.9121, 1)
    '91.2 of 100'
    """
    if share is None:
        return ABSENT
    if share >= 1.0:
        return "all"
    if share <= 0.0:
        return "none"
    unit = 10**decimals
    parts = math.floor(100 * unit * share + 0.5)
    if parts >= 100 * unit:
        return f"more than {100 - 1 / unit:.{decimals}f} of 100"
    if parts < 1:
        return f"fewer than {1 / unit:.{decimals}f} of 100"
    return f"{parts / unit:.{decimals}f} of 100"


def decimals_of(share: Share) -> int:
    """Return with how many decimals a share and its error, as written, lead to the share's own word.

    Undefined readings count too: where they and not the rounding decide the word, no decimals help.

    >>> decimals_of(Share(0.912, 0.0105, 0.0, 0.9015, 0.9225, 4096, 0, "robust"))
    1
    """
    if share.share is None or share.error is None or share.share in (0.0, 1.0):
        return 0
    for decimals in range(4):
        whole = 100 * 10**decimals
        middle = min(max(math.floor(whole * share.share + 0.5), 1), whole - 1)
        error = _rounded_up(share.error, whole)
        if word((middle - error) / whole, (middle + error) / whole) == share.word:
            return decimals
    return 0


def _rounded_up(error: float, whole: int) -> int:
    # 0.02 is 2 hundredths, not 3, whatever its last bit.
    return max(1, math.ceil(whole * error - 1e-9))


def brief(text: str) -> str:
    """Return words of a share short enough for a column.

    >>> brief("more than 99 of 100")
    '> 99 of 100'
    """
    return text.replace("more than ", "> ").replace("fewer than ", "< ")


def readings(share: Share) -> str:
    """Write in what share of the readings something holds.

    >>> readings(Share(0.634, 0.011, 0.0, 0.62, 0.65, 4096, 0, "leans"))
    'in 63 of 100 readings (give or take 2)'
    >>> readings(Share(1.0, 0.0007, 0.0, 0.99, 1.0, 4096, 0, "robust"))
    'in all 4,096 readings'
    >>> readings(Share(0.912, 0.0105, 0.0, 0.9015, 0.9225, 4096, 0, "robust"))
    'in 91.2 of 100 readings (give or take 1.1)'
    """
    if share.share is None:
        return "in no reading that can be compared"
    if share.share in (0.0, 1.0):
        which = f"in {of_hundred(share.share)}"
        return (
            f"{which} {share.defined:,} readings" if share.share else f"{which} of {share.defined:,} readings"
        )
    decimals = decimals_of(share)
    return f"in {of_hundred(share.share, decimals)} readings ({give_or_take(share.error, decimals)})"


def give_or_take(error: float | None, decimals: int = 0) -> str:
    """Write a 95 % half-width of a share in hundredths, rounded up.

    >>> give_or_take(0.0121), give_or_take(0.0007), give_or_take(None)
    ('give or take 2', 'give or take 1', 'sampling error unknown')
    """
    if error is None:
        return "sampling error unknown"
    unit = 10**decimals
    return f"give or take {_rounded_up(error, 100 * unit) / unit:.{decimals}f}"


def quoted(name: str) -> str:
    """Return an author's name in quotation marks, so that it reads as one."""
    return f'"{clean(name)}"'


def listed(names: list[str]) -> str:
    """Return names as one does in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def headline(findings: Findings) -> str:
    """Return the verdict in one or two short sentences."""
    verdict, proof = findings.verdict, findings.certification
    if not proof.sufficient:
        return (
            f"No verdict: {proof.uncertified:,} of {proof.draws:,} readings have no certified answer, and "
            f"a verdict needs one in at least {of_hundred(1 - proof.limit)}."
        )
    if verdict is None:
        if any(item.kind == "criterion" for item in findings.measures):
            return "No verdict: it needs the recommended policy and its rivals in the same run."
        return "Nothing is recommended here, so there is no verdict; this is what was measured."
    against = verdict.answers[0].against_baseline is not None
    said = _AGAINST if against else _BEST
    parts = []
    for way in (1, 0, -1):
        names = [clean(item.criterion) for item in verdict.answers if _side(item) == way]
        if names:
            parts.append(f"{said[way]} on {listed(names)}")
    subject = quoted(verdict.recommended)
    rival = (
        f" than {quoted(verdict.baseline or '')}"
        if against
        else f" of the {len(verdict.candidates)} compared"
    )
    # The comparison is named once, behind the first predicate.
    first = parts[0].replace(" on ", f"{rival} on ", 1)
    return f"{HEADLINES[verdict.word]}: {subject} is {', but '.join([first, *parts[1:]])}."


def _side(item: Answer) -> int:
    return side((item.against_baseline or item.best).word)


def best_in(findings: Findings, item: Measure, policy: str) -> str:
    """Say in how many of 100 readings a policy is the best by a criterion, for a cell of a table."""
    if not findings.certification.sufficient:
        return "withheld"
    if policy not in item.best_share:
        return "no candidate"
    return brief(of_hundred(item.best_share[policy]))


def answer(findings: Findings, item: Answer) -> str:
    """Say in one sentence what one criterion answers: does the recommendation beat the baseline."""
    verdict = findings.verdict
    assert verdict is not None
    name = quoted(verdict.recommended)
    if item.against_baseline is None:
        share, margin = item.best, item.margin_over_rivals
        text = f"{name} is the best of {len(verdict.candidates)} {readings(share)}"
    else:
        share, margin = item.against_baseline, item.margin or item.margin_over_rivals
        text = f"{name} beats {quoted(verdict.baseline or '')} {readings(share)}"
    if margin.mean is not None:
        way = "better" if margin.mean >= 0 else "worse"
        mean, low, high = figures((abs(margin.mean), margin.low, margin.high))
        signs = ["+" if value is not None and value >= NOISE else "" for value in (margin.low, margin.high)]
        text += f", on average {mean} {way} (5 to 95%: {signs[0]}{low} to {signs[1]}{high})"
    return f"{text}." + _undefined(share)


def _undefined(share: Share) -> str:
    said = ""
    if share.ties == 1.0:
        said += " All are ties, each counted as half a win."
    elif share.ties > 0:
        said += f" Ties, in {of_hundred(share.ties)}, count as half a win."
    if share.undefined:
        total = share.undefined + share.defined
        said += f" Undefined in {share.undefined:,} of {total:,} readings; the word allows for either side."
    return said


def unchallenged(author: Findings, item: Answer) -> str | None:
    """Say what the same criterion answers as the author has it, without the objection that is granted."""
    verdict = author.verdict
    if verdict is None or not author.certification.sufficient:
        return None
    for other in verdict.answers:
        if other.expression == item.expression:
            share = other.against_baseline or other.best
            kept = [f"{clean(name)}={clean(value)}" for name, value in author.provenance.overrides.items()]
            but = f", but with {listed(kept)} as set" if kept else ""
            return f"Without the objection{but}: {readings(share)}, {share.word}."
    return None


def best_of_all(findings: Findings, item: Answer) -> str | None:
    """Say how often the recommendation is the best of all candidates; None when only two compete."""
    verdict = findings.verdict
    if verdict is None or len(verdict.candidates) < 3 or item.against_baseline is None:
        return None
    rival, own = item.best_share.get(item.rival), item.best.share
    text = f"Of all {len(verdict.candidates)} policies it is the best {readings(item.best)}"
    if own is not None and rival is not None and rival > 0:
        equals = [name for name in item.rival_ties if name != verdict.recommended]
        among = f", tied with {listed([quoted(name) for name in equals])}" if equals else ""
        each = " each" if equals else ""
        if verdict.recommended in item.rival_ties:
            tied = listed([quoted(name) for name in (item.rival, *equals)])
            text += f", tied with {tied} (in {of_hundred(rival)}{each})"
        else:
            ahead = "most often the best is" if rival > own else "next comes"
            text += f"; {ahead} {quoted(item.rival)}{among} (in {of_hundred(rival)}{each})"
            if rival * (1 + len(equals)) > 1.0 - 1e-12:
                always = f"{quoted(item.rival)}{among}"
                text = f"Of all {len(verdict.candidates)} policies the best is always {always}"
    return text + "."


def not_measured(needs: tuple[str, ...]) -> str:
    """Say that a run left out what is needed here.

    >>> not_measured(("pause", "sue"))
    'not measured (needs the policies "pause" and "sue")'
    """
    names = listed([quoted(name) for name in needs])
    return f"not measured (needs the {'policy' if len(needs) == 1 else 'policies'} {names})"


def method(findings: Findings) -> str:
    """Say how it was solved and how the readings were drawn: in plain words, the theory in brackets."""
    said = []
    for theory in (findings.provenance.concept, findings.provenance.design):
        plain = next((text for start, text in _PLAIN.items() if theory.startswith(start)), None)
        said.append(clean(theory) if plain is None else f"{plain} ({clean(theory)})")
    return "; ".join(said)


_UNSOUND = {
    "ill-posed": "ill-posed: a chance, rate or payoff is not a proper number in these readings, for instance "
    "a chance above 1.",
    "forked": "forked: in these readings the path of equilibria meets others, as exact symmetry makes it do, "
    "and goes on by chance. Look at all of them (--starts), or tilt a payoff.",
    "untraced": "untraced: an equilibrium was found in these readings, but not by following the path from "
    "careless players.",
}


def unsound(findings: Findings) -> tuple[str, ...]:
    """Say what the statuses mean that not every reader knows, those that a reading has."""
    policies = findings.certification.policies
    return tuple(text for name, text in _UNSOUND.items() if any(each.statuses.get(name) for each in policies))


def thresholds() -> str:
    """Say what the words of a verdict mean."""
    robust, leans, fails = (round(100 * value) for value in (ROBUST_FROM, LEANS_ABOVE, FAILS_BELOW))
    return (
        f"robust: in at least {robust} of 100 readings, sampling error and undefined readings allowed for; "
        f"leans: in more than {leans}; fails: in fewer than {fails}; open: between."
    )


def odds(value: float) -> str:
    """Write odds against one.

    >>> odds(1.4918), odds(1e9)
    ('1.5 to 1', 'more than a million to 1')
    """
    return "more than a million to 1" if value > 1e6 else f"{number(value, 2)} to 1"


def precisions(findings: Findings) -> tuple[str, ...]:
    """Say what the players' precision means, one sentence for those who share it."""
    groups: dict[tuple[float, float, float, str | None, str], list[Precision]] = {}
    for item in findings.precision:
        groups.setdefault((item.low, item.middle, item.high, item.stake, item.errors), []).append(item)
    said = []
    for (low, middle, high, stake, errors), members in groups.items():
        level = f"precision {number(middle)}"
        if low != high:
            level += f" (5 to 95%: {number(low)} to {number(high)})"
        who = "everybody" if len(groups) == 1 else ", ".join(clean(item.text) for item in members)
        whole = "all that is at stake for a player" if stake is None else f"its stated stake ({clean(stake)})"
        chance, against = members[0].chance, members[0].odds
        if chance is None or against is None:
            said.append(f"At {level}, for {who}, per unit of {whole}; a switch says how it errs.")
            continue
        times = of_hundred(chance).replace(" of ", " times in ")
        erring = "" if errors == "logistic" else f", whose errors are {errors}"
        options = "options whose consequences"
        if errors == "normal on endings":
            options = "sure endings, each with a shock, that"
        said.append(
            f"At {level}, for {who}{erring}: between two {options} differ by a tenth of {whole}, "
            f"it takes the better one {times} (odds {odds(against)})."
        )
    return tuple(said)


def command(findings: Findings) -> str:
    """Return the command that does the run again."""
    record = findings.provenance
    parts = ["parley", "run", known_as(record.path), "--draws", str(record.draws), "--seed", str(record.seed)]
    for name, value in record.overrides.items():
        parts += ["--set", f"{name}={value}"]
    if record.concept.startswith("limit of"):
        parts += ["--concept", "limit"]
    if record.starts:
        parts += ["--starts", str(record.starts)]
    if findings.left_out:
        for policy in findings.policies:
            parts += ["--policy", policy]
    return shlex.join(parts)
