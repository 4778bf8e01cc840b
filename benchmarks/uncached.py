"""The site without the page cache in front of it: every page is written anew.

What `gunicorn benchmarks.uncached` serves, to time the page itself.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.web.settings")

application = get_wsgi_application()
