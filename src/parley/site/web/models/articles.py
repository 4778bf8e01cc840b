"""What is argued: articles, their versions, pictures, sweeps, what was solved of them, and work to be done.

What lives here: the published argument and the jobs. What may not: readers' words.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.site.web.models.accounts import Account

__all__ = ["Article", "Figure", "Job", "Site", "Solve", "Sweep", "Version"]


class Site(models.Model):
    """The site itself, one row (id 1): ``revision`` moves with whatever every page shows."""

    name = models.CharField(max_length=60, default="Parley")
    revision = models.PositiveBigIntegerField(default=1)


class Article(models.Model):
    """An argument under one address.

    ``revision`` moves in the same transaction as every change that a reader of the article's pages can see;
    caches and ETags are keyed on it.
    """

    class State(models.TextChoices):
        """Whether readers see it, and may write under it."""

        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        CLOSED = "closed", _("closed for comments")
        WITHDRAWN = "withdrawn", _("withdrawn")

    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    owner = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="articles")
    premoderate = models.BooleanField(default=False)
    revision = models.PositiveBigIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    current = models.ForeignKey("Version", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.slug


class Version(models.Model):
    """One text of an article with its model.

    ``edition`` is there at once; ``numbers`` hold the author's own case some seconds later (``answered``),
    and all that is solved once for a version when it is ``ready``.
    """

    class Status(models.TextChoices):
        """Where the solving stands."""

        PREPARING = "preparing", _("being solved")
        ANSWERED = "answered", _("advice solved")
        READY = "ready", _("solved")
        FAILED = "failed", _("failed")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    title = models.CharField(max_length=300)
    source = models.TextField()
    files = models.JSONField(default=dict)  # data files beside the text: name -> sha256 of the stored blob
    edition = models.JSONField()
    words = models.TextField(blank=True, default="", editable=False)  # of the edition, for search
    numbers = models.JSONField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREPARING)
    failure = models.TextField(blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    correction = models.BooleanField(default=False)
    # The reader whose challenge was adopted.
    thanks = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    engine = models.CharField(max_length=20, blank=True, default="")
    draws = models.PositiveIntegerField(default=0)
    seed = models.BigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("article", "n"), name="version_number"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the words of the edition set apart for search."""
        named = kwargs.get("update_fields")
        if "edition" in named if named is not None else "edition" not in self.get_deferred_fields():
            from parley.site.render.words import plain

            blocks = self.edition.get("blocks") or ()
            self.words = "\n".join(plain(each.get("html") or "") for each in blocks)
            if named is not None:
                kwargs["update_fields"] = {*named, "words"}
        super().save(*args, **kwargs)


class Figure(models.Model):
    """A picture of a version: re-encoded, without metadata, under the name of its digest."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="figures")
    name = models.CharField(max_length=120)
    file = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(max_length=500)
    caption = models.CharField(max_length=500, blank=True, default="")
    credit = models.CharField(max_length=200, blank=True, default="")


class Sweep(models.Model):
    """What moving one assumption does, as packed numbers (layout: ``parley.site.model.sweeps``)."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sweeps")
    name = models.CharField(max_length=120)
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "name"), name="sweep_name"),)


class Solve(models.Model):
    """One reading of an article that somebody asked for, and the server's own answer to it.

    ``digest`` is that of the version's digest and the canonical setting: the same question is solved once.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being solved")
        SOLVED = "solved", _("solved")
        FAILED = "failed", _("failed")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="solves")
    setting = models.TextField()
    # The name of an objection in the scenario.
    declared = models.CharField(max_length=120, blank=True, default="")
    digest = models.CharField(max_length=64)
    draws = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    engine = models.CharField(max_length=20, blank=True, default="")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    effect = models.JSONField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True, default="")
    ms = models.FloatField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("digest", "draws"), name="solve_once"),)


class Job(models.Model):
    """Work for ``parley worker``: leased, tried again after a crash, given up after ``max_attempts``.

    ``touched`` is when the row was last written: a time in the future tells of a clock that was set back.
    ``wanted`` is when somebody last asked for the answer; nobody waits for work without it.
    """

    class Status(models.TextChoices):
        """Where it stands."""

        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=160, unique=True, null=True, blank=True)
    payload = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    network = models.CharField(max_length=64, blank=True, default="")
    run_after = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=80, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    error = models.CharField(max_length=500, blank=True, default="")
    created = models.DateTimeField(default=timezone.now)
    touched = models.DateTimeField(default=timezone.now)
    wanted = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0.0)  # the share that is done, as far as it is known
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("status", "priority", "run_after"), name="job_next"),)
