"""What the page says of an edition, its numbers and a reader's changes."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest

from parley.site.model.effect import Crossing, Numbers
from parley.site.model.setting import Setting
from parley.site.render.article import ArticlePage, Control
from parley.site.render.compose import answer, article_page, brief, letters, sentence, title_of
from parley.site.render.environment import render
from parley.site.render.sweeps import shares
from tests.site.render import samples


def page(**more: object) -> ArticlePage:
    return article_page(samples.edition(), samples.around(), samples.numbers(), **more)  # type: ignore[arg-type]


def control(made: ArticlePage, name: str) -> Control:
    return next(each for card in made.cards for each in card.controls if each.name == name)


def test_the_sentence_counts_a_hundred_runs() -> None:
    assert sentence(samples.edition(), samples.effect()) == (
        "C (short list) ends better than A (status quo) in 63 of 100 runs, worse in 29, the same in 8."
    )


def test_the_sentence_is_withheld_without_an_answer() -> None:
    effect = samples.effect()
    first = effect.criteria[0]
    tallies = tuple(replace(each, better=None) for each in first.tallies)
    effect = replace(effect, criteria=(replace(first, tallies=tallies),))
    assert "Too few runs" in sentence(samples.edition(), effect)


def test_other_criteria_are_told_beside_the_first() -> None:
    effect = samples.effect()
    second = replace(effect.criteria[0], criterion="chance that a failure is clean")
    tallies = tuple(replace(each, better=1.0, worse=0.0) for each in second.tallies)
    effect = replace(effect, criteria=(effect.criteria[0], replace(second, tallies=tallies)))
    made = answer(samples.edition(), effect, status="author")
    assert made.doubt == (
        "By the chance that a failure is clean: C (short list) ends better than A (status quo) in 100 of 100 "
        "runs, worse in 0, the same in 0."
    )


def test_what_the_numbers_favour_stands_beside_what_the_author_recommends() -> None:
    made = article_page(
        samples.edition(),
        samples.around(),
        replace(samples.numbers(), effect=samples.effect(better=0.36, worse=0.64)),
    )
    assert made.answer is not None
    assert (made.answer.letter, made.answer.author_letter) == ("A", "C")
    text = render("article.html", page=made)
    assert "data-author-advice>The author recommends C, short list." in text
    assert "data-author-advice hidden>" in render("article.html", page=page())


def test_rounded_counts_never_exceed_a_hundred() -> None:
    assert "in 50 of 100 runs, worse in 50, the same in 0" in sentence(
        samples.edition(), samples.effect(better=0.499, worse=0.501)
    )


def test_the_few_words_name_whoever_is_ahead_first() -> None:
    assert brief(samples.edition(), samples.effect()) == "C beats A in 63 of 100 runs"
    assert brief(samples.edition(), samples.effect(better=0.3, worse=0.6)) == "A beats C in 60 of 100 runs"


def test_a_passage_without_a_claim_stands_as_a_sentence() -> None:
    found = samples.edition()
    passage = replace(found.passages[0], exact="a year lost costs lives")
    card = replace(found.card(passage.name), claims=())
    found = replace(
        found, cards=tuple(card if each.passage == passage.name else each for each in found.cards)
    )
    assert title_of(found, passage) == "A year lost costs lives."
    assert title_of(found, replace(passage, exact="who pays?")) == "Who pays?"
    assert title_of(samples.edition(), passage) != "A year lost costs lives."  # its claim's own words


def test_letters_follow_the_edition() -> None:
    assert letters(samples.edition()) == {"status quo": "A", "full pause": "B", "short list": "C"}


def test_the_authors_case_has_no_marks_of_a_reader() -> None:
    made = page()
    assert made.answer is not None
    assert made.answer.status == "author"
    assert 'class="before"' not in made.answer.picture
    assert made.setting.changes == ()


def test_a_readers_numbers_stand_beside_the_authors() -> None:
    setting = Setting((("q_other", 0.5),))
    effect = samples.effect("q_other=0.5", better=0.3, worse=0.6, chip="flips")
    made = page(setting=setting, effect=effect)
    assert made.answer is not None
    assert (made.answer.status, made.answer.letter) == ("solved", "A")
    assert made.answer.picture.count('class="before"') == 3
    assert made.setting.message == "The advice flips: C to A."
    (change,) = made.setting.changes
    assert (change.claim, change.before, change.after) == (2, "17%", "50%")
    moved = control(made, "q_other")
    assert (moved.value, moved.author, moved.changed, moved.reset_href) == ("0.5", "0.17", True, "/a/talks/")
    assert made.answer.author_sentence.startswith("C (short list)")


def test_one_of_two_changes_is_taken_back_alone() -> None:
    setting = Setting((("commit", 0.1), ("q_other", 0.5)))
    made = page(setting=setting, effect=samples.effect())
    assert control(made, "commit").reset_href == "/a/talks/?s=q_other=0.5"


def test_numbers_that_are_still_being_solved_say_so() -> None:
    made = page(setting=Setting((("q_other", 0.5),)))
    assert made.answer is not None
    assert made.answer.status == "queued"
    bare = article_page(samples.edition(), samples.around())
    assert bare.answer is None
    assert "The numbers are being computed" in render("article.html", page=bare)


def test_a_refusal_is_shown_with_its_reason() -> None:
    text = render("article.html", page=page(problem="q_other: lies between 0 and 1"))
    assert "q_other: lies between 0 and 1" in text


def test_claims_are_underlined_by_what_hangs_on_them() -> None:
    text = "".join(block.html for block in page().blocks)
    assert 'id="p-strike" data-weight="3"' in text
    assert 'id="p-list" data-weight="2"' in text
    assert 'id="p-talks" data-weight="1"' in text


def test_flips_say_where_or_that_there_is_none() -> None:
    made = page()
    rows = {row.question: row for row in made.flips}
    assert rows["chance that an ordinary strike wrecks the round"].flips == "46%"
    assert rows["chance that the promise binds the services"].flips == "none in the allowed range"
    assert rows["Islamabad refuses cooperation whatever happens"].flips == "on"
    assert control(made, "q_other").flips_words == "▲ the advice flips at 46%"


def test_every_crossing_is_named() -> None:
    numbers = samples.numbers()
    two = replace(numbers.leverage[0], crossings=(Crossing(0.3, "above"), Crossing(0.46, "below")))
    numbers = replace(numbers, leverage=(two, *numbers.leverage[1:]))
    made = article_page(samples.edition(), samples.around(), numbers)
    assert control(made, "q_other").flips_words.endswith("30%, 46%")


def test_all_further_flips_are_in_the_page() -> None:
    numbers, edition = samples.numbers(), samples.edition()
    names = [f"number {each}" for each in range(14)]
    more = tuple(samples.assumption(name, f"question {name}", None, 0.5, 0.1) for name in names)
    many = tuple(
        replace(numbers.leverage[0], assumption=name, rank=20 - rank) for rank, name in enumerate(names)
    )
    edition = replace(edition, assumptions=(*edition.assumptions, *more))
    text = render(
        "article.html", page=article_page(edition, samples.around(), replace(numbers, leverage=many))
    )
    assert "4 further assumptions" in text
    found = re.findall(r'<th scope="row">question number (\d+)', text)
    assert found == [str(each) for each in reversed(range(14))], "by rank, none left out"


def test_everything_the_page_of_the_brief_shows_is_there() -> None:
    """Title, date, no byline, pictures, captions, credits, their list, policy, disclaimer, reports."""
    text = render("article.html", page=page())
    for words in (
        "<h1>Let the talks fail, but not by our hand</h1>",
        '<time datetime="2013-10-22">22 October 2013</time>',
        "Strikes by month, 2004 to 2014",
        "PARLEY/own drawing",
        "<strong>After claim 2:</strong> Support for force",
        "not this site&#39;s",
        'href="/policy/"',
        "Report as abusive",
        "2 removed today",
        "Removed by an editor: personal attack (policy 1).",
        'action="/a/talks/comment"',
    ):
        assert words in text, words
    assert "By " not in text.split('class="facts"')[1].split("</p>")[0], "no byline, no word of it"
    named = article_page(samples.edition(byline="A. Writer"), samples.around(), samples.numbers())
    assert "By A. Writer" in render("article.html", page=named)
    assert len(re.findall(r'<article class="comment', text)) == 8 + sum(each % 3 for each in range(8)) + 2


def test_the_data_for_the_script_is_whole() -> None:
    made = page()
    assert made.answer is not None
    data = json.loads(made.answer.data)
    assert data["names"] == list(samples.POLICIES)
    assert (data["recommended"], data["rival"]) == (2, 0)
    assert [len(row) for row in data["dots"]] == [50, 50, 50]


def test_a_source_that_is_no_web_address_is_no_link() -> None:
    made = article_page(samples.edition(source="javascript:alert(1)"), samples.around())
    assert made.source == ""


def test_the_answer_without_the_authors_marks_nothing() -> None:
    made = answer(samples.edition(), samples.effect(), status="solved")
    assert 'class="before"' not in made.picture


def test_a_strip_reads_whom_the_sweep_is_about() -> None:
    packed = bytearray(samples.sweep(0.5, 0.0, 1.0))
    against_one = shares(b64encode(packed).decode())
    assert against_one[0][1] == pytest.approx(0.225, abs=1e-4), "better in 20, worse in 75 of 100"
    packed[14] = 255
    against_all = shares(b64encode(packed).decode())
    assert against_all[0][1] == pytest.approx(0.4, abs=1e-4), "the best of all in 40 of 100"


@pytest.mark.parametrize(
    "cut", [lambda data: data[:-2], lambda data: b"PNG" + data, lambda data: data + b"x"]
)
def test_bytes_that_are_no_sweep_are_refused(cut: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ValueError, match="sweep"):
        shares(b64encode(cut(samples.sweep(0.5, 0.0, 1.0))).decode())


def test_the_advice_alone_claims_nothing_about_flips() -> None:
    of, finished = samples.edition(), page()
    made = article_page(of, samples.around(), Numbers.of(samples.numbers().effect))
    assert made.unfinished
    assert made.answer is not None
    assert not made.flips
    assert not made.figures
    controls = [each for card in made.cards for each in card.controls]
    assert controls
    assert all(each.strip is None and not each.flips_words for each in controls)
    assert "This is being computed" in render("article.html", page=made)
    assert not finished.unfinished
    assert finished.flips
    assert "This is being computed" not in render("article.html", page=finished)
    assert not article_page(of, samples.around()).unfinished
