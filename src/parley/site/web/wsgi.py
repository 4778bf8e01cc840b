"""The door for a WSGI server: Django, with the page cache in front of it.

What lives here: assembly. What may not: pages.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.web.settings")

_django = get_wsgi_application()  # sets Django up, which the cache needs

from parley.site.web import logs  # noqa: E402
from parley.site.web.cache import PageCache  # noqa: E402

logs.configure()

application = PageCache(_django)
