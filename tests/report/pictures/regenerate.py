"""Write the golden pictures of bars, flip curves and regions anew; look at them before you keep them."""

from __future__ import annotations

from parley.report.pictures.bars import bar_chart
from tests.report.pictures.charts import GOLDEN
from tests.report.pictures.marks import bars


def main() -> None:
    """Write each in the themes that differ."""
    for theme in ("auto", "dark"):
        (GOLDEN / f"bars-{theme}.svg").write_text(bar_chart(bars(), theme), encoding="utf-8")


if __name__ == "__main__":
    main()
