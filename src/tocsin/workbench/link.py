"""The side of a worker process: it reads requests of the server, prints lines of JSON, and ends when the server ends. See `worker`."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from typing import Any, BinaryIO

from tocsin.errors import TocsinError
from tocsin.translation.stored_text import to_data

GRACE = 1.0
"""Seconds in which a worker that is told to end may remove its temporary files."""
CHUNK = 65_536
"""Bytes that are read from a pipe at once."""
SEED = 1
PAUSE = 0.1
"""Seconds between two reports of one stage."""

Say = Callable[..., None]
"""Prints its keyword arguments as a line of JSON."""


class Requests:
    """Lines of JSON that come while earlier ones are worked on."""

    def __init__(self, lines: Iterable[bytes], at_end: Callable[[], None] = lambda: None) -> None:
        """Read lines in a thread of its own until they end, then call a function there."""
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._ahead: list[bytes | None] = []
        Thread(target=self._read, args=(lines, at_end), daemon=True).start()

    def __iter__(self) -> Iterator[Any]:
        """Yield the values of the lines, each as soon as it is there."""
        while (line := self._ahead.pop() if self._ahead else self._queue.get()) is not None:
            yield json.loads(line)

    @property
    def waiting(self) -> bool:
        """Return whether the next line, or the end, is there."""
        return bool(self._ahead) or not self._queue.empty()

    def wait(self, seconds: float) -> None:
        """Wait until the next line, or the end, is there, but no longer than some seconds."""
        if not self.waiting:
            with suppress(Empty):
                self._ahead.append(self._queue.get(timeout=seconds))

    def _read(self, lines: Iterable[bytes], at_end: Callable[[], None]) -> None:
        for line in lines:
            self._queue.put(line)
        self._queue.put(None)
        at_end()


class Link:
    """The link of a worker with its server.

    Attributes:
        requests: what the server sends.
    """

    def __init__(self, requests: Requests, out: BinaryIO) -> None:
        self.requests, self._out = requests, out

    def say(self, **values: Any) -> None:
        """Print values as a line of JSON; texts keep their templates."""
        self.send(json.dumps({name: to_data(value) for name, value in values.items()}).encode() + b"\n")

    def send(self, data: bytes) -> None:
        """Print bytes."""
        self._out.write(data)
        self._out.flush()


@contextmanager
def linked() -> Iterator[Link]:
    """Give the link of this process with its server. A `TocsinError` of the block is printed as `{"message", "remedy"}`.

    The server alone has the standard input and output: what libraries print goes to standard error, and programs that this process starts
    read nothing. When the server closes the input or dies, this process ends within `GRACE` seconds.
    """
    source, target = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, _leave)
    sys.unraisablehook = _leave_later
    with suppress(BrokenPipeError), os.fdopen(target, "wb") as out:  # a broken pipe: the server is gone
        link = Link(Requests(_lines(source), at_end=_end), out)
        try:
            yield link
        except TocsinError as error:
            link.say(message=error.message, remedy=error.remedy)


def _lines(handle: int) -> Iterator[bytes]:
    """Yield the lines of an open file. It has no buffer of its own: Python cannot end while a thread waits for one."""
    rest = b""
    while chunk := os.read(handle, CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _leave(*_signal: object) -> None:
    """End the main thread as an error does, so that temporary files are removed."""
    sys.exit(128 + signal.SIGTERM)


def _leave_later(unraisable: sys.UnraisableHookArgs) -> None:
    """Leave soon again if a callback, such as one of the garbage collector, kept the process from leaving."""
    if isinstance(unraisable.exc_value, SystemExit):
        with suppress(RuntimeError):  # the interpreter ends already
            Timer(PAUSE, os.kill, (os.getpid(), signal.SIGTERM)).start()
    else:
        sys.__unraisablehook__(unraisable)


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)  # a compiled library computes, and Python waits for it


class Reports:
    """Says how far a stage is and how long it still takes, at most every `PAUSE` seconds."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._stage, self._began, self._last = "", 0.0, -inf

    def __call__(self, stage: str, done: float) -> None:
        """Say the share done of a stage."""
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._began, self._last = stage, now, -inf
        if now - self._last > PAUSE or done == 1.0:
            self._last = now
            took = now - self._began
            left = round(took * (1.0 - done) / done, 1) if done and took > PAUSE else None
            self._say(stage=stage, done=round(done, 3), left=left)
