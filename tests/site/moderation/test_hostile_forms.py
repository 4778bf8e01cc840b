"""Forms of editors and readers that no page of the site makes: refused in words, never a fault."""

from __future__ import annotations

import pytest

from parley.site.web.models import Challenge, Kind
from tests.site.debate.browser import Reader
from tests.site.moderation.desk import a_held_comment, an_editor, desk_of
from tests.site.people import a_comment, an_account, an_article

pytestmark = pytest.mark.django_db
NUMBERS = ["²", "٣", "9" * 5000, str(2**63), "-1", "1e3", "0x1", " 1", ""]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_selection_with_a_number_that_is_none(number: str) -> None:
    comment, desk = a_held_comment(), desk_of(an_editor())
    for chosen in (f"{number}:1", f"{comment.pk}:{number}"):
        answer = desk.post("/queue/bulk", {"act": "approve", "chosen": chosen})
        assert answer.status_code in (400, 409), chosen[:20]
    comment.refresh_from_db()
    assert comment.state == "held"


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_that_are_none_in_the_forms_of_editors(number: str) -> None:
    comment, desk = a_held_comment(), desk_of(an_editor())
    assert comment.author is not None
    sent = {
        f"/queue/{comment.pk}/decide": {"act": "remove", "revision": number, "clause": number},
        "/queue/words/change": {"list": "suspect", "drop": number, "add": "spam"},
        f"/queue/people/{comment.author.name}/mute": {"seen": number, "clause": number, "hours": number},
        f"/queue/people/{comment.author.name}/ban": {"seen": number, "clause": number, "typed": "ban"},
    }
    for path, form in sent.items():
        assert desk.post(path, form).status_code < 500, path
    for path in (f"/queue/?page={number}", f"/queue/?done={number}", f"/queue/{number}/"):
        assert desk.get(path).status_code < 500, path
    comment.refresh_from_db()
    assert comment.state == "held"


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_that_are_none_in_the_forms_of_readers(number: str) -> None:
    owner = an_account("author")
    article = an_article(owner=owner)
    own = an_account(points=10, approved=10)
    comment = a_comment(article, own)
    challenge = a_comment(article, an_account(), kind=Kind.CHALLENGE)
    Challenge.objects.create(comment=challenge)
    reader = Reader(own)
    sent = {
        f"/c/{comment.pk}/edit": {"text": "New words.", "revision": number},
        f"/c/{challenge.pk}/report": {"reason": "duplicate", "duplicate_of": f"#{number}"},
        f"/a/{article.slug}/comment": {"text": "Words.", "typed": number, "started": number, "key": number},
        f"/a/{article.slug}/challenge": {"text": "Words.", "v.x": number, "why.x": number},
    }
    for path, form in sent.items():
        assert reader.post(path, **form).status_code < 500, path
    answer = Reader(owner).post(f"/c/{challenge.pk}/answer", answer="adopted", version=number, text="")
    assert answer.status_code < 500


@pytest.mark.parametrize("number", [str(2**63 - 1), str(2**63), "9" * 400])
def test_addresses_with_numbers_that_no_row_has(number: str) -> None:
    editor = an_editor()
    desk = desk_of(editor)
    for path in (f"/queue/{number}/", f"/log/{number}", f"/c/{number}/", f"/c/{number}/history"):
        assert desk.get(path).status_code == 404, path
    posts = [f"/queue/{number}/{act}" for act in ("decide", "claim", "note")]
    posts += [
        f"/c/{number}/{act}" for act in ("mark", "report", "edit", "appeal", "withdraw", "reply", "answer")
    ]
    posts.append(f"/queue/people/{editor.name}/lift/{number}")
    for path in posts:
        form = {"act": "approve", "revision": "1", "text": "Words.", "kind": "advances"}
        assert desk.post(path, form).status_code == 404, path
