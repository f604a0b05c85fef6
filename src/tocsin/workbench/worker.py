"""Processes that work beside the server: `python -m tocsin.workbench.MODULE`. What they do on their side is in `link`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from tocsin.errors import InputError
from tocsin.translation import Said, message
from tocsin.translation.stored_text import from_data
from tocsin.workbench.link import CHUNK, GRACE

MAX_LINE = 16_000_000
"""Bytes of the longest line that a worker may print."""
DEATH = 10.0
"""Seconds in which a killed process has ended, on the slowest machine that works."""
TEXTS = ("stage", "message", "remedy")
"""Values of a line that are texts."""
AGAIN = message("start it again; if it fails again, report what the terminal of `tocsin open` shows")

T = TypeVar("T")


@dataclass(frozen=True)
class Stage:
    """How far a stage of some work is.

    Attributes:
        stage: its name.
        done: share of it that is done, in [0, 1].
        left: estimated seconds until it is done; None if not known.
    """

    stage: Said
    done: float
    left: float | None


class Worker:
    """A worker process. It prints lines of JSON, takes lines of JSON, and ends when this process ends, however that happens."""

    def __init__(self, process: Process, out: asyncio.StreamReader, pipe: asyncio.ReadTransport) -> None:
        assert process.stdin is not None
        self._process, self._in, self._out, self._pipe = process, process.stdin, out, pipe

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Worker:
        """Start a worker; Ctrl-C in the terminal does not reach it.

        Args:
            module: its name in `tocsin.workbench`.
            arguments: of its command line.

        Raises:
            InputError: if the system starts no process.
        """
        command = (sys.executable, "-m", f"tocsin.workbench.{module}", *arguments)
        try:
            target, out, pipe = await _pipe()
            try:
                process = await asyncio.create_subprocess_exec(
                    *command, stdin=PIPE, stdout=target, start_new_session=True
                )
            except BaseException:
                pipe.close()
                raise
            finally:
                os.close(target)
        except OSError as error:
            raise InputError(
                message("cannot start a process: {reason}", reason=error.strerror or ""),
                remedy=message("close other programs, then try again"),
            ) from None
        return cls(process, out, pipe)

    def send(self, request: Mapping[str, Any]) -> None:
        """Send the worker a line. It is dropped if the worker has ended."""
        self._in.write(json.dumps(request).encode() + b"\n")

    async def lines(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the lines that the worker prints, until it ends.

        Raises:
            InputError: if a line is too long, or is not a JSON object.
        """
        while line := await self._line():
            yield parsed(line)

    async def _line(self) -> bytes:
        try:
            return await self._out.readline()
        except ValueError:
            raise InputError(
                message(
                    "the process that does the work printed a line of more than {most} bytes", most=f"{MAX_LINE:,}"
                ),
                remedy=AGAIN,
            ) from None

    async def result(self, report: Callable[[Stage], None] = lambda _stage: None) -> Any:
        """Return the result of the work.

        Args:
            report: called with each stage on the way there.

        Raises:
            InputError: if the worker says why there is no result, prints what cannot be read, or ends without a result.
        """
        async for line in self.lines():
            if "result" in line:
                return line["result"]
            if "message" in line:
                raise InputError(line["message"], remedy=line.get("remedy"))
            if line.keys() != Stage.__annotations__.keys():
                raise _unreadable()
            report(Stage(**line))
        raise InputError(message("the work ended before it was done"), remedy=AGAIN)

    async def read(self, size: int) -> bytes:
        """Return the next `size` bytes that the worker prints.

        Raises:
            InputError: if it ends before.
        """
        try:
            return await self._out.readexactly(size)
        except asyncio.IncompleteReadError:
            raise InputError(message("the work ended before it was done"), remedy=AGAIN) from None

    async def end(self) -> None:
        """End the worker, unless it has ended, and what it started; nobody may read its lines meanwhile."""
        if not self._out.at_eof():
            with suppress(ProcessLookupError):
                self._process.terminate()
        try:
            if not await self._has_ended():
                await self._kill()
        except asyncio.CancelledError:
            await self._kill()
            raise
        finally:
            self._in.close()
            self._pipe.close()

    async def _has_ended(self) -> bool:
        """Return whether the worker ends within `GRACE` seconds. What it still prints is dropped: a full pipe would keep it from ending."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                while await self._out.read(CHUNK):
                    pass
                await self._process.wait()
                return True
        return False

    async def _kill(self) -> None:
        """Kill the worker and what it started in its session, which may hold the pipe open after the worker has ended."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._in.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(DEATH):
                await self._process.wait()


async def _pipe() -> tuple[int, asyncio.StreamReader, asyncio.ReadTransport]:
    """Return the end of a pipe to write to, and its reader with what closes it, also while another process holds the end to write to."""
    source, target = os.pipe()
    out = asyncio.StreamReader(limit=MAX_LINE)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(out), os.fdopen(source, "rb", buffering=0)
    )
    return target, out, pipe


def parsed(line: bytes) -> dict[str, Any]:
    """Return the values of a line, with its texts as they were said; raises InputError if it cannot be read."""
    with suppress(ValueError):
        values = json.loads(line)
        if isinstance(values, dict):
            return values | {name: from_data(values[name]) for name in TEXTS if values.get(name) is not None}
    raise _unreadable()


def _unreadable() -> InputError:
    return InputError(message("the process that does the work printed a line that cannot be read"), remedy=AGAIN)


@asynccontextmanager
async def working(module: str, *arguments: str) -> AsyncIterator[Worker]:
    """Give a worker that ends with the block; for arguments and errors see `Worker.start`."""
    worker = await Worker.start(module, *arguments)
    try:
        yield worker
    finally:
        await worker.end()


class Slot:
    """Room for one piece of work at a time on a case, until the case is closed."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Any] | None = None
        self._closed = False

    @property
    def busy(self) -> bool:
        """Return whether some work is under way."""
        return self._task is not None and not self._task.done()

    def start(self, work: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        """Start some work.

        Raises:
            InputError: if the case was closed.
        """
        if self._closed:
            raise InputError(message("this case was closed"), remedy=message("load the page again"))
        task = asyncio.create_task(work())
        self._task = task
        return task

    def stop(self) -> None:
        """Stop the work that is under way, if there is some."""
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """Stop the work, wait until its process has ended, and let none follow."""
        self._closed = True
        self.stop()
        if self._task is not None:
            await asyncio.wait([self._task])


def failure(task: asyncio.Task[Any]) -> InputError | None:
    """Return why work that was not stopped failed; None if it did not. The terminal shows an error that nothing foresaw."""
    error = task.exception()
    if error is None or isinstance(error, InputError):
        return error
    task.get_loop().call_exception_handler({"message": "work in the background failed", "exception": error})
    return InputError(message("the workbench failed: {error}", error=type(error).__name__), remedy=AGAIN)
