"""How the players of a scenario err under given switches.

What lives here: which kind of error applies, and the fault that shows only when the story was walked. What
may not: NumPy (``parley check`` must answer at once), what errors do to choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from parley.game.chance import WalkError
from parley.game.lower import Lowering, Situation
from parley.game.symbolic import Builder
from parley.game.walk import Walk
from parley.scenario.model import Scenario
from parley.scenario.players import Errors as Written

__all__ = ["Applied", "applied", "insist_on_two"]

Applied: TypeAlias = Mapping[str, Written | None]  # by player; None: logistic


def applied(scenario: Scenario, switches: Mapping[str, str]) -> Applied:
    """Return for every player the kind of error that applies, None for logistic ones.

    Parameters
    ----------
    scenario
        What the author wrote: kinds are tried in the order of the text.
    switches
        The option of every switch.
    """
    lowering = Lowering(scenario, Builder(), {})
    at = Situation(dict(switches))

    def holds(each: Written) -> bool:
        return each.when is None or lowering.builder.value(lowering.lower(each.when, at)) == 1.0

    found: dict[str, Written | None] = {}
    for name, player in scenario.players.items():
        stated = scenario.errors if player.errors is None else player.errors
        kind = next((each for each in stated if holds(each)), None)
        found[name] = None if kind is None or kind.kind == "logistic" else kind
    return found


def insist_on_two(walked: Walk, errors: Applied) -> None:
    """Refuse shocks on endings where a player has more than two options.

    Raises
    ------
    WalkError
        Naming the player and the move.
    """
    for infoset in walked.infosets:
        kind = errors[infoset.player]
        if kind is not None and kind.kind == "normal on endings" and len(infoset.options) > 2:
            message = (
                f"{infoset.player} has {len(infoset.options)} options at '{infoset.move.name}', and errors "
                "that are normal on endings are worked out for two"
            )
            raise WalkError("too many options", message, kind.span, "")
