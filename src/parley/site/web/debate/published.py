"""The house rules as the policy page prints them: every number that decides something, in a sentence.

What lives here: the sentences. What may not: the rules themselves (``rules``, ``holding``, ``reporting``).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from parley.site.web.rules import Rules

__all__ = ["house_rules"]


def house_rules(rules: Rules) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the rules in groups: a title, and sentences that name the site's own numbers.

    Parameters
    ----------
    rules
        The site's numbers.
    """
    return (
        (_("When a comment waits for an editor"), _waiting(rules)),
        (_("How standing is earned and lost"), _standing(rules)),
        (_("What reports do"), _reports(rules)),
        (_("Limits"), _limits(rules)),
    )


def _waiting(rules: Rules) -> tuple[str, ...]:
    return (
        _("Its writer has fewer than %(points)d points, and is neither the article's author nor an editor.")
        % {"points": rules.newcomer_until},
        _(
            "Editors decided on at least %(judged)d of the writer's comments in %(days)d days, and removed "
            "%(share)d %% of them or more."
        )
        % {
            "judged": rules.removed_judged,
            "days": rules.removed_days,
            "share": round(100 * rules.removed_share),
        },
        _("It is a newcomer's and has more than %(links)d links.") % {"links": rules.newcomer_links},
        _("It holds a word of the site's list; the word is shown to the writer and to the editors."),
        _("It repeats a text of the same writer within %(minutes)d minutes.")
        % {"minutes": rules.repeat_minutes},
        _("It is a first post that was typed in less than %(seconds)s seconds.")
        % {"seconds": f"{rules.typing_seconds:g}"},
        _("A newcomer changed it after an editor had approved it."),
        _("All comments on the article are read before they appear."),
    )


def _standing(rules: Rules) -> tuple[str, ...]:
    return (
        _("A comment that an editor approves earns %(points)d point, once.")
        % {"points": rules.approval_points},
        _("A comment that is removed costs %(points)d points; an appeal that succeeds gives them back.")
        % {"points": -rules.removal_points},
        _("From %(recognised)d points on a reader is recognised, from %(contributor)d on a contributor.")
        % {"recognised": rules.newcomer_until, "contributor": rules.contributor_from},
        _("Marks of accounts younger than %(hours)d hours are kept, and counted when they are older.")
        % {"hours": rules.mark_hours},
    )


def _reports(rules: Rules) -> tuple[str, ...]:
    return (
        _(
            "A report weighs 1, up to 2 more by standing, and up to 2 more or less by how many of the "
            "writer's reports editors followed, once more than %(judged)d were decided."
        )
        % {"judged": rules.accuracy_judged},
        _(
            "A comment is hidden until an editor has looked when at least %(accounts)d accounts older than "
            "%(days)d days reported it with a weight of %(weight)s together. What an editor has approved is "
            "never hidden by reports."
        )
        % {
            "accounts": rules.hide_accounts,
            "days": rules.hide_account_days,
            "weight": f"{rules.hide_weight:g}",
        },
        _("A reader may send %(reports)d reports a day.") % {"reports": rules.reports_a_day},
    )


def _limits(rules: Rules) -> tuple[str, ...]:
    return (
        _("A comment has at most %(characters)d characters, and can be changed for %(minutes)d minutes.")
        % {"characters": rules.comment_characters, "minutes": rules.edit_minutes},
        _("A challenge changes at most %(changes)d numbers; each needs a reason of %(least)d characters.")
        % {"changes": rules.challenge_changes, "least": rules.reason_characters},
        _("A removal can be appealed for %(days)d days, once.") % {"days": rules.appeal_days},
        _("A mute lasts %(hours)s hours, one step after the other.")
        % {"hours": ", ".join(str(each) for each in rules.mute_hours)},
    )
