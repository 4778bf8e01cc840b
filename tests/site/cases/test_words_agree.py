"""What the pages offer is what the server takes."""

from __future__ import annotations

import re

from parley.site.render.compose import article_page
from parley.site.render.environment import render
from parley.site.render.policy import CLAUSES
from parley.site.web import rules
from parley.site.web.middleware.headers import POLICY
from parley.site.web.models import Mark, Report
from tests.browser import site_pages
from tests.site.render import samples


def test_the_dialog_offers_the_reasons_that_reports_have() -> None:
    page = render("article.html", page=article_page(samples.edition(), samples.around()))
    offered = re.findall(r'name="reason" value="([^"]+)"', page)
    assert sorted(offered) == sorted(Report.Reason.values)


def test_the_policy_has_the_clauses_that_decisions_cite() -> None:
    assert [each.number for each in CLAUSES] == list(rules.CLAUSES)
    for each in CLAUSES:
        first = re.findall(r"\w+", rules.CLAUSES[each.number].lower())[0]
        assert each.title.lower().startswith(first), "the same clause under the same number"


def test_marks_have_kinds_that_exist() -> None:
    assert {"advances", "convinced"} <= set(Mark.Kind.values)


def test_browsers_test_the_policy_that_is_served() -> None:
    assert POLICY.format(ancestors="'none'") == site_pages.POLICY
