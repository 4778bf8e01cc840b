"""Looking into the tables: Django's administration pages, for administrators alone, without scripts.

What lives here: which tables are shown, and the one thing that may be changed: roles. What may not: decisions
on comments (the queue), anything that a rule owns.

Every page asks for the second factor, a change of a role besides for a recent proof of identity. Filters
reach the columns that are named as filters and nothing else, so that a hidden column cannot be guessed at
letter by
letter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from parley.site.web.access import May
from parley.site.web.accounts.roles import AccountError, appoint
from parley.site.web.models import Account, Act, Article, Comment, Job, Outbox, Role, Sanction, Solve, Version
from parley.site.web.views.guard import needs
from parley.site.web.views.proof import proved_recently

__all__ = ["Administration", "site"]

if TYPE_CHECKING:
    _Table = admin.ModelAdmin[Any]
else:
    _Table = admin.ModelAdmin
STEPS = {"exact", "isnull", "gte", "lt"}


class Administration(admin.AdminSite):
    """The pages under ``/administration/``: the tables and nothing else of what Django brings."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Tables")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody is an administrator; ``admin_view`` asks for more."""
        return isinstance(request.user, Account) and request.user.is_staff

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Put a view behind the table of permissions and the second factor."""
        return needs(May.ADMINISTER, "GET", "HEAD", "POST")(super().admin_view(view, cacheable=False))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the index and the tables; signing in and out and passwords have pages of their own."""
        given = super().get_urls()
        kept = [each for each in given if isinstance(each, URLResolver) or each.name == "app_list"]
        return [path("", self.admin_view(self.index), name="index"), *kept]


site = Administration(name="admin")


class ReadOnly(_Table):
    """A table that is looked at."""

    actions = None
    view_on_site = False
    show_full_result_count = False
    list_per_page = 50

    @property
    def media(self) -> forms.Media:
        """No scripts, no styles besides those of the pages."""
        return forms.Media()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is added here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Whether a column may be filtered by: those named in ``list_filter``, by the steps of a filter."""
        name, *steps = lookup.split("__")
        return name in [str(each) for each in self.list_filter] and set(steps) <= STEPS

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the columns of the list and those in ``fields``, never all there are."""
        return self.fields or [name for name in self.list_display if name != "__str__"]


@admin.register(Account, site=site)
class Accounts(ReadOnly):
    """Accounts: the role may be changed. Addresses and hashes are not shown."""

    list_display = ("name", "role", "points", "joined", "banned_at", "deletion_due", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name",)
    fields = ("name", "role", "points", "approved", "removed", "joined", "muted_until", "banned_at")
    readonly_fields: ClassVar[tuple[str, ...]] = tuple(name for name in fields if name != "role")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let the role be changed, but not one's own nor that of a deleted account."""
        return obj is None or (obj.deleted_at is None and obj != request.user)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show an account, or give it another role, which asks for a recent proof."""
        show = super().changeform_view
        if request.method != "POST":
            return show(request, object_id, form_url, extra_context)

        @proved_recently
        def change(request: HttpRequest) -> HttpResponse:
            return show(request, object_id, form_url, extra_context)

        return change(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form, which refuses to leave the site without an administrator."""
        form = super().get_form(request, obj, change=change, **kwargs)

        class Appointed(form):  # type: ignore[misc, valid-type]
            def clean_role(self) -> str:
                role: str = self.cleaned_data["role"]
                admins = Account.objects.filter(role=Role.ADMIN, is_active=True, deleted_at=None)
                last = obj is not None and obj.role == Role.ADMIN and not admins.exclude(pk=obj.pk).exists()
                if last and role != Role.ADMIN:
                    raise forms.ValidationError(_("This is the only administrator."))
                return role

        return Appointed

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        """Give the role through the one function that logs it and ends the account's sessions."""
        by = request.user if isinstance(request.user, Account) else None
        try:
            appoint(Account.objects.get(pk=obj.pk), obj.role, by)
        except AccountError as fault:  # somebody else took the last administrator's role meanwhile
            self.message_user(request, str(fault), "error")

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Leave no row in Django's own log: the site's log has one."""
        return None


@admin.register(Article, site=site)
class Articles(ReadOnly):
    """Articles."""

    list_display = ("slug", "state", "owner", "created", "published_at", "revision")
    list_filter = ("state",)
    search_fields = ("slug",)


@admin.register(Version, site=site)
class Versions(ReadOnly):
    """Versions of articles, without their texts."""

    list_display = ("article", "n", "title", "status", "failure", "note", "at", "engine", "draws", "seed")
    list_filter = ("status",)


@admin.register(Comment, site=site)
class Comments(ReadOnly):
    """Comments, without their words: those are read in the queue."""

    list_display = ("id", "article", "author", "kind", "state", "created", "approved", "clause")
    list_filter = ("state", "kind")


@admin.register(Act, site=site)
class Acts(ReadOnly):
    """The moderation log."""

    list_display = ("seq", "at", "act", "by", "subject", "subject_id", "clause", "before", "after", "hash")
    list_filter = ("act", "by", "subject")


@admin.register(Sanction, site=site)
class Sanctions(ReadOnly):
    """Mutes and bans."""

    list_display = ("account", "kind", "at", "until", "clause", "lifted_at")
    list_filter = ("kind",)


@admin.register(Solve, site=site)
class Solves(ReadOnly):
    """What was solved, or could not be."""

    list_display = ("version", "status", "draws", "failure", "ms", "created", "finished")
    list_filter = ("status",)


@admin.register(Job, site=site)
class Jobs(ReadOnly):
    """Work for the worker, without what it is about."""

    list_display = (
        "kind",
        "status",
        "priority",
        "attempts",
        "run_after",
        "leased_until",
        "error",
        "finished",
    )
    list_filter = ("kind", "status")


@admin.register(Outbox, site=site)
class Mails(ReadOnly):
    """Outgoing mail: when, not to whom or what."""

    list_display = ("id", "created", "sent_at", "attempts", "error")
