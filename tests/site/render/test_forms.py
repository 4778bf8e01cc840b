"""A card's form without a script: what comes back unchanged asks for nothing."""

from __future__ import annotations

import re

import pytest

from parley.site.model.setting import AUTHOR, Setting
from parley.site.render.compose import article_page
from parley.site.render.environment import render
from parley.site.render.forms import asked, filled
from tests.site.render import samples

EDITION = samples.edition()


def submitted(setting: Setting = AUTHOR, **changed: str) -> dict[str, str]:
    """The fields of all forms of the page, as a browser sends them, with some of them changed."""
    page = article_page(
        EDITION, samples.around(), samples.numbers(), setting=setting, effect=samples.effect()
    )
    text = render("article.html", page=page)
    fields = dict(re.findall(r'<input type="(?:range|number)" name="([^"]+)"[^>]* value="([^"]+)"', text))
    fields |= dict(re.findall(r'<select name="([^"]+)">.*?value="([^"]+)" selected', text, flags=re.DOTALL))
    assert {"v.q_other", "r.q_other", "v.non_cooperation"} <= fields.keys()
    return fields | {name.replace("__", ".", 1): value for name, value in changed.items()}


def test_a_form_that_comes_back_as_it_was_asks_for_nothing() -> None:
    assert asked(submitted(), EDITION, AUTHOR) == {}
    setting = Setting((("q_other", 0.123456789),))
    assert asked(submitted(setting), EDITION, setting) == {"q_other": "0.123456789"}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"v__q_other": "0.5"}, {"q_other": "0.5"}),
        ({"r__q_other": "0.5"}, {"q_other": "0.5"}),
        ({"v__q_other": "0.5", "r__q_other": "0.9"}, {"q_other": "0.5"}),
        ({"v__non_cooperation": "on"}, {"non_cooperation": "on"}),
        ({"v__q_other": "nonsense"}, {"q_other": "nonsense"}),
        ({"v__nowhere": "1"}, {"nowhere": "1"}),
        ({"step": "q_other:1"}, {"q_other": "0.18"}),
        ({"step": "q_other:-1", "v__q_other": "0.5"}, {"q_other": "0.49"}),
        ({"step": "q_other:1", "v__q_other": "1"}, {"q_other": "1"}),
        ({"step": "q_other:1", "v__q_other": "nonsense"}, {"q_other": "nonsense"}),
        ({"step": "q_other:7"}, {}),
        ({"step": "nowhere:1"}, {}),
    ],
)
def test_what_was_changed_is_asked_for(changed: dict[str, str], found: dict[str, str]) -> None:
    assert asked(submitted(AUTHOR, **changed), EDITION, AUTHOR) == found


def test_earlier_changes_stay() -> None:
    setting = Setting((("commit", 0.1),))
    assert asked(submitted(setting, v__q_other="0.5"), EDITION, setting) == {
        "commit": "0.1",
        "q_other": "0.5",
    }


def test_a_long_middle_is_filled_shortly() -> None:
    each = samples.assumption("x", "x", None, 0.0483048123, 0.01)
    assert filled(each, AUTHOR) == "0.0483"
    assert filled(each, Setting((("x", 0.0483048123),))) == "0.0483048123"
