"""Print a page as PDF with a browser of the Chromium family, without network and within a time limit."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tocsin.errors import SolveError
from tocsin.translation import message

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge", "brave-browser",
)  # fmt: skip
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    "C:/Program Files/Microsoft/Edge/Application/msedge.exe",
)
"""Where browsers are that the search path does not name."""
SECONDS = 90.0
"""Time limit of the browser."""
_FLAGS = (
    "--headless", "--disable-gpu", "--disable-extensions", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://0.0.0.0:9", "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
)  # fmt: skip
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def find_browser() -> str | None:
    """Return the program of a browser that can print; None if there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    return program or next((path for path in PLACES if Path(path).exists()), None)


def print_page(browser: str, page: str, seconds: float = SECONDS) -> bytes:
    """Return a page of HTML as PDF with tags and bookmarks; the file states no date.

    Args:
        browser: its program.
        page: the HTML; it loads nothing.
        seconds: time limit.

    Raises:
        SolveError: if the browser does not start or end in time, or makes no PDF, or its files cannot be written.
    """
    try:
        return _printed(browser, page, seconds)
    except OSError as error:
        raise SolveError(
            message("cannot print with {browser}: {reason}", browser=browser, reason=error.strerror or ""),
            remedy=message("check disk space and permissions of the folder for temporary files"),
        ) from error


def _printed(browser: str, page: str, seconds: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="tocsin-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target = folder / "brief.html", folder / "brief.pdf"
        source.write_text(page, encoding="utf-8")
        # a container's root user has no right to make a sandbox
        root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        profile = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}"]
        _run([browser, *_FLAGS, *root, *profile, source.as_uri()], seconds)
        if not target.exists():
            raise SolveError(message("{browser} made no PDF", browser=browser), remedy=_REMEDY)
        return _DATE.sub(_undated, target.read_bytes())


_REMEDY = message("print the brief from a browser by hand, or `pip install tocsin[pdf]` on a machine without a browser")


def _run(command: list[str], seconds: float) -> None:
    """Run a browser; end it and all it started when the time is over."""
    with subprocess.Popen(  # noqa: S603 - the program is a known browser, and no shell reads the command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            process.wait(seconds)
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise SolveError(
                    message(
                        "{browser} did not print within {seconds} seconds", browser=command[0], seconds=f"{seconds:.0f}"
                    ),
                    remedy=_REMEDY,
                ) from error
            raise


def _undated(match: re.Match[bytes]) -> bytes:
    """Return the earliest date of a PDF in as many bytes, so that no offset in the file moves."""
    return re.sub(rb"D:\d{14}", b"D:19800101000000", match[0])
