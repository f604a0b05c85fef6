"""Download a source into the cache, or import a file that the user downloaded.

A download resumes where it stopped and is retried after a transient failure. A file enters the cache only if its
checksum is right or, if the registry states none, it holds the table of its source.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from tocsin.data.cache import cache_folder, cache_path, checksum, prepare, record_pin, status, unwritable
from tocsin.data.readers import tidy
from tocsin.data.registry import Source
from tocsin.errors import InputError, SolveError
from tocsin.files import replacing
from tocsin.reading import open_file
from tocsin.translation import message

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int, int], None]
"""Called with the bytes received and the bytes expected; the latter is 0 if unknown."""

ATTEMPTS = 4
WAIT = wait_exponential_jitter(initial=1.0, exp_base=3.0, max=8.0)
"""Seconds between attempts: 1 to 2, 3 to 4, then 8."""

CONNECT_SECONDS, STALL_SECONDS = 15.0, 30.0
"""Limits on connecting to a site, and on waiting for its next bytes."""

MAX_REDIRECTS = 5
MAX_BYTES = 200 * 2**20
"""Largest file accepted, in bytes, if the registry states no size."""
PIECE = 2**20
"""Bytes of an imported file that are copied at once."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _TransientError(Exception):
    """A failure that may pass: a broken connection, a busy site, an incomplete file."""


class _PermanentError(Exception):
    """A failure that another attempt will not change."""


def download(
    source: Source, *, offline: bool = False, progress: Progress | None = None, address: str | None = None
) -> Path:
    """Return the path of a source in the cache, after downloading it if necessary.

    If two processes request the same source, one downloads and the other waits. A partial download is resumed.

    Args:
        source: the source.
        offline: never download; also if `TOCSIN_OFFLINE` is set to anything but 0.
        progress: see `Progress`.
        address: another address of the same file.

    Raises:
        SolveError: if the download fails, with instructions for a manual download; or if the cache is not writable.
    """
    from filelock import FileLock

    if status(source) == "intact":
        return cache_path(source)
    if offline or _is_offline():
        raise SolveError(
            message("`{name}` is not in the cache, and this run is offline", name=source.name), remedy=source.by_hand
        )
    if (resolved := address or source.address) is None:
        raise SolveError(f"you must download `{source.name}` yourself: {source.licence}", remedy=source.by_hand)
    folder = prepare()
    try:
        with FileLock(folder / f".{source.file}.lock"):
            if status(source) != "intact":
                _download(source, resolved, progress or (lambda _have, _expected: None))
    except OSError as error:
        raise unwritable(folder, error) from error
    return cache_path(source)


def import_file(source: Source, file: Path) -> Path:
    """Copy a file that the user downloaded into the cache, and return its path there.

    Raises:
        InputError: if the file is unreadable, is not a regular file, or is not that of the source.
        SolveError: if the cache is not writable.
    """
    folder, stored = prepare(), cache_path(source)
    with open_file(file, str(file), None) as original, replacing(stored) as temporary:
        _copy(source, file, original, temporary)
        try:
            _check(source, temporary)
        except _PermanentError as error:
            raise _not_the_source(source, file, error.args[0]) from error
        except OSError as error:
            raise unwritable(folder, error) from error
    return stored


def _copy(source: Source, file: Path, original: BinaryIO, temporary: Path) -> None:
    """Copy a file in pieces, up to the largest size; the size that a file system states may be wrong."""
    limit, size = source.bytes or MAX_BYTES, 0
    try:
        with temporary.open("wb") as copy:
            while chunk := _piece(file, original):
                size += len(chunk)
                if size > limit:
                    reason = message("it has more than the {limit} bytes allowed", limit=f"{limit:,}")
                    raise _not_the_source(source, file, reason)
                copy.write(chunk)
    except OSError as error:
        raise unwritable(temporary.parent, error) from error


def _piece(file: Path, original: BinaryIO) -> bytes:
    try:
        return original.read(PIECE)
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(file), remedy="copy it to another disk") from error


def fetch_bytes(address: str) -> bytes:
    """Return the current content of an address, such as a feed; nothing is cached.

    Raises:
        InputError: if the address is not https, the request fails, the content exceeds 200 MiB, or `TOCSIN_OFFLINE` is
            set to anything but 0.
    """
    if _is_offline():
        raise InputError("this run is offline", file=address, remedy="save the content elsewhere and name the file")
    data = bytearray()
    try:
        with _response(address) as response:
            _start(response, 0)
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_BYTES:
                    raise _PermanentError(f"it sends more than {MAX_BYTES:,} bytes")
    except (_PermanentError, _TransientError) as error:
        raise InputError(f"cannot fetch: {error}", file=address, remedy="save the content and name the file") from error
    return bytes(data)


def _is_offline() -> bool:
    return os.environ.get("TOCSIN_OFFLINE", "0") not in ("", "0")


def _not_the_source(source: Source, file: Path, reason: str) -> InputError:
    where = (
        message("download {address}", address=source.address)
        if source.address
        else message("download it from {publisher}", publisher=source.official)
    )
    wrong = message("this is not the file of `{name}`: {reason}", name=source.name, reason=reason)
    return InputError(wrong, file=str(file), remedy=where)


def _check(source: Source, file: Path) -> None:
    """Check that a complete file is the right one, and record its checksum if the registry states none.

    Raises:
        _PermanentError: if the checksum differs or, if the registry states none, the file does not hold the table of
            this source.
    """
    if source.sha256 is not None and (actual := checksum(file)) != source.sha256:
        raise _PermanentError(
            message(
                "it is another file (SHA-256 {actual}..., not {expected}...)",
                actual=actual[:12],
                expected=source.sha256[:12],
            )
        )
    if source.sha256 is None:
        try:
            tidy(source, file)
        except SolveError as error:
            raise _PermanentError(error.message) from error
        record_pin(source, file)


def _download(source: Source, address: str, progress: Progress) -> None:
    part = cache_folder() / f".{source.file}.part"
    if source.bytes is None:
        part.unlink(missing_ok=True)  # the file may have changed since, so the download cannot be resumed
    attempts = Retrying(
        stop=stop_after_attempt(ATTEMPTS), wait=WAIT, retry=retry_if_exception_type(_TransientError), reraise=True
    )
    try:
        attempts(_attempt, source, address, part, progress)
    except (_PermanentError, _TransientError) as error:
        raise SolveError(
            message("cannot download `{name}`: {reason}", name=source.name, reason=str(error)), remedy=source.by_hand
        ) from error


def _attempt(source: Source, address: str, part: Path, progress: Progress) -> None:
    _receive(source, address, part, progress)
    try:
        _check(source, part)
    except _PermanentError as error:
        part.unlink()
        raise _TransientError(str(error)) from error
    part.replace(cache_path(source))


def _receive(source: Source, address: str, part: Path, progress: Progress) -> None:
    """Download the rest of a partial file, but no more than the full size."""
    limit = source.bytes or MAX_BYTES
    have = part.stat().st_size if part.exists() and source.bytes is not None else 0
    if have > limit:
        part.unlink()
        have = 0
    if have == limit:
        return
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with _response(address, headers) as response:
        have = _start(response, have)
        expected = source.bytes or int(response.headers.get("Content-Length", 0))
        with part.open("ab" if have else "wb") as file:
            for chunk in response.iter_bytes():
                have += len(chunk)
                if have > limit:
                    file.truncate(0)
                    raise _TransientError(f"the site sends more than the {limit:,} bytes of the file")
                file.write(chunk)
                progress(have, expected)
    if have < expected:
        raise _TransientError(f"the connection ended after {have:,} of {expected:,} bytes")


@contextmanager
def _response(address: str, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
    """Open an address over HTTPS, and sort failures into transient and permanent ones."""
    import httpx

    try:
        with (
            httpx.Client(
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                timeout=httpx.Timeout(STALL_SECONDS, connect=CONNECT_SECONDS),
                event_hooks={"request": [_require_https]},
            ) as client,
            client.stream("GET", address, headers=headers) as response,
        ):
            yield response
    except httpx.TooManyRedirects as error:
        raise _PermanentError("too many redirects") from error
    except httpx.InvalidURL as error:
        raise _PermanentError(f"{address} is not a valid address") from error
    except httpx.HTTPError as error:
        raise _TransientError(f"{type(error).__name__}: {error}".rstrip(": ")) from error


def _require_https(request: httpx.Request) -> None:
    """Require HTTPS except on loopback."""
    if request.url.scheme != "https" and request.url.host not in LOOPBACK:
        raise _PermanentError(f"{request.url} is not https")


def _start(response: httpx.Response, have: int) -> int:
    """Return how many bytes of the partial file to keep, from the status of the response."""
    if response.status_code == 206 and have:
        if re.match(rf"bytes {have}-", response.headers.get("Content-Range", "")):
            return have
        raise _TransientError("the site resumes at the wrong byte")
    if response.status_code == 200:
        return 0
    message = f"the site answers {response.status_code} {response.reason_phrase}".rstrip()
    if response.status_code in (408, 416, 425, 429) or response.status_code >= 500:
        raise _TransientError(message)
    raise _PermanentError(message)
