"""Editors are told when somebody has waited too long for a decision.

What lives here: the alarm. What may not: when it is looked at (``work.alarm``), sending mail.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.site.render.desk import waiting
from parley.site.text.mailsafe import subject
from parley.site.web.models import Account, Outbox, ReviewItem, Role

__all__ = ["raise_alarm"]


def raise_alarm() -> int:
    """Mail the editors if comments wait for longer than the rules promise; once a day each.

    Returns
    -------
    int
        How many mails were made.
    """
    now = timezone.now()
    since = now - timedelta(hours=settings.PARLEY_RULES.alarm_hours)
    late = ReviewItem.objects.filter(open=True, created__lt=since).order_by("created")
    oldest = late.first()
    if oldest is None:
        return 0
    many = late.values("comment").distinct().count()
    about = ngettext(
        "One comment has waited for more than %(hours)s hours",
        "%(n)s comments have waited for more than %(hours)s hours",
        many,
    ) % {"n": many, "hours": settings.PARLEY_RULES.alarm_hours}
    body = "\n\n".join(
        [
            about + ".",
            _("The oldest has waited for %(time)s.")
            % {"time": waiting((now - oldest.created).total_seconds())},
            f"{settings.PARLEY_URL}/queue/",
        ]
    )
    made = 0
    for editor in Account.objects.filter(
        role__in=(Role.EDITOR, Role.ADMIN), is_active=True, banned_at=None, deleted_at=None
    ).exclude(email=None):
        _mail, new = Outbox.objects.get_or_create(
            key=f"alarm:{now:%Y-%m-%d}:{editor.pk}",
            defaults={"account": editor, "to": editor.email, "subject": subject(about), "body": body},
        )
        made += new
    return made
