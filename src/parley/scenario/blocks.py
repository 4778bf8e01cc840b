"""From the blocks of a file to its sections.

What lives here: composing each block, joining several, front matter, and reading on after a fault of syntax
so that the rest of the file is still checked. What may not: what a section holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from parley.scenario.keys import FRONT_MATTER, SECTIONS
from parley.scenario.markdown import Block
from parley.scenario.model import Span
from parley.scenario.names import canonical, suggest
from parley.scenario.text import Report, SourceText
from parley.scenario.values import Reader, kind_of, listed
from parley.scenario.yaml import Entry, Mapping, Scalar, Sequence, Value, compose

__all__ = ["Front", "Model", "read_front_matter", "read_model"]

VERSION = "1"
_FACTS = {key.name: key for key in FRONT_MATTER}
_SECTIONS = {key.name: key for key in SECTIONS}
_MOST_CHUNKS = 60
_CHUNK = re.compile(r"^[^\s#\]})-]", re.MULTILINE)

_Fault = tuple[str, Span, str, str | None]


@dataclass(slots=True)
class Front:
    """What the front matter says."""

    title: str | None = None
    question: str | None = None
    about: dict[str, str] = field(default_factory=dict)
    pictures: Entry | None = None


@dataclass(slots=True)
class Model:
    """The top-level entries of all blocks. ``damaged`` when a fault of syntax hid some of them."""

    sections: dict[str, Entry] = field(default_factory=dict)
    facts: list[Entry] = field(default_factory=list)
    damaged: bool = False


def read_model(reader: Reader, blocks: tuple[Block, ...], *, bare: bool) -> Model:
    """Compose the blocks and join them.

    Parameters
    ----------
    reader
        Takes note of faults.
    blocks
        The stretches of the text that hold the model.
    bare
        Whether the file is YAML alone, so that front-matter keys stand at top level too.
    """
    model = Model()
    for block in blocks:
        for entry in _entries(reader, block, model):
            name = canonical(entry.key.value)
            if name in _SECTIONS:
                _add(reader, model, name, entry)
            elif bare and name in _FACTS:
                model.facts.append(entry)
            else:
                near = _unknown(reader, entry, bare=bare)
                if near is not None and near in _SECTIONS and near not in model.sections:
                    model.sections[near] = entry  # read on as if it were written so
    return model


def _entries(reader: Reader, block: Block, model: Model) -> tuple[Entry, ...]:
    """Compose one block; after a fault of syntax, compose its top-level entries one by one."""
    faults: list[_Fault] = []
    value = compose(reader.source, block.start, block.end, _into(faults))
    if value is None and faults:
        model.damaged = True
        return _piecewise(reader, block, faults)
    for fault in faults:
        reader.fault(*fault)
        model.damaged |= fault[0] in ("P142", "P149")
    if value is None or (isinstance(value, Scalar) and value.null):
        return ()
    if isinstance(value, Mapping):
        return value.entries
    model.damaged = True
    place = reader.source.whole_line(value.span.line)
    if isinstance(value, Scalar):
        words = (value.value.split() or ["players"])[0].strip(":")
        hint = f"Write `{words}:` and put what belongs to it below."
        reader.fault("P150", place, "this line should be `name: value`, but it has no colon", hint)
    else:
        hint = "It starts with names such as `players:` and `story:`."
        reader.fault("P210", place, f"the model must be a map, but this is {kind_of(value)}", hint)
    return ()


def _piecewise(reader: Reader, block: Block, faults: list[_Fault]) -> tuple[Entry, ...]:
    text = reader.source.text[block.start : block.end]
    cuts = [match.start() for match in _CHUNK.finditer(text)]
    if len(cuts) > _MOST_CHUNKS:
        cuts = []  # no model has so many parts; the fault of the whole must do
    entries: list[Entry] = []
    closer: list[_Fault] = []
    for start, stop in pairwise([*cuts, len(text)]):
        value = compose(reader.source, block.start + start, block.start + stop, _into(closer))
        if isinstance(value, Mapping):
            entries.extend(value.entries)
    whole = faults[-1]
    if not any(fault[1].line == whole[1].line for fault in closer) and not (
        closer and whole[0] in ("P157", "P158", "P156")
    ):
        closer = [*faults, *closer]
    for fault in dict.fromkeys(closer):
        reader.fault(*fault)
    return tuple(entries)


def _into(faults: list[_Fault]) -> Report:
    def note(code: str, span: Span, message: str, hint: str | None = None) -> None:
        faults.append((code, span, message, hint))

    return note


def _add(reader: Reader, model: Model, name: str, entry: Entry) -> None:
    """Join an entry with one of the same name from another block."""
    earlier = model.sections.get(name)
    if earlier is None:
        model.sections[name] = entry
        return
    form = _SECTIONS[name].form
    first, second = earlier.value, entry.value
    if form.startswith("map of") and isinstance(first, Mapping) and isinstance(second, Mapping):
        joined: Value = Mapping(first.entries + second.entries, first.flow, first.span)
    elif form.startswith("list of") and isinstance(first, Sequence) and isinstance(second, Sequence):
        joined = Sequence(first.items + second.items, first.flow, first.span)
    else:
        reader.fault(
            "P148",
            entry.key.span,
            f"`{name}` is given twice",
            f"It already stands in line {earlier.key.span.line}; keep one of the two.",
        )
        return
    model.sections[name] = Entry(earlier.key, joined)


def _unknown(reader: Reader, entry: Entry, *, bare: bool) -> str | None:
    """Report a top-level key, and return the one that was probably meant."""
    name = entry.key.value
    if canonical(name) in _FACTS:
        hint = "Move it to the front matter, between the two lines --- at the top of the file."
        reader.fault("P205", entry.key.span, f"`{name}` is no part of the model", hint)
        return None
    near = suggest(name, [*_SECTIONS, *(_FACTS if bare else ())])
    hint = f"Did you mean `{near}`?" if near else f"The parts of a model are {listed(_SECTIONS, 20)}."
    reader.fault("P204", entry.key.span, f"a model has no part called `{name}`", hint)
    return near


def read_front_matter(
    reader: Reader, source: SourceText, block: Block | None, model: Model, *, bare: bool
) -> Front:
    """Read title, question and free facts.

    Parameters
    ----------
    reader, source
        Where faults go, and the text.
    block
        The front matter; None when there is none (already reported, unless ``bare``).
    model
        Holds the facts of a file that is YAML alone.
    bare
        Whether the file is YAML alone.
    """
    front = Front()
    entries: tuple[Entry, ...] = tuple(model.facts)
    if block is not None:
        faults: list[_Fault] = []
        value = compose(source, block.start, block.end, _into(faults))
        for fault in faults:
            reader.fault(*fault)
        if isinstance(value, Mapping):
            entries = value.entries
        elif value is not None and not (isinstance(value, Scalar) and value.null):
            hint = "Write `parley: 1` and `title: ...`, each on a line of its own."
            reader.fault(
                "P210", value.span, f"the front matter must be a map, but this is {kind_of(value)}", hint
            )
            return front
        elif faults:
            return front
    elif not bare:
        return front
    found: dict[str, str] = {}
    for entry in entries:
        if canonical(entry.key.value) == "pictures":
            front.pictures = entry  # a list, not a fact: read once the passages are known
        else:
            _fact(reader, entry, found)
    _required(reader, source, set(found) | {canonical(entry.key.value) for entry in entries}, bare=bare)
    found.pop("parley", None)
    front.title = found.pop("title", None)
    front.question = found.pop("question", None)
    front.about = found
    return front


def _fact(reader: Reader, entry: Entry, found: dict[str, str]) -> None:
    name = canonical(entry.key.value)
    if name in _SECTIONS:
        hint = "Move it to a block headed ```parley."
        reader.fault("P205", entry.key.span, f"`{entry.key.value}` belongs to the model, not here", hint)
        return
    if name not in _FACTS:
        near = suggest(entry.key.value, _FACTS)
        if near:
            message = f"the front matter has no key `{entry.key.value}`"
            reader.fault("P201", entry.key.span, message, f"Did you mean `{near}`?")
            found.setdefault(near, "")
            return
        name = entry.key.value
    if isinstance(entry.value, Scalar) and entry.value.null:
        reader.fault("P212", entry.key.span, f"`{name}` has no value", "Write one, or delete the key.")
        return
    text = reader.text(entry.value, f"`{name}`")
    if text is None:
        return
    if name == "parley" and text != VERSION:
        hint = f"Write `parley: {VERSION}`."
        reader.fault(
            "P112", entry.value.span, f"`{text}` is no version of the language that is known here", hint
        )
    found[name] = text


def _required(reader: Reader, source: SourceText, present: set[str], *, bare: bool) -> None:
    for key in FRONT_MATTER:
        if key.required and key.name not in present:
            place = source.whole_line(1)
            example = "parley: 1" if key.name == "parley" else "title: What the argument says"
            where = "at the top of the file" if bare else "between the two lines ---"
            reader.fault("P113", place, f"`{key.name}` is missing", f"Write `{example}` {where}.")
