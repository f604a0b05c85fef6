"""Bringing a source in: downloaded, resumed where it broke off, tried again where the site fails, or from a file at hand;
and kept only if it is the right file."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tocsin.data.cache import checksum, folder, place, prepare, record, state, unwritable
from tocsin.data.readers import tidy
from tocsin.data.registry import Source
from tocsin.errors import InputError, SolveError

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and those that there should be; 0 where nobody knows."""

PAUSES = (1.0, 3.0, 8.0)
"""Seconds before each further try."""

CONNECT_SECONDS, STALL_SECONDS = 15.0, 30.0
"""How long a site may take to answer, and to send anything more."""

MAX_REDIRECTS = 5
MAX_BYTES = 200 * 2**20
"""What a file may have whose size is not known beforehand."""

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
        raise SolveError(f"`{source.name}` is not in the cache, and this run is offline", remedy=source.by_hand)
    if (where := address or source.address) is None:
        raise SolveError(f"`{source.name}` must be downloaded by you: {source.licence}", remedy=source.by_hand)
    there = prepare()
    try:
        with FileLock(there / f".{source.file}.lock"):
            if state(source) != "whole":
                _download(source, where, progress or (lambda _have, _all: None))
    except OSError as error:
        raise unwritable(there, error) from error
    return place(source)


def bring_in(source: Source, file: Path) -> Path:
    """Put a file that the user has downloaded into the cache, if it is the right one.

    Raises:
        InputError: if it cannot be read or is another file.
        SolveError: if the cache cannot be written.
    """
    prepare()
    temporary = folder() / f".{source.file}.import-{os.getpid()}"
    try:
        size = file.stat().st_size
        if size > (source.bytes or MAX_BYTES):
            raise _WrongError(f"it has {size:,} bytes, more than the {source.bytes or MAX_BYTES:,} that it may have")
        shutil.copyfile(file, temporary)
    except _WrongError as error:
        raise _not_it(source, file, error) from error
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(file), remedy="name the downloaded file") from error
    try:
        _accept(source, temporary)
    except _WrongError as error:
        raise _not_it(source, file, error) from error
    except OSError as error:
        raise unwritable(folder(), error) from error
    finally:
        temporary.unlink(missing_ok=True)
    return place(source)


def _not_it(source: Source, file: Path, why: Exception) -> InputError:
    where = f"download {source.address}" if source.address else f"download it at {source.official}"
    return InputError(f"this is not the file of `{source.name}`: {why}", file=str(file), remedy=where)


def _accept(source: Source, file: Path) -> None:
    """Move a complete file to its place if it is what it should be.

    Raises:
        _WrongError: if it is not: another checksum, or, where none is known, no table of this source.
    """
    if source.sha256 is not None and (found := checksum(file)) != source.sha256:
        raise _WrongError(f"it is another file (SHA-256 {found[:12]}..., not {source.sha256[:12]}...)")
    if source.sha256 is None:
        try:
            tidy(source, file)
        except SolveError as error:
            raise _WrongError(error.message) from error
        record(source, file)
    file.replace(place(source))


def _download(source: Source, address: str, progress: Progress) -> None:
    part = folder() / f".{source.file}.part"
    reason = ""
    if source.bytes is None:
        part.unlink(missing_ok=True)  # its maker may have changed it since: there is no going on
    for pause in (0.0, *PAUSES):
        time.sleep(pause)
        try:
            _receive(source, address, part, progress)
            _accept_or_drop(source, part)
        except _TryAgainError as error:
            reason = str(error)
        except _WrongError as error:
            raise SolveError(f"`{source.name}` cannot be downloaded: {error}", remedy=source.by_hand) from error
        else:
            return
    raise SolveError(f"`{source.name}` cannot be downloaded: {reason}", remedy=source.by_hand)


def _accept_or_drop(source: Source, part: Path) -> None:
    try:
        _accept(source, part)
    except _WrongError as error:
        part.unlink()
        raise _TryAgainError(str(error)) from error


def _receive(source: Source, address: str, part: Path, progress: Progress) -> None:
    """Bring the partial file to its full size, and not beyond."""
    import httpx

    most = source.bytes or MAX_BYTES
    have = part.stat().st_size if part.exists() and source.bytes is not None else 0
    if have > most:
        part.unlink()
        have = 0
    if have == most:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    limits = httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS)
    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                timeout=limits,
                event_hooks={"request": [_check_safe]},
            ) as client,
            client.stream("GET", address, headers=headers) as answer,
        ):
            have = _start(answer, have)
            whole = source.bytes or int(answer.headers.get("Content-Length", 0))
            with part.open("ab" if have else "wb") as file:
                for chunk in answer.iter_bytes():
                    have += len(chunk)
                    if have > most:
                        file.truncate(0)
                        raise _TryAgainError(f"the site sends more than the {most:,} bytes of the file")
                    file.write(chunk)
                    progress(have, whole)
    except httpx.TooManyRedirects as error:
        raise _WrongError("the site leads in circles") from error
    except httpx.InvalidURL as error:
        raise _WrongError(f"{address} is no address") from error
    except httpx.HTTPError as error:
        raise _TryAgainError(f"{type(error).__name__}: {error}".rstrip(": ")) from error
    if have < (source.bytes or whole):
        raise _TryAgainError(f"the connection ended after {have:,} of {source.bytes or whole:,} bytes")


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


def fetched(address: str) -> bytes:
    """What an address gives now, such as a feed; nothing is kept.

    Raises:
        InputError: if it is no https address, gives something else than a file of at most 200 MB, or `TOCSIN_OFFLINE` is set and
            not 0.
    """
    import httpx

    if os.environ.get("TOCSIN_OFFLINE", "0") not in ("", "0"):
        raise InputError("this run is offline", file=address, remedy="save it elsewhere and give the file")
    data = bytearray()
    limits = httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS)
    hooks = {"request": [_check_safe]}
    try:
        with (
            httpx.Client(
                follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=limits, event_hooks=hooks
            ) as client,
            client.stream("GET", address) as answer,
        ):
            _start(answer, 0)
            for chunk in answer.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise _WrongError(f"it sends more than {MAX_BYTES:,} bytes")
    except (httpx.HTTPError, httpx.InvalidURL, _WrongError, _TryAgainError) as error:
        raise InputError(f"cannot be fetched: {error}", file=address, remedy="save it and give the file") from error
    return bytes(data)
