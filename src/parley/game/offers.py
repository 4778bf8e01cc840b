"""What a player is offered at a move, and what each policy wants there.

What lives here: options and rules, and the insistence that both depend on what the player can have seen. What
may not: NumPy, the order of the story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from parley.game.chance import Seen, WalkError
from parley.game.flatten import Fact
from parley.game.lower import Situation
from parley.scenario.model import Expression, Move, Option, Policy, Scenario, Span

__all__ = ["InformationSet", "Offers"]


@dataclass(slots=True)
class InformationSet:
    """What one player knows at one step; ``rules`` maps a policy to the mix it prescribes here."""

    player: str
    move: Move
    position: int
    options: tuple[str, ...]
    seen: str
    rules: dict[str, tuple[float, ...]] = field(default_factory=dict)


class Offers:
    """Options and rules of one walk.

    Parameters
    ----------
    scenario
        Whose policies are noted.
    seen
        Where to note what was possible.
    read
        The facts that an expression reads, by its identity; filled by ``decide``.
    decide, fault
        The walk's own: the truth of a condition, an error with its place.
    """

    def __init__(
        self,
        scenario: Scenario,
        seen: Seen,
        read: Mapping[int, tuple[Fact, ...]],
        decide: Callable[[Expression, Situation], bool],
        fault: Callable[[str, str, Span | None], WalkError],
    ) -> None:
        comparison = scenario.comparison
        self.policies = [] if comparison is None else list(comparison.policies.values())
        self._seen, self._read, self._decide, self._fault = seen, read, decide, fault
        self._choices: dict[tuple[object, ...], tuple[str, ...]] = {}

    def note_rules(self, infoset: InformationSet, at: Situation) -> None:
        """Note what each policy prescribes here; it must be the same at every node of the set."""
        move = infoset.move
        for policy in self.policies:
            mix = self._prescribed(policy, move, infoset.options, at)
            if mix is None and policy.name not in infoset.rules:
                infoset.rules[policy.name] = ()
            elif infoset.rules.setdefault(policy.name, mix or ()) != (mix or ()):
                raise self._fault(
                    "unseen rule",
                    f"the policy '{policy.name}' asks {move.player} at '{move.name}' to act on "
                    "something that it cannot have seen",
                    policy.span,
                )

    def _prescribed(
        self, policy: Policy, move: Move, options: tuple[str, ...], at: Situation
    ) -> tuple[float, ...] | None:
        for rule in policy.rules:
            if rule.move != move.name or not (rule.when is None or self._decide(rule.when, at)):
                continue
            missing = [label for label in rule.mix if label not in options and rule.mix[label] > 0]
            if missing:
                raise self._fault(
                    "missing option",
                    f"the policy '{policy.name}' wants '{missing[0]}' at '{move.name}', which is not "
                    "on offer there",
                    rule.span,
                )
            return tuple(rule.mix.get(label, 0.0) for label in options)
        return None

    def options(
        self, move: Move, position: int, knowledge: tuple[object, ...], at: Situation
    ) -> Sequence[Option]:
        """Return what is on offer; it must be the same wherever the player knows the same."""
        options = [each for each in move.options if each.when is None or self._decide(each.when, at)]
        self._seen.available.update(id(each) for each in options)
        self._note_silent(move, options, at)
        if not options:
            raise self._fault("no option", f"{move.player} has no option left at '{move.name}'", move.span)
        key = (position, move.player, knowledge)
        labels = tuple(each.label for each in options)
        if self._choices.setdefault(key, labels) != labels:
            raise self._fault(
                "unseen option",
                f"at '{move.name}' the options of {move.player} depend on something that it cannot have seen",
                move.span,
            )
        return options

    def _note_silent(self, move: Move, options: Sequence[Option], at: Situation) -> None:
        """Note options that are missing because what they ask for has not happened."""
        there = {id(each) for each in options}
        for option in move.options:
            if option.when is not None and id(option) not in there:
                for fact in self._read[id(option.when)]:
                    if fact[0] == "label" and fact[1] not in at.labels:
                        self._seen.silent.setdefault(id(option), (option, fact[1]))
