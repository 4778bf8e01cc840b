"""One game's solution in a terminal: certificate, players, information sets.

What lives here: layout of the document that ``parley solve --json`` writes. What may not: games, solvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.report import words
from parley.report.terminal import NARROWEST, WIDEST, draw, heading

__all__ = ["render_solution"]

Entry: TypeAlias = Mapping[str, Any]

INDENT = (0, 0, 0, 2)
ROUNDING = 1e-12  # sums of probabilities that should be 1 miss it by less
NODES = 6  # of one set; the others are counted
STATUS = {
    "converged": ("solved", "green"),
    "stalled": ("NOT SOLVED: the branch could not be followed to this lambda", "bold red"),
    "limit": ("NOT SOLVED: the budget of sweeps was spent first", "bold red"),
    "forked": ("solved, but the branch met others on the way: its continuation is a choice", "yellow"),
    "untraced": ("solved, but the way jumped: maybe not on the principal branch", "yellow"),
    "ill-posed": ("NO GAME: a number is not finite, or chances do not sum to one", "bold red"),
}


def render_solution(
    document: Entry, width: int = 100, colour: bool = False, *, sets: int | None = None
) -> str:
    """Lay a solved game out for a terminal or a plain text file.

    Parameters
    ----------
    document
        ``title``, ``size`` and ``solutions``, as ``parley solve --json`` writes them.
    width
        Columns, kept within 60 and 120.
    colour
        Whether to add ANSI colours.
    sets
        How many information sets to show of each solution, the likeliest to be reached; None for all.

    Returns
    -------
    str
        Lines without trailing blanks, ending in a newline.

    Examples
    --------
    >>> size = {"players": 1, "sets": 0, "nodes": 1}
    >>> print(render_solution({"title": "Nothing to decide", "size": size, "solutions": []}), end="")
    Nothing to decide
    1 player, 0 information sets, 1 node
    """
    size = document["size"]
    counts = (
        _count(size["players"], "player"),
        _count(size["sets"], "information set"),
        _count(size["nodes"], "node"),
    )
    parts: list[RenderableType] = [
        Text(words.clean(document["title"]) or "Without a title", style="bold"),
        Text(", ".join(counts)),
    ]
    if "pure" in document:
        parts += _pure(document["pure"])
    for solution in document["solutions"]:
        parts += _solution(solution, sets)
    return draw(parts, min(max(width, NARROWEST), WIDEST), colour)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _solution(solution: Entry, limit: int | None) -> Iterable[RenderableType]:
    yield heading(_lambda(solution["players"]), "per unit of payoff")
    yield _indented(_certificate(solution))
    if solution["status"] == "ill-posed":
        return
    yield _indented(_players(solution["players"]))
    if "search" in solution:
        yield from map(_indented, _search(solution["search"]))
    # Where two sets are equally likely the order of the game stays.
    ranked = sorted(solution["sets"], key=lambda entry: -(entry["reach"] or 0.0))
    shown = ranked if limit is None else ranked[:limit]
    for entry in shown:
        yield Text()
        yield _indented(_title(entry))
        yield Padding(_place(entry), (0, 0, 0, 4))
        yield Padding(_actions(entry), (0, 0, 0, 4))
        if len(entry["nodes"]) > 1:
            yield Padding(_beliefs(entry, limit is None), (0, 0, 0, 4))
    if len(shown) < len(ranked):
        rest = len(ranked) - len(shown)
        yield Text()
        what = "set that is" if rest == 1 else "sets that are"
        yield _indented(Text(f"and {rest:,} {what} reached less often; --all shows everything", style="dim"))


def _indented(part: RenderableType) -> Padding:
    return Padding(part, INDENT)


def _pure(pure: Entry) -> Iterable[RenderableType]:
    """List the equilibria in pure strategies: what happens, and what would where play does not lead."""
    found = pure["equilibria"]
    kinds = len({each["play"] for each in found})
    said = f"{_count(len(found), 'equilibrium') if len(found) == 1 else f'{len(found):,} equilibria'}"
    yield heading("PURE STRATEGIES", f"{said} among {_count(pure['profiles'], 'profile')}")
    if not found:
        yield _indented(Text("In every profile somebody would rather do something else: all equilibria mix."))
        return
    if kinds < len(found):
        yield _indented(
            Text(f"{_count(kinds, 'way')} in which play goes; others differ where it never leads")
        )
    for number, each in enumerate(found, start=1):
        paid = ", ".join(f"{words.clean(name)} {_figure(value)}" for name, value in each["payoffs"].items())
        yield Text()
        yield _indented(Text(f"{number}. pays {paid}", style="bold"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        for place in each["sets"]:
            label = words.clean(place["action"])
            played = Text(label) if place["reached"] else Text(f"would {label}", style="dim")
            table.add_row(_title(place), played)
        yield Padding(table, (0, 0, 0, 4))


def _lambda(players: Sequence[Entry]) -> str:
    values = [_figure(entry["lambda"]) for entry in players]
    if len(set(values)) <= 1:
        return f"lambda {values[0]}" if values else "nobody plays"
    each = (f"{words.clean(entry['player'])} {value}" for entry, value in zip(players, values, strict=True))
    return "lambda: " + ", ".join(each)


def _figure(value: float | None) -> str:
    return words.ABSENT if value is None else f"{value:.6g}"


def _certificate(solution: Entry) -> Text:
    said, style = STATUS[solution["status"]]
    text = Text(said, style=style)
    if solution["residual"] is not None:
        text.append(
            f"; residual {solution['residual']:.1e}, {solution['tolerance']:.0e} allowed; "
            f"{_count(solution['sweeps'], 'sweep')}",
            style="not bold",
        )
    return text


def _search(search: Entry) -> Iterable[RenderableType]:
    """Say how many equilibria a search has found, and what they pay."""
    found = search["equilibria"]
    more = "" if search["index"] == 1 else "; their signs show that some are missing"
    what = "equilibrium" if len(found) == 1 else "different equilibria"
    yield Text()
    yield Text(f"{len(found)} {what} found at this lambda from {_count(search['starts'], 'start')}{more}")
    if len(found) > 1:
        players = list(found[0]["payoffs"])
        table = _table("equilibrium", *(f"pays {words.clean(name)}" for name in players))
        for number, each in enumerate(found, start=1):
            name = f"{number}, the one shown below" if each["principal"] else str(number)
            table.add_row(name, *(_figure(each["payoffs"][player]) for player in players))
        yield table


def _players(players: Sequence[Entry]) -> Table:
    table = _table("player", "expected payoff", "best reply adds", "of its stake")
    for entry in players:
        regret, stake = entry["regret"], entry["stake"]
        gain = None if regret is None or stake is None else regret * stake
        share = words.ABSENT if regret is None else f"{100 * regret:.3g} %"
        table.add_row(words.clean(entry["player"]), _figure(entry["value"]), _figure(gain), share)
    return table


def _table(*names: str) -> Table:
    """Return a table whose first column holds labels and whose others hold numbers."""
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column(names[0], overflow="fold")
    for name in names[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _title(entry: Entry) -> Text:
    text = Text(f"{words.clean(entry['player'])}: {words.clean(entry['move'])}", style="bold")
    return text.append(f" ({words.clean(entry['seen'])})", style="not bold") if entry["seen"] else text


def _place(entry: Entry) -> Text:
    if entry["value"] is None:
        return Text("never reached: chance rules it out", style="dim")
    value, regret = _figure(entry["value"]), _figure(entry["regret"])
    return Text(f"reached {_share(entry['reach'])}; worth {value} there; regret {regret}", style="dim")


def _share(value: float | None) -> str:
    """Write a probability: never as all or nothing unless it is."""
    if value is None:
        return words.ABSENT
    percent = 100 * value
    if abs(1 - value) < ROUNDING:
        return "100 %"
    if percent > 99.99:
        return f"1 - {1 - value:.2g}"
    return f"{percent:.4g} %" if value == 0 or percent >= 0.01 else f"{value:.2g}"


def _actions(entry: Entry) -> Table:
    table = _table("action", "probability", "value")
    for action in entry["actions"]:
        label = words.clean(action["action"])
        table.add_row(label, _share(action["probability"]), _figure(action["value"]))
    return table


def _beliefs(entry: Entry, everything: bool) -> Table:
    table = _table("after", "belief")
    nodes = sorted(entry["nodes"], key=lambda node: -(node["belief"] or 0.0))
    shown = nodes if everything else nodes[:NODES]
    for node in shown:
        path = ", ".join(words.clean(label) for label in node["history"]) or "nothing"
        if node["paths"] > 1:
            path += f" (or {_count(node['paths'] - 1, 'other path')})"
        table.add_row(path, _share(node["belief"]))
    if len(shown) < len(nodes):
        rest = sum(node["belief"] or 0.0 for node in nodes[len(shown) :])
        table.add_row(f"{len(nodes) - len(shown):,} others together", _share(rest))
    return table
