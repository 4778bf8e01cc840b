"""``parley catalog``: what is on the shelf, one entry of it, and the search for words."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from parley.cli.output import writable, write
from parley.cli.screen import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.catalog import Entry

__all__ = ["catalog"]

_JSON = click.option("--json", "json_file", metavar="FILE", help="Write it as JSON; - is standard output.")


class _Shelf(click.Group):
    """Takes the name of a scenario for the wish to have it shown."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            show = f"`parley catalog show {args[0]}` shows a scenario of that name"
            look = f"`parley catalog search {args[0]}` looks for a word"
            ctx.fail(f"there is no command {args[0]!r}; {show}, {look}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Shelf, invoke_without_command=True)
@click.pass_context
def catalog(context: click.Context) -> None:
    """List the scenarios that ship with Parley, show one, or search.

    Models of the literature, classic games, and arguments. Without a command it lists them all.
    """
    if context.invoked_subcommand is None:
        context.invoke(listing)


@catalog.command("list")
@click.option("--field", metavar="WORD", help="Only fields that have this word in their name.")
@_JSON
def listing(field: str | None = None, json_file: str | None = None) -> None:
    """List title, field, players and what each teaches."""
    from parley.catalog import entries

    writable(json_file)
    found = [each for each in entries() if field is None or field.lower() in each.field.lower()]
    if not found:
        fields = ", ".join(dict.fromkeys(each.field for each in entries()))
        raise click.BadParameter(f"no field is called so; there are: {fields}", param_hint="--field")
    _put(found, json_file)
    if json_file is None:
        said = "`parley catalog show NAME` explains one, `parley run NAME` runs it"
        click.echo(f"\n{len(found)} scenarios. {said}.")


@catalog.command()
@click.argument("name")
@_JSON
def show(name: str, json_file: str | None) -> None:
    """Explain one: its prose, its source, the numbers it reproduces."""
    from parley.catalog import entry_of, load, locate
    from parley.catalog.naming import known_as
    from parley.report import render_entry

    writable(json_file)
    scenario = load(locate(name))
    entry = entry_of(known_as(scenario.path), scenario)
    if json_file is not None:
        write(_json({**_document(entry), "article": scenario.article}), json_file)
    if json_file != "-":
        click.echo(render_entry(entry, scenario, width()), nl=False)


@catalog.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@_JSON
def search(words: tuple[str, ...], json_file: str | None) -> None:
    """List those in which every WORD occurs.

    A word also finds longer ones that begin with it. Titles come first, then facts, then prose.
    """
    from parley.catalog import search as look

    writable(json_file)
    found = look(words)
    if not found:
        click.echo(f"Nothing has the words {' '.join(words)!r}. `parley catalog` lists everything.")
    _put(found, json_file)


def _put(found: Sequence[Entry], json_file: str | None) -> None:
    """Print a list, or write it."""
    from parley.report import render_catalog

    if json_file is not None:
        write(_json([_document(each) for each in found]), json_file)
    if json_file != "-" and found:
        click.echo(render_catalog(found, width()), nl=False)


def _document(entry: Entry) -> dict[str, object]:
    """Return an entry as plain data, without the index of its words."""
    return {key: value for key, value in asdict(entry).items() if key != "words"}


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
