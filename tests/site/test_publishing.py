"""Publishing: a version from a folder, once; its objections, jobs and log; nothing half done."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from parley.errors import ParleyError, ScenarioError
from parley.site.web import blobs, journal
from parley.site.web.models import Act, Article, Challenge, Comment, Figure, Job, Role, State, Version
from parley.site.web.packages import PackageError
from parley.site.web.publishing import SIGNED, PublishError, publish, publish_archive, set_state
from tests.site.packages import a_folder, a_text, an_archive
from tests.site.people import an_account

pytestmark = pytest.mark.django_db

FRONT = """pictures:
  - {file: map.png, alt: A map of the border, caption: The border, credit: Our drawing}
"""


def a_map() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (1, 2, 3)).save(out, "PNG")
    return out.getvalue()


def test_a_folder_becomes_an_article_that_can_be_read_at_once(tmp_path: Path) -> None:
    author = an_account(Role.AUTHOR)
    folder = a_folder(tmp_path / "A Threat", a_text(FRONT), {"map.png": a_map()})
    version = publish(folder, owner=author, note="first", premoderate=True)
    article = Article.objects.get(slug="a-threat")
    assert article.current == version
    assert (version.n, version.status, version.title) == (1, "preparing", "A threat")
    assert version.edition["digest"] == version.digest
    assert article.state == Article.State.PUBLISHED
    assert article.published_at is not None
    assert (article.owner, article.premoderate) == (author, True)
    figure = Figure.objects.get()
    assert (figure.name, figure.alt, figure.width, figure.height) == (
        "map.png",
        "A map of the border",
        60,
        40,
    )
    with Image.open(blobs.picture_path(figure.file)) as shown:
        assert shown.size == (60, 40)
    assert [each.kind for each in Job.objects.order_by("-priority")] == ["advise", "prepare"]
    row = Act.objects.get()
    assert (row.act, row.subject, row.public) == (
        "publish",
        "article",
        {"version": 1, "digest": version.digest},
    )
    assert not journal.faults()


def test_the_same_text_makes_no_new_version(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "threat")
    first = publish(folder)
    assert publish(folder, note="again") == first
    assert Version.objects.count() == Act.objects.count() == 1
    assert Job.objects.count() == 2
    revision = Article.objects.get().revision
    assert publish(folder, premoderate=True) == first  # what concerns the article is taken over
    article = Article.objects.get()
    assert article.premoderate
    assert article.revision > revision


def test_a_version_that_failed_is_tried_again(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "threat")
    version = publish(folder)
    Version.objects.filter(pk=version.pk).update(status="failed", failure="too large")
    Job.objects.update(status="failed", attempts=3)
    again = publish(folder)
    assert (again.pk, again.status, again.failure) == (version.pk, "preparing", "")
    assert set(Job.objects.values_list("kind", "status", "attempts")) == {
        ("advise", "queued", 0),
        ("prepare", "queued", 0),
    }


def test_a_correction_is_a_new_version_and_logged_as_such(tmp_path: Path) -> None:
    publish(a_folder(tmp_path / "threat"))
    before = Article.objects.get().revision
    folder = a_folder(tmp_path / "threat", a_text("summary: mended\n"))
    second = publish(folder, correction=True, note="a date", thanks="Ada")
    assert (second.n, second.correction, second.note, second.thanks) == (2, True, "a date", "Ada")
    assert Article.objects.get().revision > before
    assert [row.act for row in Act.objects.order_by("seq")] == ["publish", "correct"]
    assert Job.objects.filter(kind="prepare").count() == 2


def test_a_changed_picture_or_table_is_a_new_version(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "threat", a_text(FRONT), {"map.png": a_map()})
    publish(folder)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (9, 9, 9)).save(out, "PNG")
    (folder / "map.png").write_bytes(out.getvalue())
    assert publish(folder).n == 2


def test_declared_objections_stand_in_the_debate_once(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "threat")
    first = publish(folder)
    seeds = list(Challenge.objects.select_related("comment").order_by("pk"))
    assert [each.declared for each in seeds] == ["K1", "K2"]
    assert all(each.comment.signed == SIGNED and each.comment.author is None for each in seeds)
    assert all(each.comment.state == State.VISIBLE and each.comment.kind == "challenge" for each in seeds)
    assert seeds[0].comment.passage == "wait"
    assert "talk is cheap" in seeds[0].comment.html.lower()
    words = [(each.comment.pk, each.comment.source, each.comment.html) for each in seeds]
    folder = a_folder(tmp_path / "threat", a_text("summary: other\n"))
    assert publish(folder) != first
    again = Challenge.objects.select_related("comment").order_by("pk")
    assert [(each.comment.pk, each.comment.source, each.comment.html) for each in again] == words


def test_a_reworded_objection_keeps_its_place_and_its_history(tmp_path: Path) -> None:
    publish(a_folder(tmp_path / "threat"))
    kept = Challenge.objects.get(declared="K1").comment
    folder = a_folder(tmp_path / "threat", a_text().replace("talk is cheap", "talk costs nothing"))
    publish(folder)
    comment = Comment.objects.get(pk=kept.pk)
    assert "costs nothing" in comment.html
    assert comment.edited_at is not None
    assert comment.edits.get().html == kept.html
    assert comment.revision == kept.revision + 1


def test_objections_are_plain_text(tmp_path: Path) -> None:
    hostile = a_text().replace("talk is cheap", '"*see* [me](https://evil.example) <b>now</b>"')
    publish(a_folder(tmp_path / "threat", hostile))
    html = Challenge.objects.get(declared="K1").comment.html
    assert "[me](" in html  # no link under other words; a bare address may become one
    assert "<b>" not in html
    assert "<em>" not in html


def test_a_faulty_text_is_refused_with_its_places_and_writes_nothing(tmp_path: Path) -> None:
    broken = a_text().replace("outcomes: {war", "outcomes: {war: nonsense is attack, other")
    folder = a_folder(tmp_path / "threat", broken)
    with pytest.raises(ScenarioError) as caught:
        publish(folder)
    assert "argument.md:" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
    assert "/tmp" not in str(caught.value)
    assert not Article.objects.exists()
    assert not Job.objects.exists()


def test_check_41_yaml_tags_and_code_are_refused(tmp_path: Path) -> None:
    for hostile in ("!!python/object/apply:os.system ['touch owned']", "&a [*a]", "!!binary aGk="):
        folder = a_folder(tmp_path / "threat", a_text(f"summary: {hostile}\n"))
        with pytest.raises(ScenarioError):
            publish(folder)
    for hostile in ("__import__('os').getcwd()", "().__class__", "open('x')", "lambda: 1"):
        folder = a_folder(tmp_path / "threat", a_text().replace("peace: gain", f'peace: "{hostile}"'))
        with pytest.raises(ScenarioError):
            publish(folder)
    assert not Article.objects.exists()


def test_a_picture_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "threat", a_text(FRONT), {"map.png": b"<svg onload='alert(1)'/>"})
    with pytest.raises(ParleyError, match=r"map\.png"):
        publish(folder)
    assert not Article.objects.exists()


def test_an_address_has_one_owner(tmp_path: Path) -> None:
    owner, other, admin = an_account(Role.AUTHOR), an_account(Role.AUTHOR), an_account(Role.ADMIN)
    folder = a_folder(tmp_path / "threat")
    publish(folder, owner=owner)
    folder = a_folder(tmp_path / "threat", a_text("summary: stolen\n"))
    with pytest.raises(PublishError, match="belongs to another"):
        publish(folder, owner=other)
    assert Version.objects.count() == 1
    publish(folder, owner=admin)
    assert Article.objects.get().owner == owner


@pytest.mark.parametrize("slug", ["", "Threat", "a--b", "-a", "a/b", "../a", "a b", "é", "x" * 81, "a\n"])
def test_addresses_are_plain(tmp_path: Path, slug: str) -> None:
    with pytest.raises(PublishError, match="no address"):
        publish(a_folder(tmp_path / "threat"), slug=slug)


def test_an_archive_is_published_like_a_folder(tmp_path: Path) -> None:
    data = an_archive({"threat/argument.md": a_text(FRONT), "threat/map.png": a_map()})
    version = publish_archive(data, slug="threat")
    assert version == publish(a_folder(tmp_path / "x", a_text(FRONT), {"map.png": a_map()}), slug="threat")


def test_a_draft_is_published_later_and_an_article_withdrawn(tmp_path: Path) -> None:
    publish(a_folder(tmp_path / "threat"), draft=True)
    article = Article.objects.get()
    assert (article.state, article.published_at) == (Article.State.DRAFT, None)
    assert set_state(article, "published").published_at is not None
    set_state(article, "closed")
    assert set_state(article, "withdrawn").state == "withdrawn"
    assert [row.act for row in Act.objects.order_by("seq")] == ["publish", "open", "close", "withdraw"]
    assert not journal.faults()
    with pytest.raises(PublishError, match="never"):
        set_state(article, "burnt")


def test_the_solver_finds_the_article_as_it_was_published(tmp_path: Path) -> None:
    version = publish("taliban-talks")
    assert version.article.slug == "taliban-talks"
    file = blobs.package_path(version)
    from parley.site.model import edition

    assert edition(file).digest == version.digest
    assert blobs.package_path(version) == file
    assert file.is_relative_to(settings.PARLEY_SITE)


def test_a_file_that_was_changed_in_the_folder_is_noticed() -> None:
    digest = blobs.keep(b"data of an article")
    blobs.blob_path(digest).write_bytes(b"other data")
    with pytest.raises(blobs.BlobError, match="was changed"):
        blobs.read(digest)
    blobs.blob_path(digest).unlink()
    with pytest.raises(blobs.BlobError, match="missing"):
        blobs.read(digest)


def test_a_full_disk_leaves_no_half_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    folder = a_folder(tmp_path / "threat", a_text(FRONT), {"map.png": a_map() + b"\0"})
    monkeypatch.setattr("parley.site.web.blobs.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        publish(folder)
    assert not Article.objects.exists()
    assert not [each for each in Path(settings.PARLEY_SITE, "blobs").rglob(".*") if each.is_file()]
    monkeypatch.undo()
    assert publish(folder).n == 1


def test_a_package_that_is_missing_says_so(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"no file argument\.md"):
        publish(tmp_path)
