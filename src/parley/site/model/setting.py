"""A reader's changes: numbers and options put in the place of the author's judgements.

What lives here: reading them, their canonical text, their digest. What may not: solving, NumPy.

The canonical text goes into addresses (``?s=agency_binds=off;q_other=0.5``) and is the key under which
answers are kept: equal changes have equal texts, different changes different ones.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from parley.findings.judgements import number
from parley.scenario.names import canonical, label_key, suggest
from parley.site.model.article import Assumption, Edition, Put
from parley.site.model.errors import SettingError

__all__ = ["AUTHOR", "LENGTH_LIMIT", "LIMIT", "Setting", "parse"]

LIMIT = 8  # changes at once
LENGTH_LIMIT = 2_000  # characters of a text
_LONGEST = 80  # characters of a name or a value
_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?"
_WRITTEN = re.compile(rf"({_NUMBER})\s*(.*)", re.DOTALL)
_ONE_IN = re.compile(rf"({_NUMBER})\s*(?:in|of|/)\s*({_NUMBER})")
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """Up to eight changes: keys of assumptions with numbers or option labels, in the order of the keys.

    Made by :func:`parse`, which knows what an edition allows. Empty for the author's own case.
    """

    changes: tuple[tuple[str, float | str], ...] = ()

    @property
    def is_author(self) -> bool:
        """Whether nothing is changed."""
        return not self.changes

    def canonical(self) -> str:
        """Return the canonical text, empty for the author's case; it can stand in an address as it is.

        Examples
        --------
        >>> Setting((("agency_binds", "off"), ("q_other", 0.5))).canonical()
        'agency_binds=off;q_other=0.5'
        """
        return ";".join(f"{quote(key, safe='')}={_written(value)}" for key, value in self.changes)

    def digest(self, model: str) -> str:
        """Return the sha256 of the changes together with what they change: the key of an answer.

        Parameters
        ----------
        model
            ``Edition.model``.
        """
        return hashlib.sha256(f"{model}\0{self.canonical()}".encode()).hexdigest()

    def put(self, edition: Edition | Sequence[Assumption]) -> tuple[Put, ...]:
        """Say what is changed, in words.

        Parameters
        ----------
        edition
            The one that the changes were read for, or its assumptions.

        Raises
        ------
        SettingError
            The edition has no such assumption.
        """
        found = []
        for key, value in self.changes:
            known = _assumption(key, _assumptions(edition))
            after = None if isinstance(value, str) else value
            text = value if isinstance(value, str) else number(value)
            found.append(Put(known.name, known.question, known.judgement, text, known.middle, after))
        return tuple(found)


AUTHOR = Setting()


def parse(given: str | Mapping[str, object], edition: Edition | Sequence[Assumption]) -> Setting:
    """Read a reader's changes.

    Parameters
    ----------
    given
        A text such as ``q_other=0.5;agency_binds=off``, or a form: names with texts, numbers, or a list
        of one. A chance or a share may be given in percent or as ``1 in 9``, a number with its unit
        behind it.
    edition
        What may be changed, and within what: an edition or its assumptions.

    Returns
    -------
    Setting
        Without what equals the author's own value; :data:`AUTHOR` when nothing is left.

    Raises
    ------
    SettingError
        With the field at fault: an assumption is unknown or given twice, a value is missing, no number, not
        finite, out of range or in another unit, an option does not exist, there are more than eight changes,
        or the text is too long.

    Examples
    --------
    >>> from parley.site.model import edition
    >>> talks = edition("taliban-talks")
    >>> parse("q_other = 50%; non-cooperation=on", talks).canonical()
    'non_cooperation=on;q_other=0.5'
    >>> parse({"q_othr": "0.5"}, talks)
    Traceback (most recent call last):
    ...
    parley.site.model.errors.SettingError: q_othr: there is no such assumption; did you mean q_other?
    """
    pairs = _split(given) if isinstance(given, str) else _entries(given)
    if len(pairs) > LIMIT:
        raise SettingError(
            "", "{count} things are changed; change at most {limit} at once", count=len(pairs), limit=LIMIT
        )
    known_here = _assumptions(edition)
    found: dict[str, float | str] = {}
    certain: dict[str, float | str | None] = {}
    for name, value in pairs:
        known = _assumption(name, known_here)
        certain[known.key] = _certain(known)
        if known.key in found:
            raise SettingError(name, "it is given twice; keep one of the two")
        found[known.key] = _option(known, value) if known.kind == "switch" else _value(known, value)
    changed = {key: value for key, value in found.items() if value != certain[key]}
    return Setting(tuple(sorted(changed.items())))


def _split(text: str) -> list[tuple[str, str]]:
    if len(text) > LENGTH_LIMIT:
        raise SettingError("", "the text has more than {limit} characters", limit=f"{LENGTH_LIMIT:,}")
    found = []
    for part in text.split(";") if text.strip() else ():
        name, sign, value = part.partition("=")
        if not sign or not name.strip():
            raise SettingError(part.strip(), "write a name, = and a value, as in q_other=0.5")
        percent = value.rstrip().endswith("%")  # as in 50%, not as in %20
        found.append((unquote(name).strip(), value if percent else unquote(value)))
    return found


def _entries(given: Mapping[str, object]) -> list[tuple[str, str]]:
    if len(given) > 10 * LIMIT:
        raise SettingError(
            "", "{count} things are changed; change at most {limit} at once", count=len(given), limit=LIMIT
        )
    return [(str(name), _text(str(name), value)) for name, value in given.items()]


def _text(name: str, value: object) -> str:
    """Return a value of a form or of JSON as text."""
    if isinstance(value, list | tuple):
        if len(value) != 1:
            raise SettingError(name, "it is given {count} times; give one value", count=len(value))
        return _text(name, value[0])
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise SettingError(name, "its value is no text and no number; give a number or an option")
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        raise SettingError(name, "the number is too long")
    return value if isinstance(value, str) else repr(value)


def _assumptions(edition: Edition | Sequence[Assumption]) -> Sequence[Assumption]:
    return edition.assumptions if isinstance(edition, Edition) else edition


def _assumption(name: str, known: Sequence[Assumption]) -> Assumption:
    if len(name) > _LONGEST:
        raise SettingError(name, "the name has more than {limit} characters", limit=_LONGEST)
    wanted = canonical(name)
    for each in known:
        if canonical(each.name) == wanted:
            return each
    near = suggest(name, [each.key for each in known])
    if near is None:
        raise SettingError(name, "there is no such assumption; choose one of those beside the text")
    raise SettingError(name, "there is no such assumption; did you mean {near}?", near=near)


def _certain(known: Assumption) -> float | str | None:
    """Return what an author is certain of; None where the author is not."""
    if not known.point:
        return None
    return known.default if known.kind == "switch" else known.middle


def _option(known: Assumption, text: str) -> str:
    if len(text) > _LONGEST:
        raise SettingError(known.key, "the option has more than {limit} characters", limit=_LONGEST)
    if not text.strip():
        raise SettingError(
            known.key, "its value is missing; choose one of: {options}", options=", ".join(known.options)
        )
    for option in known.options:
        if label_key(option) == label_key(text):
            return option
    raise SettingError(
        known.key,
        "{given} is no option of it; choose one of: {options}",
        given=text.strip(),
        options=", ".join(known.options),
    )


def _value(known: Assumption, text: str) -> float:
    """Read a number and hold it against the range."""
    text = text.strip()
    if len(text) > _LONGEST:
        raise SettingError(known.key, "the number has more than {limit} characters", limit=_LONGEST)
    if not text:
        raise SettingError(
            known.key, "its value is missing; give a number from {least} to {most}", **_range(known)
        )
    value = _parsed(known, text) + 0.0  # no minus before a nought
    assert known.least is not None
    assert known.most is not None
    if not math.isfinite(value):
        raise SettingError(
            known.key,
            "{given} is not finite; give a number from {least} to {most}",
            given=text,
            **_range(known),
        )
    if not known.least <= value <= known.most:
        raise SettingError(
            known.key,
            "{given} is out of range; give a number from {least} to {most}",
            given=text,
            **_range(known),
        )
    return value


def _parsed(known: Assumption, text: str) -> float:
    ratio = _ONE_IN.fullmatch(text)
    if ratio is not None and known.form in ("chance", "share"):
        if float(ratio[2]) == 0.0:
            raise SettingError(
                known.key,
                "{given} is no number; give one from {least} to {most}",
                given=text,
                **_range(known),
            )
        return float(ratio[1]) / float(ratio[2])
    if _COMMA.fullmatch(text):
        raise SettingError(known.key, "write {given}, with a point", given=text.replace(",", "."))
    written = _WRITTEN.fullmatch(text)
    if written is None:
        if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            raise SettingError(
                known.key,
                "{given} is not finite; give a number from {least} to {most}",
                given=text,
                **_range(known),
            )
        raise SettingError(
            known.key,
            "{given} is no number; give one from {least} to {most}",
            given=text[:40],
            **_range(known),
        )
    unit = " ".join(written[2].split())
    if not unit or (known.unit is not None and unit.lower() == known.unit.lower()):
        return float(written[1])
    if unit == "%" and known.form in ("chance", "share"):
        return float(written[1]) / 100
    if known.unit is None:
        raise SettingError(known.key, "{given} is a unit, and it has none; give a number", given=unit[:40])
    raise SettingError(
        known.key, "{given} is another unit than {unit}; give a number", given=unit[:40], unit=known.unit
    )


def _range(known: Assumption) -> dict[str, str]:
    assert known.least is not None
    assert known.most is not None
    return {"least": number(known.least, 6), "most": number(known.most, 6)}


def _written(value: float | str) -> str:
    """Write a number as shortly as reads back the same; an option with what an address may hold."""
    if isinstance(value, str):
        joined = value.replace(" ", "_")
        return quote(joined if label_key(joined) == label_key(value) else value, safe="")
    text = repr(value + 0.0)
    return text.removesuffix(".0") if "e" not in text else text.replace(".0e", "e")
