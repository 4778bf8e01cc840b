"""The OpenAPI 3.1 description of the JSON beside the pages, generated from the documents themselves.

What lives here: the table of addresses, and schemas made from dataclasses. What may not: answering requests.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from parley.site.render import documents as d

__all__ = ["OPERATIONS", "PAGES", "Operation", "description", "schema"]

PAGES = 100_000  # the last page that may be asked for


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: its path, what it answers with, whether it comes in pages."""

    name: str
    path: str
    summary: str
    document: type
    paged: bool = False


OPERATIONS = (
    Operation("articles", "/articles.json", "All published articles", d.ArticleList, True),
    Operation("article", "/a/{slug}.json", "An article", d.ArticleDocument),
    Operation("comments", "/a/{slug}/comments.json", "The comments under an article", d.CommentList, True),
    Operation(
        "challenges", "/a/{slug}/challenges.json", "The challenges to an article", d.ChallengeList, True
    ),
    Operation("comment", "/c/{id}.json", "A comment", d.CommentDocument),
    Operation("profile", "/u/{name}.json", "A reader and the reader's comments", d.ProfileDocument, True),
    Operation("log", "/log.json", "The moderation log", d.LogList, True),
    Operation("policy", "/policy.json", "The comment policy and the house rules", d.PolicyDocument),
)

_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "slug": {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "minLength": 1, "maxLength": 80},
    "id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "name": {"type": "string", "minLength": 1, "maxLength": 40},
}


def description(server: str, version: str) -> dict[str, Any]:
    """Return the description.

    Parameters
    ----------
    server
        The site's address.
    version
        Parley's.

    Examples
    --------
    >>> found = description("https://e.org", "1.0")
    >>> sorted(found["paths"])[:2]
    ['/a/{slug}.json', '/a/{slug}/challenges.json']
    >>> found["components"]["schemas"]["ClaimDocument"]["properties"]["passage"]
    {'type': ['string', 'null']}
    """
    known: dict[str, Any] = {}
    paths = {each.path: {"get": _operation(each, known)} for each in OPERATIONS}
    schema(d.Problem, known)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": version,
            "description": "What the pages show a signed-out reader, as JSON. Read-only; open to scripts "
            "of other sites, without cookies. Answers carry an ETag.",
        },
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": dict(sorted(known.items()))},
    }


def schema(kind: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a type; dataclasses are put among the known and referred to.

    Raises
    ------
    TypeError
        The type has no form here.

    Examples
    --------
    >>> known = {}
    >>> schema(d.Reference | None, known), sorted(known)
    ({'anyOf': [{'$ref': '#/components/schemas/Reference'}, {'type': 'null'}]}, ['Reference'])
    """
    plain = _PLAIN.get(kind)
    if plain is not None:
        return dict(plain)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(kind, known)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return {"type": "array", "items": schema(arguments[0], known)}
    if origin is Mapping and arguments[0] is str:
        return {
            "type": "object",
            "additionalProperties": True if arguments[1] is Any else schema(arguments[1], known),
        }
    if origin in (types.UnionType, Union) and type(None) in arguments and len(arguments) == 2:
        return _or_null(schema(next(each for each in arguments if each is not type(None)), known))
    raise TypeError(f"{kind!r} has no form in JSON Schema here")


_PLAIN: Mapping[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}


def _or_null(inner: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in inner or not isinstance(inner.get("type"), str):
        return {"anyOf": [inner, {"type": "null"}]}
    made = inner | {"type": [inner["type"], "null"]}
    if "enum" in made:
        made["enum"] = [*made["enum"], None]
    return made


def _record(kind: type, known: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in known:
        known[name] = {}  # a record may hold itself
        hints = get_type_hints(kind)
        names = [each.name for each in fields(kind)]
        known[name] = {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").replace("``", "").split()),
            "properties": {each: schema(hints[each], known) for each in names},
            "required": names,
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}


def _operation(each: Operation, known: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": dict(form)}
        for name, form in _PARAMETERS.items()
        if f"{{{name}}}" in each.path
    ]
    answers: dict[str, Any] = {
        "200": _answer("The document.", "application/json", schema(each.document, known)),
        "304": {"description": "Not changed since the ETag that was sent."},
        "404": _problem("There is nothing that everybody may see."),
    }
    if each.paged:
        form = {"type": "integer", "minimum": 1, "maximum": PAGES, "default": 1}
        parameters.append({"name": "page", "in": "query", "required": False, "schema": form})
        answers["400"] = _problem("The page is not a number, or is given twice.")
    return {
        "operationId": each.name,
        "summary": each.summary,
        "parameters": parameters,
        "responses": answers,
    }


def _answer(words: str, media: str, form: dict[str, Any]) -> dict[str, Any]:
    return {"description": words, "content": {media: {"schema": form}}}


def _problem(words: str) -> dict[str, Any]:
    return _answer(words, "application/problem+json", {"$ref": "#/components/schemas/Problem"})
