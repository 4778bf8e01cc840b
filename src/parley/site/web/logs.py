"""What a process writes down of its work: one JSON object a line, and nothing that is anybody's.

What lives here: the form of a line, what is taken out of it, where it goes. What may not: what is worth a
line.

Lines go to standard error, or to the file that ``PARLEY_LOG_FILE`` names; then standard error, where a person
looks on, has one short line for each fault alone.

A line of the site's own holds its words, in which addresses, networks and tokens are blotted out; a line of
any other library holds its template without the values, for nobody knows what those are (an address that was
asked for,
a row that could not be stored). An error leaves its type and the places it passed, not its message. Line ends
are escaped by JSON, so that no value can begin a line of its own.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
import traceback
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from parley.site.text.addresses import parsed

__all__ = ["FIELDS", "FILE", "LARGEST", "Brief", "Line", "blotted", "configure", "prepare"]

FIELDS = ("request_id", "route", "method", "status", "ms", "network")
FILE = "PARLEY_LOG_FILE"  # the name in the environment
LARGEST = 10_000_000  # bytes: a larger file is put aside when the site starts
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


class Brief(logging.Formatter):
    """Writes a fault as one short line, for whoever looks at the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: what went wrong, where, and where more stands."""
        clean = _clean(record)
        error, places = getattr(clean, "error", ""), getattr(clean, "places", [])
        what = f"{error} at {places[-1]}" if error and places else error or clean.getMessage()
        line = f"parley: fault: {what} (more in {os.environ.get(FILE, '')})"
        return "".join(each if each.isprintable() else "?" for each in " ".join(line.split()))


def prepare(file: Path) -> None:
    """Make the file of the log, for its owner's eyes alone; one that has grown large is put aside first.

    Raises
    ------
    OSError
        It cannot be written.
    """
    if file.exists() and file.stat().st_size > LARGEST:
        file.replace(file.with_name(f"{file.name}.1"))
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    os.environ[FILE] = str(file)


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
    """Write the log of this process where it belongs (module's head); called once when it starts.

    Other handlers stay, so that a test still hears what is said. A ``stream`` gets the lines of JSON whatever
    the environment says.
    """
    file = os.environ.get(FILE, "") if stream is None else ""
    handler: logging.Handler = (
        WatchedFileHandler(file, encoding="ascii") if file else logging.StreamHandler(stream or sys.stderr)
    )
    handler.setFormatter(Line())
    handlers = [handler, *([_terminal()] if file else [])]
    for name, level in ((_OWN, logging.INFO), ("django", logging.WARNING), ("allauth", logging.WARNING)):
        logger = logging.getLogger(name)
        for former in [each for each in logger.handlers if isinstance(each.formatter, Line | Brief)]:
            logger.removeHandler(former)
        for each in handlers:
            logger.addHandler(each)
        logger.setLevel(level)
    return handler


def _terminal() -> logging.Handler:
    """Return what tells a person of faults: once each, although a request's own line repeats its fault."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.ERROR)
    handler.setFormatter(Brief())
    handler.addFilter(lambda record: record.name != "parley.request")
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
