"""Faults of a file: front matter, blocks, passages, YAML, limits."""

from __future__ import annotations

from parley.scenario.codes.code import Code

__all__ = ["CODES"]

CODES = (
    Code(
        "P101",
        "error",
        "the file is empty",
        "There is nothing in the file but blanks.",
        "(an empty file)",
        "---\nparley: 1\ntitle: A threat\n---",
    ),
    Code(
        "P102",
        "error",
        "the file is too large",
        "A scenario may have 1,000,000 bytes. Text and model never need as much; tables of data do.",
        "(two megabytes of pasted data)",
        "evidence: {strikes: {text: 12 strikes, data: strikes.csv}}",
    ),
    Code(
        "P103",
        "error",
        "not UTF-8",
        "The file is saved in an old encoding, so that letters beyond plain English cannot be read.",
        "(a file saved as Latin-1)",
        "(the same file saved as UTF-8)",
    ),
    Code(
        "P110",
        "error",
        "no front matter",
        (
            "A scenario opens with facts about itself between two lines of three dashes, from the "
            "first line on."
        ),
        "# My argument",
        "---\nparley: 1\ntitle: My argument\n---",
    ),
    Code(
        "P111",
        "error",
        "front matter never closed",
        "The first line opens the front matter, and no second line of three dashes ends it.",
        "---\nparley: 1\ntitle: My argument\n\nThe article begins.",
        "---\nparley: 1\ntitle: My argument\n---\nThe article begins.",
    ),
    Code(
        "P112",
        "error",
        "unknown version of the language",
        "`parley:` says in which version of the language the file is written. There is version 1.",
        "parley: 2",
        "parley: 1",
    ),
    Code(
        "P113",
        "error",
        "version or title missing",
        "Every scenario says in which version of the language it is written, and what it is called.",
        "---\ntitle: A threat\n---",
        "---\nparley: 1\ntitle: A threat\n---",
    ),
    Code(
        "P114",
        "error",
        "Markdown in a YAML file",
        (
            "A file whose name ends in .yaml or .yml holds the model alone; text with blocks headed "
            "`parley` is Markdown."
        ),
        "argument.yaml   # with blocks headed ```parley",
        "argument.md",
    ),
    Code(
        "P120",
        "error",
        "no model",
        (
            "The file has no block headed `parley`. The model stands between a line of three backticks "
            "with that word and a line of three backticks."
        ),
        "players: {us: We}",
        "```parley\nplayers: {us: We}\n```",
    ),
    Code(
        "P121",
        "error",
        "block never closed",
        (
            "A block runs on to the end of the file because no line of backticks closes it; the prose "
            "after it is read as model."
        ),
        "```parley\nplayers: {us: We}\n\nMore prose.",
        "```parley\nplayers: {us: We}\n```\n\nMore prose.",
    ),
    Code(
        "P122",
        "error",
        "block heading misspelt",
        "A block whose heading resembles `parley` is taken for ordinary code and not read.",
        "```parly",
        "```parley",
    ),
    Code(
        "P130",
        "error",
        "a mark without words",
        "`{#name}` marks the words in square brackets right before it. Here there are none.",
        "Talks fail {#fail}.",
        "[Talks fail]{#fail}.",
    ),
    Code(
        "P131",
        "error",
        "not a name for a passage",
        "The name of a passage starts with a letter and has letters, digits, - and _.",
        "[Talks fail]{#1 fail}",
        "[Talks fail]{#fail-1}",
    ),
    Code(
        "P132",
        "error",
        "passage marked twice",
        "Two passages bear one name, so that a reference to it would be ambiguous.",
        "[Talks fail]{#fail} and [fail]{#fail}",
        "[Talks fail]{#fail} and [fail]{#fail-again}",
    ),
    Code(
        "P140",
        "error",
        "control character",
        "An invisible character that no text needs stands in the model. It was probably copied along.",
        "title: A?B   # with an invisible character for ?",
        "title: AB",
    ),
    Code(
        "P141",
        "error",
        "YAML directive",
        "Lines that start with % set up other kinds of YAML. The language needs none.",
        "%YAML 1.1",
        "(nothing)",
    ),
    Code(
        "P142",
        "error",
        "a second YAML document",
        ("A line of three dashes inside the model begins a second YAML document. One file holds one model."),
        "players: {us: We}\n---\nstory: []",
        "players: {us: We}\nstory: [...]",
    ),
    Code(
        "P143",
        "error",
        "YAML alias",
        (
            "A value that starts with * is read by YAML as a reference to an anchor. The language has "
            "none, so that every value stands where it is used."
        ),
        "us: *B",
        'us: "2 * B"',
    ),
    Code(
        "P144",
        "error",
        "YAML anchor",
        "A value that starts with & is read by YAML as an anchor. The language has none.",
        "B: &cost 12",
        "B: 12",
    ),
    Code(
        "P145",
        "error",
        "YAML tag",
        (
            "A value that starts with ! is read by YAML as a tag, and loses its first word. The "
            "language has none."
        ),
        "when: !done and late",
        "when: not done and late",
    ),
    Code(
        "P146",
        "error",
        "a list or map as a name",
        "In front of a colon a list or map stands where a name belongs.",
        "[us, gov]: 1",
        "us: 1\ngov: 1",
    ),
    Code(
        "P147",
        "error",
        "merging",
        "`<<` copies entries from another map in some dialects of YAML. The language has no merging.",
        "<<: {us: We}",
        "us: We",
    ),
    Code(
        "P148",
        "error",
        "given twice",
        (
            "The same key stands twice in one map, or the same part of the model in two blocks. YAML "
            "would silently keep one."
        ),
        "B: 12\nB: 14",
        "B: 14",
    ),
    Code(
        "P149",
        "error",
        "nested too deep",
        "Lists and maps may be nested 40 levels deep.",
        "[[[[...]]]]",
        "(fewer levels, or parts with names under `define`)",
    ),
    Code(
        "P150",
        "error",
        "no colon",
        (
            "The line should be `name: value`, and the colon is missing. YAML often notices that only "
            "one line later; the place shown is the line that lacks it."
        ),
        "- player: us\n  move posture",
        "- player: us\n  move: posture",
    ),
    Code(
        "P151",
        "error",
        "no blank after a colon",
        "YAML takes a colon for the end of a name only when a blank follows.",
        "B:12",
        "B: 12",
    ),
    Code(
        "P152",
        "error",
        "a second colon",
        "Text that contains a colon with a blank after it looks like another `name: value`.",
        "why: poll: 35%",
        'why: "poll: 35%"',
    ),
    Code(
        "P153",
        "error",
        "indented too deep",
        "The line is indented as if it belonged to the line above, which already has its value.",
        "- player: us\n    move: posture",
        "- player: us\n  move: posture",
    ),
    Code(
        "P154",
        "error",
        "list item out of place",
        "A dash begins a list item where `name: value` is expected.",
        "players:\n- us",
        "players:\n  us: We",
    ),
    Code(
        "P155",
        "error",
        "indentation",
        "The line starts in a column in which none of the lists and maps around it starts.",
        "story:\n  - player: us\n - player: gov",
        "story:\n  - player: us\n  - player: gov",
    ),
    Code(
        "P156",
        "error",
        "text after a quote",
        "After the closing quote there is more text. Quotes go around the whole value.",
        'text: "Talks" fail',
        'text: "Talks fail"',
    ),
    Code(
        "P157",
        "error",
        "quote never closed",
        (
            "A quote opens a text that no second quote ends. An apostrophe at the start of a value "
            "does the same."
        ),
        "text: 'tis said",
        'text: "\'tis said"',
    ),
    Code(
        "P158",
        "error",
        "bracket never closed",
        "An opening bracket or brace has no partner.",
        "options: [stay, leave",
        "options: [stay, leave]",
    ),
    Code(
        "P159",
        "error",
        "bracket that closes nothing",
        "A closing bracket or brace has no partner, or one of the other kind.",
        "options: [stay, leave]]",
        "options: [stay, leave]",
    ),
    Code(
        "P160",
        "error",
        "comma outside of brackets",
        "A comma separates entries inside brackets only.",
        'text: "a", "b"',
        'text: "a, b"',
    ),
    Code(
        "P161",
        "error",
        "no comma at the end of a line",
        "Inside brackets the entries are separated by commas, also when each has a line of its own.",
        "{us: We\n gov: They}",
        "{us: We,\n gov: They}",
    ),
    Code(
        "P162",
        "error",
        "character out of place inside brackets",
        "Inside brackets and braces, text that contains brackets or braces needs quotes.",
        "{when: f[x]}",
        '{when: "f[x]"}',
    ),
    Code(
        "P163",
        "error",
        "value missing",
        "A comma or closing bracket stands where a value should.",
        "us: ]",
        "us: 1",
    ),
    Code(
        "P164",
        "error",
        "tab",
        (
            "YAML allows no tabs at the start of a line or before a value. Most editors can be told to "
            "write blanks."
        ),
        "(a line that starts with a tab)",
        "(a line that starts with two blanks)",
    ),
    Code(
        "P165",
        "error",
        "character that cannot start a value",
        (
            "Some characters mean something else to YAML at the start of a value: @ ` % * & ! ? > and "
            "the vertical bar."
        ),
        "who: @army",
        'who: "@army"',
    ),
    Code(
        "P166",
        "error",
        "unknown escape",
        "Inside double quotes a backslash begins an escape such as \\n; this one does not exist.",
        'text: "C:\\data"',
        "text: 'C:\\data'",
    ),
    Code(
        "P167",
        "error",
        "dash with a blank",
        (
            "A dash with a blank after it begins a list item. For a negative number or value write it "
            "without the blank."
        ),
        "us: - B",
        "us: -B",
    ),
    Code(
        "P168",
        "error",
        "cut at a comma",
        (
            "Inside braces and brackets YAML ends a value at a comma, also when the comma stands in "
            "parentheses."
        ),
        "{score: min(score + 1, 3)}",
        '{score: "min(score + 1, 3)"}',
    ),
    Code(
        "P169",
        "error",
        "YAML cannot read this",
        "A fault of syntax for which there is no better message.",
        "(rare)",
        "(free text in quotes)",
    ),
    Code(
        "P170",
        "error",
        "too many expressions",
        "A scenario may have 5,000 expressions.",
        "(thousands of payoffs)",
        "define: {cost: a + b}",
    ),
    Code(
        "P171",
        "error",
        "too many steps",
        "A story may have 500 steps; rounds are written once, inside `repeat`.",
        "(a step for each month of a century)",
        "- repeat: 12\n  story: [...]",
    ),
    Code(
        "P172",
        "error",
        "too many players",
        "A scenario may have 20 players.",
        "players: {p1: ..., p2: ..., ...}",
        "players: {allies: The allies}",
    ),
    Code(
        "P173",
        "error",
        "too many parameters",
        "A scenario may have 500 parameters.",
        "parameters: {p1: ..., p2: ..., ...}",
        "define: {p2: 2 * p1}",
    ),
)
