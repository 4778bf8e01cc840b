"""Write the expected diagnostics of every broken scenario anew; read the difference before you keep it."""

from __future__ import annotations

from pathlib import Path

from parley.scenario import read_file

BROKEN = Path(__file__).parent / "broken"


def files() -> list[Path]:
    """Return the broken scenarios, in the order of their numbers."""
    return sorted(path for path in BROKEN.iterdir() if path.suffix in (".md", ".yaml"))


def rendered(path: Path) -> str:
    """Return the diagnostics of a file as a user sees them, with its bare name as the place."""
    _, found = read_file(path)
    text = "\n\n".join(item.render() for item in found) + "\n"
    return text.replace(str(path), path.name)


def main() -> None:
    """Rewrite every expected text."""
    for path in files():
        path.with_suffix(".txt").write_text(rendered(path), encoding="utf-8")


if __name__ == "__main__":
    main()
