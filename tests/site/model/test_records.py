"""What the live model hands out is written as JSON and read back, and reading it loads no numbers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from parley.site.model import Effect
from parley.site.model.effect import Certificate, CriterionEffect, PolicyEffect, Tally
from parley.site.model.errors import ModelError


def effect() -> Effect:
    """An effect with every kind of field."""
    policy = PolicyEffect("A", (0.0, 1.0), 0.5, 0.0, 0.5, 1.0, None)
    tally = Tally("A", 0.63, 0.29, 0.08, 0.02, "leans", 1.5, 0.1, (0.5, 2.5), 0)
    criterion = CriterionEffect(
        "worth", "payoff(us)", True, ("A",), 0.67, 0.02, "leans", (policy,), (tally,), "A", "C", "C",
        "no change", None, None, None, None, None, None, None,
    )  # fmt: skip
    return Effect(
        "0" * 64, "", None, (), "C", "leans", None, "C", "no change", 0, (criterion,), (), {"C5": "robust"},
        Certificate(2, 2, 1, 0, True, 1e-13, 1e-9), "0.1.0", 7, 1, 12,
    )  # fmt: skip


def test_an_effect_reads_back_as_it_was_written() -> None:
    found = effect()
    assert Effect.from_json(found.to_json()) == found
    assert "\n" not in found.to_json()


def test_a_damaged_record_is_refused_with_the_path() -> None:
    text = effect().to_json()
    with pytest.raises(ModelError, match=r"effect\.seed"):
        Effect.from_json(text.replace('"seed":7', '"seed":"7"'))
    with pytest.raises(ModelError, match="parley_effect"):
        Effect.from_json("{}")


def test_reading_records_loads_no_numbers() -> None:
    heavy = ("numpy", "scipy", "numba", "duckdb", "django")
    code = (
        "import sys; from parley.site.model import Edition, Effect, Numbers, Setting;"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
