"""Finding a scenario by its name or its path.

A shipped scenario is a folder ``scenarios/<name>/`` or, of the literature,
``scenarios/<author-year>/<slug>/`` with the file ``argument.md`` and the data beside it. What may not live
here: anything about the content of a scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from parley.errors import ParleyError

if TYPE_CHECKING:
    from parley.scenario.model import Scenario

__all__ = ["load", "locate", "name_of", "names", "template"]

_HERE = Path(__file__).resolve().parent
_SCENARIOS = _HERE / "scenarios"
_TEMPLATES = _HERE / "templates"
_FILE = "argument.md"
_PREFIX = "catalog/"
_SUFFIXES = (".md", ".markdown", ".yaml", ".yml")


def names() -> tuple[str, ...]:
    """List the scenarios that ship with Parley, in alphabetical order.

    Nothing is parsed: a name is that of a folder, of the literature ``author-year/slug``.

    Examples
    --------
    >>> from parley.catalog import names
    >>> isinstance(names(), tuple)
    True
    """
    found = (*_SCENARIOS.glob(f"*/{_FILE}"), *_SCENARIOS.glob(f"*/*/{_FILE}"))
    return tuple(sorted(path.parent.relative_to(_SCENARIOS).as_posix() for path in found))


def name_of(path: Path) -> str | None:
    """Return the name of the shipped scenario whose file this is; None for any other file.

    Examples
    --------
    >>> name_of(locate("which-event-first")), name_of(Path("mine.md"))
    ('which-event-first', None)
    """
    return next((name for name in names() if _SCENARIOS / name / _FILE == path), None)


def locate(name: str) -> Path:
    """Find the file of a shipped scenario.

    Parameters
    ----------
    name
        A name out of :func:`names`, with ``catalog/`` before it or not; of the literature the slug alone
        will do where no other model has it. ``_``, ``-`` and blanks are the same, as everywhere in the
        language.

    Raises
    ------
    ParleyError
        No such scenario ships, or several of that slug do; the message names what may be meant.

    Examples
    --------
    >>> from parley.catalog import locate, names
    >>> [locate(name).name for name in names()[:1]]
    ['argument.md']
    """
    found = _found(name)
    if len(found) == 1:
        return _SCENARIOS / found[0] / _FILE
    if found:
        raise ParleyError(f"several scenarios are named {name!r}: {', '.join(found)}")
    raise ParleyError(f"no scenario named {name!r} ships with Parley" + _meant(name))


def template(name: str = "starter") -> Path:
    """Find the file that a new argument starts from.

    Raises
    ------
    ParleyError
        There is no such template.

    Examples
    --------
    >>> from parley.catalog import template
    >>> template().read_text(encoding="utf-8").startswith("---")
    True
    """
    path = _TEMPLATES / f"{name}.md"
    if not path.is_file():
        known = ", ".join(sorted(path.stem for path in _TEMPLATES.glob("*.md")))
        raise ParleyError(f"no template named {name!r}; there is: {known}")
    return path


def load(name_or_path: str | PathLike[str], overrides: Mapping[str, str] | None = None) -> Scenario:
    """Read and validate a scenario, given by the name of a shipped one or by its path.

    A text that ends in ``.md``, ``.markdown``, ``.yaml`` or ``.yml`` or begins with ``.`` or ``/`` is a path;
    so is any :class:`~os.PathLike`. A folder means the ``argument.md`` in it. Anything else is a name first,
    and a path if no scenario of that name ships.

    Parameters
    ----------
    name_or_path
        ``"taliban-talks"``, ``"fearon-1995/risk-return"``, ``"my-argument.md"``, ``"./my-folder"``.
    overrides
        Parameter or switch -> the value in its place, written as behind ``--set``.

    Raises
    ------
    ParleyError
        There is neither such a scenario nor such a file.
    ScenarioError
        The text is at fault; it carries every diagnostic at once.

    Examples
    --------
    >>> import parley
    >>> parley.load(parley.catalog.template()).comparison is not None
    True
    """
    from parley import scenario  # listing what there is must not wait for the reader of the language

    return scenario.load(_resolve(name_or_path), overrides or {})


def _resolve(name_or_path: str | PathLike[str]) -> Path:
    text = fspath(name_or_path)
    path = Path(text)
    is_path = not isinstance(name_or_path, str) or text[:1] in "./~" or path.suffix.lower() in _SUFFIXES
    if not is_path and _found(text):
        return locate(text)
    if path.is_dir():
        inside = path / _FILE
        if not inside.is_file():
            raise ParleyError(f"the folder {text!r} holds no {_FILE}")
        return inside
    if path.is_file():
        return path
    if is_path:
        raise ParleyError(f"there is no file {text!r}" + _near(path))
    raise ParleyError(f"{text!r} is neither a scenario that ships with Parley nor a file" + _meant(text))


def _found(name: str) -> list[str]:
    """Return the shipped scenario of that name; or else all those whose slug it is."""
    wanted = _same(name).removeprefix(_PREFIX)
    shipped = names()
    whole = [each for each in shipped if _same(each) == wanted]
    return whole or [each for each in shipped if _same(each.rpartition("/")[2]) == wanted]


def _same(name: str) -> str:
    return "-".join(name.replace("_", " ").replace("-", " ").split()).lower()


def _meant(name: str) -> str:
    """Name the shipped scenario that may be meant, by its whole name or by its slug."""
    wanted = _same(name).removeprefix(_PREFIX)
    known = {each: each for each in names()} | {each.rpartition("/")[2]: each for each in names()}
    close = get_close_matches(wanted, known, n=1)
    hint = f"; did you mean {known[close[0]]!r}?" if close else ""
    return f"{hint}\n`parley catalog` lists those that do, `parley catalog search WORD` looks for a word."


def _near(path: Path) -> str:
    """Name the file in the same folder that may be meant."""
    folder = path.parent
    if not folder.is_dir():
        return f": there is no folder {str(folder)!r}"
    beside = [entry.name for entry in folder.iterdir() if entry.suffix.lower() in _SUFFIXES]
    close = get_close_matches(path.name, beside, n=1)
    return f"; did you mean {str(folder / close[0])!r}?" if close else ""
