"""Parts of an article's page that stay the same while its debate goes on, rendered once.

What lives here: keeping them. What may not: deciding what a page holds.

The model's panel, the cards and the findings follow from the edition, its numbers and the reader's changes
alone. A page made from another by :func:`dataclasses.replace` shares them, and so does its fragment.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from parley.site.render.article import ArticlePage
from parley.site.render.safe import Safe
from parley.site.render.views import ChallengeView

__all__ = ["Fragments"]

MOST_CHALLENGES = 2000  # of a few kilobytes each
MOST = 64  # fragments of up to a few hundred kilobytes each


class Fragments:
    """Renders a template for a page once, for as long as the page's cards, answer and language are the same.

    Parameters
    ----------
    environment
        Where the templates come from.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: dict[tuple[Any, ...], tuple[object, Safe]] = {}
        self._challenges: dict[tuple[Any, ...], tuple[object, Safe]] = {}

    @pass_context
    def __call__(self, context: Context, name: str, page: ArticlePage) -> Safe:
        """Return the fragment ``name`` for a page; called in templates as ``fragments(name, page)``."""
        site = context["site"]
        # What is compared by identity is held by the entry, so that no other object can take its place.
        held = (page.cards, page.answer, page.flips, page.figures)
        language = self._environment.translate("Advice")  # type: ignore[attr-defined]
        place = (page.href, page.open, page.setting.canonical, page.solve_href, site, language)
        key = (name, *place, *(id(each) for each in held))
        found = self._kept.get(key)
        if found is None:
            text = self._environment.get_template(name).render(page=page, site=site)
            found = (held, Safe(text))
            while len(self._kept) >= MOST:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = found
        return found[1]

    @pass_context
    def challenge(self, context: Context, view: ChallengeView) -> Safe:
        """Return a challenge as an item of the list, written once for as long as its view is kept."""
        site = context["site"]
        key = (id(view), site, self._environment.translate("Advice"))  # type: ignore[attr-defined]
        found = self._challenges.get(key)
        if found is None:
            text = self._environment.get_template("parts/challenge_item.html").render(view=view, site=site)
            found = (view, Safe(text))
            while len(self._challenges) >= MOST_CHALLENGES:
                self._challenges.pop(next(iter(self._challenges)), None)
            self._challenges[key] = found
        return found[1]
