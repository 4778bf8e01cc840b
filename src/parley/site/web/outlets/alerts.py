"""Editors are told that something waits: at most once an hour, at once where it may be illegal.

What lives here: who is told how much of what. What may not: readers' words or names: the mail says numbers,
the queue says the rest.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from parley.site.text.mailsafe import subject
from parley.site.web.models import Account, Outbox, Queue, ReviewItem, Role, Site
from parley.site.web.outlets import places

__all__ = ["alert_editors"]

PAUSE = timedelta(hours=1)


def alert_editors(now: datetime | None = None) -> int:
    """Write a mail to each editor for whom something new waits; return how many."""
    at = now or timezone.now()
    waiting = list(ReviewItem.objects.filter(open=True).order_by("pk").values_list("pk", "queue", "created"))
    if not waiting:
        return 0
    editors = Account.objects.filter(
        Q(role=Role.EDITOR) | Q(role=Role.ADMIN), is_active=True, deleted_at=None
    )
    return sum(_told(each, waiting, at) for each in editors.exclude(email=None))


def _told(editor: Account, waiting: list[tuple[int, str, datetime]], at: datetime) -> int:
    with transaction.atomic():
        last = (
            Outbox.objects.filter(account=editor, key__startswith=f"alert:{editor.pk}:")
            .order_by("-created")
            .first()
        )
        seen = int(last.key.rsplit(":", 1)[1]) if last is not None else 0
        new = [each for each in waiting if each[0] > seen]
        urgent = any(queue == Queue.ILLEGAL for _key, queue, _at in new)
        if not new or (last is not None and at - last.created < PAUSE and not urgent):
            return 0
        title, body = _words(waiting, len(new), at)
        _row, made = Outbox.objects.get_or_create(
            key=f"alert:{editor.pk}:{new[-1][0]}",
            defaults={"account": editor, "to": editor.email, "subject": title, "body": body, "created": at},
        )
        return int(made)


def _words(waiting: list[tuple[int, str, datetime]], new: int, at: datetime) -> tuple[str, str]:
    with override(settings.LANGUAGE_CODE):
        site = Site.objects.filter(pk=1).values_list("name", flat=True).first() or "Parley"
        counts = {each: sum(queue == each for _key, queue, _at in waiting) for each in Queue}
        hours = max(0, int((at - min(created for _key, _queue, created in waiting)).total_seconds() // 3600))
        lines = [f"{count:5d}  {Queue(each).label}" for each, count in counts.items() if count]
        body = "\n\n".join(
            [
                _("This waits for an editor (%(new)s new):") % {"new": new},
                "\n".join(lines),
                _("The oldest has waited for %(hours)s hours.") % {"hours": hours},
                places.whole("/queue/"),
            ]
        )
        title = _("%(count)s in the queue") % {"count": len(waiting)}
        return subject(f"{site}: {title}"), f"{body}\n"
