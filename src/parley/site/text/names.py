"""Names that people show: what may stand in one, and which two look alike.

What lives here: the rules for display names, the skeleton by which names are unique. What may not: accounts.

Two names that look alike must not belong to two people, and nobody may look like an editor or an author.
`skeleton` follows Unicode Technical Standard 39 (Unicode Security Mechanisms, section 4): characters that
look alike become one character. It goes further where a reader would be fooled all the same: case, accents,
spaces and punctuation do not count, and i, l, 1 and | are one letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from parley.errors import TextError

__all__ = ["LONGEST", "RESERVED", "SHORTEST", "checked_name", "skeleton"]

SHORTEST = 2
LONGEST = 40
RESERVED = (
    *(
        "admin",
        "administrator",
        "anonymous",
        "author",
        "bot",
        "columnist",
        "deleted",
        "editor",
        "editors",
        "everyone",
    ),
    *(
        "guest",
        "help",
        "mod",
        "moderator",
        "moderators",
        "none",
        "null",
        "official",
        "operator",
        "owner",
        "parley",
    ),
    *(
        "postmaster",
        "root",
        "security",
        "staff",
        "support",
        "system",
        "team",
        "undefined",
        "webmaster",
        "withdrawn",
    ),
)
MARKS_ON_A_LETTER = 3
_JOINING = " -'’._·"
_ADDRESS = re.compile(r"[^\W\d_]\.[^\W\d_]{2,}|://|\bwww\b", re.IGNORECASE)
# Scripts that are written together in one word: of Japanese, of Korean, of Chinese (UTS 39, "highly
# restrictive").
_TOGETHER = (
    {"LATIN", "HAN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"},
    {"LATIN", "HAN", "CJK", "HANGUL"},
    {"LATIN", "HAN", "CJK", "BOPOMOFO"},
)
_DIGITS_AS_LETTERS = str.maketrans("345789", "eastbg")


def checked_name(name: str, *, reserved: Iterable[str] = ()) -> str:
    """Return a name in its normal form (NFKC, single spaces), or the reason why it cannot be taken.

    Parameters
    ----------
    name
        What was typed.
    reserved
        Names that nobody else may bear, besides those that stand for an office: the site's, its authors'.

    Raises
    ------
    TextError
        Too short or too long, characters that cannot be seen or do not belong in a name, letters of scripts
        that are not written together, an address of the web, or too close to a reserved name.

    Examples
    --------
    >>> checked_name("  Zaneera   Ｋ. ")
    'Zaneera K.'
    >>> checked_name("The Ed1tоr")
    Traceback (most recent call last):
    ...
    parley.errors.TextError: The letters of the name are of several scripts (CYRILLIC, LATIN). Use one.
    """
    _refuse_unseen(name)
    shown = " ".join(unicodedata.normalize("NFKC", name).split())
    if not SHORTEST <= len(shown) <= LONGEST:
        raise TextError(
            "length",
            "The name has %(length)d characters; it needs %(least)d to %(most)d.",
            length=len(shown),
            least=SHORTEST,
            most=LONGEST,
        )
    _refuse_characters(shown)
    _refuse_scripts(shown)
    if _ADDRESS.search(shown):
        raise TextError("address", "The name looks like an address of the web. Leave that out.")
    _refuse_reserved(shown, tuple(reserved))
    return shown


def skeleton(name: str) -> str:
    """Reduce a name to what is left without all that two which look alike may differ in.

    Two names with the same skeleton are too close to stand side by side. A skeleton is a key, not for
    reading.

    Examples
    --------
    >>> skeleton("Pаul 0'Brien") == skeleton("paul obrien")  # the first has a Cyrillic letter and a nought
    True
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name))
    bare = "".join(character for character in decomposed if unicodedata.category(character) not in _UNCOUNTED)
    # Confusable characters are found before the case is folded (capital I looks like l, i does not) and after
    # it.
    folded = bare.translate(_alike()).casefold().translate(_alike()).casefold()
    letters = "".join(character for character in folded if character.isalnum())
    return letters.replace("i", "l").replace("0", "o").replace("1", "l").replace("rn", "m").replace("vv", "w")


_UNCOUNTED = frozenset({"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"})


@cache
def _alike() -> dict[int, str]:
    """Each character that looks like others, with the one that stands for all of them."""
    from confusable_homoglyphs.confusables import confusables_data

    leader: dict[str, str] = {}

    def find(character: str) -> str:
        while (above := leader.setdefault(character, character)) != character:
            character = above
        return character

    several: dict[str, str] = {}
    for key, others in confusables_data.items():
        one = key.strip("\u200e")
        for other in others:
            shape = other["c"].strip("\u200e")
            if len(one) == 1 and len(shape) == 1:
                low, high = sorted((find(one), find(shape)), key=_plainness)
                leader[high] = low
            elif len(one) == 1 and not one.isascii() and shape.isascii() and shape.isalnum():
                several[one] = shape  # æ looks like ae
    single = {character: find(character) for character in leader}
    return {ord(key): value for key, value in {**several, **single}.items() if key != value}


def _plainness(character: str) -> tuple[bool, bool, bool, str]:
    return (not character.isascii(), not character.isalpha(), not character.islower(), character)


def _refuse_unseen(name: str) -> None:
    for place, character in enumerate(name, start=1):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise TextError(
                "unseen",
                "The name holds an invisible character (U+%(character)s, number %(place)d). Take it out.",
                character=f"{ord(character):04X}",
                place=place,
            )


def _refuse_characters(name: str) -> None:
    marks = 0
    for character in name:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind[0] == "M" else 0
        if not (kind[0] in "LM" or kind == "Nd" or character in _JOINING) or kind in ("Lm", "Me"):
            raise TextError(
                "character",
                "A name may hold letters, digits, spaces and - ' . _, not %(character)s.",
                character=f"{character} (U+{ord(character):04X})",
            )
        if marks > MARKS_ON_A_LETTER:
            raise TextError("marks", "More than %(most)d marks stand on one letter.", most=MARKS_ON_A_LETTER)
    if not any(character.isalpha() for character in name):
        raise TextError("letters", "The name %(name)s has no letter.", name=name)
    if not name[0].isalnum() or unicodedata.category(name[0])[0] == "M":
        raise TextError("start", "A name begins with a letter or a digit.")


def _refuse_scripts(name: str) -> None:
    from confusable_homoglyphs.categories import unique_aliases

    found = unique_aliases(name) - {"COMMON", "INHERITED", "UNKNOWN"}
    if len(found) > 1 and not any(found <= group for group in _TOGETHER):
        raise TextError(
            "scripts",
            "The letters of the name are of several scripts (%(scripts)s). Use one.",
            scripts=", ".join(sorted(found)),
        )


def _refuse_reserved(name: str, reserved: tuple[str, ...]) -> None:
    words = [name, *re.split(r"[\W_]+", name)]
    words += [word.strip("0123456789") for word in words]
    keys = {skeleton(form) for word in words for form in (word, word.translate(_DIGITS_AS_LETTERS))}
    for office in RESERVED:
        if skeleton(office) in keys:
            raise _reserved(name, office)
    for other in reserved:
        key = skeleton(other)
        if key and (key in keys or (len(key) >= 6 and key in skeleton(name))):
            raise _reserved(name, other)


def _reserved(name: str, other: str) -> TextError:
    return TextError(
        "reserved",
        "The name %(name)s is too close to %(other)s, which is reserved. Choose another.",
        name=name,
        other=other,
    )
