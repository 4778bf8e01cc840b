"""How order is kept: reports, review items, the journal, appeals, notes, word lists.

What lives here: editors' records. What may not: the rules (``moderation``), pages.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.site.web.models.accounts import Account
from parley.site.web.models.articles import Article
from parley.site.web.models.debate import Comment

__all__ = ["Act", "ActDetail", "Appeal", "Note", "Notice", "Queue", "Report", "ReviewItem", "WordListEntry"]


class Queue(models.TextChoices):
    """Why something waits for an editor."""

    HELD = "held", _("held")
    REPORTED = "reported", _("reported")
    ILLEGAL = "illegal", _("illegal content")
    APPEAL = "appeal", _("appeal")


class Report(models.Model):
    """A reader's report. Who reported is shown to editors alone."""

    class Reason(models.TextChoices):
        """What is wrong; the last four with challenges only."""

        ATTACK = "attack", _("personal attack")
        HATE = "hate", _("hate or incitement")
        SPAM = "spam", _("spam or advertising")
        OFF_STORY = "off-story", _("does not advance the story")
        PRIVATE = "private", _("private information")
        ILLEGAL = "illegal", _("illegal")
        OTHER = "other", _("other")
        NO_SOURCE = "no-source", _("number without a source")
        MISSTATES = "misstates", _("misstates the claim")
        DUPLICATE = "duplicate", _("duplicate of another challenge")
        OFF_MODEL = "off-model", _("not about the model")

    class Outcome(models.TextChoices):
        """What editors made of it."""

        OPEN = "open", _("open")
        UPHELD = "upheld", _("followed")
        REJECTED = "rejected", _("not followed")
        MOOT = "moot", _("withdrawn before a decision")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="reports")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    text = models.CharField(max_length=300, blank=True, default="")
    duplicate_of = models.ForeignKey(Comment, null=True, on_delete=models.SET_NULL, related_name="+")
    weight = models.FloatField(default=1.0)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    outcome_at = models.DateTimeField(null=True, blank=True)
    tell_me = models.BooleanField(default=False)
    network = models.CharField(max_length=64, blank=True, default="")
    # Illegal content: also signed out, with a receipt by which the decision can be looked up.
    country = models.CharField(max_length=60, blank=True, default="")
    ground = models.CharField(max_length=500, blank=True, default="")
    contact_name = models.CharField(max_length=120, blank=True, default="")
    contact_mail = models.EmailField(blank=True, default="")
    receipt = models.CharField(max_length=40, null=True, blank=True, unique=True)
    decision = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comment", "reporter"), name="report_once", condition=Q(reporter__isnull=False)
            ),
        )


class ReviewItem(models.Model):
    """One reason why a comment waits for an editor; at most one is open for each queue."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="review_items")
    queue = models.CharField(max_length=8, choices=Queue.choices)
    score = models.FloatField(default=0.0)
    open = models.BooleanField(default=True)
    why = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comment", "queue"), name="review_open_once", condition=Q(open=True)
            ),
        )
        indexes = (models.Index(fields=("open", "queue", "created"), name="review_next"),)


class Act(models.Model):
    """One row of the public moderation log: append-only, each row carries the hash of the one before.

    Holds no name and no removed text; who acted is in :class:`ActDetail`, which can be forgotten.
    """

    seq = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=20)
    by = models.CharField(max_length=10)  # rule, report, editor, author, writer, system
    subject = models.CharField(max_length=10)  # comment, challenge, article, account, rules
    subject_id = models.PositiveBigIntegerField(null=True)
    article = models.ForeignKey(
        Article, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    clause = models.PositiveSmallIntegerField(null=True)
    before = models.CharField(max_length=10, blank=True, default="")
    after = models.CharField(max_length=10, blank=True, default="")
    public = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)


class ActDetail(models.Model):
    """Who acted, and what is for editors' eyes alone."""

    act = models.OneToOneField(Act, on_delete=models.CASCADE, related_name="detail")
    actor = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=1000, blank=True, default="")
    why = models.JSONField(default=list)  # of a rule's act: as a review item's
    undo = models.JSONField(null=True, blank=True)  # what to put back within the time for undoing


class Appeal(models.Model):
    """A writer's appeal against a removal; another editor decides it."""

    class Outcome(models.TextChoices):
        """How it ended."""

        OPEN = "open", _("open")
        RESTORED = "restored", _("restored")
        UPHELD = "upheld", _("removal upheld")
        DROPPED = "dropped", _("comment withdrawn before a decision")

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="appeal")
    against = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=500, blank=True, default="")


class Note(models.Model):
    """An editor's note on a comment or an account, for editors alone."""

    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="notes")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="notes_on")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)


class Notice(models.Model):
    """What an account is told of a decision that concerns it; the words are made when it is read.

    ``words`` are the editor's own, to this person; ``seq`` is the row of the public log. A reader who
    reported something is told the outcome by a notice too: whoever wrote the comment never sees it.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        APPROVED = "approved", _("your comment is shown")
        REMOVED = "removed", _("your comment was removed")
        HIDDEN = "hidden", _("your comment is hidden until an editor has looked")
        ASK = "ask", _("an editor asks you to change your comment")
        RESTORED = "restored", _("your comment is shown again")
        UPHELD = "upheld", _("the removal of your comment stands")
        UNDONE = "undone", _("a decision on your comment was taken back")
        MUTED = "muted", _("you may not write for a time")
        BANNED = "banned", _("you may not write any more")
        LIFTED = "lifted", _("you may write again")
        STANDS = "stands", _("your mute or ban stands")
        REPORT = "report", _("what came of your report")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    comment = models.ForeignKey(Comment, null=True, on_delete=models.CASCADE, related_name="+")
    clause = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=500, blank=True, default="")
    until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True, default="")
    seq = models.PositiveBigIntegerField(null=True)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("account", "read_at", "at"), name="notice_unread"),)


class WordListEntry(models.Model):
    """A word or phrase: ``suspect`` holds a comment, ``banned`` refuses it with the word shown."""

    kind = models.CharField(max_length=8, choices=(("suspect", _("suspect")), ("banned", _("banned"))))
    phrase = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField(default=timezone.now)
