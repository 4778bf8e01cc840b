"""Parameters and switches set otherwise: ``--set p=0.3``, challenges.

What lives here: reading what they are set to, and putting it in its place. What may not: reading
the scenario.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from parley.scenario.declared import Declared
from parley.scenario.estimates import JEFFREYS, STATED
from parley.scenario.expression import unparse
from parley.scenario.judgement import KINDS
from parley.scenario.model import Draw, Judgement, Parameter, Scenario, Span, Switch
from parley.scenario.sections.argument import choose_setting, read_setting
from parley.scenario.text import SourceText
from parley.scenario.values import Reader
from parley.scenario.yaml import Scalar, Sequence, Value, compose

__all__ = ["apply", "digest", "read_overrides", "written"]

_SHORT = re.compile(
    r"(range|uniform|triangular|pert|normal|lognormal|beta|gamma|exponential|one of)((?:\s+[-+.\d]\S*)+)"
)
_BARE = re.compile(r"(?:" + "|".join(KINDS) + r")\s*:\s.*")
_WORD = re.compile(r"likelihood\s+(\S.*)")
_COUNTS = re.compile(r"(rate|proportion)\s+(\d[^\"]*)")


def read_overrides(
    reader: Reader, declared: Declared, overrides: Mapping[str, str | Draw]
) -> dict[str, Draw]:
    """Read what parameters and switches are set to, each from a text of its own.

    Parameters
    ----------
    reader
        Knows the names of the scenario; takes note of faults.
    declared
        The declared names.
    overrides
        Name -> YAML text of a judgement, an expression, an option, or an already read draw. ``range 1 2`` is
        short for ``{range: [1, 2]}``, ``likelihood very unlikely`` for ``{likelihood: very unlikely}``.
    """
    found: dict[str, Draw] = {}
    for name, given in overrides.items():
        if isinstance(given, Draw):
            found[name] = given
            continue
        inner = Reader(SourceText.of(f"{name} = {given}", f"--set {name}"), reader.files)
        inner.names = reader.names
        start = len(name) + 3
        key = Scalar(name, True, True, inner.source.span(0, len(name)))
        chosen = choose_setting(inner, declared, key)
        value = _value(inner, given, start) if chosen is not None else None
        draw = (
            read_setting(inner, declared, chosen, value) if chosen is not None and value is not None else None
        )
        if chosen is not None and draw is not None:
            found[chosen] = draw
        reader.diagnostics.extend(inner.diagnostics)
    return found


def _value(reader: Reader, given: str, start: int) -> Value | None:
    """Return the node of what stands behind the ``=``."""
    text = given.strip()
    span = reader.source.span(start, start + max(len(given), 1))
    short, word, counts = _SHORT.fullmatch(text), _WORD.fullmatch(text), _COUNTS.fullmatch(text)
    if short:
        text = f"{{{short[1]}: [{', '.join(short[2].split())}]}}"
    elif word:
        text = f'{{likelihood: "{word[1]}"}}'
    elif counts:
        text = f'{{{counts[1]}: "{counts[2]}"}}'
    elif _BARE.fullmatch(text):
        name = reader.source.text[: start - 3]
        reader.fault(
            "P210",
            span,
            f"the braces around what `{name}` is set to are missing",
            f"Write `{name}={{{text}}}`.",
        )
        return None
    elif not text.startswith(("{", "[")):
        return Scalar(text, True, True, reader.source.span(start + given.index(text), start + len(given)))
    if text == given.strip():
        return compose(reader.source, start, start + len(given), reader.fault)
    source = SourceText.of(text, reader.source.path)
    value = compose(source, 0, len(text), lambda code, _, *rest: reader.fault(code, span, *rest))
    return _moved(value, span) if value is not None else None


def _moved(value: Value, span: Span) -> Value:
    """Give a node that was written out of a short form the place of the short form."""
    if isinstance(value, Scalar):
        return replace(value, span=span, one_line=False)
    if isinstance(value, Sequence):
        return replace(value, span=span, items=tuple(_moved(item, span) for item in value.items))
    entries = tuple(replace(entry, value=_moved(entry.value, span)) for entry in value.entries)
    return replace(value, span=span, entries=entries)


def apply(scenario: Scenario, settings: Mapping[str, Draw]) -> Scenario:
    """Put settings in place: judgements and options in the model, expressions beside it.

    A parameter set to an expression keeps its judgement and its place in the table of draws; who compiles
    the game puts the expression from ``Scenario.overrides`` where the parameter is referred to.
    ``Scenario.override_texts`` holds the same settings as text, from which they can be read again.
    """
    parameters: dict[str, Parameter] = dict(scenario.parameters)
    switches: dict[str, Switch] = dict(scenario.switches)
    for name, draw in settings.items():
        if draw.judgement is not None and name in parameters:
            parameters[name] = replace(parameters[name], judgement=draw.judgement)
        elif draw.option is not None and name in switches:
            switches[name] = replace(switches[name], default=draw.option, weights=None)
    texts = {name: written(draw) for name, draw in settings.items()}
    return replace(
        scenario,
        parameters=MappingProxyType(parameters),
        switches=MappingProxyType(switches),
        overrides=MappingProxyType(dict(settings)),
        override_texts=MappingProxyType(texts),
        digest=digest(scenario.text, scenario.data, texts),
    )


def digest(text: str, data: Mapping[str, str], settings: Mapping[str, str] | None = None) -> str:
    """Return the sha256 of all that a scenario is made of, hexadecimal.

    Parameters
    ----------
    text
        The scenario's.
    data
        The files that its own estimates count, and their texts. What a setting counts is in its text.
    settings
        Name and written form of what is set otherwise.

    Examples
    --------
    >>> digest("parley: 1", {})[:8], digest("parley: 1", {"a.csv": "n"})[:8]
    ('93a73bbb', 'f0bd5dc1')
    """
    parts = [text]
    parts += [f"data {name}\n{data[name]}" for name in sorted(data)]
    if settings:
        parts.append("\n".join(f"{name} = {settings[name]}" for name in sorted(settings)))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _counts(judgement: Judgement) -> str | None:
    """Write what was counted, wherever it was; None where rows had different weights."""
    found = judgement.estimate
    if found is None or found.discount is None:
        return None
    names = ("events", "exposure") if found.kind == "rate" else ("successes", "trials")
    parts = [f"{names[0]}: {found.count!r}", f"{names[1]}: {found.size!r}"]
    if found.prior == STATED:
        a, b = found.numbers
        stated = f"gamma: [{a!r}, {1 / b!r}]" if found.kind == "rate" else f"beta: [{a!r}, {b!r}]"
        parts.append(f"prior: {{{stated}}}")
    elif found.prior != JEFFREYS:
        parts.append(f"prior: {found.prior}")
    if found.discount != 1:
        parts.append(f"discount: {found.discount!r}")
    if found.per is not None:
        parts.append(f'per: "{found.per}"')
    return f"{found.kind}: {{{', '.join(parts)}}}"


_FORMS = {"loguniform": "range", "logtriangular": "range", "choice": "one of"}


def written(draw: Draw) -> str:
    """Write a setting as text that reads back as the same setting.

    Examples
    --------
    >>> from parley.scenario.model import Judgement
    >>> here = Span("x.md", 1, 1)
    >>> written(Draw(Judgement("loguniform", (1.0, 20.0), None, None, None, here), None, None, here))
    '{range: [1.0, 20.0], scale: log}'
    """
    if draw.option is not None:
        return draw.option
    if draw.expression is not None:
        return unparse(draw.expression.root)
    judgement = draw.judgement
    if judgement is None:
        raise ValueError("a setting is a judgement, an expression or an option")
    shape, numbers = judgement.shape, judgement.numbers
    if judgement.word is not None:
        entries = [f"likelihood: {judgement.word}", f"yardstick: {judgement.yardstick}"]
    elif shape == "fixed":
        return repr(numbers[0])
    elif (counted := _counts(judgement)) is not None:
        entries = [counted]
    elif shape == "choice":
        half = len(numbers) // 2
        pairs = zip(numbers[:half], numbers[half:], strict=True)
        entries = [f"one of: {{{', '.join(f'{value!r}: {weight!r}' for value, weight in pairs)}}}"]
    else:
        entries = [f"{_FORMS.get(shape, shape)}: [{', '.join(map(repr, numbers))}]"]
    if shape.startswith("log") and shape != "lognormal":
        entries.append("scale: log")
    if judgement.truncate is not None:
        ends = ", ".join("~" if end is None else repr(end) for end in judgement.truncate)
        entries.append(f"truncate: [{ends}]")
    return f"{{{', '.join(entries)}}}"
