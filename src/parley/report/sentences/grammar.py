"""The grammar of the report's sentences: names, counts, amounts, ranges, lists.

What lives here: words for single things. What may not: whole findings.

Names. A scenario's phrases are noun phrases without an article ("chance that the deal holds"), and so they
get one; "what ..." and "your ..." stand as they are; what looks like anything else (an article, a
preposition, a capital) is quoted, for a quoted phrase fits everywhere. Policies are always quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parley.findings import Share, Spread
from parley.findings.judgements import number
from parley.report import words
from parley.report.document import Inline, plain
from parley.report.document.model import runs

__all__ = [
    "MOST_WORDS",
    "ahead",
    "alike",
    "amount",
    "both",
    "capital",
    "count",
    "counted",
    "hundredths",
    "interval",
    "is_share",
    "length",
    "measure",
    "name",
    "noun",
    "of_readings",
    "one_of",
    "plural",
    "roughly",
    "series",
    "shortest",
    "uncounted",
    "united",
    "versus",
]

MOST_WORDS = 45  # in a sentence of the answer
LONGEST = 90  # signs of a name in a sentence

_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_ALONE = frozenset(  # a phrase that begins so is a noun without an article
    {
        *("what", "how", "his", "her", "its", "their", "our", "your", "my", "this", "that"),
        *("each", "every", "all", "no", "one", "some", "any", "both"),
    }
)
_UNKNOWN = frozenset(  # a phrase that begins so may be anything
    {
        *("a", "an", "the", "which", "when", "where", "whether", "who", "whom", "whose", "why", "if"),
        *("against", "by", "for", "from", "in", "on", "of", "to", "with", "without"),
        *("under", "after", "before"),
    }
)
_COUNTABLE = frozenset({"percent", "cent", "million", "billion", "thousand", "euro", "dollar"})
SHORT = 3  # signs of a unit that is an abbreviation
_SHARE = re.compile(r"(chance|share|probability|likelihood|fraction)s?\b")
_COUNTED_IN = re.compile(r", in ([^,;]+)$")  # what an author counts in: "net worth, in ordinary strikes"
_FRACTIONS = (
    (1 / 4, "a quarter"),
    (1 / 3, "a third"),
    (1 / 2, "half"),
    (2 / 3, "two thirds"),
    (3 / 4, "three quarters"),
)


def name(text: str, longest: int = LONGEST) -> Inline:
    """Quote a name of the author's, shortened where it is very long.

    >>> name("short list")
    '“short list”'
    """
    return f"“{plain(words.shorten(text, longest))}”"


def noun(text: str | None, fallback: str) -> Inline:
    """Write an author's phrase so that it stands in a sentence as a noun does.

    Parameters
    ----------
    text
        The author's phrase, if there is one.
    fallback
        The name in the scenario, shown as code where there is no phrase.

    Examples
    --------
    >>> noun("chance that the deal holds", "p"), noun("how closely players reason", "q"), noun(None, "q")
    ('the chance that the deal holds', 'how closely players reason', '`q`')
    >>> noun("loss to us, against a clean failure", "B")
    'the loss to us, against a clean failure,'
    """
    # What an author adds behind a semicolon explains the phrase; it stands in the tables.
    phrase = plain(words.shorten((text or "").split(";")[0], LONGEST)).rstrip(" .,:")
    if not phrase:
        return f"`{plain(fallback)}`"
    first = phrase.split(" ")[0]
    possessive = first.endswith(("'s", "’s", "s'", "s’"))
    if first.lower() in _UNKNOWN or (not first[0].islower() and not possessive):
        return f"“{phrase}”"
    alone = first in _ALONE or (possessive and not first[0].islower())
    return f"{'' if alone else 'the '}{phrase}{',' if ',' in phrase else ''}"


def measure(text: str, expression: str) -> Inline:
    """Name what is measured: in the author's words, or the expression as code.

    >>> measure("chance of war", "P(war)"), measure("P(war)", "P(war)")
    ('the chance of war', '`P(war)`')
    """
    return noun(None if text == expression else text, expression)


def capital(text: Inline) -> Inline:
    """Begin a sentence with a capital, unless it begins with a name or with code.

    >>> capital("the chance of war"), capital("“short list” does"), capital("`q` is")
    ('The chance of war', '“short list” does', '`q` is')
    """
    return text[:1].upper() + text[1:]


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> plural(1, "reading"), plural(2048, "reading"), plural(2, "policy", "policies")
    ('1 reading', '2,048 readings', '2 policies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def count(number: int) -> str:
    """Write a small whole number as a word.

    >>> count(4), count(40)
    ('four', '40')
    """
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def both(number: int) -> str:
    """Write that something holds for all of several.

    >>> both(2), both(3)
    ('both', 'all three')
    """
    return "both" if number == 2 else f"all {count(number)}"


def one_of(policies: Sequence[str], what: str = "rivals") -> Inline:
    """Name one policy, or the best of several.

    >>> one_of(["pause"]), one_of(["pause", "sue", "wait"])
    ('“pause”', 'the best of its three rivals')
    """
    return name(policies[0]) if len(policies) == 1 else f"the best of its {count(len(policies))} {what}"


def series(names: Sequence[Inline]) -> Inline:
    """Write nouns one after the other, parted by semicolons where three or more have commas of their own.

    >>> series(["the loss, in all,", "the cost"]), series(["the cost", "the loss, in all,"])
    ('the loss, in all, and the cost', 'the cost and the loss, in all')
    >>> series(["the loss, in all,", "the cost", "the price"])
    'the loss, in all; the cost; and the price'
    """
    if len(names) < 3 or not any("," in each for each in names):
        return words.listed(list(names)).rstrip(",")
    *first, last = (each.rstrip(",") for each in names)
    return f"{'; '.join(first)}; and {last}"


def versus(recommended: str, against: Sequence[str]) -> Inline:
    """Name who is held against whom, for captions and heads.

    >>> versus("short list", ["status quo"])
    '“short list” against “status quo”'
    """
    return f"{name(recommended)} against {one_of(against)}"


def of_readings(share: float | None, decimals: int = 0, what: str = "readings") -> str:
    """Write a share of the readings, never all or none unless it is.

    >>> of_readings(0.634), of_readings(1.0), of_readings(0.0), of_readings(0.9996)
    ('63 of 100 readings', 'all readings', 'none of the readings', 'more than 99 of 100 readings')
    """
    if share is None:
        return f"none of the {what} that can be compared"
    if share <= 0.0:
        return f"none of the {what}"
    return f"{words.of_hundred(share, decimals)} {what}"


def hundredths(share: float | None) -> str:
    """Write a share in hundredths, where "of 100" has been said before.

    >>> hundredths(0.634), hundredths(0.9996), hundredths(0.0), hundredths(1.0)
    ('63', 'more than 99', 'none', 'all')
    """
    return words.of_hundred(share).removesuffix(" of 100")


def counted(share: Share, of: str = "") -> Inline:
    """Write in what share of the readings something holds, with its sampling error.

    Parameters
    ----------
    share
        Of the readings.
    of
        What they are readings of, where that must be said.

    Examples
    --------
    >>> found = Share(0.634, 0.011, 0.0, 0.62, 0.65, 4096, 0, "leans")
    >>> counted(found), counted(found, "of the argument")
    ('in 63 of 100 readings (give or take 2)', 'in 63 of 100 readings of the argument (give or take 2)')
    """
    said = words.readings(share)
    if not of or share.share is None:
        return said
    return re.sub(r" readings\b", f" readings {of}", said, count=1)


def roughly(share: Share) -> str:
    """Write a share as a fraction that everybody knows where it is one within its error, else as a count.

    >>> roughly(Share(0.508, 0.02, 0.0, 0.48, 0.53, 4096, 0, "open"))
    'about half of the readings'
    >>> roughly(Share(0.58, 0.02, 0.0, 0.56, 0.6, 4096, 0, "open"))
    '58 of 100 readings'
    """
    near = min(share.error if share.error is not None else 0.0, 0.02)
    if share.share is not None and share.share not in (0.0, 1.0):
        for value, said in _FRACTIONS:
            if abs(share.share - value) <= near:
                return f"about {said} of the readings"
    return of_readings(share.share)


def interval(spread: Spread) -> Inline:
    """Write the mean of a number and the range that holds nine readings in ten.

    >>> interval(Spread(0.21, 0.04, 0.19, 0.43, 0.001, 2048, 0))
    '0.210 on average (nine readings in ten: 0.040 to 0.430)'
    >>> interval(Spread(3.0, 3.0, 3.0, 3.0, 0.0, 2048, 0))
    '3 in every reading'
    """
    if spread.mean is None:
        return "undefined in every reading"
    mean, low, high = words.figures((spread.mean, spread.low, spread.high))
    if low == high == mean:
        return f"{mean} {'in every reading' if spread.low == spread.high else 'in nearly every reading'}"
    return f"{mean} on average (nine readings in ten: {low} to {high})"


def ahead(margin: Spread, text: str, *, spread: bool = True) -> Inline | None:
    """Write by how much something is better or worse on average, and how far the readings differ.

    Parameters
    ----------
    margin
        Positive is better.
    text
        What it is measured by: differences of a chance or share are in percentage points, those of
        something "..., in strikes" in strikes.
    spread
        Whether to add the range that holds nine readings in ten.

    Returns
    -------
    str or None
        None where the margin has no value in any reading.

    Examples
    --------
    >>> ahead(Spread(-1.933, -18.7, -2.3, 16.8, 0.3, 2048, 0), "net worth")
    '1.9 worse (nine readings in ten: -18.7 to 16.8)'
    >>> ahead(Spread(1.0, 1.0, 1.0, 1.0, 0.3, 2048, 0), "net worth, in ordinary strikes")
    '1 ordinary strike better'
    >>> ahead(Spread(0.2094, 0.04, 0.19, 0.43, 0.001, 2048, 0), "chance of peace", spread=False)
    '21 percentage points better'
    """
    if margin.mean is None:
        return None
    points = _SHARE.match(text) is not None
    if abs(margin.mean) < words.NOISE:
        return "level"
    values = (margin.mean, margin.low, margin.high)
    if points:
        written = [words.ABSENT if each is None else number(100 * each, 2) for each in values]
    else:
        written = words.figures(values)
    size = written[0].removeprefix("-")
    counted_in = _COUNTED_IN.search(text)
    unit = "percentage points" if points else counted_in[1] if counted_in else None
    said = f"{united(size, unit)} {'worse' if margin.mean < 0 else 'better'}"
    if not spread or margin.low == margin.high:
        return said
    return f"{said} (nine readings in ten: {written[1]} to {written[2]})"


def uncounted(text: str) -> str:
    """Return the phrase for a measure without what it is counted in, where the number says that already.

    >>> uncounted("net worth, in ordinary strikes"), uncounted("chance of war")
    ('net worth', 'chance of war')
    """
    return _COUNTED_IN.sub("", text)


def amount(value: float, unit: str | None = None, text: str | None = None) -> Inline:
    """Write one number with its unit; see :func:`alike`.

    >>> amount(19.08, "ordinary strikes"), amount(1.0, "ordinary strikes"), amount(0.087, None, "chance of x")
    ('19 ordinary strikes', '1 ordinary strike', '8.7%')
    >>> amount(0.372, "share of the public")
    '37% of the public'
    """
    return united(alike([value], unit, text)[0], unit)


def alike(values: Sequence[float], unit: str | None = None, text: str | None = None) -> list[str]:
    """Write numbers of one kind without their unit, with as many digits as tell them apart.

    Parameters
    ----------
    values
        Of one assumption.
    unit
        The author's; "share of ..." makes them percentages, and so does ...
    text
        ... the author's phrase where it begins with chance, share or probability.

    Examples
    --------
    >>> alike([19.08, 12.0, 3.256, 43.6]), alike([4.106, 4.0]), alike([0.1, 0.02], None, "chance of x")
    (['19', '12', '3.3', '44'], ['4.1', '4'], ['10%', '2%'])
    """
    percent = is_share(unit, text) and all(0.0 <= value <= 1.0 for value in values)
    scaled = [100.0 * value for value in values] if percent else list(values)
    for digits in range(2, 8):
        written = [_number(value, digits) for value in scaled]
        if len(set(written)) == len(set(scaled)):
            break
    return [f"{each}%" for each in written] if percent else written


def _number(value: float, digits: int) -> str:
    """Write a number; those that are whole but for their last bits as whole."""
    nearest = round(value)
    return number(float(nearest) if abs(value - nearest) < 1e-9 * max(1.0, abs(value)) else value, digits)


def is_share(unit: str | None, text: str | None) -> bool:
    """Whether an assumption is a share of something, to be written in percent.

    >>> is_share("share of the public", None), is_share(None, "chance of war"), is_share("years", "chance")
    (True, True, False)
    """
    if unit is not None:
        return unit.startswith("share of ")
    return text is not None and _SHARE.match(text) is not None


def united(written: str, unit: str | None) -> Inline:
    """Write a number with its unit: behind it where one counts in it, else so that it stands anyway.

    >>> united("0.3", "the good in dispute"), united("0.3", "weight on your gains")
    ('0.3 of the good in dispute', '0.3 (weight on your gains)')
    """
    if unit is None or not unit.strip():
        return written
    said = plain(unit)
    if written.endswith("%") and unit.startswith("share of "):
        return f"{written} {said.removeprefix('share ')}"
    if said.startswith(("the ", "a ", "an ")):
        return f"{written} of {said}"
    head = re.split(r" (?:per|of|on|to|for|in|from) ", said)[0].split(" ")[-1]
    counted_in = head.endswith("s") and not head.endswith(("'s", "’s", "ss"))
    if counted_in or said.startswith("per ") or head in _COUNTABLE or len(head) <= SHORT:
        return f"{written} {_singular(said) if written == '1' else said}"
    return f"{written} ({said})"


def _singular(unit: str) -> str:
    """Return a unit for one of it.

    >>> _singular("ordinary strikes"), _singular("strikes per month"), _singular("losses"), _singular("loss")
    ('ordinary strike', 'strike per month', 'loss', 'loss')
    """
    head, space, rest = unit.partition(" per ")
    if head.endswith("ies"):
        head = head[:-3] + "y"
    elif head.endswith(("sses", "ches", "shes", "xes")):
        head = head[:-2]
    elif head.endswith("s") and not head.endswith(("ss", "us", "is")):
        head = head[:-1]
    return head + space + rest


def length(text: Inline) -> int:
    """Count the words of inline text, each sign between blanks that has a letter or a digit.

    >>> length("**It holds:** “short list” wins")
    5
    """
    shown = "".join(each for each, _ in runs(text))
    return sum(any(sign.isalnum() for sign in each) for each in shown.split())


def shortest(forms: Sequence[Inline], most: int = MOST_WORDS) -> Inline:
    """Return the first form that has at most so many words; the last where none has.

    >>> shortest(["one two three", "one two"], 2)
    'one two'
    """
    return next((form for form in forms if length(form) <= most), forms[-1])
