"""The rules that every template keeps: escaping, no inline code, words that can be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import DictLoader, UndefinedError

from parley.site.render.environment import TEMPLATES, make_environment, render
from parley.site.render.safe import Safe, picture, sanitised
from parley.site.render.views import Language, Site

FILES = sorted(TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    "a value is declared safe": r"\|\s*safe\b|Markup|autoescape",
    "a variable is translated unescaped": r"\b_\(\s*[^\"'\s]|gettext\(\s*[^\"'\s]",
    "an inline style": r"\sstyle\s*=|<style",
    "an inline handler": r"\son[a-z]+\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "something from elsewhere": r"(?:src|href)\s*=\s*[\"'](?:https?:)?//",
    "an attribute without quotes": r"(?<=\s)[\w-]+=\{\{",
}
# What is left of a template without tags, expressions and comments is text that was not translated.
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|&\w+;", re.DOTALL)
_NAMES = {"JSON", "Atom", "RSS", "CSV"}  # the same in every language
_ATTRIBUTE = re.compile(r"(?:aria-label|title|placeholder|alt)=\"([^\"{]*[A-Za-z]{3}[^\"{]*)\"")


def lint(text: str) -> list[str]:
    """What a template does that none may do."""
    code = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    found = [words for words, pattern in FORBIDDEN.items() if re.search(pattern, code, re.IGNORECASE)]
    code = re.sub(
        r"\{% block body_class %\}[\w ]+|\saria-(?:invalid|describedby)=.*?%\}|-(?:error|help)\b", "", code
    )
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", code, flags=re.DOTALL)
    bare = re.sub(r"<code>.*?</code>", "", bare, flags=re.DOTALL)  # what is typed, and never translated
    left = [each for each in re.findall(r"[A-Za-z]{3,}", _CODE.sub(" ", bare)) if each not in _NAMES]
    left += _ATTRIBUTE.findall(bare)
    return found + [f"words that are not translated: {' '.join(left)}"] * bool(left)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_templates_keep_the_rules(path: Path) -> None:
    assert lint(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ words | safe }}",
        "{% autoescape false %}{{ words }}{% endautoescape %}",
        '<p style="color:red">{{ x }}</p>',
        '<a onclick="go()">{{ x }}</a>',
        "<script>{{ x }}</script>",
        '<img src="//elsewhere.example/x.png" alt="">',
        "<p title={{ x }}></p>",
        "<p>Plain words</p>",
        "<p>{{ _(title) }}</p>",
        '<nav aria-label="Plain words"></nav>',
    ],
)
def test_the_lint_finds_what_no_template_may_do(text: str) -> None:
    assert lint(text) != []


def test_every_value_is_escaped_but_what_was_sanitised() -> None:
    environment = make_environment(loader=DictLoader({"x": "{{ a }}|{{ b }}|{{ _('Hi %(a)s', a=a) }}"}))
    text = environment.get_template("x").render(a="<i>", b=sanitised("<b>bold</b>"))
    assert text == "&lt;i&gt;|<b>bold</b>|Hi &lt;i&gt;"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="title"):
        render("message.html", text="x")


def test_djangos_options_change_neither_escaping_nor_undefined_names() -> None:
    from jinja2 import Undefined

    environment = make_environment(
        autoescape=False, undefined=Undefined, loader=DictLoader({"x": "{{ a }}{{ b }}"})
    )
    with pytest.raises(UndefinedError):
        environment.get_template("x").render(a="<")


def test_words_and_days_are_translated_at_every_page() -> None:
    german = {
        "Articles": "Artikel",
        "%(num)s reply": "%(num)s Antwort",
        "October": "Oktober",
        "Reply": "Antworten",
    }
    environment = make_environment(
        gettext=lambda text: german.get(text, text),
        ngettext=lambda one, many, count: german.get(one, one) if count == 1 else many,
        site=Site(language="de", languages=(Language("de", "Deutsch", "?hl=de"),)),
    )
    from tests.site.render import samples

    page = render("front.html", environment, page=_front())
    assert 'lang="de"' in page
    assert ">Artikel</a>" in page
    assert "22 Oktober 2013" in page
    assert 'href="?hl=de" hreflang="de" lang="de" aria-current="true">Deutsch' in page
    assert "1 Antwort<" in environment.globals["threads"].thread([samples.comment(1, replies=1)])  # type: ignore[attr-defined]


def _front() -> object:
    from datetime import date

    from parley.site.render.views import FrontItem, FrontPage

    return FrontPage((FrontItem("/a/x/", "Title", "Why?", date(2013, 10, 22)),))


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 429, 500, 503])
def test_every_error_has_words_and_tells_nothing_else(code: int) -> None:
    page = render("error.html", code=code)
    assert f"Error {code}" in page
    assert 'content="noindex"' in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "svg",
    [
        "<p>no picture</p>",
        '<svg onload="alert(1)"></svg>',
        "<svg><script>alert(1)</script></svg>",
        '<svg><a href="javascript:alert(1)"><text>x</text></a></svg>',
        '<svg><g style="background:url(//x)"></g></svg>',
        "<svg><foreignObject><p>x</p></foreignObject></svg>",
        '<svg><image href="https://elsewhere.example/x.png"/></svg>',
        "<svg><text onclick=alert(1)>x</text></svg>",
        "<svg><g onmouseover='alert(1)'></g></svg>",
        "<svg><!-- x --></svg>",
        '<svg></svg><script>alert(1)</script><svg class="x"></svg>',
    ],
)
def test_a_picture_with_something_alive_is_refused(svg: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        picture(svg)


def test_words_in_a_picture_may_look_alive() -> None:
    drawn = '<svg aria-label="on=1 style=2 href=3 javascript:"><text>on = style = href</text></svg>'
    assert picture(drawn) == Safe(drawn)


def test_the_pictures_of_the_report_are_taken() -> None:
    from tests.report.pictures.examples import examples

    for name, svg in examples().items():
        assert "<style" in svg, name
        assert "<style" not in picture(svg)
