"""``rate`` and ``proportion``: a judgement estimated from counts, stated or taken from a table.

What lives here: the keys of both, what is counted, and every way in which that can be at fault. What may not:
the update itself (:mod:`parley.scenario.estimates`), opening files (:mod:`parley.scenario.tables`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from parley.scenario.counting import EXAMPLE, Counted, Keys, count
from parley.scenario.estimates import JEFFREYS, STATED, UNIFORM, Estimate, posterior
from parley.scenario.located import Located, Refused, number_of, shown_value
from parley.scenario.names import canonical, label_key, suggest
from parley.scenario.tables import DataFiles, TableFault

__all__ = ["ESTIMATED", "estimate"]

ESTIMATED: Mapping[str, tuple[str, ...]] = {
    "rate": (
        "events",
        "exposure",
        "data",
        "count",
        "duration",
        "ended",
        "where",
        "dates",
        "from",
        "to",
        "missing",
        "prior",
        "discount",
        "per",
    ),
    "proportion": (
        "successes",
        "trials",
        "data",
        "where",
        "dates",
        "from",
        "to",
        "missing",
        "prior",
        "discount",
    ),
}
_PRIORS = {
    ("rate", JEFFREYS): (0.5, 0.0),
    ("rate", UNIFORM): (1.0, 0.0),
    ("proportion", JEFFREYS): (0.5, 0.5),
    ("proportion", UNIFORM): (1.0, 1.0),
}
_OF = re.compile(r"(\S+)\s+of\s+(\S+)")
_IN = re.compile(r"(\S+)\s+in\s+([-+.\deE]+)(?:\s+(\S.*))?")
_WITH_A_TABLE = ("data", "count", "duration", "ended", "where", "dates", "from", "to", "missing")


def estimate(
    kind: str, given: Located, fields: Mapping[str, Located], files: DataFiles
) -> tuple[str, tuple[float, float], Estimate]:
    """Read a rate or a proportion.

    Parameters
    ----------
    kind
        ``rate`` or ``proportion``.
    given
        What stands under that key.
    fields
        The map around it: its ``evidence`` may name the file.
    files
        Where tables are found.

    Returns
    -------
    Shape and numbers of the judgement, and what it was estimated from.

    Raises
    ------
    Refused
        It is not understood, or the data do not bear it.

    Examples
    --------
    >>> from parley.scenario.model import Span
    >>> counts = Located("2 of 12", Span("a.md", 1, 1))
    >>> shape, numbers, found = estimate("proportion", counts, {}, DataFiles())
    >>> shape, numbers, found.count
    ('beta', (2.5, 10.5), 2.0)
    """
    return _Reading(kind, _keys(kind, given), given, fields, files).whole()


def _keys(kind: str, given: Located) -> dict[str, Located]:
    """Return the keys of the map; a short form is written out."""
    if isinstance(given.value, str):
        short = (_OF if kind == "proportion" else _IN).fullmatch(" ".join(given.value.split()))
        if short is not None:
            names = ("successes", "trials") if kind == "proportion" else ("events", "exposure")
            keys = {
                name: Located(text, given.span, given.line)
                for name, text in zip(names, short.groups()[:2], strict=True)
            }
            if kind == "rate" and short[3]:
                keys["per"] = Located(_singular(short[3]), given.span, given.line)
            return keys
    if not isinstance(given.value, dict):
        raise Refused(
            "P420", f"{shown_value(given.value)} is no {kind} that was counted", given, EXAMPLE[kind]
        )
    keys = {}
    known = ESTIMATED[kind]
    for name, value in given.value.items():
        key = canonical(name)
        if key not in known:
            near = suggest(name, known)
            hint = f"did you mean `{near}`?" if near else f"its keys are {', '.join(known)}"
            raise Refused("P420", f"a {kind} has no `{name}`", value, hint)
        if value.value is None:
            raise Refused("P420", f"`{name}` of a {kind} has no value", value, "write one, or delete the key")
        keys[key] = value
    return keys


def _singular(word: str) -> str:
    text = " ".join(word.split())
    return f"{text[:-3]}y" if text.endswith("ies") else text.removesuffix("s")


class _Reading(Keys):
    """Reads one map."""

    def __init__(
        self,
        kind: str,
        keys: Mapping[str, Located],
        given: Located,
        fields: Mapping[str, Located],
        files: DataFiles,
    ) -> None:
        super().__init__(kind, keys, given)
        self.fields, self.files = fields, files

    def whole(self) -> tuple[str, tuple[float, float], Estimate]:
        name, numbers = self.prior()
        tabled = any(key in self.keys for key in _WITH_A_TABLE) or self.counts_rows()
        discount: float | None = 1.0
        if tabled:
            counted = self.table()
            if "discount" in self.keys:
                discount = self.discount() if self.plain("discount") else None
            if discount is not None:  # once for the sums, so that stated counts give the same to the last bit
                counted.weighted = (discount * counted.count, discount * counted.size)
        else:
            discount = self.discount()
            counted = self.stated(discount)
        shape, posterior_numbers = posterior(self.kind, *counted.weighted, numbers)
        per = self.keys.get("per")
        found = Estimate(
            kind=self.kind,
            count=counted.count,
            size=counted.size,
            weighted=counted.weighted,
            prior=name,
            numbers=numbers,
            discount=discount,
            per=None if per is None else self.text("per"),
            file=counted.file,
            rows=counted.rows,
            outside=counted.outside,
            missing=counted.missing,
            running=counted.running,
        )
        return shape, posterior_numbers, found

    def counts_rows(self) -> bool:
        """Whether successes are said of rows: then they are no number."""
        given = self.keys.get("successes")
        return given is not None and not self.plain("successes") and "trials" not in self.keys

    def plain(self, key: str) -> bool:
        """Whether a value is a number alone."""
        try:
            number_of(self.keys[key], key)
        except Refused:
            return False
        return True

    # --- prior and discount -----------------------------------------------------------------------------

    def prior(self) -> tuple[str, tuple[float, float]]:
        """Return the name of the prior and its (a, b); of a gamma the exposure stands for the scale."""
        given = self.keys.get("prior")
        if given is None:
            return JEFFREYS, _PRIORS[self.kind, JEFFREYS]
        shape, form = ("gamma", "shape, scale") if self.kind == "rate" else ("beta", "a, b")
        hint = f"write jeffreys, uniform or `{{{shape}: [{form}]}}`"
        if isinstance(given.value, str):
            name = canonical(given.value).casefold().removesuffix("'s").removesuffix("'")
            if (self.kind, name) in _PRIORS:
                return name, _PRIORS[self.kind, name]
            near = suggest(name, (JEFFREYS, UNIFORM))
            message = f"{shown_value(given.value)} is no prior of a {self.kind}"
            raise Refused("P422", message, given, f"did you mean `{near}`?" if near else hint)
        inner = (
            {canonical(key): value for key, value in given.value.items()}
            if isinstance(given.value, dict)
            else {}
        )
        stated = inner.get(shape)
        if stated is None or len(inner) != 1:
            raise Refused("P422", f"the prior of a {self.kind} is a {shape} distribution", given, hint)
        numbers = self.pair(stated, shape, form, hint)
        return STATED, ((numbers[0], 1 / numbers[1]) if shape == "gamma" else numbers)

    def pair(self, stated: Located, shape: str, form: str, hint: str) -> tuple[float, float]:
        names = form.split(", ")
        parts = stated.value
        if isinstance(parts, dict):
            folded = {canonical(key): value for key, value in parts.items()}
            parts = [folded[name] for name in names if name in folded] if set(folded) == set(names) else []
        if not isinstance(parts, list) or len(parts) != 2:
            raise Refused("P422", f"{shape} needs {form}", stated, hint)
        first, second = (
            number_of(each, f"the prior's `{name}`") for each, name in zip(parts, names, strict=True)
        )
        if not (1e-9 <= first <= 1e9 and 1e-9 <= second <= 1e9):
            raise Refused("P422", f"{form} of {shape} lie between 1e-9 and 1e9", stated, hint)
        return first, second

    def discount(self) -> float:
        given = self.keys.get("discount")
        if given is None:
            return 1.0
        number = number_of(given, "`discount`")
        if not 0 < number <= 1:
            message = f"`discount` is {number:g}; it must be above 0, and 1 at most"
            raise Refused("P423", message, given, "1 lets the data speak in full, 50% with half their weight")
        return number

    # --- stated counts ----------------------------------------------------------------------------------

    def stated(self, discount: float) -> Counted:
        names = ("events", "exposure") if self.kind == "rate" else ("successes", "trials")
        for key in names:
            self.need(key, "from stated counts")
        first, second = (number_of(self.keys[name], f"`{name}`") for name in names)
        self.whole_number(first, names[0])
        if self.kind == "proportion":
            self.whole_number(second, "trials")
            if first > second:
                message = f"there are {first:g} successes in {second:g} trials"
                raise Refused("P421", message, self.keys["successes"], "`trials` counts the failures too")
        if not second > 0:
            hint = "without data state the judgement itself"
            raise Refused(
                "P421", f"`{names[1]}` is {second:g}; it must be above 0", self.keys[names[1]], hint
            )
        return Counted(first, second, (discount * first, discount * second))

    def whole_number(self, number: float, name: str) -> None:
        if number < 0 or number != int(number):
            hint = "a count is 0, 1, 2, ...; what counts in part is discounted with `discount`"
            raise Refused("P421", f"`{name}` is {number:g}, which is no count", self.keys[name], hint)

    # --- tables -----------------------------------------------------------------------------------------

    def table(self) -> Counted:
        name, at = self.file()
        try:
            table = self.files.table(name)
        except TableFault as fault:
            raise Refused(fault.code, fault.message, at, fault.hint) from None
        return count(self, table)

    def file(self) -> tuple[str, Located]:
        """Return the name of the file: stated, or that of the evidence."""
        if "data" in self.keys:
            return self.text("data"), self.keys["data"]
        evidence = self.fields.get("evidence")
        given = [] if evidence is None else evidence.value if isinstance(evidence.value, list) else [evidence]
        wanted = {label_key(each.value) for each in given if isinstance(each.value, str)}
        found = {file for name, file in self.files.evidence.items() if label_key(name) in wanted}
        if len(found) == 1:
            return found.pop(), self.given
        if found:
            raise Refused(
                "P431", f"the evidence names {len(found)} files", self.given, "say which: `data: FILE`"
            )
        what = "the evidence names no file" if wanted else "no file is named"
        hint = "write `data: FILE`, or let `evidence` name evidence that has `data`"
        raise Refused("P431", f"{what} to count", self.given, hint)
