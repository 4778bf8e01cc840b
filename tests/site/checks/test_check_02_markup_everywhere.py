"""Check 2: no field that a reader fills becomes live markup, on any way of writing and on any page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest

from parley.errors import TextError
from parley.site.text.markdown import render
from parley.site.web.models import Account, Appeal, Article, Challenge, Comment, Report, Role, State
from parley.site.web.moderation.decide import decide
from tests.site.debate.browser import Reader, text_of
from tests.site.operate.published import the_flagship
from tests.site.people import a_comment, an_account
from tests.site.text.corpus import Reading, read, vectors

pytestmark = pytest.mark.django_db
# What pages of the site are made of; nothing that runs, loads from elsewhere or takes style.
FORBIDDEN = {
    "iframe",
    "object",
    "embed",
    "style",
    "base",
    "math",
    "marquee",
    "audio",
    "video",
    "keygen",
}
SHORT = [each for each in vectors() if "\n" not in each and "\0" not in each and len(each) <= 200]


def faults(reading: Reading) -> list[str]:
    """Whatever in a whole page could run, load from elsewhere, or take style."""
    found = [f"<{tag}>" for tag, _ in reading.tags if tag in FORBIDDEN]
    for tag, attributes in reading.tags:
        found += [f"{tag} {name}" for name in attributes if name.startswith("on") or name == "style"]
        data = attributes.get("type") == "application/ld+json"  # what search engines read; no browser runs it
        if tag == "script" and not data and not (attributes.get("src") or "").startswith("/static/"):
            found.append("a script of another place")
        if tag == "img" and not re.match(r"/(a|static)/[^/]", attributes.get("src") or ""):
            found.append("a picture that is not the article's")
        for name in ("href", "src", "action", "formaction"):
            value = (attributes.get(name) or "").strip().lower()
            if re.match(r"(javascript|data|vbscript|blob|file|//)", value):
                found.append(f"{tag} {name}={value}")
    return found


def seen(reader: Reader, *paths: str) -> list[str]:
    found: list[str] = []
    for path in paths:
        answer = reader.get(path)
        assert answer.status_code in (200, 400, 404), path
        found += [f"{path}: {fault}" for fault in faults(read(text_of(answer)))]
    return found


@pytest.fixture
def article() -> Article:
    return the_flagship()


def chunk(number: int) -> str:
    """Twenty vectors as one text that the rules take."""
    texts = []
    for vector in vectors()[20 * number : 20 * (number + 1)]:
        try:
            render(vector)
        except TextError:
            continue
        texts.append(vector)
    return "\n\n".join(texts)[:2900]


@pytest.mark.parametrize("number", range((len(vectors()) + 19) // 20))
def test_check_02_comments_answers_changes_and_their_history(article: Article, number: int) -> None:
    account = an_account(points=10, approved=10)
    reader, text = Reader(account), chunk(number)
    preview = reader.post(f"/a/{article.slug}/comment", text=text, do="preview")
    assert faults(read(text_of(preview))) == []
    made = reader.post(f"/a/{article.slug}/comment", text=text)
    assert made.status_code in (303, 400), text_of(made)
    comment = Comment.objects.filter(author=account).first() or a_comment(article, account)
    reader.post(f"/c/{comment.pk}/edit", text=f"{text[:2000]}\n\nchanged")
    reader.post(f"/c/{comment.pk}/reply", text=text)
    answer = Comment.objects.latest("pk")
    Reader(an_account(points=10)).post(f"/c/{answer.pk}/reply", text="A third one, which quotes.")
    paths = [
        f"/c/{each.pk}/{page}"
        for each in Comment.objects.all()
        for page in ("", "history", "reply", "report")
    ]
    others = Reader(an_account())
    assert seen(others, *paths, f"/a/{article.slug}/", f"/u/{account.name}/") == []
    assert seen(reader, f"/c/{comment.pk}/edit", f"/c/{comment.pk}/withdraw") == []


@pytest.mark.parametrize("number", range(0, len(SHORT), 40))
def test_check_02_reasons_sources_and_claims_of_a_challenge(article: Article, number: int) -> None:
    reader = Reader(an_account(points=10))
    for vector in SHORT[number : number + 40 : 4]:
        data: dict[str, Any] = {
            "claim": vector,
            "v.t_ttp": vector,
            "why.t_ttp": vector * 3,
            "source.t_ttp": vector,
            "s": vector,
            "text": "words",
            "key": vector,
            "started": vector,
            "v." + vector: "1",
            "why." + vector: vector,
        }
        for wish in ("preview", "post", "solve", vector):
            answer = reader.post(f"/a/{article.slug}/challenge", **{**data, "do": wish})
            assert faults(read(text_of(answer))) == []
    Challenge.objects.all().delete()
    comment = a_comment(article, an_account(), kind="challenge", version_id=article.current_id)
    reasons = {"t_ttp": SHORT[number], "kappa": SHORT[number + 1 - len(SHORT)]}
    Challenge.objects.create(comment=comment, setting="kappa=0.5;t_ttp=0.2", reasons=reasons)
    assert seen(reader, f"/c/{comment.pk}/", f"/a/{article.slug}/") == []


@pytest.mark.parametrize("number", range(0, len(SHORT), 40))
def test_check_02_names_bios_reports_and_appeals(article: Article, number: int) -> None:
    editor = an_account(Role.EDITOR)
    for vector in SHORT[number : number + 40 : 8]:
        # Names are refused at the door; written past it they are escaped all the same.
        writer = an_account(points=10)
        Account.objects.filter(pk=writer.pk).update(name=vector.replace("/", "|")[:40], bio=vector[:300])
        writer.refresh_from_db()
        comment = a_comment(article, writer, quote=vector, passage="doomed")
        a_comment(article, writer, parent=comment)
        reporter = Reader(an_account())
        refused = reporter.post(
            f"/c/{comment.pk}/report", reason=vector, text=vector, ground=vector, country=vector
        )
        assert faults(read(text_of(refused))) == []
        told = reporter.post(
            f"/c/{comment.pk}/report", reason="illegal", text=vector, ground=vector, contact_name=vector
        )
        assert faults(read(text_of(told))) == []
        assert seen(Reader(), f"/c/{comment.pk}/", f"/c/{comment.pk}/report", f"/a/{article.slug}/") == []
        assert seen(Reader(), f"/u/{quote(writer.name, safe='')}/") == []
        decide(comment, "remove", editor, comment.revision, clause=1, words=vector[:500])
        Reader(writer).post(f"/c/{comment.pk}/appeal", text=vector)
        assert seen(Reader(writer), f"/c/{comment.pk}/", f"/c/{comment.pk}/appeal") == []
    assert Report.objects.exists()
    assert Appeal.objects.exists()
    assert Account.objects.exists()
    assert Comment.objects.filter(state=State.REMOVED).exists()
