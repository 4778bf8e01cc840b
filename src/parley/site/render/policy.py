"""The comment policy's own words: what is welcome, and the ten clauses by which a comment is removed.

What lives here: the words. What may not: who decides (``parley.site.web.moderation``).

A decision cites a clause by its number; numbers never change their meaning. Translations are made where the
words are shown.
"""

from __future__ import annotations

from parley.site.render.views import Clause

__all__ = ["CLAUSES", "LINE", "WELCOME", "clause"]


def _(text: str) -> str:
    """Mark a text for translators."""
    return text


LINE = _(
    "Welcome: your own view with reasons, what you saw yourself, sources and numbers that move the argument "
    "on. Not welcome: attacks on persons, hate, advertising."
)

WELCOME = (
    _("Your own view of the argument, with your reasons. Disagreement is what this place is for."),
    _("First-hand accounts: what you saw, where and when."),
    _("Sources and data: where a number can be looked up, or a number that the author left out."),
    _("Challenges: put your number in place of the author's, say why, and the model shows what it does."),
    _("Corrections. The author will say what became of them."),
)

_WORDS = (
    (
        _("Personal attack"),
        _(
            "Argue with what was said, not with who said it. Insults, mockery of a person and guesses at a "
            "writer's motives are removed."
        ),
    ),
    (
        _("Hate or incitement"),
        _(
            "Contempt for people because of what they are (origin, faith, sex, disability and the like), "
            "calls for violence and praise of it are removed."
        ),
    ),
    (
        _("Spam or advertising"),
        _("Advertising, chains of links, and the same text under several articles are removed."),
    ),
    (
        _("Does not advance the story"),
        _(
            "A comment should add something to this argument: a reason, a fact, a question. What belongs to "
            "another story is removed."
        ),
    ),
    (
        _("Private information"),
        _(
            "Addresses, telephone numbers, private messages, health, or anything else that a person has not "
            "made public is removed, whoever that person is."
        ),
    ),
    (
        _("Illegal content"),
        _(
            "What the law forbids is removed. Anybody may report it, without an account; the report gets a "
            "receipt and a decision."
        ),
    ),
    (
        _("Copied text"),
        _(
            "Write your own words. Quote briefly and say from where; whole articles and texts written by "
            "others are removed."
        ),
    ),
    (
        _("Number without a source, or invented"),
        _(
            "In a challenge a number needs a reason that can be examined. Numbers without one, and invented "
            "sources, are removed."
        ),
    ),
    (
        _("Misstates what it answers"),
        _(
            "Quote fairly. Words put into the author's or another reader's mouth, and claims said to be "
            "in the article and are not, are removed."
        ),
    ),
    (
        _("Impersonation"),
        _(
            "Use any name you like, but not somebody else's, and not several accounts to seem like several "
            "people."
        ),
    ),
)

CLAUSES = tuple(Clause(number, title, text) for number, (title, text) in enumerate(_WORDS, 1))


def clause(number: int) -> Clause:
    """Return a clause of the policy by its number.

    Raises
    ------
    KeyError
        When there is none.

    Examples
    --------
    >>> clause(1).title
    'Personal attack'
    """
    if not 1 <= number <= len(CLAUSES):
        raise KeyError(f"the policy has no clause {number}; it has 1 to {len(CLAUSES)}")
    return CLAUSES[number - 1]
