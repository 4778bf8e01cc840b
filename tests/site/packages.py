"""Articles' folders and archives for tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

TEXT = """---
parley: 1
title: A threat
question: Should we attack?
{front}---

The other side [would rather talk]{{#talk}}. Then [we should wait]{{#wait}}.

```parley
players: {{us: We, them: They}}
parameters:
  cost: {{range: [0.2, 0.6], from: talk, text: what a war costs us, why: past wars}}
  gain: {{range: [0.0, 0.5], from: wait, text: what waiting gains, why: a guess}}
story:
  - {{player: us, move: act, options: [attack, wait]}}
  - outcomes: {{war: act is attack, peace: otherwise}}
payoffs:
  us: {{war: -cost, peace: gain}}
compare:
  player: us
  policies: {{attack: {{act: attack}}, wait: {{act: wait}}}}
  recommend: wait
  by: [payoff(us)]
challenges:
  K1: {{text: talk is cheap, set: {{gain: 0}}, against: wait}}
  K2: {{text: wars are cheap, set: {{cost: 0.01}}, against: talk, why: some were}}
```
"""


def a_text(front: str = "") -> str:
    """Return a small article."""
    return TEXT.format(front=front)


def a_folder(place: Path, text: str | None = None, files: Mapping[str, bytes] | None = None) -> Path:
    """Write an article's folder."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "argument.md").write_text(a_text() if text is None else text, "utf-8")
    for name, data in (files or {}).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


def an_archive(entries: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()
