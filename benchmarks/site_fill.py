"""Fill a site for the benchmarks: an article with comments, readers who are signed in.

Run in a process of its own, with `PARLEY_SITE` set; prints what the load needs as JSON.

    python -m benchmarks.site_fill COMMENTS ARTICLES READERS

The first article has 100 comments, as the peer has; each further one COMMENTS.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

__all__ = ["FIRST", "RULES", "thread"]

FIRST = 100  # comments under the first article
WORDS = [
    "talks",
    "army",
    "strike",
    "drone",
    "list",
    "failure",
    "blame",
    "peace",
    "support",
    "force",
    "public",
    "hostile",
    "pause",
    "leak",
    "bargain",
    "round",
    "border",
    "news",
    "hand",
    "cost",
    "chance",
    "month",
    "promise",
    "service",
    "partner",
    "silence",
    "threshold",
    "lesson",
    "mandate",
    "opinion",
]
# Everything is checked and counted, but nobody runs dry within the benchmark.
RULES = """newcomer_until = 0
repeat_minutes = 5
[limits]
post = {burst = 1000000, per_hour = 1000000, network_factor = 100.0}
solve = {burst = 1000000, per_hour = 1000000, network_factor = 100.0}
"""


def thread(count: int) -> list[tuple[str, str, int | None]]:
    """Return a thread: writer, some 560 characters of Markdown, the place of what is answered, if any."""
    roots = count - count // 5
    return [(f"reader{i}", text(i), None if i < roots else (i - roots) % roots) for i in range(count)]


def text(number: int) -> str:
    """Return the words of one comment, another for each number."""
    chance = random.Random(number)

    def some(many: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(many))

    link = f"[a source](https://example.org/{number})"
    return "\n\n".join([some(28), f"> {some(12)}", f"*{some(20)}* and {link}", some(20)])


def main(comments: int, articles: int, readers: int) -> dict[str, Any]:
    """Fill the site and return its addresses and cookies."""
    folder = Path(os.environ["PARLEY_SITE"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "static").mkdir(exist_ok=True)
    (folder / "rules.toml").write_text(RULES)
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.site.web.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    return _filled(comments, articles, readers)


def _filled(comments: int, articles: int, readers: int) -> dict[str, Any]:
    from django.test import Client

    from parley.site.web.models import Account
    from parley.site.web.publishing import publish

    people = [
        Account.objects.create_user(f"person{i}", f"person{i}@example.org", points=50) for i in range(readers)
    ]
    slugs = []
    for number in range(articles):
        version = publish("taliban-talks", slug="taliban-talks" if not number else f"talks-{number}")
        slugs.append(version.article.slug)
        _comments(version.article, comments if number else FIRST, people)
    cookies = []
    for person in people:
        client = Client()
        client.force_login(person)
        cookies.append("; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items()))
    return {"slugs": slugs, "cookies": cookies}


def _comments(article: Any, count: int, people: list[Any]) -> None:
    from django.utils import timezone

    from parley.site.text.markdown import SANITISER, render
    from parley.site.web.models import Comment, State

    begun = timezone.now() - timedelta(days=30)
    made: list[Any] = []
    for number, (_, words, parent) in enumerate(thread(count)):
        made.append(
            Comment(
                article=article,
                version=article.current,
                author=people[number % len(people)],
                parent_id=None if parent is None else made[parent].pk,
                state=State.VISIBLE,
                source=words,
                html=render(words).html,
                sanitiser=SANITISER,
                created=begun + timedelta(minutes=number),
                shown_at=begun + timedelta(minutes=number),
                approved=True,
                credited=True,
            )
        )
        made[-1].save()


if __name__ == "__main__":
    print(json.dumps(main(*(int(each) for each in sys.argv[1:4]))))
