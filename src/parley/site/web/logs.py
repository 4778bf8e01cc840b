"""What a process writes down of its work: one JSON object a line, and nothing that is anybody's.

What lives here: the form of a line, and what is taken out of it. What may not: what is worth a line.

A line of the site's own holds its words, in which addresses, networks and tokens are blotted out; a line of
any other library holds its template without the values, for nobody knows what those are (an address that was
asked for,
a row that could not be stored). An error leaves its type and the places it passed, not its message. Line ends
are escaped by JSON, so that no value can begin a line of its own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from pathlib import Path
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from parley.site.text.addresses import parsed

__all__ = ["FIELDS", "Line", "TerminalLine", "blotted", "configure"]

FIELDS = ("request_id", "route", "method", "status", "ms", "network")
_OWN = "parley"
_ROOM = Path(__file__).parents[3]  # the folder of the package, which is cut from places
_V6 = re.compile(r"(?<![\w:])[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?!/64)")
_BLOTS = (
    (re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+"), "[mail]"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?!/24)"), "[address]"),
    (re.compile(r"[A-Za-z0-9_~+/=-]{24,}"), "[token]"),
)


class Line(JsonFormatter):
    """Writes a record as one line of JSON."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            datefmt="%Y-%m-%dT%H:%M:%SZ",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            json_ensure_ascii=True,
        )
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, without what is anybody's."""
        return super().format(_clean(record))


class TerminalLine(Line):
    """Writes the same for somebody who looks on: time, what is not mere information, words, the rest."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, without what is anybody's; escaped, so that it is one line."""
        told = json.loads(super().format(record))
        at, level, message = (str(told.pop(name)) for name in ("at", "level", "message"))
        del told["logger"]
        parts = [at[11:19], *([] if level == "INFO" else [level]), json.dumps(message)[1:-1]]
        return "  ".join([*parts, *([json.dumps(told)] if told else [])])


def blotted(text: str) -> str:
    """Return a text without mail addresses, network addresses and tokens.

    Examples
    --------
    >>> blotted("mail to kim@example.org from 192.0.2.7 (192.0.2.0/24) failed")
    'mail to [mail] from [address] (192.0.2.0/24) failed'
    """
    text = _V6.sub(_six, text)
    for pattern, blot in _BLOTS:
        text = pattern.sub(blot, text)
    return text


def _six(found: re.Match[str]) -> str:
    bare = found.group().rstrip(":.")
    return found.group().replace(bare, "[address]", 1) if parsed(bare) is not None else found.group()


def configure(stream: TextIO | None = None) -> logging.Handler:
    """Write the log of this process to a stream (standard error); called once when it starts.

    A terminal gets lines to read, anything else JSON.

    Other handlers stay, so that a test still hears what is said.
    """
    to = stream or sys.stderr
    handler = logging.StreamHandler(to)
    handler.setFormatter(TerminalLine() if to.isatty() else Line())
    for name, level in ((_OWN, logging.INFO), ("django", logging.WARNING), ("allauth", logging.WARNING)):
        logger = logging.getLogger(name)
        for former in [each for each in logger.handlers if isinstance(each.formatter, Line)]:
            logger.removeHandler(former)
        logger.addHandler(handler)
        logger.setLevel(level)
    return handler


def _clean(record: logging.LogRecord) -> logging.LogRecord:
    own = record.name.split(".")[0] == _OWN
    made = logging.LogRecord(
        record.name, record.levelno, record.pathname, record.lineno, _message(record, own), None, None
    )
    made.created, made.msecs = record.created, record.msecs
    for name in FIELDS:
        value = getattr(record, name, None)
        if value is not None:
            setattr(made, name, blotted(value) if isinstance(value, str) and name != "request_id" else value)
    status = getattr(record, "status_code", None)
    if isinstance(status, int) and not hasattr(made, "status"):
        made.status = status
    if record.exc_info and record.exc_info[0] is not None:
        made.error = record.exc_info[0].__name__
        made.places = [_place(each) for each in traceback.extract_tb(record.exc_info[2])]
    return made


def _message(record: logging.LogRecord, own: bool) -> str:
    try:
        return blotted(record.getMessage() if own else str(record.msg))
    except (TypeError, ValueError):  # a template that does not fit its values
        return blotted(str(record.msg))


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    shown = path.relative_to(_ROOM) if path.is_relative_to(_ROOM) else Path(*path.parts[-2:])
    return f"{shown}:{frame.lineno} {frame.name}"
