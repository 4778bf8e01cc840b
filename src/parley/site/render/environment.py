"""The one environment of the site's templates.

What lives here: how templates are found, escaped and translated. What may not: what pages say, Django.

Every value is escaped, but those of type :class:`parley.site.render.safe.Safe`; a name that is not there is
an error, never an empty place. Under Django the same environment serves through its Jinja2 backend::

    TEMPLATES = [{"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [...],
                  "OPTIONS": {"environment": "parley.site.web.templates.environment"}}]

where that function calls :func:`make_environment` and hands it Django's translations and addresses of
static files.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from parley.site.render import formats
from parley.site.render.fragments import Fragments
from parley.site.render.jsonld import structured
from parley.site.render.opengraph import oembed_href, tags
from parley.site.render.thread import ThreadWriter
from parley.site.render.views import Site

__all__ = ["STATIC", "TEMPLATES", "make_environment", "render"]

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parents[1] / "static"


def _same(text: str) -> str:
    return text


def _plural(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def _static(name: str) -> str:
    return f"/static/{name}"


def make_environment(
    *,
    static: Callable[[str], str] = _static,
    gettext: Callable[[str], str] = _same,
    ngettext: Callable[[str, str, int], str] = _plural,
    site: Site | None = None,
    loader: BaseLoader | None = None,
    auto_reload: bool = False,
    **_: Any,
) -> Environment:
    """Make an environment of templates.

    Parameters
    ----------
    static
        The address of a static file by its name, for the server one with a digest in it.
    gettext, ngettext
        The translations; they are asked at every page, so that the language may change between two.
    site
        What every page says of the site, unless the page is given another one.
    loader
        Where else templates are looked for, behind Parley's own.
    auto_reload
        Whether a changed template is read again.
    _
        What Django's backend sets besides (``autoescape``, ``undefined``): not to be changed.

    Examples
    --------
    >>> make_environment().from_string("{{ words }}").render(words="<b>")
    '&lt;b&gt;'
    """
    own = FileSystemLoader(TEMPLATES)
    made = Environment(
        loader=own if loader is None else ChoiceLoader([own, loader]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=auto_reload,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.extend(translate=gettext)
    made.globals |= {"static": static, "site": site or Site(), "structured": structured}
    made.globals |= {"opengraph": tags, "oembed_href": oembed_href}
    made.globals["fragments"] = Fragments(made)
    made.globals["threads"] = ThreadWriter(gettext, ngettext)
    made.filters |= formats.FILTERS
    return made


@cache
def _default() -> Environment:
    return make_environment()


def render(name: str, environment: Environment | None = None, **context: object) -> str:
    """Write a page from its template.

    Parameters
    ----------
    name
        Of the template, such as ``article.html``.
    environment
        Another than the default one.
    context
        What the template takes, see :mod:`parley.site.render.views`.

    Raises
    ------
    jinja2.TemplateNotFound
        When there is no such template.
    jinja2.UndefinedError
        When the template needs a value that is not given.

    Examples
    --------
    >>> page = render("message.html", title="Thank you", text="An editor will <read> it.")
    >>> "<h1>Thank you</h1>" in page, "&lt;read&gt;" in page
    (True, True)
    """
    return (environment or _default()).get_template(name).render(**context)
