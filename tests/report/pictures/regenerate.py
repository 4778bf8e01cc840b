"""Write the golden pictures of bars, flip curves and regions anew; look at them before you keep them."""

from __future__ import annotations

from parley.report.pictures.bars import bar_chart
from parley.report.pictures.flip import flip_chart
from parley.report.pictures.region import region_chart
from parley.report.pictures.tornado import tornado
from tests.report.pictures.charts import GOLDEN
from tests.report.pictures.marks import bars, flips, plane, whirl


def main() -> None:
    """Write each in the themes that differ."""
    for theme in ("auto", "dark"):
        (GOLDEN / f"bars-{theme}.svg").write_text(bar_chart(bars(), theme), encoding="utf-8")
        (GOLDEN / f"flip-{theme}.svg").write_text(flip_chart(flips(), theme), encoding="utf-8")
        (GOLDEN / f"region-{theme}.svg").write_text(region_chart(plane(), theme), encoding="utf-8")
        (GOLDEN / f"tornado-{theme}.svg").write_text(tornado(whirl(), theme), encoding="utf-8")


if __name__ == "__main__":
    main()
