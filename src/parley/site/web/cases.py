"""A reader's numbers on the page of an article: from what a form sends to what the page shows.

What lives here: changes out of a form without a script, an estimate put in the form of an effect. What
may not: asking for a solve; reading a page never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from parley.site.model.article import Edition
from parley.site.model.effect import Effect, PolicyEffect
from parley.site.model.setting import AUTHOR, Setting, parse
from parley.site.render.forms import asked
from parley.site.web.answers import answer_for
from parley.site.web.models import Version

if TYPE_CHECKING:
    from parley.site.model.strip import Estimate

__all__ = ["FORM", "case", "estimated", "is_form", "setting_of_form"]

FORM = ("v.", "r.", "step")  # how the fields of an assumption's form begin


def is_form(fields: Mapping[str, str]) -> bool:
    """Whether a query was sent by a form of the page, which leads to the address of its numbers."""
    return any(name.startswith(FORM) for name in fields)


def setting_of_form(fields: Mapping[str, str], edition: Edition) -> Setting:
    """Read a form of assumptions as a browser without script sends it.

    Parameters
    ----------
    fields
        ``s``: the numbers so far; ``v.NAME``: a number box or a choice; ``r.NAME``: its slider, which
        counts where the box was left alone; ``step``: the button that was pressed, ``NAME:1`` or
        ``NAME:-1``.

    Raises
    ------
    SettingError
        A value cannot be taken, with its field.
    """
    before = parse(fields.get("s", ""), edition) if fields.get("s", "").strip() else AUTHOR
    wanted = asked(fields, edition, before)
    return parse(wanted, edition) if wanted else AUTHOR


def case(
    version: Version, setting: Setting, numbers_effect: Effect | None
) -> tuple[Effect | None, str, bool]:
    """Return what is known of a reader's numbers: an effect or none, its status, whether it stays.

    Parameters
    ----------
    numbers_effect
        The author's own case, in whose form an estimate is shown; None while it is being solved.
    """
    found = answer_for(version, setting)
    if found.effect is not None:
        return found.effect, "solved", found.settled
    if found.status == "failed":
        return None, "failed", False
    if found.estimate is not None and numbers_effect is not None:
        status = "queued" if found.waiting else "estimate"
        return estimated(numbers_effect, found.estimate, setting), status, False
    return None, "queued" if found.waiting else "unknown", False


def estimated(author: Effect, estimate: Estimate, setting: Setting) -> Effect:
    """Put an estimate in the form of an effect: of the first criterion, with the author's proof beside it."""
    first = author.criteria[0]
    policies = tuple(
        PolicyEffect(
            each.policy,
            new.dots,
            new.mean,
            new.dots[2] if new.dots else None,
            new.dots[len(new.dots) // 2] if new.dots else None,
            new.dots[-3] if new.dots else None,
            new.best,
        )
        for each, new in zip(first.policies, estimate.policies, strict=True)
    )
    by_name = dict(zip((each.policy for each in first.policies), estimate.policies, strict=True))
    tallies = tuple(
        replace(
            each,
            better=by_name[each.rival].better,
            worse=by_name[each.rival].worse,
            same=_rest(by_name[each.rival].better, by_name[each.rival].worse),
        )
        for each in first.tallies
    )
    best = {each.policy: each.best for each in policies if each.best is not None}
    holds = estimate.share is None or estimate.share >= 0.5
    rivals = [name for name in best if name != author.recommended]
    advice = author.recommended if holds or not rivals else max(rivals, key=lambda name: best[name])
    moved = replace(
        first,
        share=estimate.share,
        policies=policies,
        tallies=tallies,
        advice=advice,
        chip=estimate.chip,
        before=estimate.before,
        before_word=first.word,
        before_advice=first.advice,
    )
    return replace(
        author,
        setting=setting.canonical(),
        advice=advice,
        chip=estimate.chip,
        criteria=(moved, *author.criteria[1:]),
    )


def _rest(better: float | None, worse: float | None) -> float | None:
    return None if better is None or worse is None else max(0.0, 1.0 - better - worse)
