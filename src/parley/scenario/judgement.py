"""Judgements: how uncertain a number is, as people state it.

What lives here: the reading of one judgement from plain values, its middle and its support. What may not:
drawing (NumPy), YAML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from parley.scenario.diagnostics import Diagnostic
from parley.scenario.estimates import Estimate
from parley.scenario.estimation import ESTIMATED, estimate
from parley.scenario.located import LARGEST, Located, Refused, number_of, range_ends, shown_value
from parley.scenario.middle import central, mass, support
from parley.scenario.model import Judgement
from parley.scenario.names import canonical, suggest
from parley.scenario.tables import DataFiles
from parley.scenario.yardsticks import DEFAULT_YARDSTICK, YARDSTICKS

__all__ = ["KINDS", "Located", "central", "judgement", "support"]

KINDS = (
    "value",
    "range",
    "likelihood",
    "uniform",
    "triangular",
    "pert",
    "normal",
    "lognormal",
    "beta",
    "gamma",
    "exponential",
    "one of",
    "rate",
    "proportion",
)
_TOLERANCE = 1e-6
_SHAPES = (1e-3, 1e6)  # of beta and gamma: beyond them there is no difference from a point, or from two
_LARGEST_SIGMA = 20.0  # of lognormal: a factor of e^20 either way
_FORMS: Mapping[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "triangular": ("low", "best", "high"),
    "pert": ("low", "best", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "beta": ("a", "b"),
    "gamma": ("shape", "scale"),
    "exponential": ("mean",),
}
_POSITIVE = {
    "normal": (1,),
    "lognormal": (0, 1),
    "beta": (0, 1),
    "gamma": (0, 1),
    "exponential": (0,),
}
_BOUNDS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("beta", "a"): _SHAPES,
    ("beta", "b"): _SHAPES,
    ("gamma", "shape"): _SHAPES,
    ("lognormal", "sigma"): (0.0, _LARGEST_SIGMA),
}


def judgement(
    entry: Located, what: str = "the judgement", files: DataFiles | None = None
) -> tuple[Judgement | None, tuple[Diagnostic, ...]]:
    """Read a judgement.

    Parameters
    ----------
    entry
        A number (certain) or a map with one of :data:`KINDS`; keys that are not about the number (unit,
        why, ...) are left alone.
    what
        The name of it, for messages.
    files
        The tables that a rate or a proportion may be counted in; none unless given.

    Returns
    -------
    The judgement, or None with at least one diagnostic.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> here = Span("a.md", 1, 1)
    >>> words = Located({"likelihood": Located("very unlikely", here)}, here)
    >>> judgement(words)[0].numbers
    (0.05, 0.2)
    >>> judgement(Located("35%", here))[0].numbers
    (0.35,)
    """
    try:
        return _read(entry, what, files or DataFiles()), ()
    except Refused as fault:
        return None, fault.diagnostics


def _read(entry: Located, what: str, files: DataFiles) -> Judgement:
    if not isinstance(entry.value, dict):
        return Judgement("fixed", (number_of(entry, what),), None, None, None, entry.span)
    fields = {canonical(key): value for key, value in entry.value.items()}
    kinds = [kind for kind in KINDS if kind in fields]
    if not kinds:
        near = [suggest(key, KINDS) for key in fields]
        hint = next((f"did you mean `{each}`?" for each in near if each), f"give one of: {', '.join(KINDS)}")
        raise Refused("P401", f"{what} has no number, range or distribution", entry, hint)
    if len(kinds) > 1:
        message = f"{what} has both `{kinds[0]}` and `{kinds[1]}`"
        raise Refused("P402", message, fields[kinds[1]], "a judgement is stated in one way; delete the other")
    kind, given = kinds[0], fields[kinds[0]]
    read = _Reading(what, fields, files)
    shape, numbers, word, yardstick = read.of(kind, given)
    truncate = read.truncation(shape, numbers)
    return Judgement(shape, numbers, truncate, word, yardstick, entry.span, read.estimate)


class _Reading:
    """Reads one map; ``fields`` are all its keys."""

    def __init__(self, what: str, fields: Mapping[str, Located], files: DataFiles) -> None:
        self.what = what
        self.fields = fields
        self.files = files
        self.estimate: Estimate | None = None

    def of(self, kind: str, given: Located) -> tuple[str, tuple[float, ...], str | None, str | None]:
        if kind == "likelihood":
            return self.likelihood(given)
        if "yardstick" in self.fields:
            message = f"`yardstick` goes with `likelihood`, not with `{kind}`"
            raise Refused("P403", message, self.fields["yardstick"], None)
        shape, numbers = self._numbers_of(kind, given)
        return shape, numbers, None, None

    def _numbers_of(self, kind: str, given: Located) -> tuple[str, tuple[float, ...]]:
        if kind == "range":
            return self.range(given)
        for key in ("scale", "shape"):
            if key in self.fields:
                raise Refused("P403", f"`{key}` goes with `range`, not with `{kind}`", self.fields[key], None)
        if kind == "value":
            return "fixed", (number_of(given, self.what),)
        if kind == "one of":
            return "choice", self.choice(given)
        if kind in ESTIMATED:
            shape, posterior, self.estimate = estimate(kind, given, self.fields, self.files)
            self.positive(shape, posterior, given)
            return shape, posterior
        numbers = self.named(kind, given)
        if kind in ("uniform", "triangular", "pert"):
            self.rising(numbers, given)
        self.positive(kind, numbers, given)
        return kind, numbers

    def positive(self, kind: str, numbers: Sequence[float], given: Located) -> None:
        """Check the numbers that must be above zero, and within what can be computed with."""
        for position in _POSITIVE.get(kind, ()):
            name, number = _FORMS[kind][position], numbers[position]
            if not number > 0:
                message = f"`{name}` of {kind} must be above 0, not {number:g}"
                hint = "for a certain number write the number alone" if name in ("sd", "sigma") else None
                raise Refused("P405", message, given, hint)
            low, high = _BOUNDS.get((kind, name), (0.0, LARGEST))
            if not low <= number <= high:
                message = f"`{name}` of {kind} is {number:g}; it must lie between {low:g} and {high:g}"
                raise Refused("P416", message, given, "beyond that write a number, or a range")

    def range(self, given: Located) -> tuple[str, tuple[float, ...]]:
        if not isinstance(given.value, list) or len(given.value) not in (2, 3):
            ends = range_ends(given.value.strip()) if isinstance(given.value, str) else None
            hint = "write `range: [low, high]` or `range: [low, best, high]`"
            hint = hint if ends is None else f"write `range: {ends}`"
            message = f"the range of {self.what} needs two or three numbers"
            if isinstance(given.value, list):
                message = f"{message}, not {len(given.value)}"
            raise Refused("P404", message, given, hint)
        numbers = tuple(number_of(each, self.what) for each in given.value)
        self.rising(numbers, given)
        logarithmic = self.word("scale", ("linear", "log")) == "log"
        if logarithmic and not numbers[0] > 0:
            hint = "a logarithmic scale has no zero; begin above it"
            raise Refused("P406", f"a range on a log scale cannot begin at {numbers[0]:g}", given, hint)
        default = "uniform" if len(numbers) == 2 else "triangular"
        shape = self.word("shape", ("uniform", "triangular", "pert")) or default
        if shape == "uniform":
            numbers = (numbers[0], numbers[-1])
        elif len(numbers) == 2:
            hint = "write `range: [low, best, high]`"
            raise Refused("P404", f"the shape {shape} needs three numbers", given, hint)
        if logarithmic and shape == "pert":
            raise Refused(
                "P403", "pert has no logarithmic form", self.fields["scale"], "use the shape triangular"
            )
        return ("log" + shape if logarithmic else shape), numbers

    def word(self, key: str, words: Sequence[str]) -> str | None:
        given = self.fields.get(key)
        if given is None:
            return None
        text = " ".join(given.value.split()).casefold() if isinstance(given.value, str) else ""
        if text not in words:
            near = suggest(text, words)
            hint = f"did you mean `{near}`?" if near else f"write one of: {', '.join(words)}"
            raise Refused("P407", f"`{key}` cannot be {shown_value(given.value)}", given, hint)
        return text

    def rising(self, numbers: Sequence[float], given: Located) -> None:
        low, high = numbers[0], numbers[-1]
        if low < high and all(a <= b for a, b in pairwise(numbers)):
            return
        order = "low, high" if len(numbers) == 2 else "low, best, high"
        message = f"the range of {self.what} must rise: {order}"
        hint = "for a certain number write the number alone" if low == high else None
        if hint is None and isinstance(given.value, list):
            pairs = sorted(zip(numbers, given.value, strict=True), key=lambda pair: pair[0])
            hint = f"write `[{', '.join(str(each.value) for _, each in pairs)}]`"
        raise Refused("P408", message, given, hint)

    def named(self, kind: str, given: Located) -> tuple[float, ...]:
        form = _FORMS[kind]
        example = ", ".join(f"{name}: ..." for name in form)
        hint = f"write `{kind}: {{{example}}}` or `{kind}: [{', '.join(form)}]`"
        if isinstance(given.value, list) and len(given.value) == len(form):
            return tuple(number_of(each, self.what) for each in given.value)
        if not isinstance(given.value, dict):
            if len(form) == 1 and not isinstance(given.value, list):
                return (number_of(given, self.what),)
            raise Refused("P409", f"{kind} needs {', '.join(form)}", given, hint)
        known = {canonical(key): value for key, value in given.value.items()}
        for key, value in known.items():
            if key not in form:
                near = suggest(key, form)
                raise Refused(
                    "P409", f"{kind} has no `{key}`", value, f"did you mean `{near}`?" if near else hint
                )
        missing = [name for name in form if name not in known]
        if missing:
            raise Refused("P409", f"{kind} needs `{missing[0]}`", given, hint)
        return tuple(number_of(known[name], self.what) for name in form)

    def choice(self, given: Located) -> tuple[float, ...]:
        if isinstance(given.value, list) and given.value:
            values = [number_of(each, self.what) for each in given.value]
            weights = [1 / len(values)] * len(values)
        elif isinstance(given.value, dict) and given.value:
            values = [
                number_of(Located(key, each.span, each.line), self.what) for key, each in given.value.items()
            ]
            weights = self.weights(list(given.value.values()), given)
        else:
            hint = "write `one of: [1, 2, 5]` or `{one of: {1: 50%, 2: rest}}`"
            raise Refused("P410", f"`one of` of {self.what} needs at least one number", given, hint)
        if len(set(values)) < len(values):
            raise Refused("P410", f"`one of` of {self.what} has a number twice", given, None)
        return (*values, *weights)

    def weights(self, entries: Sequence[Located], given: Located) -> list[float]:
        rest = [each for each in entries if each.value == "rest"]
        if len(rest) > 1:
            raise Refused("P411", "only one weight can be `rest`", rest[1], None)
        stated = [0.0 if each.value == "rest" else number_of(each, "a weight") for each in entries]
        for number, each in zip(stated, entries, strict=True):
            if number < 0:
                raise Refused("P411", f"a weight cannot be negative, and {number:g} is", each, None)
        total = sum(stated)
        if (rest and total > 1 + _TOLERANCE) or (not rest and abs(total - 1) > _TOLERANCE):
            hint = "let one of them be `rest`"
            raise Refused("P411", f"the weights add up to {total:g}, not to 1", given, hint)
        return [
            max(0.0, 1 - total) if each.value == "rest" else number
            for number, each in zip(stated, entries, strict=True)
        ]

    def likelihood(self, given: Located) -> tuple[str, tuple[float, ...], str | None, str | None]:
        yardstick = self.word("yardstick", tuple(YARDSTICKS)) or DEFAULT_YARDSTICK
        words = YARDSTICKS[yardstick]
        text = " ".join(canonical(given.value).split()).casefold() if isinstance(given.value, str) else ""
        if text not in words:
            near = suggest(text, words, likeness=0.85)  # a slip of the pen; never another word
            other = next((name for name, known in YARDSTICKS.items() if text in known), None)
            shown = ", ".join(f"{each} ({low:.0%} to {high:.0%})" for each, (low, high) in words.items())
            hint = f"did you mean `{near}`?" if near else f"its words are: {shown}"
            if other is not None:
                hint = f"it is a word of another one: add `yardstick: {other}`"
            message = f"{shown_value(given.value)} is no likelihood of the yardstick {yardstick}"
            raise Refused("P412", message, given, hint)
        low, high = words[text]
        if low == high:
            return "fixed", (low,), text, yardstick
        return "likelihood", (low, high), text, yardstick

    def truncation(self, shape: str, numbers: tuple[float, ...]) -> tuple[float | None, float | None] | None:
        given = self.fields.get("truncate")
        if given is None:
            return None
        if not isinstance(given.value, list) or len(given.value) != 2:
            raise Refused(
                "P413",
                "`truncate` needs two ends",
                given,
                "write `truncate: [low, high]`, ~ for an open side",
            )
        ends = [
            None if each.value in (None, "~", "null") else number_of(each, "an end of `truncate`")
            for each in given.value
        ]
        low, high = ends
        if low is None and high is None:
            raise Refused("P413", "`truncate` with both sides open cuts nothing", given, "delete it")
        if low is not None and high is not None and not low < high:
            raise Refused("P413", "`truncate` must rise: low, high", given, None)
        if shape in ("fixed", "choice"):
            raise Refused("P413", "only a range or distribution can be truncated", given, None)
        cut = Judgement(shape, numbers, (low, high), None, None, given.span)
        bottom, top = support(cut)
        if not bottom < top or not mass(cut) > 0:
            raise Refused("P414", f"nothing of {self.what} is left between these ends", given, None)
        return (low, high)
