"""Printing a page with the web browser that is on the machine.

What lives here: where browsers are found, and printing to PDF with one. What may not: what a page says.

Nothing is downloaded. The browser gets a profile of its own that is thrown away, opens one file, and is
stopped when it takes too long; the page itself may load nothing (its Content-Security-Policy).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

__all__ = ["BROWSER", "SILENT", "browser_or_fail", "find_browser", "print_pdf"]

BROWSER = "PARLEY_BROWSER"  # names the browser to use
SECONDS = 90.0
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
)
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Brave Browser.app/Contents/MacOS/Brave Browser",
)
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)
# What keeps a browser from asking the network for anything of its own.
SILENT = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
)
_HELP = (
    "--pdf prints the report with a web browser, and none was found. Install Chromium, Chrome or Edge (on "
    f"Debian and Ubuntu: sudo apt-get install chromium), or name one in {BROWSER}. Or leave out --pdf, open "
    "report.html in any browser and print it from there."
)


def find_browser(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """Return where a Chromium, Chrome or Edge is on this machine; None when there is none.

    Parameters
    ----------
    environment
        ``PARLEY_BROWSER`` in it, a path or a name on the ``PATH``, goes before everything else; when it names
        nothing that is there, no other browser is taken in its place.
    platform
        As in :data:`sys.platform`.

    Examples
    --------
    >>> find_browser({"PARLEY_BROWSER": "/nowhere/browser", "PATH": ""}) is None
    True
    """
    path = environment.get("PATH", "")
    chosen = environment.get(BROWSER)
    if chosen:
        return shutil.which(chosen, path=path)
    on_path = (shutil.which(name, path=path) for name in _NAMES)
    places = (place for place in _places(environment, platform) if os.access(place, os.X_OK))
    return next(filter(None, on_path), None) or next(places, None)


def _places(environment: Mapping[str, str], platform: str) -> Iterator[str]:
    if platform == "darwin":
        for folder in ("/Applications", os.path.join(environment.get("HOME", ""), "Applications")):
            yield from (os.path.join(folder, each) for each in _MAC)
    elif platform == "win32":
        for variable in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData"):
            if base := environment.get(variable):
                yield from (os.path.join(base, each) for each in _WINDOWS)


def browser_or_fail() -> str:
    """Return where a browser is.

    Raises
    ------
    click.UsageError
        When there is none; it says what to install, and how to do without.
    """
    found = find_browser()
    if found:
        return found
    chosen = os.environ.get(BROWSER)
    if chosen:
        raise click.UsageError(f"{BROWSER} is {chosen!r}, and there is no such program. {_HELP}")
    raise click.UsageError(_HELP)


def print_pdf(page: Path, target: Path, browser: str, seconds: float = SECONDS) -> None:
    """Print a page to a PDF file, as a browser prints it.

    Parameters
    ----------
    page
        An HTML file.
    target
        Where the PDF goes; a file that is there already is replaced when the new one is whole, not before.
    browser
        Of :func:`browser_or_fail`.
    seconds
        After so many the browser is stopped.

    Raises
    ------
    click.ClickException
        When the browser cannot be started, takes too long, or writes no PDF.

    Notes
    -----
    Profile and draft lie beside the target: a browser from a snap sees neither ``/tmp`` nor hidden folders.
    """
    with _workplace(target) as work:
        draft = work / "draft.pdf"
        said = _run(
            [
                browser,
                "--headless=new",
                *SILENT,
                *(["--no-sandbox"] if _is_root() else []),  # Chromium refuses to start a sandbox as root
                f"--user-data-dir={work / 'profile'}",
                "--no-pdf-header-footer",
                "--generate-pdf-document-outline",
                f"--print-to-pdf={draft}",
                page.resolve().as_uri(),
            ],
            seconds,
        )
        if not (draft.is_file() and draft.read_bytes()[:5] == b"%PDF-"):
            raise click.ClickException(f"{browser} wrote no PDF. {_last(said)}{_BY_HAND}")
        os.replace(draft, target)


_BY_HAND = "The report itself is written: open report.html in a browser and print it from there."


@contextlib.contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """Make a folder for the browser beside the target, and take it away again."""
    folder = Path(tempfile.mkdtemp(prefix="report-pdf-", dir=target.resolve().parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # on Windows a browser may hold a file a moment longer


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str], seconds: float) -> str:
    """Run a browser, and return what it complained of."""
    own = {"start_new_session": True} if os.name == "posix" else {}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            **own,  # type: ignore[call-overload]
        )
    except OSError as fault:
        raise click.ClickException(f"{command[0]} does not start: {fault.strerror}. {_BY_HAND}") from None
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise click.ClickException(
            f"{command[0]} printed nothing in {seconds:g} seconds and was stopped. {_BY_HAND}"
        ) from None
    finally:
        _stop(process)
    return str(said)


def _stop(process: subprocess.Popen[str]) -> None:
    """Stop a browser that still runs, with the processes that it started."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.communicate()


def _last(said: str) -> str:
    """Return the last thing that a browser said, for a message."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"It said: {lines[-1][:200]!r}. " if lines else ""
