"""The objections, one sentence each: what each changes, by how much, and whether it bites.

What lives here: the sentences. What may not: differences of runs (:mod:`parley.findings.objections`).
"""

from __future__ import annotations

from parley.findings import Debate, Objection
from parley.findings.objections import Move
from parley.report.document import Inline
from parley.report.sentences.grammar import count, hundredths, measure, name, of_readings, plural
from parley.report.words import listed

__all__ = ["objection", "summary"]

# How the answer is called when it has changed: of the recommendation, in words.
LONG = 160  # signs of an objection
ANSWERS = {
    "robust": "clearly for it",
    "leans": "mostly for it",
    "open": "open",
    "fails": "against it",
}


def summary(debate: Debate) -> Inline:
    """Say how many objections change the answer.

    Parameters
    ----------
    debate
        Of :func:`parley.findings.objections.debate`.

    Examples
    --------
    >>> import parley
    >>> from parley.findings import debate
    >>> found = debate(parley.load("which-event-first"), lambda each: parley.run(each, draws=64, seed=7))
    >>> summary(found)
    'Of the three objections stated, none changes the answer, even if it is granted.'
    """
    biting = [item for item in debate.objections if item.reverses]
    what = "The one objection stated" if len(debate.objections) == 1 else None
    if what is not None:
        return f"{what} {'changes' if biting else 'does not change'} the answer, if it is granted."
    stated = f"Of the {count(len(debate.objections))} objections stated"
    if not biting:
        return f"{stated}, none changes the answer, even if it is granted."
    verb = "changes" if len(biting) == 1 else "change"
    names = listed([name(item.name) for item in biting])
    return f"{stated}, {count(len(biting))} {verb} the answer if granted: {names}."


def objection(item: Objection, recommended: str | None = None) -> Inline:
    """Say in one sentence what one objection changes.

    Parameters
    ----------
    item
        The objection, granted.
    recommended
        The recommended policy.

    Returns
    -------
    str
        The objection in its author's words, then what granting it does.

    Examples
    --------
    >>> import parley
    >>> from parley.findings import debate
    >>> found = debate(parley.load("which-event-first"), lambda each: parley.run(each, draws=64, seed=7))
    >>> objection(found.objections[0], found.recommended)[:54]
    '**It does not bite.** “A shared list leaks: half the v'
    """
    bites = [move for move in item.moves if move.reversed]
    moved = bites or [move for move in item.moves if move.share.distinct]
    who = name(recommended) if recommended else "the recommendation"
    words = name(item.text.rstrip("."), LONG)
    if item.verdict == "withheld":
        missing = plural(item.uncertified, "reading")
        return f"**Not told.** {words}: granted, {missing} cannot be solved, so nothing is said of it."
    start = f"**{'It bites' if bites else 'It does not bite'}.** {words}: granted, "
    if not moved:
        return f"{start}it changes nothing in the answer that can be told from chance{_claims(item)}."
    first = max(moved, key=_size)
    more = len(moved) - 1
    also = f"; it moves {count(more)} more measure{'s' if more > 1 else ''}" if more else ""
    return f"{start}{who} does better in {_share(first)} by {_what(first)}{_turned(first)}{also}."


def _claims(item: Objection) -> Inline:
    if not item.claims:
        return ""
    claims = listed([name(each.name) for each in item.claims])
    many = "one claim is" if len(item.claims) == 1 else f"{count(len(item.claims))} claims are"
    return f", though {many} judged otherwise ({claims})"


def _size(move: Move) -> float:
    return abs(move.share.change or 0.0)


def _share(move: Move) -> Inline:
    return f"{of_readings(move.share.after)} instead of {hundredths(move.share.before)}"


def _what(move: Move) -> Inline:
    return measure(move.criterion, move.expression).rstrip(",")


def _turned(move: Move) -> Inline:
    if not move.reversed:
        return f", and the answer stays {ANSWERS[move.after.word]}"
    return f", and the answer turns from {ANSWERS[move.before.word]} to {ANSWERS[move.after.word]}"
