"""Checks that cross sections.

What lives here: what no single section can know. What may not: anything that needs the order of the story.
"""

from __future__ import annotations

from parley.scenario.declared import Declared
from parley.scenario.model import Scenario
from parley.scenario.values import Reader

__all__ = ["check_whole"]


def check_whole(reader: Reader, scenario: Scenario, declared: Declared) -> None:
    """Check what crosses sections."""
