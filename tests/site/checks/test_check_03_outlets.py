"""Check 3: hostile texts in feeds and mail stay texts: they end no element, section or line."""

from __future__ import annotations

import json
from datetime import timedelta
from email import message_from_bytes
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from markupsafe import escape

from parley.errors import TextError
from parley.site.text.markdown import render
from parley.site.web.models import Comment, Outbox, Subscription, Version
from parley.site.web.outlets.digests import digest_due
from parley.site.web.outlets.mail import send_due
from tests.site.people import a_comment, an_account, an_article
from tests.site.text.corpus import vectors

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ELEMENTS = (
    "feed", "id", "title", "subtitle", "updated", "link", "generator", "entry", "author", "name", "published",
    "content",
)  # fmt: skip
CHUNKS = 6
ENDINGS = (
    "]]></content><script>alert(1)</script>",
    "</title></entry><entry><title>x",
    '"><script>alert(1)</script>',
    "<![CDATA[ x ]]> ]]>",
    "<!-- x --> <?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "\x01\x0b\x1f\ufffe\uffff and more",
    "Subject\r\nBcc: all@example.org",
    "\u2028Bcc: all@example.org",
)


def hostile() -> list[str]:
    """Return the texts; PostgreSQL takes no NUL, so none comes as far as a feed."""
    return [each.replace("\x00", "") or "x" for each in (*ENDINGS, *vectors())]


def stored(words: str) -> Comment:
    """Put hostile words into every field that a feed shows, also where the text room would refuse them."""
    article = an_article()
    Version.objects.filter(article=article).update(
        title=words[:300], note=words[:500], edition={"question": words, "summary": words, "byline": words}
    )
    article.versions.update(correction=True)
    comment = a_comment(article, signed=words[:80])
    try:
        html = render(words).html
    except TextError:
        html = f"<p>{escape(words)}</p>"
    Comment.objects.filter(pk=comment.pk).update(html=html)
    comment.refresh_from_db()
    return comment


def entries(client: Client, path: str) -> list[str]:
    """Return the contents of a feed's entries, after looking for elements that should not be there."""
    atom = ElementTree.fromstring(client.get(f"{path}.atom").content)
    assert {each.tag for each in atom.iter()} <= {f"{ATOM}{name}" for name in ELEMENTS}
    rss = ElementTree.fromstring(client.get(f"{path}.rss").content)
    assert "script" not in {each.tag for each in rss.iter()}
    parsed = json.loads(client.get(f"{path}.json").content)
    found = [each.findtext(f"{ATOM}content") or "" for each in atom.findall(f"{ATOM}entry")]
    assert len(found) == len(rss.findall("channel/item")) == len(parsed["items"])
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_check_03_feeds_hold_hostile_texts_as_texts(client: Client, chunk: int) -> None:
    given = hostile()[chunk::CHUNKS]
    comments = [stored(words) for words in given]
    for path in ("/feeds/articles", "/feeds/corrections"):
        assert len(entries(client, path)) == len(given) <= 50
    for comment in comments:
        found = entries(client, f"/feeds/a/{comment.article.slug}/comments")
        assert len(found) == 1
        assert "<script" not in found[0].lower()


@pytest.mark.parametrize("words", ENDINGS)
def test_check_03_a_digest_holds_hostile_texts_as_text(words: str) -> None:
    comment = stored(words)
    Comment.objects.filter(pk=comment.pk).update(shown_at=timezone.now() - timedelta(minutes=9))
    then = timezone.now() - timedelta(days=2)
    account = an_account()
    Subscription.objects.create(
        account=account, article=comment.article, pace="hourly", created=then, confirmed_at=then
    )
    assert digest_due() == 1
    row = Outbox.objects.get(key__startswith="digest:")
    assert "\n" not in row.subject
    assert send_due() == 1
    sent = mail.outbox[0].message()
    assert (sent["Bcc"], sent["To"]) == (None, account.email)
    assert sent.get_content_type() == "text/plain"
    read = message_from_bytes(sent.as_bytes())
    assert set(read.keys()) == set(sent.keys())
