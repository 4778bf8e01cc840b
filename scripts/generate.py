"""Writes the generated pages of the reference; with --check only says whether they are up to date.

Each page is made from what the program itself uses: the commands, the keys of the language, the diagnostic
codes, the fields of the findings.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from parley.cli.main import program
from parley.findings import model as findings_model
from parley.scenario import codes, keys

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "% Written by scripts/generate.py. Do not edit.\n\n"

WIDTH = 100

Pages = dict[Path, str]


# --- commands ---------------------------------------------------------------------------------------------


def command_page() -> str:
    """Write one section for each command, from click itself."""
    parts = [NOTE, "# Commands\n\n", inspect.cleandoc(program.help or ""), "\n"]
    context = click.Context(program, info_name="parley")
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH)
        parts += [f"\n## parley {name}\n\n```text\n", command.get_help(inner), "\n```\n"]
    parts.append(EXIT_CODES)
    return "".join(parts)


EXIT_CODES = """
## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | the scenario is at fault |
| 2 | the command is at fault: an option, a name, a file that can't be read or written |
| 3 | not solved well enough to speak: the verdict is withheld, or a certificate does not hold |
| 70 | a fault in Parley; please report it |
| 130 | stopped by Ctrl-C |
| 141 | the reader of a pipe went away |
"""


# --- keys of the language ---------------------------------------------------------------------------------


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def form_in_words(form: str) -> str:
    """Say what may stand behind a key, with a link to the table of each shape."""
    said = []
    for part in form.split(" or "):
        kind = part.rsplit(" of ", 1)[-1]
        link = f"[{kind}](#{anchor(kind)})" if kind in keys.SHAPES else kind
        said.append(part.removesuffix(kind) + link)
    return ", or ".join(said)


def anchor(name: str) -> str:
    """Return the anchor that MyST gives to the heading of a shape."""
    return re.sub(r"[^\w\- ]", "", title_of(name).lower()).strip().replace(" ", "-")


def title_of(name: str) -> str:
    """Return the heading of a shape's table."""
    article = keys.SHAPES[name].article
    return re.sub(r"^(an?|the) ", "", article).replace("`", "").capitalize()


def key_table(rows: tuple[keys.Key, ...]) -> Iterator[str]:
    """Write a table with one row for each key."""
    yield "| key | value | what it is for |\n|---|---|---|\n"
    for key in rows:
        required = " **Required.**" if key.required else ""
        yield f"| `{key.name}` | {cell(form_in_words(key.form))} | {cell(key.text)}.{required} |\n"


def keys_page() -> str:
    """Write every key with its form, and excerpts of scenarios in which the tests run it."""
    parts = [NOTE, KEYS_HEAD]
    parts += ["\n## Front matter\n\n", *key_table(keys.FRONT_MATTER)]
    parts += ["\n## Sections\n\n", *key_table(keys.SECTIONS)]
    for name, shape in keys.SHAPES.items():
        parts.append(f"\n## {title_of(name)}\n\n")
        parts += key_table(shape.keys)
        if shape.short is not None:
            parts.append(f"\nIn place of the map may stand: {form_in_words(shape.short)}.\n")
        if shape.others is not None:
            parts.append(f"\nAny other key takes: {form_in_words(shape.others)}.\n")
        for example in examples_of(name):
            parts.append(f"\n```yaml\n{example}```\n")
    parts.append("\n## Words for values\n\n| word | meaning |\n|---|---|\n")
    parts += [f"| {name} | {cell(text)} |\n" for name, text in keys.FORMS.items()]
    return "".join(parts)


KEYS_HEAD = """# Every key

[The language](language.md) says what the keys mean together; this page lists each with the form of its value.
The example below a table is an excerpt of a scenario that the tests check, compile and solve. Keys that are not
listed are errors.
"""

_EXCERPT = re.compile(r"^(?P<indent> *)# example: (?P<shape>.+)$")


def examples_of(shape: str) -> Iterator[str]:
    """Excerpts of docs/examples: from a remark ``# example: SHAPE`` to the next empty line."""
    for path in sorted((ROOT / "docs" / "examples").glob("*.md")):
        lines = iter(path.read_text(encoding="utf-8").splitlines())
        for line in lines:
            found = _EXCERPT.match(line)
            if found is None or found["shape"] != shape:
                continue
            indent, excerpt = len(found["indent"]), list[str]()
            for inside in lines:
                if not inside.strip() or inside.startswith("```"):
                    break
                excerpt.append(inside[indent:] + "\n")
            yield "".join(excerpt)


# --- diagnostics ------------------------------------------------------------------------------------------


def diagnostic_pages() -> Pages:
    """Write a page for each code, and a list of them."""
    folder = REFERENCE / "diagnostics"
    return {folder / f"{code}.md": text for code, text in codes.pages().items()}


# --- findings ---------------------------------------------------------------------------------------------


def findings_page() -> str:
    """Write the fields of the JSON, from the dataclasses that are written."""
    parts = [NOTE, FINDINGS_HEAD]
    names = [name for name in findings_model.__all__ if inspect.isclass(getattr(findings_model, name))]
    for name in ["Findings", *(name for name in names if name != "Findings")]:
        kind: Any = getattr(findings_model, name)
        about = prose(inspect.getdoc(kind) or "")
        parts += [f"\n## {name}\n\n{about}\n\n| field | type |\n|---|---|\n"]
        for field in dataclasses.fields(kind):
            parts.append(f"| `{field.name}` | {cell(json_type(str(field.type), names))} |\n")
    return "".join(parts)


def prose(text: str) -> str:
    """Turn docstring markup into Markdown."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")


def json_type(annotation: str, names: list[str]) -> str:
    """Say a Python annotation in JSON's words."""
    words = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
    words["None"] = "null"
    text = re.sub(r"tuple\[(\w+), \.\.\.\]", r"list of \1", annotation)
    text = re.sub(r"Mapping\[str, (.+)\]", r"object of \1", text)
    for name, word in words.items():
        text = re.sub(rf"\b{name}\b", word, text)
    for name in names:
        text = re.sub(rf"\b{name}\b", f"[{name}](#{name.lower()})", text)
    return text.replace(" | ", " or ")


FINDINGS_HEAD = f"""# The JSON of the findings

`parley run --json FILE` writes the findings as one JSON object, the same text as `Findings.to_json()`. Its first
key, `"parley_findings"`, is the version of this form, now {findings_model.FORMAT}; the others are the fields of
[Findings](#findings). There is no NaN: a number that does not exist is `null`. `parley.Findings.from_json` reads
it back and refuses a file of another version or with a field that is missing, unknown or of another type.
"""


# --- all --------------------------------------------------------------------------------------------------


def pages() -> Pages:
    """Every generated file and its text."""
    return {
        REFERENCE / "cli.md": command_page(),
        REFERENCE / "keys.md": keys_page(),
        REFERENCE / "findings.md": findings_page(),
        **diagnostic_pages(),
    }


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them; returns the exit code."""
    wanted = pages()
    unknown = [path for path in (REFERENCE / "diagnostics").glob("*.md") if path not in wanted]
    if arguments == ["--check"]:
        stale = [
            path
            for path, text in wanted.items()
            if not path.is_file() or path.read_text(encoding="utf-8") != text
        ]
        for path in [*stale, *unknown]:
            print(f"out of date: {path.relative_to(ROOT)} (run scripts/generate.py)", file=sys.stderr)
        return 1 if stale or unknown else 0
    for path in unknown:
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
