"""Games whose solutions are known, as scenarios with published numbers."""

from __future__ import annotations

from parley.scenario import Scenario, loads

# Ochs (1995); Nash equilibrium (1/2, 1/(prize + 1)).
PENNIES = """\
parley: 1
title: Matching pennies with one large prize
players: {row: {text: Row, stake: 1}, column: {text: Column, stake: 1}}
precision: precise
parameters: {precise: {range: [0.5, 5]}, prize: 9}
story:
  - simultaneous:
      - {player: row, move: up, options: [top, bottom]}
      - {player: column, move: side, options: [left, right]}
  - outcomes: {a: up is top and side is left, b: up is bottom and side is right, c: otherwise}
payoffs:
  row: {a: prize, b: 1, c: 0}
  column: {a: 0, b: 0, c: 1}
expected:
"""


def pennies(*entries: str) -> Scenario:
    """Return matching pennies with these entries of ``expected``."""
    return loads(PENNIES + "".join(f"  - {{{entry}}}\n" for entry in entries))
