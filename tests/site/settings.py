"""Settings of the site's tests: its own, in a folder of their own, quick to hash, with mail kept in memory.

``PARLEY_TEST_DATABASE`` names another database, e.g. ``postgres:///parley``.
"""

from __future__ import annotations

import os
import tempfile

os.environ["PARLEY_SITE"] = tempfile.mkdtemp(prefix="parley-tests-")
os.environ["PARLEY_HOSTS"] = "localhost,127.0.0.1,[::1],testserver"
os.environ.pop("PARLEY_URL", None)
if os.environ.get("PARLEY_TEST_DATABASE"):
    os.environ["DATABASE_URL"] = os.environ["PARLEY_TEST_DATABASE"]
else:
    os.environ.pop("DATABASE_URL", None)

from parley.site.web.settings import *  # noqa: F403
from parley.site.web.settings import DATABASES, STATIC_ROOT

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "parley.site.web.hashing.BoundedArgon2"]
os.makedirs(STATIC_ROOT, exist_ok=True)
if DATABASES["default"]["ENGINE"] == "parley.site.web.sqlite":
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # also when several processes test
# Used codes of the second factor are noted in the database, which each test leaves as it was; a cache keeps.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
