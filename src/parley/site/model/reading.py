"""The text stage of a version: everything that an article says before it is solved.

What lives here: :func:`edition`. What may not: solving, NumPy, Django. It takes a fraction of a second.
"""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path

from parley.scenario.model import Scenario
from parley.scenario.tables import misnamed
from parley.site.model import cards
from parley.site.model.article import Block, DataFile, Edition, Picture, Player
from parley.site.model.body import SANITISER, body
from parley.site.model.errors import EditionError
from parley.site.model.images import look

__all__ = ["edition"]

_FILE_LIMIT = 20_000_000  # bytes of one data file
_PACE = 230  # words that are read in a minute
_UNSIGNED = ("none", "no author", "not stated", "unknown", "anonymous")


def edition(scenario: Scenario | str | PathLike[str]) -> Edition:
    """Return an article as it reads, with what hangs on its claims.

    Parameters
    ----------
    scenario
        A scenario, the path of its file or folder, or the name of a shipped one.

    Raises
    ------
    ParleyError
        There is no such scenario.
    ScenarioError
        The scenario is at fault.
    EditionError
        It cannot be shown as an article: settings are put in place of the author's, a passage cannot be
        lit, a picture or a data file is not there, a link leads nowhere.

    Examples
    --------
    >>> found = edition("taliban-talks")
    >>> found.title, found.passage("strike-ends").number, found.assumption("q_other").form
    ('Let the talks fail, but not by our hand', 13, 'chance')
    """
    if not isinstance(scenario, Scenario):
        from parley.catalog import load

        scenario = load(scenario)
    if scenario.overrides:
        raise EditionError(
            f"{next(iter(scenario.overrides))!r} is set otherwise: publish what the author wrote"
        )
    folder = None if scenario.path == "<text>" else Path(scenario.path).parent
    assumed = cards.assumptions(scenario)
    shown = body(scenario.article, cards.kinds(scenario, assumed))
    pictures = _pictures(scenario, folder)
    files = _files(scenario, folder)
    hanging, other = cards.cards(scenario, assumed)
    order = {passage.name: passage.number for passage in shown.passages}
    comparison, about = scenario.comparison, scenario.about
    return Edition(
        title=scenario.title,
        question=scenario.question,
        date=about.get("date"),
        byline=_byline(about.get("author")),
        citation=about.get("citation"),
        source=_address(about.get("source")),
        licence=about.get("licence"),
        summary=about.get("summary"),
        disclaimer=about.get("disclaimer"),
        field=about.get("field"),
        language=about.get("language", "en"),
        digest=_digest(scenario, pictures, files),
        model=scenario.digest,
        sanitiser=SANITISER,
        words=shown.words,
        minutes=max(1, round(shown.words / _PACE)),
        blocks=_illustrated(shown.blocks, pictures),
        pictures=pictures,
        passages=shown.passages,
        cards=tuple(sorted(hanging, key=lambda card: order[card.passage])),
        claims=cards.claims(scenario, assumed),
        assumptions=assumed,
        other=other,
        players=tuple(Player(each.name, each.text) for each in scenario.players.values()),
        player=comparison.player if comparison is not None else None,
        policies=cards.policies(scenario),
        baseline=next(iter(comparison.policies)) if comparison is not None else None,
        recommended=comparison.recommend if comparison is not None else None,
        criteria=cards.criteria(scenario),
        challenges=cards.challenges(scenario),
        files=files,
    )


def _byline(author: str | None) -> str | None:
    """Return who signed the article; None where the author says that nobody did."""
    return None if author is None or author.strip().lower().startswith(_UNSIGNED) else author


def _address(source: str | None) -> str | None:
    return source if source is not None and source.lower().startswith(("https://", "http://")) else None


def _pictures(scenario: Scenario, folder: Path | None) -> tuple[Picture, ...]:
    if scenario.pictures and folder is None:
        raise EditionError("an article with pictures is published from its folder")
    found = []
    for each in scenario.pictures:
        assert folder is not None
        image = look(folder / each.file)
        found.append(
            Picture(
                file=each.file,
                alt=each.alt,
                caption=each.caption or "",
                credit=each.credit or "",
                after=each.after,
                media=image.media,
                width=image.width,
                height=image.height,
                size=image.size,
                digest=image.digest,
            )
        )
    return tuple(found)


def _illustrated(blocks: tuple[Block, ...], pictures: tuple[Picture, ...]) -> tuple[Block, ...]:
    """Put each picture behind the block of its passage, or at the top."""
    shown = [(picture.after, Block("picture", "", picture=place)) for place, picture in enumerate(pictures)]
    found = [block for after, block in shown if after is None]
    for each in blocks:
        found.append(each)
        found += [block for after, block in shown if after in each.passages]
    return tuple(found)


def _files(scenario: Scenario, folder: Path | None) -> tuple[DataFile, ...]:
    """Return the data that evidence names and that numbers were counted from."""
    if folder is None:
        return ()
    named = [each.data for each in scenario.evidence.values() if each.data is not None]
    return tuple(_file(folder, name) for name in dict.fromkeys((*named, *scenario.data)))


def _file(folder: Path, name: str) -> DataFile:
    problem = misnamed(name)
    if problem is not None:
        raise EditionError(f"the data file {name[:80]!r} cannot be published: {problem}")
    place = folder / name
    inside = place.resolve().is_relative_to(folder.resolve())
    if not inside or not place.is_file():
        raise EditionError(
            f"there is no data file {name!r} beside the article: put it there, or do not name it"
        )
    size = place.stat().st_size
    if size > _FILE_LIMIT:
        raise EditionError(f"the data file {name!r} has {size:,} bytes; the limit is {_FILE_LIMIT:,}")
    with place.open("rb") as file:
        return DataFile(name, size, hashlib.file_digest(file, "sha256").hexdigest())


def _digest(scenario: Scenario, pictures: tuple[Picture, ...], files: tuple[DataFile, ...]) -> str:
    text = f"parley edition {SANITISER}\0{scenario.text}"
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    named = {(each.file, each.digest) for each in pictures} | {(each.name, each.digest) for each in files}
    for name, digest in sorted(named):
        found.update(f"\0{name}\0{digest}".encode())
    return found.hexdigest()
