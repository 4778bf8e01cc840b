"""How large a story is, before it is built.

What lives here: Knuth's estimate of a tree from random descents (Estimating the efficiency of backtrack
programs, Mathematics of Computation 29, 1975). What may not: NumPy, building the game.
"""

from __future__ import annotations

from random import Random

from parley.game.chance import Branch, Seen
from parley.game.walk import State, Tracked, Walker
from parley.scenario.model import Scenario

__all__ = ["histories"]


def histories(scenario: Scenario, switches: dict[str, str], *, probes: int = 16, seed: int = 0) -> float:
    """Estimate how many histories (nodes of the unmerged tree) a story has.

    Each descent takes branches at random and multiplies up how many there were: the estimate is unbiased
    but spreads widely for lopsided stories. Merging only makes the game smaller.

    Parameters
    ----------
    scenario, switches
        The story and the option of every switch.
    probes
        Number of descents.
    seed
        Of the descents: the same story gets the same estimate.

    Raises
    ------
    WalkError
        When a descent meets a place where the story breaks off.

    Examples
    --------
    >>> import parley
    >>> scenario = parley.load("which-event-first")
    >>> histories(scenario, {name: each.default for name, each in scenario.switches.items()}) > 1
    True
    """
    walker = Walker(scenario, switches, Tracked(), 1_000_000, Seen())
    random = Random(seed)
    return sum(_descend(walker, random) for _ in range(probes)) / probes


def _descend(walker: Walker, random: Random) -> float:
    state: State = walker.start()
    total = weight = 1.0
    while True:
        number, _ = walker.arrive(state)
        if walker.nodes[number].kind == "terminal":
            return total
        instruction = walker.code[state.position]
        stop = walker.run_one(instruction, state)
        assert stop is not None  # arrive stops where there are branches
        branches = stop[1]
        weight *= len(branches)
        total += weight
        chosen = random.choice(branches)
        state = state.branch()
        branch = chosen if isinstance(chosen, Branch) else Branch(chosen.label, -1)
        walker.take(state, instruction, branch, walker.nothing)
