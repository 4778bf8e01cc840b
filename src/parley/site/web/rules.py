"""The house rules as numbers: when a comment is held, hidden, refused; how often one may act.

What lives here: the published defaults of the site's policy, one place for each number. What may not: the
code
that applies them. A site changes them by a file ``rules.toml`` in its folder; the policy page prints them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType

from parley.errors import ParleyError

__all__ = ["CLAUSES", "Limit", "Rules", "RulesError", "read_rules"]

# The clauses of the comment policy: an editor who removes something names one.
CLAUSES: Mapping[int, str] = MappingProxyType(
    {
        1: "personal attack",
        2: "hate or incitement",
        3: "spam or advertising",
        4: "does not advance the story",
        5: "private information",
        6: "illegal content",
        7: "copied text",
        8: "number without a source, or invented",
        9: "misstates what it answers",
        10: "impersonation",
    }
)


MOST = 1_000_000  # of anything; as hours that is longer than a century
LONGEST_DAYS = 36_500
_KINDS = {True: "whole number", False: "number"}
# Without at least this the site could not work, or the rule would mean its opposite.
_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "removal_points": (-MOST, 0),
        "removed_share": (0, 1),
        **dict.fromkeys(
            (
                "comment_characters",
                "challenge_changes",
                "hide_accounts",
                "running_solves",
                "queued_solves",
                "solve_seconds",
                "solve_memory_mb",
                "solve_draws",
                "challenge_draws",
                "export_hours",
                "editor_session_hours",
                "editor_idle_hours",
                "step_up_minutes",
                "unconfirmed_hours",
            ),
            (1, MOST),
        ),
        **dict.fromkeys(("session_days", "session_idle_days"), (1, LONGEST_DAYS)),
    }
)


class RulesError(ParleyError):
    """A rule that does not exist or cannot have this value."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``burst`` acts at once, refilled at ``per_hour`` an hour; by account and by network.

    ``network_factor`` times as many are granted to a whole network (IPv4 /24, IPv6 /64), where many may sit.
    """

    burst: int
    per_hour: float
    network_factor: float = 4.0


def _limits() -> Mapping[str, Limit]:
    return MappingProxyType(
        {
            "post": Limit(5, 60),
            "challenge": Limit(4, 30),
            "solve": Limit(40, 1200),
            "report": Limit(10, 20),
            "mark": Limit(30, 300),
            "edit": Limit(10, 60),
            "appeal": Limit(3, 6),
            "login": Limit(6, 30),
            "signup": Limit(3, 6),
            "mail": Limit(3, 6),
            "export": Limit(1, 1),
            "search": Limit(20, 600),
            "illegal": Limit(3, 6),
        }
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the policy; units are in the names or are counts."""

    newcomer_until: int = 5  # points below which a reader's comments are held
    contributor_from: int = 25
    approval_points: int = 1
    removal_points: int = -3
    removed_share: float = 0.30  # held if at least this share of the judged was removed ...
    removed_days: int = 7  # ... in so many days
    removed_judged: int = 4  # ... of at least so many
    newcomer_links: int = 2
    repeat_minutes: int = 5
    typing_seconds: float = 3.0
    comment_characters: int = 3000
    reason_characters: int = 20
    report_characters: int = 300
    challenge_changes: int = 8
    edit_minutes: int = 10
    hide_weight: float = 6.0
    hide_accounts: int = 3
    hide_account_days: int = 7
    reports_a_day: int = 20
    accuracy_judged: int = 5  # reports judged before accuracy counts
    appeal_days: int = 14
    mark_hours: int = 24  # marks of younger accounts are shown, not counted
    mute_hours: tuple[int, ...] = (24, 72, 168, 720)
    undo_seconds: int = 10
    alarm_hours: int = 24
    public_alarm_hours: int = 48
    running_solves: int = 1
    queued_solves: int = 2
    solve_seconds: float = 20.0
    solve_memory_mb: int = 2048
    solve_draws: int = 256
    challenge_draws: int = 1024
    deletion_hours: int = 24
    export_hours: int = 24
    address_days: int = 30
    editor_session_hours: int = 12
    editor_idle_hours: int = 2
    session_days: int = 60
    session_idle_days: int = 14
    step_up_minutes: int = 10
    unconfirmed_hours: int = 24
    limits: Mapping[str, Limit] = field(default_factory=_limits)


def read_rules(path: Path) -> Rules:
    r"""Read a site's own rules: a TOML file with any of the names of :class:`Rules`; none is the defaults.

    Raises
    ------
    RulesError
        The file is not TOML, names a rule that does not exist, or gives a value of the wrong type or sign.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "rules.toml"
    >>> _ = file.write_text("newcomer_until = 2\n[limits]\npost = {burst = 9, per_hour = 90}\n")
    >>> rules = read_rules(file)
    >>> rules.newcomer_until, rules.limits["post"].burst, rules.limits["report"].burst
    (2, 9, 10)
    """
    if not path.exists():
        return Rules()
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise RulesError(f"{path} cannot be read: {fault.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RulesError(f"{path.name} is not TOML: {fault}") from None
    rules = Rules()
    limits = dict(rules.limits)
    own = given.pop("limits", {})
    if not isinstance(own, dict):
        raise RulesError("`limits` must be a table: a line [limits], and below it e.g. post = {…}")
    for name, text in own.items():
        limits[name] = _limit(name, text, limits)
    changes: dict[str, object] = {}
    for name, value in given.items():
        changes[name] = _value(name, value, rules)
    made: Rules = replace(rules, limits=MappingProxyType(limits), **changes)  # type: ignore[arg-type]
    if made.contributor_from < made.newcomer_until:
        raise RulesError(
            f"the rule `contributor_from` ({made.contributor_from}) must not be below "
            f"`newcomer_until` ({made.newcomer_until})"
        )
    return made


def _limit(name: str, given: object, known: Mapping[str, Limit]) -> Limit:
    if name not in known:
        raise RulesError(f"there is no limit called `{name}`; there are {', '.join(known)}")
    parts = {"burst", "per_hour", "network_factor"}
    if not isinstance(given, dict) or not {"burst", "per_hour"} <= given.keys() <= parts:
        raise RulesError(
            f"the limit `{name}` needs burst and per_hour, and may have network_factor, "
            "e.g. {burst = 5, per_hour = 60}"
        )
    for part, value in given.items():
        whole = part == "burst"
        if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
            raise RulesError(f"`{part}` of the limit `{name}` must be a {_KINDS[whole]}, not {value!r}")
        if not (1 if whole else 0) <= value <= MOST or value == 0:
            raise RulesError(f"`{part}` of the limit `{name}` must be above 0 and at most {MOST:,}")
    return Limit(given["burst"], float(given["per_hour"]), float(given.get("network_factor", 4.0)))


def _value(name: str, value: object, rules: Rules) -> object:
    known = [each.name for each in fields(Rules) if each.name != "limits"]
    if name not in known:
        raise RulesError(f"there is no rule called `{name}`; there are {', '.join(known)}")
    default = getattr(rules, name)
    least, most = _bounds(name)
    if isinstance(default, tuple):
        if (
            not isinstance(value, list)
            or not value
            or not all(type(each) is int and 0 < each <= most for each in value)
        ):
            raise RulesError(
                f"the rule `{name}` must be a list of whole numbers from 1 to {most:,}, like {list(default)}"
            )
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int if isinstance(default, int) else int | float):
        kind = _KINDS[isinstance(default, int)]
        raise RulesError(f"the rule `{name}` must be a {kind}, like {default}, not {value!r}")
    if not least <= value <= most:
        raise RulesError(f"the rule `{name}` must be from {least:,} to {most:,}, not {value!r}")
    return type(default)(value)


def _bounds(name: str) -> tuple[float, float]:
    """Return between what a rule must lie: what no clock and no page can hold is refused at the start."""
    if name in _BOUNDS:
        return _BOUNDS[name]
    return 0, LONGEST_DAYS if name.endswith("_days") else MOST
