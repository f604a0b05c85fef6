"""What happens at the edges of a command: errors, interrupts, and a standard output that cannot be written."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import NoReturn, TypeVar

import click

from tocsin import __version__
from tocsin.cli.output import warn
from tocsin.errors import InputError, SolveError, TocsinError
from tocsin.translation import message

T = TypeVar("T")
AGAIN = 0.5
"""Seconds after which an interrupt is sent again if the command still runs."""
LISTEN = 0.1
"""Seconds between two moments at which a waiting command takes an interrupt. A wait without end would not see it: Polars makes the
system restart what a signal interrupts (pola-rs/polars, issue 21739)."""


@contextmanager
def guarded() -> Iterator[None]:
    """Print every error of a command as a message and set the exit status.

    The status is 1 if a computation failed, 2 for bad input, 130 if the command was interrupted.
    """
    try:
        with _repeated_interrupts():
            _escape_what_the_encoding_lacks()
            try:
                yield
            finally:
                sys.stdout.flush()  # a full disk shows here
    except TocsinError as error:
        fail(error)
    except (click.ClickException, click.exceptions.Exit):
        raise
    except (KeyboardInterrupt, click.exceptions.Abort) as error:
        if isinstance(error.__context__, EOFError):
            remedy = message("answer with options, see {command}", command="--help")
            fail(InputError(message("the input ended before all questions were answered"), remedy=remedy))
        warn(message("interrupted; no file is half-written"))
        if isinstance(error, StillComputing):
            sys.stderr.flush()
            os._exit(130)  # the usual end of the program would wait for the computation, or pull its memory away
        sys.exit(130)
    except MemoryError:
        fail(SolveError(message("out of memory"), remedy=message("use fewer --draws")))
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # the reader has enough; click ends quietly
        if error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
            _close_output()
            wrong = message("cannot write to standard output: {reason}", reason=error.strerror or "")
            fail(SolveError(wrong, remedy=message("check disk space")))
        _unexpected(error)
    except Exception as error:  # noqa: BLE001 -- the last place that can turn an error into a message
        _unexpected(error)


class StillComputing(KeyboardInterrupt):
    """An interrupt while a computation runs in a thread of its own."""


def apart(compute: Callable[[], T]) -> T:
    """Return `compute()`, computed in a thread of its own.

    An interrupt then meets this thread, which waits, and never a compiled library, which may drop it or abort the program.

    Raises:
        StillComputing: if an interrupt arrives; the computation goes on until the program ends.
        BaseException: whatever `compute` raises.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            results.append(compute())
        except BaseException as error:  # noqa: BLE001 -- raised again in the waiting thread
            errors.append(error)
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    try:
        while not done.wait(LISTEN):
            pass
    except KeyboardInterrupt as error:
        raise StillComputing from error
    if errors:
        raise errors[0]
    return results[0]


def fail(error: TocsinError) -> NoReturn:
    """Print an error and exit with its status."""
    warn(error.text())
    sys.exit(error.exit_code)


def _unexpected(error: Exception) -> NoReturn:
    """Store the details of an error that nothing foresaw, and say in one line what to report."""
    details = f"tocsin {__version__}, Python {sys.version.split()[0]}\n{traceback.format_exc()}"
    where = message("the details could not be stored")
    with (
        suppress(OSError),
        tempfile.NamedTemporaryFile(
            "w", prefix="tocsin-error-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file,
    ):
        file.write(details)
        where = message("details: {file}", file=file.name)
    fault = f"{type(error).__name__}: {error}".splitlines()[0]
    report = message(
        "a fault of Tocsin, {fault}. Please report it with the command and its input ({where}).",
        fault=fault,
        where=where,
    )
    warn(report)
    sys.exit(1)


def _close_output() -> None:
    """Close standard output, so that Python does not try to write the rest of it at the end."""
    with suppress(OSError, ValueError):
        sys.stdout.close()


def _escape_what_the_encoding_lacks() -> None:
    """Print characters that the encoding of a terminal lacks as escapes, rather than stop."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def _repeated_interrupts() -> Iterator[None]:
    """Send an interrupt again until it ends the command.

    Python drops an exception in a callback, such as one of the garbage collector or of a library in C, and the interrupt with it.
    """
    main = threading.main_thread()
    if threading.current_thread() is not main:
        yield
        return
    done, sending = threading.Event(), threading.Lock()

    def again() -> None:
        if not done.wait(AGAIN):
            with sending:
                if not done.is_set():
                    signal.pthread_kill(main.ident or 0, signal.SIGINT)

    def end() -> None:
        """Let no interrupt be sent from here on; one that arrives meanwhile would otherwise meet the end of the program."""
        while not done.is_set():
            with suppress(KeyboardInterrupt), sending:
                done.set()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if not done.is_set():
            threading.Thread(target=again, daemon=True).start()
            raise KeyboardInterrupt

    usual = signal.signal(signal.SIGINT, interrupt)
    try:
        with _dropped_interrupts_unprinted():
            yield
    finally:
        end()
        signal.signal(signal.SIGINT, usual)


@contextmanager
def _dropped_interrupts_unprinted() -> Iterator[None]:
    """Print no traceback of an interrupt that a callback dropped; Cython prints it as if nothing had caught it."""
    hook, printer = sys.unraisablehook, sys.excepthook

    def quiet(dropped: sys.UnraisableHookArgs) -> None:
        if not isinstance(dropped.exc_value, KeyboardInterrupt):
            hook(dropped)

    def unprinted(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            printer(kind, error, trace)

    sys.unraisablehook, sys.excepthook = quiet, unprinted
    try:
        yield
    finally:
        sys.unraisablehook, sys.excepthook = hook, printer
