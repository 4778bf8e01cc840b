"""Signs of advertising and of haste in a text, each with its reason in words.

What lives here: the signs, and how alike two texts are. What may not: what follows from them (the rules for
holding).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

__all__ = ["Sign", "Thresholds", "fingerprint", "likeness", "signs"]

_WORDS = re.compile(r"[^\W_]+")
_SHINGLE = 3  # words
_BITS = 64


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that makes a text suspect.

    Attributes
    ----------
    code
        Which sign, for programs.
    template
        The reason for people, with ``%(name)s`` where a value stands.
    values
        What stands in it.
    """

    code: str
    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.template % self.values


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is a sign. All are settings of the site, and published.

    Attributes
    ----------
    links
        More links than this.
    capitals
        A larger share of capitals among the letters (of texts of at least 40 letters).
    likeness
        As like an earlier text as this, or more (1: the same words).
    seconds
        Typed in fewer seconds than this.
    stretch
        One character more often in a row than this.
    """

    links: int = 2
    capitals: float = 0.6
    likeness: float = 0.7
    seconds: float = 3.0
    stretch: int = 12


def signs(
    plain: str,
    links: Iterable[str] = (),
    *,
    earlier: Iterable[int] = (),
    seconds: float | None = None,
    thresholds: Thresholds | None = None,
) -> list[Sign]:
    """List what is suspect about a text.

    Parameters
    ----------
    plain
        Its words.
    links
        Where its links lead.
    earlier
        Fingerprints of texts that it must not repeat.
    seconds
        How long it was typed, when that is known.
    thresholds
        From where on something is a sign; the defaults are those of the published policy.

    Examples
    --------
    >>> [str(sign) for sign in signs("Buy now", ["https://a.example"] * 3, seconds=1.2)]
    ['3 links (more than 2)', 'typed in 1.2 seconds (less than 3)']
    """
    limit = thresholds or Thresholds()
    found = []
    count = len(list(links))
    if count > limit.links:
        found.append(
            Sign("links", "%(found)d links (more than %(most)d)", {"found": count, "most": limit.links})
        )
    share = capitals(plain)
    if share > limit.capitals:
        values: dict[str, object] = {"found": round(100 * share), "most": round(100 * limit.capitals)}
        found.append(
            Sign("capitals", "%(found)d %% of the letters are capitals (more than %(most)d %%)", values)
        )
    stretched = re.search(rf"(\S)\1{{{limit.stretch},}}", plain)
    if stretched:
        values = {"found": stretched.group(1), "times": len(stretched.group())}
        found.append(Sign("stretched", "%(found)s stands %(times)d times in a row", values))
    own = fingerprint(plain)
    closest = max((likeness(own, other) for other in earlier), default=0.0)
    if own and closest >= limit.likeness:
        found.append(
            Sign("repeated", "repeats an earlier text (%(found)d %% alike)", {"found": round(100 * closest)})
        )
    if seconds is not None and seconds < limit.seconds:
        values = {"found": f"{max(seconds, 0.0):.1f}", "least": f"{limit.seconds:g}"}
        found.append(Sign("hasty", "typed in %(found)s seconds (less than %(least)s)", values))
    return found


def capitals(plain: str) -> float:
    """Return the share of capitals among the letters that have two cases; 0 when there are fewer than 40."""
    upper = sum(character.isupper() for character in plain)
    cased = upper + sum(character.islower() for character in plain)
    return upper / cased if cased >= 40 else 0.0


def fingerprint(plain: str) -> int:
    """Return 64 bits that are alike for texts that are alike; 0 for a text without words.

    Source: Charikar, Similarity estimation techniques from rounding algorithms (2002), over runs of three
    words.

    Examples
    --------
    >>> fingerprint("Buy cheap watches, now!") == fingerprint("buy CHEAP watches now")
    True
    """
    words = _WORDS.findall(plain.casefold())
    runs = (
        {" ".join(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))}
        if words
        else set()
    )
    sums = [0] * _BITS
    for run in runs:
        digest = int.from_bytes(blake2b(run.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        for bit in range(_BITS):
            sums[bit] += 1 if digest >> bit & 1 else -1
    return sum(1 << bit for bit in range(_BITS) if sums[bit] > 0)


def likeness(one: int, other: int) -> float:
    """Say how alike two texts are by their fingerprints: 1 for the same, about 0 for strangers.

    Examples
    --------
    >>> likeness(0b1011, 0b1011), likeness(0, (1 << 64) - 1)
    (1.0, 0.0)
    """
    apart = (one ^ other).bit_count()
    return max(0.0, 1.0 - 2.0 * apart / _BITS)
