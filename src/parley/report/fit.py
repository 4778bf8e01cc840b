"""An estimation in a terminal: estimates, what they mean, how well they fit.

What lives here: sentences and layout of one page. What may not: statistics.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parley.findings.judgements import number
from parley.report import words
from parley.report.terminal import NARROWEST, WIDEST, draw, heading
from parley.study.fit_model import WHOLE, Cell, Estimated, Fit, Goodness, Interval

__all__ = ["interval", "meaning", "render_fit"]

INDENT = (0, 0, 0, 2)
CELLS = 16  # of the table of frequencies
HELD = {
    "median": "Uncertain and not estimated, so held at the median",
    "middle": "Uncertain and not estimated, so held in the middle",
    "default": "Uncertain and not estimated, so held at the default",
    "stated": "As the scenario states them",
}
NAMED = 8  # numbers that stood as stated; the others are counted
DIGITS = 4  # of an estimate
ROUGH = 0.05  # second derivatives by two steps that differ by more make standard errors doubtful
REJECTED = 0.05  # of the test of fit: less is called a misfit
LEVEL = 1e-6  # of a log-likelihood: peaks that differ by less are equally high


def render_fit(found: Fit, width: int = 100, colour: bool = False) -> str:
    """Lay an estimation out for a terminal or a plain text file.

    Parameters
    ----------
    found
        What :func:`parley.study.fit` returned.
    width
        Columns, kept within 60 and 120.
    colour
        Whether to add ANSI colours.

    Returns
    -------
    str
        Lines without trailing blanks, ending in a newline.

    Examples
    --------
    >>> import parley
    >>> from parley.study import fit
    >>> found = fit(parley.load("which-event-first"), {"outcome": ["settled", "clean failure"]}, ["pi_peace"])
    >>> print(render_fit(found).splitlines()[1])
    Fitted to the table: 2 plays in 2 rows, 1 number estimated by maximum likelihood.
    """
    parts: list[RenderableType] = [
        Text(words.clean(found.title) or "Without a title", style="bold"),
        Text(_fitted(found)),
        heading("Estimates", f"{_percent(found.confidence)} intervals"),
        Padding(_estimates(found), INDENT),
        *_lines(_about_estimates(found)),
        *_meanings(found),
        heading("How well it fits"),
        *_lines(_likelihood(found)),
        Padding(_frequencies(found.goodness, found.plays), INDENT),
        *_lines(_test(found.goodness)),
        heading("What was done"),
        *_lines(_done(found)),
    ]
    return draw(parts, min(max(width, NARROWEST), WIDEST), colour)


def _lines(texts: Iterable[str]) -> Iterator[RenderableType]:
    return (Padding(Text(text), INDENT) for text in texts)


def _fitted(found: Fit) -> str:
    settings = f", {found.settings:,} settings" if found.settings > 1 else ""
    return (
        f"Fitted to {words.clean(found.data)}: {number(found.plays, 6)} plays in {_count(found.rows, 'row')}"
        f"{settings}, {_count(len(found.estimates), 'number')} estimated by maximum likelihood."
    )


def _meanings(found: Fit) -> Iterator[RenderableType]:
    said = [line for each in found.estimates for line in meaning(each)]
    if said:
        yield heading("What they mean")
        yield from _lines(said)


def _count(amount: int, thing: str) -> str:
    return f"{amount:,} {thing}" if amount == 1 else f"{amount:,} {thing}s"


def _percent(share: float) -> str:
    return f"{number(100 * share)}%"


def _estimates(found: Fit) -> Table:
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in ("", "estimate", "standard error", "profile interval", "symmetric interval"):
        table.add_column(name, overflow="fold")
    for each in found.estimates:
        table.add_row(
            Text(words.clean(each.name), style="bold"),
            Text(number(each.value, DIGITS) + (f" {words.clean(each.unit)}" if each.unit else "")),
            Text(words.ABSENT if each.error is None else number(each.error)),
            Text(interval(each.profile)),
            Text(words.ABSENT if each.wald is None else interval(each.wald)),
        )
    return table


def interval(ends: Interval) -> str:
    """Write an interval; a side without an end is said to be open.

    Examples
    --------
    >>> interval(Interval(1.5296, 1.895)), interval(Interval(0.5, None)), interval(Interval(None, None))
    ('1.530 to 1.895', 'from 0.5 on', 'any value tried')
    """
    if ends.low is None and ends.high is None:
        return "any value tried"
    if ends.low is None:
        return f"up to {number(ends.high or 0.0, DIGITS)}"
    if ends.high is None:
        return f"from {number(ends.low, DIGITS)} on"
    size = max(abs(ends.low), abs(ends.high))
    if not 1e-3 <= size < 1e6:
        return f"{number(ends.low, DIGITS)} to {number(ends.high, DIGITS)}"
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(size)))
    return f"{ends.low:,.{decimals}f} to {ends.high:,.{decimals}f}"


def _about_estimates(found: Fit) -> Iterator[str]:
    """Say how to read the table, and what is wrong with any of its rows."""
    yield (
        "A profile interval holds the values that the data do not rule out, every other estimate chosen anew "
        "for each; a symmetric one is the estimate give or take a multiple of its standard error. Where the "
        "two differ, trust the profile."
    )
    for each in found.estimates:
        name = words.clean(each.name)
        if each.bound is not None:
            end = each.low if each.bound == "low" else each.high
            where = (
                f"at the {each.bound} end of what may be tried ({number(end, DIGITS)})"
                if end is not None
                else f"as {'small' if each.bound == 'low' else 'large'} as was tried"
            )
            random = each.precision_of and each.bound == "low"
            like = " These data look like random play." if random and not each.low else ""
            yield f"{name} is {where}: the likelihood still rises there, so it has no standard error.{like}"
        elif each.flat:
            yield (
                f"{name} is not pinned down: near its estimate the likelihood hardly changes, alone or "
                "together with the others, so it has no standard error. Either different values explain the "
                "data equally well, or the data are separated so cleanly that no finite value is the best."
            )
        elif each.profile.low is None or each.profile.high is None:
            side = "low" if each.profile.low is None else "high"
            yield f"{name}: on the {side} side the data rule out nothing that was tried."
    for i, one in enumerate(found.estimates):
        for j, other in enumerate(found.estimates[:i]):
            together = found.correlation[i][j]
            if together is not None and abs(together) > 0.9:
                yield (
                    f"{words.clean(other.name)} and {words.clean(one.name)} can hardly be told apart: the "
                    f"correlation of their estimates is {together:.2f}."
                )
    if found.unsettled:
        yield (
            f"At {_count(found.unsettled, 'point')} of the profiles the other estimates did not settle: the "
            "intervals may be somewhat too short."
        )
    if found.rough > ROUGH:
        yield "Standard errors are rough here: second derivatives by two steps differ. Use the profiles."


def meaning(each: Estimated) -> Iterator[str]:
    """Say in plain words what an estimate means.

    Examples
    --------
    >>> one = Estimated("lambda", None, None, 1.0, math.log(4), 0.1, None, Interval(1.0, 2.0), None, False,
    ...                 None, None, ("a",), ("1",), ("logistic",), ())
    >>> print(*meaning(one))
    lambda 1.386 is the precision of a: of two options whose consequences differ by 1, the better one is ...
    """
    if each.flat:
        return  # any other value would mean as much
    name, value = words.clean(each.name), number(each.value, DIGITS)
    unit = f" {words.clean(each.unit)}" if each.unit else ""
    if not each.precision_of:
        if each.text:
            yield f"{name} {value}{unit}: {words.clean(each.text)}."
        return
    who = words.listed([words.clean(player) for player in each.precision_of])
    if len(each.errors) != 1:
        yield f"{name} {value}{unit} is the precision of {who}: how closely it follows what is better for it."
        return
    for stake in each.stakes:
        share, apart = _apart(stake)
        odds, chance = _better(share * each.value, each.errors[0])
        times = _hundred(chance).replace(" of ", " times in ")
        yield (
            f"{name} {value}{unit} is the precision of {who}: of two options whose consequences differ by "
            f"{apart}, the better one is taken {times} (odds {words.odds(odds)}). At 0 all options are "
            "equally likely; the larger it is, the rarer are mistakes, costly ones first."
        )


def _better(advantage: float, errors: str) -> tuple[float, float]:
    """Return the odds and the chance of the better of two options; the advantage is in sizes of errors."""
    if errors == "logistic":
        odds = math.exp(min(advantage, 700.0))
        return odds, odds / (1.0 + odds)
    worse = 0.5 * math.erfc(advantage / 2.0)  # the difference of two unit shocks has the sd sqrt 2
    return (1.0 - worse) / max(worse, 1e-300), 1.0 - worse


def _apart(stake: str) -> tuple[float, str]:
    """Return a share of a stake and the words for it."""
    try:
        return 1.0, number(float(stake))
    except ValueError:
        whole = "all that is at stake for a player" if stake == WHOLE else f"the stake ({words.clean(stake)})"
        return 0.1, f"a tenth of {whole}"


def _likelihood(found: Fit) -> Iterator[str]:
    yield (
        f"Log-likelihood {found.log_likelihood:,.2f} (AIC {found.aic:,.1f}, BIC {found.bic:,.1f}: to hold "
        "models of the same data against each other, less is better)."
    )
    if found.random is not None:
        gain = found.log_likelihood - found.random
        typical = [_hundred(math.exp(each / found.plays)) for each in (found.log_likelihood, found.random)]
        way = "better than" if gain > 0.005 else "no better than" if gain > -0.005 else "worse than"
        yield (
            f"If everybody chose at random it would be {found.random:,.2f}: the model is {way} chance. On "
            f"(geometric) average it gives what was seen {typical[0]}, random play {typical[1]}."
        )


def _hundred(chance: float) -> str:
    said = words.of_hundred(chance)
    return {"all": "100 of 100", "none": "0 of 100"}.get(said, said)


def _frequencies(item: Goodness, plays: float) -> Table:
    table = Table(box=None, show_edge=False, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("what was seen", overflow="fold")
    for name in ("observed", "fitted", "plays", "fitted"):
        table.add_column(name, justify="right", no_wrap=True)
    shown = item.cells if len(item.cells) <= CELLS else _most(item.cells)
    whole = all(cell.observed.is_integer() for cell in item.cells)
    for cell in shown:
        shares = (f"{100 * each / plays:.1f}%" for each in (cell.observed, cell.fitted))
        table.add_row(
            Text(words.clean(cell.what)),
            *shares,
            f"{cell.observed:,.{0 if whole else 1}f}",
            f"{cell.fitted:,.1f}",
        )
    if len(shown) < len(item.cells):
        table.add_row(Text(f"and {len(item.cells) - len(shown):,} more, in the JSON", style="dim"))
    return table


def _most(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    kept = sorted(cells, key=lambda cell: -cell.observed)[: CELLS - 1]
    return tuple(cell for cell in cells if cell in kept)


def _test(item: Goodness) -> Iterator[str]:
    """Say whether observed and fitted shares agree."""
    if item.deviance is None or item.freedom is None or item.chance is None:
        yield f"No test of fit: {item.without}."
        return
    text = f"G2 = {number(item.deviance)} with {_count(item.freedom, 'degree')} of freedom: "
    if item.chance < REJECTED:
        rare = "fewer than 1 of 1,000" if item.chance < 1e-3 else words.of_hundred(item.chance)
        text += f"were the model true, {rare} samples would be as far from it. It misses something."
    else:
        text += (
            f"were the model true, {words.of_hundred(item.chance)} samples would be as far from it. Nothing "
            "in these shares speaks against it."
        )
    yield text
    worst = max(item.cells, key=lambda cell: abs(cell.observed - cell.fitted) / math.sqrt(cell.fitted or 1.0))
    if item.chance < REJECTED:
        yield (
            f"The worst of it: {words.clean(worst.what)}, in {number(worst.observed, 3)} plays where "
            f"{number(worst.fitted, 3)} are expected."
        )
    if item.sparse:
        few = "1 cell is" if item.sparse == 1 else f"{item.sparse:,} cells are"
        yield f"{few} expected in fewer than five plays: take the share of samples with a grain of salt."


def _done(found: Fit) -> Iterator[str]:
    peaks = len(found.optima)
    if peaks == 1:
        text = f"{_count(found.optima[0].starts, 'search')} of {found.starts} ended at this one peak."
        yield text.replace("searchs", "searches")
    else:
        level = found.optima[0].log_likelihood - found.optima[1].log_likelihood < LEVEL
        which = "two are equally high, and the data cannot tell them apart" if level else "the highest counts"
        yield (
            f"The likelihood has several peaks: {peaks} were found from {found.starts} starts; {which}. "
            f"Above is the one that {found.optima[0].starts} starts led to. The next:"
        )
        for each in found.optima[1:4]:
            values = ", ".join(f"{words.clean(n)} {number(v, DIGITS)}" for n, v in each.values.items())
            yield f"  {values}: log-likelihood {each.log_likelihood:,.2f}."
    if found.lost:
        yield (
            f"{_count(found.lost, 'start')} led to no peak: given up on a slope that promised too little, or "
            "where no game was solved."
        )
    if found.given:
        yield f"Given by the data, row by row: {words.listed([words.clean(name) for name in found.given])}."
    if found.ignored:
        yield f"Columns left aside: {words.listed([words.clean(name) for name in found.ignored])}."
    yield from _held(found)
    if not float(found.plays).is_integer():
        yield "The plays are not a whole number: some counts were computed from shares."
    if found.unsolved:
        yield (
            f"At {found.unsolved:,} of {found.tried:,} sets of trial values a game had no certified answer: "
            "it has no proper numbers there, or equilibria meet. The search kept away from those, and the "
            "intervals say nothing of them."
        )
    yield (
        f"{found.games:,} games were solved. All those at the estimates are certified, the worst residual "
        f"{found.residual:.0e}."
    )


def _held(found: Fit) -> Iterator[str]:
    """Say at what stood what was not estimated."""
    for at, said in HELD.items():
        names = [
            f"{words.clean(each.name)} {words.clean(each.value)}" for each in found.held if each.at == at
        ]
        more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
        if names:
            yield f"{said}: {words.listed([*names[:NAMED], *more])}."
