"""Check 25: a parameter that says what is asked for is given once, or the request is refused."""

from __future__ import annotations

import pytest
from django.test import Client

from parley.site.web.shared import PAGES, QueryFault, canonical_query
from tests.site.operate.published import SLUG, the_flagship
from tests.site.operate.wsgi import Server

PAGE = f"/a/{SLUG}/"
NAMES = sorted({name for page in PAGES for name in page.parameters})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "query", ["{0}=", "{0}", "{0}=a&{0}=b", "{0}=a&{0}=a", "{0}[]=a", "{0}[0]=a", "{0}=%00"]
)
def test_check_25_empty_repeated_and_lists_are_refused(name: str, query: str) -> None:
    with pytest.raises(QueryFault) as fault:
        canonical_query(query.format(name), NAMES)
    assert fault.value.name == name or "[" in query


@pytest.mark.parametrize("query", ["s=%ff", "&".join(f"a{n}=1" for n in range(99)), "s=" + "x" * 5000])
def test_check_25_what_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(QueryFault):
        canonical_query(query, NAMES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["s=&s=", "sort=", "sort=oldest&sort=newest", "claim[]=strike-ends", "page=1&page=2"]
)
def test_check_25_by_either_way_to_the_view(query: str) -> None:
    the_flagship()
    server = Server()
    answer = server.ask(f"{PAGE}?{query}")
    assert answer.status == 400
    assert "etag" not in answer.headers
    assert Client().get(f"{PAGE}?{query}").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["sort=oldest&hl=en&hl=de", "hl="])
def test_check_25_the_language_too(query: str) -> None:
    the_flagship()
    assert Server().ask(f"{PAGE}?{query}").status == 400
