"""The text stage: what an article says before it is solved, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from parley.catalog import names
from parley.scenario import loads, override
from parley.site.model.article import KINDS, Edition
from parley.site.model.body import CONTEXT, body
from parley.site.model.errors import EditionError
from parley.site.model.images import look
from parley.site.model.reading import edition

FRONT = "---\nparley: 1\ntitle: A border dispute\ndate: 1 May 2026\n{front}---\n"
MODEL = """
```parley
players: {us: We, them: They}
parameters:
  p: {range: [20%, 50%], text: chance that they bluff, from: bluff, evidence: e}
  cost: {range: [1, 3], claims: [C1]}
switches:
  far: {options: [near, far], default: near, text: how far the border is}
story:
  - {nature: type, options: {tough: p, soft: rest}, seen by: [them]}
  - {player: us, move: posture, options: [hold, yield]}
  - outcomes: {war: type is tough and posture is hold, peace: otherwise}
payoffs: {us: {war: -cost, peace: 1 if posture is hold else (0 if far is near else 0.1)}, them: 0}
compare:
  player: us
  policies: {give in: {posture: yield}, stand: {posture: hold}}
  recommend: stand
  by: [payoff(us)]
claims:
  C1: {text: War is dear, from: dear, assumes: [cost]}
  C2: {text: We should hold, from: hold, assumes: [posture]}
  C3: {text: War is likely, from: war, derives: P(war | stand) > 10%}
  C4: {text: Honour counts, from: honour, unmodelled: no number for it}
evidence: {e: {text: they bluffed twice, source: s, data: bluffs.csv}}
sources: {s: {text: A diary, url: "javascript:alert(1)"}}
challenges: {K1: {text: It costs ten times that., against: C1, set: {cost: {range: [10, 30]}}}}
```
"""
PROSE = (
    "[They bluff]{#bluff} and [war is *dear*]{#dear}.\n\n## So\n\n"
    "[Hold the line]{#hold}: [war is likely]{#war}, [honour counts]{#honour} and [it rains]{#rain}.\n"
)


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., Edition]:
    def build(prose: str = PROSE, front: str = "", model: str = MODEL) -> Edition:
        (tmp_path / "argument.md").write_text(FRONT.format(front=front) + prose + model, encoding="utf-8")
        if "bluffs.csv" in model:
            (tmp_path / "bluffs.csv").write_text("date\n2026\n", encoding="utf-8")
        return edition(tmp_path)

    return build


def test_the_flagship_reads_without_numbers() -> None:
    code = (
        "import sys; from parley.site.model.reading import edition; edition('taliban-talks');"
        "print([name for name in ('numpy', 'scipy', 'numba', 'duckdb', 'django') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_is_an_article(name: str) -> None:
    found = edition(name)
    assert Edition.from_json(found.to_json()) == found
    assert [passage.number for passage in found.passages] == list(range(1, len(found.passages) + 1))
    assert {card.passage for card in found.cards} == {passage.name for passage in found.passages}
    shown = {name for card in found.cards for name in card.assumptions} | set(found.other)
    assert shown == {each.name for each in found.assumptions}
    for each in found.assumptions:
        if each.kind == "parameter":
            assert None not in (each.least, each.middle, each.most)
            assert each.least <= each.middle <= each.most  # type: ignore[operator]
        else:
            assert each.default in each.options


def test_blocks_stand_in_reading_order_and_claims_are_lit(publish: Callable[..., Edition]) -> None:
    found = publish()
    assert [block.kind for block in found.blocks] == ["prose", "heading", "prose"]
    assert found.blocks[0].html == (
        '<p><a class="claim claim-assumption" id="p-bluff" href="#claim-bluff">They bluff<sup>1</sup></a> and'
        ' <a class="claim claim-assumption" id="p-dear" href="#claim-dear">war is <em>dear</em>'
        "<sup>2</sup></a>.</p>"
    )
    assert found.blocks[1].anchor == "s-so"
    assert {each.name: each.kind for each in found.passages} == {
        "bluff": "assumption",
        "dear": "assumption",
        "hold": "advice",
        "war": "derived",
        "honour": "unmodelled",
        "rain": "fact",
    }
    assert set(KINDS) == {each.kind for each in found.passages}


def test_a_passage_is_found_again_by_its_words_and_those_around(publish: Callable[..., Edition]) -> None:
    found = publish()
    text = body(re.split(r"```parley", PROSE)[0], {each.name: each.kind for each in found.passages}).text
    for each in found.passages:
        assert text.count(each.prefix + each.exact + each.suffix) == 1
        assert len(each.prefix) <= CONTEXT >= len(each.suffix)
    assert found.passage("dear").exact == "war is dear"
    assert found.passage("dear").prefix == "They bluff and "


def test_a_question_how_likely_is_about_a_chance(publish: Callable[..., Edition]) -> None:
    """Readers may then answer it in percent, and a challenge of the author is said in percent too."""
    asked = "text: How likely is it that they bluff?"
    model = MODEL.replace("text: chance that they bluff", asked).replace("cost: {range: [10, 30]}", "p: 5%")
    found = publish(model=model)
    p = found.assumption("p")
    assert (p.form, p.judgement) == ("chance", "20% to 50%")
    (put,) = found.challenges[0].set
    assert (put.author, put.reader) == ("20% to 50%", "5%")


def test_a_payoff_is_named_after_its_player_within_a_sentence(publish: Callable[..., Edition]) -> None:
    for name, said in (("The border towns", "the border towns"), ("The Hague", "The Hague")):
        found = publish(model=MODEL.replace("us: We,", f"us: {name},"))
        assert found.criteria[0].text == f"payoff of {said}"


def test_cards_hold_what_hangs_on_their_passage(publish: Callable[..., Edition]) -> None:
    found = publish()
    assert found.card("bluff").assumptions == ("p",)
    dear = found.card("dear")
    assert (dear.claims, dear.assumptions, dear.challenges) == (("C1",), ("cost",), ("K1",))
    assert found.other == ("far",)
    p, cost, far = (found.assumption(name) for name in ("p", "cost", "far"))
    assert (p.form, p.least, p.most, p.question) == ("chance", 0.0, 1.0, "chance that they bluff")
    assert p.judgement == "20% to 50%"
    assert (cost.form, cost.least, cost.most, cost.judgement) == ("number", 0.5, 60.0, "1 to 3")
    assert (far.kind, far.options, far.default) == ("switch", ("near", "far"), "near")
    (note,) = p.evidence
    assert (note.text, note.source, note.data, note.url) == (
        "they bluffed twice",
        "A diary",
        "bluffs.csv",
        None,
    )
    (put,) = found.challenges[0].set
    assert (put.author, put.reader, put.before, put.after) == ("1 to 3", "10 to 30", 2.0, 20.0)
    assert found.challenges[0].claim == "C1"


def test_the_digest_moves_with_every_file(publish: Callable[..., Edition], tmp_path: Path) -> None:
    first = publish()
    assert publish().digest == first.digest
    (tmp_path / "bluffs.csv").write_text("date\n2027\n", encoding="utf-8")
    second = edition(tmp_path)
    assert second.digest != first.digest
    assert second.model == first.model


def test_pictures_stand_behind_their_passage(publish: Callable[..., Edition], tmp_path: Path) -> None:
    Image.new("RGB", (120, 80), "navy").save(tmp_path / "map.png")
    front = (
        "disclaimer: Our own views.\npictures:\n"
        "  - {file: map.png, alt: A map, caption: <b>The border</b>, credit: Us, after: war}\n"
        "  - {file: map.png, alt: The same map}\n"
    )
    found = publish(front=front)
    assert [(block.kind, block.picture) for block in found.blocks] == [
        ("picture", 1), ("prose", None), ("heading", None), ("prose", None), ("picture", 0),
    ]  # fmt: skip
    picture = found.pictures[0]
    assert (picture.width, picture.height, picture.media) == (120, 80, "image/png")
    assert picture.caption == "<b>The border</b>"  # a plain text, to be escaped by who shows it
    assert found.disclaimer == "Our own views."


@pytest.mark.parametrize(
    ("prose", "said"),
    [
        ("[They bluff [twice]{#dear}]{#bluff}.", "lies inside"),
        ("[They [bluff](https://example.org)]{#bluff}.", "has a link in it"),
        ("![a map](map.png)", "list it under `pictures`"),
        ("[here](//example.org)", "leads nowhere"),
        ("[here](/etc)", "leads nowhere"),
        (r"[here](https:\\example.org)", "leads nowhere"),
        ("[here](https:///x)", "leads nowhere"),
    ],
)
def test_what_cannot_be_shown_is_refused(publish: Callable[..., Edition], prose: str, said: str) -> None:
    rest = PROSE.replace("[They bluff]{#bluff} and [war is *dear*]{#dear}.", "")
    known = set(re.findall(r"\{#(\w+)\}", prose))
    lacking = "".join(
        f"\n\nThe words of {name}: [x{name}]{{#{name}}}." for name in ("bluff", "dear") if name not in known
    )
    with pytest.raises(EditionError, match=said):
        publish(prose + lacking + "\n\n" + rest)


def test_words_that_occur_twice_are_told_apart_by_those_around() -> None:
    kinds = {"a": "fact", "b": "fact"}
    found = body("First [talks fail]{#a}, and then again [talks fail]{#b}.", kinds)
    assert [each.exact for each in found.passages] == ["talks fail", "talks fail"]
    long = " ".join(["fail"] * 40)
    with pytest.raises(EditionError, match="mark more"):
        body(f"{long} [fail]{{#a}} {long} [fail]{{#b}} {long}", kinds)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<https://example.org/?q=%22onmouseover=alert(1)>",
        '[x](https://example.org "\\" onmouseover=\\"alert(1)")',
        "<!-- <script>alert(1)</script> -->",
        "`</code><script>alert(1)</script>`",
        "# <svg onload=alert(1)>",
    ],
)
def test_an_authors_text_holds_no_live_markup(hostile: str) -> None:
    html = "".join(block.html for block in body(hostile, {}).blocks)
    tags = re.findall(r"<[^>]*>", html)
    for tag in tags:
        assert re.match(r"</?(p|a|em|strong|code|pre|h[2-6]|sup)\b", tag), tag
        assert not re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag)), tag
        assert not re.search(r'href="(?!https?://|mailto:|#)', tag), tag


def test_what_is_set_otherwise_is_not_published() -> None:
    scenario = loads(FRONT.format(front="") + PROSE + MODEL.replace(", data: bluffs.csv", ""))
    assert edition(scenario).files == ()
    with pytest.raises(EditionError, match="'cost' is set otherwise"):
        edition(override(scenario, {"cost": "2"}))


def test_a_data_file_that_is_not_there_is_missed(publish: Callable[..., Edition], tmp_path: Path) -> None:
    publish()
    (tmp_path / "bluffs.csv").unlink()
    with pytest.raises(EditionError, match=r"no data file 'bluffs\.csv'"):
        edition(tmp_path)


# --- pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", b"<svg onload='alert(1)'/>", "no PNG"),
        ("a.png", b"GIF89a" + b"\0" * 40, "no PNG"),
        ("a.png", b"", "no PNG"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "no PNG"),
        ("a.png", b"x" * 8_000_001, "more than 8,000,000 bytes"),
        ("b.png", None, "no picture 'b.png'"),
    ],
)
def test_a_picture_is_told_by_its_content(tmp_path: Path, name: str, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(EditionError, match=said):
        look(tmp_path / name)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(place)

    def decode(*given: object) -> None:
        pytest.fail("it was decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    with pytest.raises(EditionError, match="the limit is 16,000,000"):
        look(place)


def test_a_link_is_no_picture(tmp_path: Path) -> None:
    Image.new("RGB", (6, 4)).save(tmp_path / "secret.png")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "map.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(EditionError, match="no picture"):
        look(tmp_path / "a" / "map.png")
