"""The one Django application of the site.

What lives here: its name, and what is connected once it is ready. What may not: anything that runs at import.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate

__all__ = ["SiteConfig"]


class SiteConfig(AppConfig):
    """Names the application whose tables are called ``web_…``."""

    name = "parley.site.web"
    label = "web"
    verbose_name = "Parley"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what happens at a sign-in, what is sent out, and what keeps the search in step."""
        from parley.site.web import wiring
        from parley.site.web.accounts import signals
        from parley.site.web.search import index

        signals.connect()
        wiring.connect()
        post_migrate.connect(index.install, sender=self, dispatch_uid="search")
