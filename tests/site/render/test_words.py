"""What is read without a script: the same words in the same order, changed on purpose only."""

from __future__ import annotations

from tests.site.render import golden


def test_the_words_of_an_article_are_those_on_file() -> None:
    """``python -m tests.site.render.golden`` writes them anew."""
    assert golden.article() == golden.FILE.read_text(encoding="utf-8")


def test_words_come_in_the_order_of_reading() -> None:
    page = "<p>One <em>two</em></p><script>no</script><template><p>no</p></template><ul><li>three</ul>"
    assert golden.words(page) == "One two\nthree\n"
