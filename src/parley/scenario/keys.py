"""Every key of the language, with the form of its value.

What lives here: tables, read by the reader (which keys exist, which are required) and by the JSON Schema.
What may not: code that reads.

A *form* is a word of :data:`FORMS`, the name of a shape, ``list of <form>``, ``map of <form>``, or several of
these joined with ``or``. A *shape* is a map with fixed keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["FORMS", "FRONT_MATTER", "SECTIONS", "SHAPES", "STEPS", "Key", "Shape"]

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "text": "free text",
        "name": "a name",
        "names": "one name or a list of names",
        "label": "a word or a number",
        "number": "a number; 35% is 0.35",
        "integer": "a whole number",
        "expression": "an expression over names and numbers",
        "condition": "a condition on what happened",
        "chance": "an expression, or `rest`",
        "new value": "a label, an expression for a numeric state, or a map from values to chances",
        "seen by": "a list of players, `everybody` or `nobody`",
        "confidence": "A (counted), B (read off) or C (judged)",
        "anything": "any value",
    }
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a map: its name, the form of its value, what it is for."""

    name: str
    form: str
    text: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A map with fixed keys. ``short`` is the form of a value that may stand in place of the map.

    ``others`` is the form of values under keys that are not fixed (None: there are none).
    """

    name: str
    article: str
    keys: tuple[Key, ...]
    short: str | None = None
    others: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The fixed keys."""
        return tuple(key.name for key in self.keys)


_WHEN = Key("when", "condition", "the step is skipped unless this holds")
_SEEN = Key("seen by", "seen by", "who sees what happened; everybody unless said otherwise")
_STORY = Key("story", "list of step", "the steps inside", required=True)
_TEXT = Key("text", "text", "what it says, in words")
_FROM = Key("from", "name", "the marked passage that it comes from")
_NOTES = (
    _FROM,
    Key("claims", "names", "the claims that rest on it"),
    Key("evidence", "names", "what is known about it"),
    Key("confidence", "confidence", "A counted, B read off, C judged"),
    Key("why", "text", "why this value"),
)

_JUDGEMENT = (
    Key("value", "number", "a certain value"),
    Key("range", "list of number", "low and high, or low, best and high"),
    Key("scale", "name", "`log`: even in the logarithm"),
    Key("shape", "name", "`triangular`, `pert` or `uniform`"),
    Key("likelihood", "text", "a word of estimative probability, such as `very unlikely`"),
    Key("yardstick", "name", "who defines the word: `icd203`, `kent` or `phia`"),
    Key("uniform", "list of number", "low and high"),
    Key("triangular", "list of number", "low, best and high"),
    Key("pert", "list of number", "low, best and high"),
    Key("normal", "anything", "`{mean: 0, sd: 1}` or [0, 1]"),
    Key("lognormal", "anything", "`{median: 1, sigma: 0.5}` or [1, 0.5]"),
    Key("beta", "anything", "`{a: 2, b: 5}` or [2, 5]"),
    Key("gamma", "anything", "`{shape: 2, scale: 3}` or [2, 3]"),
    Key("exponential", "anything", "`{mean: 2}`"),
    Key("one of", "anything", "a list of values, or a map from value to weight"),
    Key("rate", "rate", "events in a time, as counted"),
    Key("proportion", "proportion", "successes among trials, as counted"),
    Key("truncate", "list of anything", "low and high; `~` for an open side"),
)

_COUNTED = (
    Key("data", "text", "the CSV file that is counted; that of the parameter's evidence unless given"),
    Key("where", "condition", "only rows in which this holds, a condition on columns"),
    Key("dates", "name", "the column of dates, for `from` and `to`"),
    Key("from", "text", "the first date that counts: 2013, 2013-05 or 2013-05-11"),
    Key("to", "text", "the last date that counts"),
    Key(
        "missing", "name", "`exclude` leaves out rows in which a value is missing; they are refused otherwise"
    ),
    Key("prior", "anything", "`jeffreys` (unless given), `uniform`, or a distribution of the same family"),
    Key(
        "discount",
        "expression",
        "what the data are worth, 1 in full; in a table it may differ from row to row",
    ),
)

_ENTRIES = (
    Shape(
        "player",
        "a player",
        (
            Key("text", "text", "the player's name in words"),
            Key("precision", "expression", "how closely the player follows its interest"),
            Key("stake", "expression", "what one unit of payoff is; `whole` unless said otherwise"),
            Key("remembers", "names", "the only variables and states that the player carries"),
            Key("errors", "errors", "how the player errs"),
        ),
        short="text",
    ),
    Shape(
        "errors",
        "how somebody errs",
        (
            Key("logistic", "condition", "when it is by logit: a condition on switches, or `otherwise`"),
            Key("normal", "condition", "when a normal shock falls on each option: the same"),
            Key(
                "normal on endings",
                "condition or list of name or shocks",
                "the outcomes on which a normal shock falls, or when one falls on each",
            ),
        ),
        short="name",
    ),
    Shape(
        "shocks",
        "a shock on endings",
        (
            Key("of", "names", "the outcomes on which it falls; all unless given"),
            Key("when", "condition", "a condition on switches, or `otherwise`"),
        ),
    ),
    Shape(
        "parameter",
        "a parameter",
        (*_JUDGEMENT, Key("unit", "text", "unit of the value"), _TEXT, *_NOTES),
        short="number",
    ),
    Shape(
        "together",
        "an entry of `together`",
        (
            Key("vary", "names", "the parameters that vary together", required=True),
            Key("rank", "number", "their rank correlation, between -1 and 1", required=True),
        ),
    ),
    Shape(
        "switch",
        "a switch",
        (
            Key("options", "list of label or map of chance", "the rival structures; on and off unless given"),
            Key("default", "label", "the option that is taken"),
            _TEXT,
            *_NOTES,
        ),
    ),
    Shape(
        "definition",
        "a definition",
        (Key("expression", "expression", "what the name stands for", required=True), _TEXT),
        short="expression",
    ),
    Shape(
        "state",
        "a state",
        (
            Key("start", "label", "the value before the story begins", required=True),
            Key("values", "list of label", "the values that it can have"),
            Key("from", "integer", "the smallest value of a numeric state"),
            Key("to", "integer", "the largest value of a numeric state"),
            _SEEN,
        ),
    ),
    Shape(
        "quantity",
        "a quantity",
        (Key("quantity", "expression", "what is measured", required=True), _TEXT),
        short="expression",
    ),
    Shape(
        "claim",
        "a claim",
        (
            Key("text", "text", "the sentence", required=True),
            Key("assumes", "names", "the parameters, switches, steps or players that carry it"),
            Key("structure", "text", "how the story itself carries it"),
            Key("derives", "condition", "the condition on quantities that the model must bear out"),
            Key("unmodelled", "text", "why the model says nothing about it"),
            _FROM,
            Key("evidence", "names", "what is known about it"),
        ),
    ),
    Shape(
        "case",
        "a case",
        (
            Key("given", "map of label", "what was the case beforehand"),
            Key(
                "happened",
                "condition",
                "what happened then; yes or no where that is all",
                required=True,
            ),
            Key("instead", "condition or list of condition", "what could have happened in its place"),
            Key("forecast", "expression", "the chance that the model gives it, over parameters"),
            Key("clock", "expression", "the rate of a clock of which it is known when it rang"),
            Key("after", "number", "when the clock rang, or how long it is known not to have rung"),
            Key("date", "text", "when"),
            Key("source", "name", "where it is recorded"),
            Key("evidence", "names", "what is known about it"),
            Key("used for", "names", "parameters that were set with this very case in view"),
            _TEXT,
        ),
    ),
    Shape(
        "picture",
        "a picture",
        (
            Key("file", "text", "its file beside the scenario: .png, .jpg or .webp", required=True),
            Key("alt", "text", "what it shows, for those who cannot see it", required=True),
            Key("caption", "text", "what stands below it"),
            Key("credit", "text", "who made it"),
            Key("after", "name", "the marked passage that it follows; the top unless given"),
        ),
    ),
    Shape(
        "challenge",
        "a challenge",
        (
            Key("text", "text", "the objection", required=True),
            Key("set", "map of setting", "what the objection sets otherwise", required=True),
            Key("against", "name", "the passage or claim that it objects to"),
            Key("why", "text", "why somebody holds it"),
        ),
    ),
    Shape(
        "source",
        "a source",
        (
            Key("text", "text", "author, title, date", required=True),
            Key("url", "text", "where it can be read"),
            Key("licence", "text", "under which terms it is used"),
        ),
        short="text",
    ),
    Shape(
        "evidence",
        "a piece of evidence",
        (
            Key("text", "text", "what is known", required=True),
            Key("source", "name", "where it is recorded"),
            Key("data", "text", "a file beside the scenario"),
            Key("confidence", "confidence", "A counted, B read off, C judged"),
        ),
        short="text",
    ),
    Shape(
        "expectation",
        "an entry of `expected`",
        (
            Key("quantity", "expression", "what is measured", required=True),
            Key("value", "number", "its published value", required=True),
            Key("tolerance", "number", "how far off it may be", required=True),
            Key("source", "name", "where it is published"),
            Key("set", "map of label", "parameters and switches, and the values it was published for"),
            Key("concept", "name", "`limit`: nobody errs; `quantal`, the default: as the scenario says"),
            _TEXT,
        ),
    ),
    Shape(
        "sweep",
        "a sweep",
        (
            Key("vary", "name", "the parameter that is moved, certain or not", required=True),
            Key("from", "number", "where it begins", required=True),
            Key("to", "number", "where it ends", required=True),
            Key("scale", "name", "`linear` (unless said otherwise) or `log`: even in proportion"),
            Key("steps", "integer", "at how many points it is solved; 61 unless given"),
            Key(
                "show",
                "expression or list of anything",
                "quantities, or their names; a list inside shares an axis",
            ),
            Key("policies", "names", "under which policies; all unless given"),
            Key("set", "map of label", "other parameters and switches, and what they are set to"),
            Key("concept", "name", "`limit`: nobody errs; `quantal`, the default: as the scenario says"),
            Key("text", "text", "what the picture shows, as its title"),
        ),
    ),
    Shape(
        "comparison",
        "`compare`",
        (
            Key("player", "name", "whose policies are compared", required=True),
            Key("policies", "map of policy", "the first is the baseline", required=True),
            Key("recommend", "name", "the policy that the argument is for", required=True),
            Key("by", "list of criterion", "what they are compared by; the player's payoff unless given"),
        ),
    ),
    Shape(
        "criterion",
        "a criterion",
        (
            Key("quantity", "expression", "what is measured", required=True),
            Key("better", "name", "`higher` (unless said otherwise) or `lower`"),
            _TEXT,
        ),
        short="expression",
    ),
    Shape(
        "rule",
        "a rule",
        (
            Key("move", "name", "the move that it fixes", required=True),
            Key("play", "label or map of chance", "the option played, or chances of several", required=True),
            Key("when", "condition", "the rule holds only then"),
        ),
    ),
    Shape(
        "policy",
        "a policy",
        (Key("intended", "label", "`true` when the others don't know it"),),
        short="name or list of rule",
        others="label or map of chance",
    ),
    Shape(
        "rate",
        "a rate",
        (
            Key("events", "integer", "how many there were, where they are stated"),
            Key("exposure", "expression", "in how much time; in a table the time that each row covers"),
            Key(
                "count",
                "expression",
                "in a table: how many a row has, a column or an expression over columns",
            ),
            Key("duration", "expression", "in a table in which a row is a spell: how long it lasted"),
            Key("ended", "condition", "whether a spell had ended; all had unless given"),
            Key("per", "text", "the unit of time: `month`"),
            *_COUNTED,
        ),
        short="text",
    ),
    Shape(
        "proportion",
        "a proportion",
        (
            Key(
                "successes",
                "expression or condition",
                "how many; in a table what makes a row one, or a column",
            ),
            Key(
                "trials",
                "expression",
                "of how many; in a table, where `successes` is a number, those of a row",
            ),
            *_COUNTED,
        ),
        short="text",
    ),
    Shape(
        "setting",
        "a setting",
        _JUDGEMENT,
        short="expression",
    ),
    Shape(
        "payoff",
        "a player's payoffs",
        (
            Key("add", "expression", "added in every ending"),
            Key("otherwise", "expression", "the payoff of every outcome that is not listed"),
            Key("rank", "list of anything", "the outcomes, best first; a list inside holds equals"),
        ),
        short="expression",
        others="expression",
    ),
    Shape(
        "option",
        "an option",
        (
            Key("chance", "chance", "how likely it is"),
            Key("when", "condition", "the option exists only then"),
        ),
        short="expression",
    ),
    Shape(
        "grid",
        "numbers on a grid",
        (
            Key("from", "number", "the first", required=True),
            Key("to", "number", "the last", required=True),
            Key("by", "number", "the step between neighbours; 1 unless given"),
            Key(
                "weight",
                "expression",
                "of `nature`: chances are proportional to it; the step's own name stands for the number",
            ),
        ),
    ),
    Shape(
        "clock",
        "a clock",
        (
            Key("rate", "expression", "how often it rings per unit of time", required=True),
            Key("when", "condition", "the clock runs only then"),
        ),
        short="expression",
    ),
)

STEPS: tuple[Shape, ...] = (
    Shape(
        "nature",
        "a step `nature`",
        (
            Key("nature", "name", "the name of what chance decides", required=True),
            Key(
                "options",
                "list of label or grid or map of option",
                "what can happen, with chances",
                required=True,
            ),
            _SEEN,
            _WHEN,
        ),
    ),
    Shape(
        "move",
        "a player's move",
        (
            Key("player", "name", "who moves", required=True),
            Key("move", "name", "the name of the decision", required=True),
            Key("options", "list of label or grid or map of option", "what the player can do", required=True),
            _SEEN,
            _WHEN,
        ),
    ),
    Shape(
        "simultaneous",
        "a step `simultaneous`",
        (
            Key("simultaneous", "list of move", "moves that nobody sees before all are made", required=True),
            _WHEN,
        ),
    ),
    Shape(
        "signal",
        "a step `signal`",
        (
            Key("signal", "name", "the name of the signal", required=True),
            Key("of", "name", "the variable, state or switch that it shows", required=True),
            Key("options", "list of label", "its labels; those of what it shows unless given"),
            Key("error", "expression", "how likely it is wrong"),
            Key("chances", "map of map of chance", "for each truth, the chance of each label"),
            _SEEN,
            _WHEN,
        ),
    ),
    Shape(
        "race",
        "a step `race`",
        (
            Key("race", "name", "the name of what comes first", required=True),
            Key("clocks", "map of clock", "what can come first, with rates", required=True),
            Key("horizon", "expression", "the time after which nobody wins"),
            Key("otherwise", "label", "what it is then called"),
            Key("flow", "map of expression", "payoffs per unit of time while it runs"),
            _SEEN,
            _WHEN,
        ),
    ),
    Shape(
        "repeat",
        "a step `repeat`",
        (
            Key("repeat", "integer or name", "how many rounds at most, or `forever`", required=True),
            Key(
                "discount",
                "expression or map of expression",
                "with `forever`: what a payoff of the next round is worth in this one, 0 to below 1",
            ),
            Key("as", "name", "the name of the counter: 1, 2, ..."),
            Key("until", "condition", "no further round once this holds"),
            _STORY,
            _WHEN,
        ),
    ),
    Shape(
        "set",
        "a step `set`",
        (
            Key(
                "set",
                "map of new value",
                "states and their new values",
                required=True,
            ),
            _WHEN,
        ),
    ),
    Shape(
        "reward",
        "a step `reward`",
        (
            Key("reward", "map of expression", "players and what they get here", required=True),
            _WHEN,
        ),
    ),
    Shape(
        "reveal",
        "a step `reveal`",
        (
            Key("reveal", "names", "the variables and states that are shown", required=True),
            Key("to", "seen by", "who sees them; everybody unless said otherwise"),
            _WHEN,
        ),
    ),
    Shape(
        "outcomes",
        "a step `outcomes`",
        (
            Key(
                "outcomes", "list of name or map of condition", "endings, tried top to bottom", required=True
            ),
            _WHEN,
        ),
    ),
    Shape("group", "a group of steps", (_STORY, _WHEN)),
)

SHAPES: Mapping[str, Shape] = MappingProxyType({shape.name: shape for shape in (*_ENTRIES, *STEPS)})

FRONT_MATTER: tuple[Key, ...] = (
    Key("parley", "label", "the version of the language: 1", required=True),
    Key("title", "text", "the title", required=True),
    Key("question", "text", "the question that the argument answers"),
    Key("author", "text", "who wrote it"),
    Key("date", "text", "when"),
    Key("citation", "text", "the text that it follows"),
    Key("licence", "text", "under which terms it may be used"),
    Key("summary", "text", "the argument in a sentence or two"),
    Key("language", "text", "the language that it is written in"),
    Key("disclaimer", "text", "what stands under the article: whose views it holds"),
    Key("pictures", "list of picture", "the pictures of the article"),
)

SECTIONS: tuple[Key, ...] = (
    Key("players", "map of player", "who takes part", required=True),
    Key("precision", "expression", "how closely everybody follows their interest; 4 unless given"),
    Key("errors", "errors", "how everybody errs: `logistic` (unless given), `normal`, `normal on endings`"),
    Key("parameters", "map of parameter", "the numbers that somebody judged"),
    Key("together", "list of together", "parameters that vary together"),
    Key("switches", "map of switch", "choices between rival structures"),
    Key("define", "map of definition", "named expressions"),
    Key("state", "map of state", "states that the story changes"),
    Key("story", "list of step", "what happens, in order", required=True),
    Key("payoffs", "map of payoff", "what each player wants", required=True),
    Key("compare", "comparison", "the policies that are compared"),
    Key("quantities", "map of quantity", "what is reported"),
    Key("claims", "map of claim", "the sentences of the argument"),
    Key("cases", "map of case", "history to hold the model against"),
    Key("challenges", "map of challenge", "objections that compute"),
    Key("sources", "map of source", "where things are recorded"),
    Key("evidence", "map of evidence", "what is known"),
    Key("expected", "list of expectation", "published numbers that the scenario must reproduce"),
    Key("sweep", "sweep or list of sweep", "how the answer moves with one number; the first is the picture"),
)
