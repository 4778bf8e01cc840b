"""``parley import``: a game of Gambit's as a scenario to edit."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["import_"]


@click.command(name="import")
@click.argument("file", metavar="GAME", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The scenario to write: NAME.md, or NAME.yaml without prose. Nothing is overwritten.",
)
def import_(file: Path, output: Path) -> None:
    """Read a game of Gambit's, .efg or .nfg, into a scenario.

    Every information set becomes a step that can be edited. A tree in which a player can't know what time it
    is (the absent-minded driver) is refused; `parley solve` takes it as it is.
    """
    from parley.game.gambit_files import read_tree
    from parley.game.retelling import retell

    if output.suffix not in (".md", ".yaml"):
        raise click.BadParameter(f"{str(output)!r} must end in .md or .yaml", param_hint="--output")
    if file.suffix.lower() not in (".efg", ".nfg"):
        raise click.UsageError(f"{str(file)!r} must end in .efg or .nfg")
    tree = read_tree(file)
    scenario = _page(tree.title or file.stem, file.name, retell(tree, str(file)), output.suffix == ".md")
    # A move without a choice is no information set of a compiled story.
    _checked(scenario, output, sum(each.player >= 0 and len(each.labels) > 1 for each in tree.places))
    try:
        with output.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(scenario)
    except FileExistsError:
        raise click.UsageError(f"{str(output)!r} is already there; choose another name") from None
    click.echo(f"Wrote {output}.")


def _page(title: str, source: str, model: str, prose: bool) -> str:
    head = f"parley: 1\ntitle: {json.dumps(' '.join(title.split()), ensure_ascii=False)}\n"
    if not prose:
        return f"# Read from {source}.\n{head}\n{model}"
    return f"---\n{head}---\n\nRead from `{source}`.\n\n```parley\n{model}```\n"


def _checked(text: str, output: Path, sets: int) -> None:
    """Refuse what the language cannot hold: too many steps, players, conditions, or other information."""
    from parley.errors import GameError, ScenarioError
    from parley.game import compile as compiled
    from parley.scenario import loads

    try:
        told = compiled(loads(text, str(output))).infosets
    except ScenarioError as fault:
        raise GameError(f"this game does not fit into a scenario: {fault}") from fault
    if told != sets:
        raise GameError(f"told as a story this game would have {told} information sets, not {sets}")
