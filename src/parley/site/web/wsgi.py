"""The door for a WSGI server: Django, with the page cache in front of it.

What lives here: assembly. What may not: pages.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.web.settings")

application = get_wsgi_application()
