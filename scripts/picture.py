"""Draws docs/images/taliban-talks.svg: what `parley run taliban-talks` prints, as a picture."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "taliban-talks.svg"
WIDTH = 100
COMMAND = ["run", "taliban-talks"]


def main() -> None:
    """Run the command with colours and export what it prints."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("parley")), *COMMAND],
        env={"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    console = Console(record=True, width=WIDTH, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    console.print(Text.from_ansi(f"$ parley {' '.join(COMMAND)}\n{done.stdout}"), soft_wrap=False)
    svg = console.export_svg(title="parley run taliban-talks", unique_id="parley", font_aspect_ratio=0.61)
    # A picture must not fetch a font from somewhere: it takes the reader's own.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.S).replace("Fira Code, monospace", "monospace")
    if re.search(r"url\(.?https?:", svg):
        sys.exit("the picture refers to something outside itself")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")
    print(f"Wrote {PICTURE.name}, {len(svg) // 1024} KiB")


if __name__ == "__main__":
    main()
