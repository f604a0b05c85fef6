"""Downloading a source: resumed where it broke off, tried again where the site fails, and kept only if it is the right file."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tocsin.data.cache import checksum, folder, place, prepare, state, unwritable
from tocsin.data.registry import Source
from tocsin.errors import SolveError

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and those that there should be."""

PAUSES = (1.0, 3.0, 8.0)
"""Seconds before each further try."""

CONNECT_SECONDS, STALL_SECONDS = 15.0, 30.0
"""How long a site may take to answer, and to send anything more."""

MOST_REDIRECTS = 5
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _TryAgainError(Exception):
    """Something that may pass: a broken connection, a site that is busy, a file that came in part."""


class _WrongError(Exception):
    """Something that trying again will not change."""


def get(source: Source, *, offline: bool = False, progress: Progress | None = None, address: str | None = None) -> Path:
    """A source's file in the cache, downloaded if it is not there.

    Two processes may ask for it at once: one downloads, the other waits. What was downloaded of it before is kept and
    gone on with.

    Args:
        source: which.
        offline: never download; also if `TOCSIN_OFFLINE` is set and not 0.
        progress: see `Progress`.
        address: another place of the same file.

    Raises:
        SolveError: if it cannot be had, with the way to bring it in by hand; or if the cache cannot be written.
    """
    from filelock import FileLock

    if state(source) == "whole":
        return place(source)
    if offline or os.environ.get("TOCSIN_OFFLINE", "0") not in ("", "0"):
        raise SolveError(f"`{source.name}` is not in the cache, and this run is offline{by_hand(source)}")
    there = prepare()
    try:
        with FileLock(there / f".{source.file}.lock"):
            if state(source) != "whole":
                _download(source, address or source.address, progress or (lambda _have, _all: None))
    except OSError as error:
        raise unwritable(there, error) from error
    return place(source)


def by_hand(source: Source) -> str:
    """How to bring a source in without this program's downloading it."""
    return (
        f"\n  remedy: download {source.address}\n  with a browser, here or elsewhere, and run "
        f"`tocsin data import {source.name} FILE`; the maker's own place: {source.official}"
    )


def _download(source: Source, address: str, progress: Progress) -> None:
    part = folder() / f".{source.file}.part"
    reason = ""
    for pause in (0.0, *PAUSES):
        time.sleep(pause)
        try:
            _receive(source, address, part, progress)
            if (found := checksum(part)) != source.sha256:
                part.unlink()
                raise _TryAgainError(
                    f"what came is another file (SHA-256 {found[:12]}..., not {source.sha256[:12]}...)"
                )
            part.replace(place(source))
        except _TryAgainError as error:
            reason = str(error)
        except _WrongError as error:
            raise SolveError(f"`{source.name}` cannot be downloaded: {error}{by_hand(source)}") from error
        else:
            return
    raise SolveError(f"`{source.name}` cannot be downloaded: {reason}{by_hand(source)}")


def _receive(source: Source, address: str, part: Path, progress: Progress) -> None:
    """Bring the partial file to its full size, and not beyond."""
    import httpx

    have = part.stat().st_size if part.exists() else 0
    if have > source.bytes:
        part.unlink()
        have = 0
    if have == source.bytes:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    limits = httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS)
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MOST_REDIRECTS,
                timeout=limits,
                event_hooks={"request": [_check_safe]},
            ) as client,
            client.stream("GET", address, headers=headers) as answer,
        ):
            have = _start(answer, have)
            with part.open("ab" if have else "wb") as file:
                for chunk in answer.iter_bytes():
                    have += len(chunk)
                    if have > source.bytes:
                        file.truncate(0)
                        raise _TryAgainError(f"the site sends more than the {source.bytes:,} bytes of the file")
                    file.write(chunk)
                    progress(have, source.bytes)
    except httpx.TooManyRedirects as error:
        raise _WrongError("the site leads in circles") from error
    except httpx.InvalidURL as error:
        raise _WrongError(f"{address} is no address") from error
    except httpx.HTTPError as error:
        raise _TryAgainError(f"{type(error).__name__}: {error}".rstrip(": ")) from error
    if have < source.bytes:
        raise _TryAgainError(f"the connection ended after {have:,} of {source.bytes:,} bytes")


def _check_safe(request: httpx.Request) -> None:
    """Nothing is taken over an open line, but from this machine itself."""
    if request.url.scheme != "https" and urlsplit(str(request.url)).hostname not in LOOPBACK:
        raise _WrongError(f"it leads to {request.url}, which is not https")


def _start(answer: httpx.Response, have: int) -> int:
    """How many bytes of the partial file stand, by what the site answers."""
    if answer.status_code == 206 and have:
        if re.match(rf"bytes {have}-", answer.headers.get("Content-Range", "")):
            return have
        raise _TryAgainError("the site goes on at another place than asked")
    if answer.status_code == 200:
        return 0
    said = f"the site answers {answer.status_code} {answer.reason_phrase}".rstrip()
    if answer.status_code in (408, 416, 425, 429) or answer.status_code >= 500:
        raise _TryAgainError(said)
    raise _WrongError(said)
