"""Collect the texts of the site's pages for translators, and compile what they wrote.

``python -m scripts.messages`` reads the sources, updates ``locale/*/LC_MESSAGES/django.po`` in the room
``site`` and writes the compiled ``django.mo`` beside each; ``--check`` says what is not up to date;
``--missing LANGUAGE`` prints the texts that have no translation yet.

Texts are found where they are marked: ``_("…")``, ``gettext``, ``ngettext`` and their like, in templates and
in Python. Texts that are marked by where they stand (letters, clauses) are named in ``ELSEWHERE``.
"""

from __future__ import annotations

import ast
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from parley.site.render.environment import TEMPLATES, make_environment

SITE = TEMPLATES.parents[1]
LOCALE = SITE / "locale"
LANGUAGES = ("de", "fr", "es")
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "later", "pgettext"}
PLURALS = {"ngettext", "ngettext_lazy"}
# Functions whose texts are translated later, and mappings whose values are.
ELSEWHERE = {
    "web/accounts/letters.py": {"_code", "_linked", "_notice", "_NOTHING_TO_DO"},
    "web/rules.py": {"CLAUSES"},
    "render/formats.py": {"_MONTHS"},
}
# Faults whose sentences are translated where they are shown; the other strings are their codes and fields.
FAULTS = {"TextError", "SettingError", "Refused", "_too_long", "_reserved"}
WORDS = (
    "robust",
    "leans",
    "open",
    "fails",
    "withheld",
    "comment",
    "challenge",
    "article",
    "account",
    "rules",
)
HEAD = """# Translations of Parley's public pages.
#
"""

PLACEHOLDERS = (b'"Generated-By', b'"Report-Msgid', b'"Last-Translator', b'"Language-Team')
Message = str | tuple[str, str]


def messages() -> dict[Message, list[str]]:
    """Return every text with the files in which it stands."""
    found: dict[Message, set[str]] = {}
    for file in sorted(TEMPLATES.rglob("*.html")):
        for message in _of_template(file.read_text("utf-8")):
            found.setdefault(message, set()).add(str(file.relative_to(SITE)))
    for file in sorted(SITE.rglob("*.py")):
        name = str(file.relative_to(SITE))
        for message in _of_module(file.read_text("utf-8"), ELSEWHERE.get(name, set())):
            found.setdefault(message, set()).add(name)
    for word in WORDS:  # of the report and the log, translated where they are shown
        found.setdefault(word, set()).add("words")
    singular = {each[0] for each in found if isinstance(each, tuple)}
    kept = {each: sorted(files) for each, files in found.items() if each not in singular}
    return dict(sorted(kept.items(), key=lambda item: (item[1][0], str(item[0]))))


def catalog(language: str, found: dict[Message, list[str]]) -> Catalog:
    """Return a language's translations of the texts that there are; others are dropped."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    old = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    made = Catalog(locale=language, project="Parley", header_comment=HEAD, fuzzy=False)
    for message in found:
        key = message[0] if isinstance(message, tuple) else message
        known = old.get(key)
        made.add(message, known.string if known else None)
    return made


def texts(made: Catalog) -> tuple[bytes, bytes]:
    """Return a catalogue as ``.po`` and ``.mo``, the same for equal catalogues."""
    made.creation_date = made.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # no day of its own
    source, compiled = io.BytesIO(), io.BytesIO()
    write_po(source, made, width=100, no_location=True)
    write_mo(compiled, made)
    lines = source.getvalue().splitlines(keepends=True)  # without what Babel alone knows
    return b"".join(line for line in lines if not line.startswith(PLACEHOLDERS)), compiled.getvalue()


def missing(made: Catalog) -> list[Message]:
    """Return the texts without a translation."""
    lacking: list[Message] = []
    for each in made:
        if each.id and not (each.string and all(each.string)):
            lacking.append(each.id if isinstance(each.id, str) else (each.id[0], each.id[1]))
    return lacking


def main() -> int:
    """Write the catalogues, or with ``--check`` say what does not fit."""
    found = messages()
    if "--missing" in sys.argv:
        language = sys.argv[sys.argv.index("--missing") + 1]
        print(json.dumps(missing(catalog(language, found)), ensure_ascii=False, indent=1))
        return 0
    stale = []
    for language in LANGUAGES:
        made = catalog(language, found)
        source, compiled = texts(made)
        folder = LOCALE / language / "LC_MESSAGES"
        for name, content in (("django.po", source), ("django.mo", compiled)):
            path = folder / name
            if not path.exists() or path.read_bytes() != content:
                stale.append(str(path.relative_to(SITE)))
                if "--check" not in sys.argv:
                    folder.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(content)
        lacking = len(missing(made))
        if lacking:
            print(f"{language}: {lacking} texts are not translated")
    if "--check" in sys.argv:
        if stale:
            print(f"not up to date: {', '.join(stale)}; run python -m scripts.messages")
        return 1 if stale else 0
    return 0


def _of_template(source: str) -> Iterator[Message]:
    if "{% load " in source:  # a template of Django's own administration pages
        return
    found = make_environment().extract_translations(source)  # type: ignore[attr-defined]
    for _line, _name, message in found:
        if isinstance(message, tuple):
            plural = tuple(each for each in message if each is not None)
            yield (plural[0], plural[1]) if len(plural) > 1 else plural[0]
        elif message:
            yield message


def _of_module(source: str, elsewhere: set[str]) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            strings = [text for each in node.args if (text := _text(each)) is not None]
            if name in CALLS and strings:
                yield strings[0]
            elif name in PLURALS and len(strings) >= 2:
                yield strings[0], strings[1]
            elif name in elsewhere:
                yield from strings
            elif name in FAULTS:
                yield from (each for each in strings if " " in each)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(each, "id", "") in elsewhere for each in targets) and node.value is not None:
                yield from _values(node.value)


def _values(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


if __name__ == "__main__":
    sys.exit(main())
