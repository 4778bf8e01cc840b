"""Accounts of a real site, with a session each: ``python -m tests.site.seed``, asked and answered in JSON."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any


def main() -> None:
    """Make the accounts that are asked for, with sessions, and say their cookies by name."""
    from parley.site.web.standalone import start

    start(Path(os.environ["PARLEY_SITE"]))
    from django.conf import settings
    from django.db import transaction
    from django.test import Client
    from django.utils import timezone

    from tests.site.people import an_account

    made: dict[str, dict[str, str]] = {}
    with transaction.atomic():
        for wanted in json.load(sys.stdin):
            options: dict[str, Any] = {"name": wanted["name"], "points": wanted.get("points", 0)}
            if not wanted.get("password"):
                options["password"] = None
            account = an_account(wanted.get("role", "reader"), **options)
            account.joined = timezone.now() - timedelta(days=30)
            account.save()
            client = Client()
            client.force_login(account)
            name = settings.SESSION_COOKIE_NAME
            made[account.name] = {name: client.cookies[name].value}
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    main()
