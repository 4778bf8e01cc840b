"""Writes pages of the public site to build/sample, to be looked at: the flagship with a made-up debate.

Every page is what the server would send; only its numbers, comments and challenges are invented.
"""

from __future__ import annotations

import shutil
from base64 import b64decode
from dataclasses import replace
from datetime import date
from pathlib import Path

from parley import catalog
from parley.site.model import edition
from parley.site.render.compose import article_page
from parley.site.render.environment import STATIC, make_environment
from parley.site.render.policy import CLAUSES, WELCOME
from parley.site.render.views import FrontItem, FrontPage
from tests.site.render import samples

FOLDER = Path(__file__).resolve().parents[1] / "build" / "sample"
NAME = "taliban-talks"


def main() -> None:
    """Write the pages."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    shutil.copytree(STATIC, FOLDER / "static")
    environment = make_environment(static=lambda name: f"static/{name}")
    whole = edition(NAME)
    effect = samples.effect()
    names = [each.name for each in whole.policies]
    first = effect.criteria[0]
    spread = tuple(
        replace(first.policies[place % 3], policy=name, best=first.policies[place % 3].best)
        for place, name in enumerate(names)
    )
    tallies = tuple(replace(first.tallies[0], rival=name) for name in names if name != whole.recommended)
    first = replace(first, policies=spread, tallies=tallies, advice="short list", strongest="pause")
    effect = replace(effect, criteria=(first,), words={})
    numbers = replace(samples.numbers(whole), effect=effect)
    around = samples.around(30, 6, href="article.html", pictures="files/", sweeps="sweeps/", readers={})
    folder = catalog.locate(NAME).parent
    (FOLDER / "files").mkdir()
    for each in whole.pictures:
        shutil.copy(folder / each.file, FOLDER / "files" / each.file)
    (FOLDER / "sweeps").mkdir()
    keys = {each.name: each.key for each in whole.assumptions}
    for swept in numbers.sweeps:
        (FOLDER / "sweeps" / keys[swept.assumption]).write_bytes(b64decode(swept.data))
    item = FrontItem(
        "article.html",
        whole.title,
        whole.question or "",
        date(2013, 10, 22),
        whole.byline or "",
        "C short list",
        "better in 63 of 100",
        27,
        41,
    )
    pages: dict[str, tuple[str, dict[str, object]]] = {
        "article": ("article.html", {"page": article_page(whole, around, numbers)}),
        "unsolved": ("article.html", {"page": article_page(whole, around)}),
        "front": ("front.html", {"page": FrontPage((item, item, item))}),
        "policy": ("policy.html", {"welcome": WELCOME, "clauses": CLAUSES}),
        "error": ("error.html", {"code": 404}),
        "message": ("message.html", {"title": "Thank you", "text": "An editor will read it."}),
    }
    for name, (template, context) in pages.items():
        text = environment.get_template(template).render(context)
        (FOLDER / f"{name}.html").write_text(text, encoding="utf-8")
        print(f"{FOLDER / name}.html  {len(text):,} characters")


if __name__ == "__main__":
    main()
