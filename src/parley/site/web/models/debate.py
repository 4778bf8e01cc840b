"""What readers say: comments, challenges, marks, what they follow.

What lives here: readers' words and numbers. What may not: editors' work (``moderation``).
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.site.web.models.accounts import Account
from parley.site.web.models.articles import Article, Solve, Version

__all__ = [
    "Challenge",
    "ChallengeEffect",
    "Comment",
    "CommentEdit",
    "Kind",
    "Mark",
    "State",
    "Subscription",
]


class State(models.TextChoices):
    """Whether a comment is shown. Only ``moderation.decide`` changes it."""

    HELD = "held", _("held for an editor")
    VISIBLE = "visible", _("visible")
    HIDDEN = "hidden", _("hidden until an editor has looked")
    REMOVED = "removed", _("removed by an editor")
    WITHDRAWN = "withdrawn", _("withdrawn by its writer")


class Kind(models.TextChoices):
    """What a comment brings: words, numbers, or the wish for another model."""

    COMMENT = "comment", _("comment")
    CHALLENGE = "challenge", _("challenge")
    STRUCTURAL = "structural", _("asks for a change of the model")


class Comment(models.Model):
    """Words of a reader under an article; ``author`` is empty once the writer asked to be unsigned.

    ``revision`` moves with every change and guards against two decisions on the same text. ``approved`` says
    that an editor has approved it at some time: then reports never hide it by themselves.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="comments")
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="comments")
    # A name without an account: restated comments.
    signed = models.CharField(max_length=80, blank=True, default="")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    # Whose words the text begins with, as a quotation: an answer to an answer.
    quoted = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="quoted_by")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    state = models.CharField(max_length=10, choices=State.choices)
    revision = models.PositiveIntegerField(default=1)
    source = models.TextField()
    html = models.TextField()
    sanitiser = models.PositiveSmallIntegerField()
    quote = models.CharField(max_length=600, blank=True, default="")
    passage = models.CharField(max_length=80, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)
    shown_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(default=False)
    credited = models.BooleanField(default=False)  # the point for its first approval has been given
    pick = models.BooleanField(default=False)
    clause = models.PositiveSmallIntegerField(null=True, blank=True)
    removal = models.ForeignKey("Act", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_reasons = models.JSONField(default=list)
    advances = models.PositiveIntegerField(default=0)
    convinced = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=64, null=True, blank=True)
    network = models.CharField(max_length=64, blank=True, default="")
    fingerprint = models.CharField(max_length=64, blank=True, default="")  # of the words, for repeats

    @property
    def changed_at(self) -> datetime | None:
        """When its words were changed after readers had seen them; None if never."""
        if self.edited_at is None or (self.shown_at is not None and self.edited_at <= self.shown_at):
            return None
        return self.edited_at

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("author", "key"), name="comment_once", condition=Q(key__isnull=False)
            ),
        )
        indexes = (
            models.Index(fields=("article", "state", "created"), name="comment_page"),
            models.Index(fields=("author", "created"), name="comment_author"),
            models.Index(fields=("fingerprint", "created"), name="comment_repeat"),
        )


class CommentEdit(models.Model):
    """An earlier text of a comment; one that was shown is public while the comment is."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="edits")
    source = models.TextField()
    html = models.TextField()
    at = models.DateTimeField(default=timezone.now)  # when it was replaced
    shown = models.BooleanField(default=True)  # readers had seen it; else only its writer and editors do


class Challenge(models.Model):
    """The numbers of a challenge: a canonical setting, a reason for each change, what the author answered."""

    class Answer(models.TextChoices):
        """What the author made of it."""

        NONE = "", _("no answer yet")
        ADOPTED = "adopted", _("adopted")
        DECLINED = "declined", _("declined")

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="challenge")
    passage = models.CharField(max_length=80, blank=True, default="")
    setting = models.TextField(blank=True, default="")
    declared = models.CharField(max_length=120, blank=True, default="")
    reasons = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    restated = models.CharField(max_length=200, blank=True, default="")  # e.g. "restated from its readers"
    answer = models.CharField(max_length=8, choices=Answer.choices, blank=True, default="")
    answer_source = models.TextField(blank=True, default="")
    answer_html = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    adopted_in = models.ForeignKey(
        Version, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


class ChallengeEffect(models.Model):
    """What a challenge does to one version: solved again whenever there is a new one."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="effects")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    solve = models.ForeignKey(Solve, null=True, on_delete=models.PROTECT, related_name="+")
    chip = models.CharField(max_length=12, blank=True, default="")  # flips, weakens, strengthens, no change
    # Why it can't be put to this version: a case of ``sayings``, packed.
    inapplicable = models.TextField(blank=True, default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("challenge", "version"), name="effect_once"),)


class Mark(models.Model):
    """One reader's mark on one comment; ``hide`` is the reader's own and never counted."""

    class Kind(models.TextChoices):
        """What it says."""

        ADVANCES = "advances", _("advances the story")
        CONVINCED = "convinced", _("changed my mind")
        HIDE = "hide", _("hidden for me")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="marks")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    counted = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "comment", "kind"), name="mark_once"),)


class Subscription(models.Model):
    """What an account wants to hear of, confirmed by a link (double opt-in), ended by another."""

    class Pace(models.TextChoices):
        """How often, at most."""

        HOURLY = "hourly", _("once an hour")
        DAILY = "daily", _("once a day")
        WEEKLY = "weekly", _("once a week")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="subscriptions")
    # Empty: replies to me.
    article = models.ForeignKey(Article, null=True, on_delete=models.CASCADE, related_name="+")
    pace = models.CharField(max_length=6, choices=Pace.choices, default=Pace.DAILY)
    created = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    sent_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "article"), name="subscription_once", nulls_distinct=False
            ),
        )
