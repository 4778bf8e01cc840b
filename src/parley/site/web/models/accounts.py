"""Who takes part: accounts, what they may do by role, what they earned, what was imposed on them.

What lives here: the user model and sanctions. What may not: signing in (allauth), limits, rules of holding.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["Account", "AccountManager", "Role", "Sanction", "SanctionAppeal", "SignIn", "Standing"]


class Role(models.TextChoices):
    """What an account was appointed to; a reader's rights grow with :class:`Standing`."""

    READER = "reader", _("reader")
    AUTHOR = "author", _("author")
    EDITOR = "editor", _("editor")
    ADMIN = "admin", _("administrator")


class Standing(models.TextChoices):
    """What a reader has earned by comments that editors approved (:attr:`Account.points`)."""

    NEW = "new", _("new")
    RECOGNISED = "recognised", _("recognised")
    CONTRIBUTOR = "contributor", _("contributor")


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, name: str, email: str, password: str | None = None, **fields: Any) -> Account:
        """Make an account; the name's skeleton (for look-alikes) is computed here.

        Raises
        ------
        TextError
            The name is empty, reserved, or holds characters that a name may not.
        """
        from parley.site.text.names import skeleton

        account = self.model(name=name, email=email.strip().lower(), skeleton=skeleton(name), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """Find an account by its address or its name, whatever the case."""
        wanted = username or ""
        if "@" in wanted:
            return self.get(email=wanted.strip().lower())
        return self.get(name__iexact=wanted)


class Account(AbstractBaseUser):
    """A person's account.

    ``points`` are earned (+1 for each first approval of a comment) and lost (-3 for each removal); below 0
    and below the newcomer's threshold comments are held. ``judged`` counts the reader's reports that editors
    decided, ``upheld`` those that they followed.
    """

    name = models.CharField(max_length=40, unique=True)
    skeleton = models.CharField(max_length=160, unique=True, editable=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.READER)
    bio = models.CharField(max_length=300, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)
    points = models.IntegerField(default=0)
    approved = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    upheld = models.PositiveIntegerField(default=0)
    muted_until = models.DateTimeField(null=True, blank=True)
    mute_step = models.PositiveSmallIntegerField(default=0)
    banned_at = models.DateTimeField(null=True, blank=True)
    sessions_end_before = models.DateTimeField(null=True, blank=True)
    deletion_due = models.DateTimeField(null=True, blank=True)
    deletion_unsigns = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("name"), name="account_name_any_case"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_editor(self) -> bool:
        """Whether the account may work the queue."""
        return self.is_active and self.role in (Role.EDITOR, Role.ADMIN)

    @property
    def is_staff(self) -> bool:
        """Whether the account may enter the administration pages."""
        return self.is_active and self.role == Role.ADMIN

    @property
    def is_superuser(self) -> bool:
        """The same, under the name that Django asks for."""
        return self.is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Grant administrators what Django's administration pages ask for."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        """Grant administrators what Django's administration pages ask for."""
        return self.is_staff

    def standing(self) -> Standing:
        """Return what the points amount to (thresholds in the settings, published in the policy)."""
        from django.conf import settings

        if self.points < settings.PARLEY_RULES.newcomer_until:
            return Standing.NEW
        if self.points < settings.PARLEY_RULES.contributor_from:
            return Standing.RECOGNISED
        return Standing.CONTRIBUTOR

    def silenced(self, now: datetime | None = None) -> bool:
        """Whether the account may not write at present."""
        at = now or timezone.now()
        return self.banned_at is not None or (self.muted_until is not None and self.muted_until > at)


class Sanction(models.Model):
    """A mute or a ban: by whom, why, until when, lifted when."""

    class Kind(models.TextChoices):
        """What is taken away: writing for a time, or for good."""

        MUTE = "mute", _("mute")
        BAN = "ban", _("ban")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sanctions")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    until = models.DateTimeField(null=True, blank=True)
    clause = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300, blank=True, default="")
    by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True, blank=True)


class SanctionAppeal(models.Model):
    """An appeal against a mute or ban; another editor than the one who set it decides."""

    class Outcome(models.TextChoices):
        """How it ended."""

        OPEN = "open", _("open")
        LIFTED = "lifted", _("lifted")
        UPHELD = "upheld", _("not followed")

    sanction = models.OneToOneField(Sanction, on_delete=models.CASCADE, related_name="appeal")
    text = models.CharField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=300, blank=True, default="")


class SignIn(models.Model):
    """A sign-in that went through: from which network, for 30 days; the address itself only as a keyed hash.

    From a network that an account is known from, the attempts of strangers do not lock it out.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    network = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "digest"), name="sign_in_once"),)
