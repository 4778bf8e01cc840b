"""Builds the scripts and completes the style sheet of the public pages; --check only says if they are stale.

What is built is committed, so that nobody needs Node.js to run Parley or its checks: ``built.json`` beside
it has the digests of the sources and of what came of them. Building needs Node.js >= 20 and the packages that
``frontend/package-lock.json`` names, which npm fetches.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from parley.report.pictures.theme import style_sheet

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "src" / "parley" / "site" / "static"
STYLE, BUILT = STATIC / "parley.css", STATIC / "built.json"
SCRIPTS = (STATIC / "parley.js", STATIC / "queue.js")
BEGIN, END = "/* begin */\n", "/* end */\n"


def sources() -> str:
    """Return the digest of everything that the script is built from."""
    files = [*FRONTEND.joinpath("src").rglob("*.ts"), *FRONTEND.glob("*.json")]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(FRONTEND).as_posix()}\0".encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def built() -> dict[str, str]:
    """Return what :file:`built.json` should say now."""
    return {
        "sources": sources(),
        **{each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in SCRIPTS},
    }


def styled() -> str:
    """Return the style sheet with the rules of the report's pictures in their place."""
    text = STYLE.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN)
    rules = style_sheet("auto").replace("}.", "}\n.").replace("}@", "}\n@")
    return f"{head}{BEGIN}{rules}\n{END}{rest.split(END)[1]}"


def stale() -> list[str]:
    """Return what is not up to date, in words."""
    found = []
    if json.loads(BUILT.read_text(encoding="utf-8")) != built():
        found.append("the scripts were not built from frontend/src as it is now")
    if STYLE.read_text(encoding="utf-8") != styled():
        found.append("parley.css has not the rules of the report's pictures as they are now")
    return found


def build() -> None:
    """Build the script with npm, complete the style sheet, write the digests."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("scripts/frontend.py: building needs Node.js >= 20 with npm")
    for command in (
        ["ci", "--no-audit", "--no-fund", "--silent"],
        ["run", "-s", "check"],
        ["run", "-s", "build"],
    ):
        subprocess.run([npm, *command], cwd=FRONTEND, check=True)
    STYLE.write_text(styled(), encoding="utf-8")
    BUILT.write_text(json.dumps(built(), indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Build, or say what is stale."""
    if sys.argv[1:] == ["--check"]:
        if found := stale():
            raise SystemExit(f"{'; '.join(found)}: run python -m scripts.frontend")
        return
    if sys.argv[1:]:
        raise SystemExit("usage: python -m scripts.frontend [--check]")
    build()


if __name__ == "__main__":
    main()
