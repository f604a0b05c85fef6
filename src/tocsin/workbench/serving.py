"""Serve the workbench on this machine until the terminal ends it, or nobody used it for an hour."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tocsin.data.shipped import is_shipped
from tocsin.errors import InputError
from tocsin.translation import message
from tocsin.workbench.access import LOCAL, Access
from tocsin.workbench.app import application, screens_of
from tocsin.workbench.asking import Hand
from tocsin.workbench.desk import Desk
from tocsin.workbench.instances import Instance, claimed
from tocsin.workbench.opened import Opened
from tocsin.workbench.running import Background

IDLE = 3600.0
"""Seconds without a request after which the server ends."""
LOOPBACK = "127.0.0.1"
STEP = 0.05
"""Seconds between two looks at the server."""


@dataclass
class Clock:
    """An application that notes when it was last used."""

    app: ASGIApp
    used: float = field(default_factory=time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        self.used = time.monotonic()
        await self.app(scope, receive, send)

    def idle(self) -> float:
        """Return the seconds since the last request."""
        return time.monotonic() - self.used


def listening(port: int = 0, address: str = LOOPBACK) -> socket.socket:
    """Return a socket that listens, on this machine alone unless another address is given.

    Args:
        port: its port; 0 takes a free one.
        address: IPv4 address of an interface; 0.0.0.0 for all.

    Raises:
        InputError: if the port is taken or not allowed.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.bind((address, port))
    except (OSError, OverflowError) as error:
        sock.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            message("cannot listen on {address}, port {port}: {reason}", address=address, port=port, reason=reason),
            remedy=message("leave --port out, or name a free one"),
        ) from None
    sock.listen()
    return sock


class _Server(uvicorn.Server):
    """A server that leaves signals to the workbench: uvicorn would end the process before its children have ended."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield


class Workbench:
    """Serves one case at a time."""

    def __init__(
        self,
        instance: Instance,
        sock: socket.socket,
        *,
        language: str = "en",
        idle: float = IDLE,
        hosts: tuple[str, ...] = (),
        home: Path | None = None,
    ) -> None:
        """Make a server that does not run yet.

        Args:
            instance: the case, claimed for this workbench.
            sock: where to listen.
            language: of the screens.
            idle: seconds without a request after which the server ends.
            hosts: names beside those of this machine by which a browser may call the server.
            home: folder for new cases [default: the present one].
        """
        self._address, port = sock.getsockname()
        self.access = Access(port, (*hosts, *LOCAL))
        self._sock, self._idle, self._stopped = sock, idle, False
        self._language, self._home = language, home or Path.cwd()
        self._instance, self._opened = instance, self._open(instance.file)
        self._screens = screens_of(self._opened, self.access)
        self._clock = Clock(application(self._screens, self.access, self._opened.translator))

    def run(self, ready: Callable[[str], None]) -> None:
        """Serve until the process is interrupted, `stop` is called, or the server was idle.

        Args:
            ready: called with the address that lets one browser in.
        """
        with suppress(KeyboardInterrupt):  # Ctrl-C before the server listens to signals
            asyncio.run(self._run(ready))

    def stop(self) -> None:
        """End the server, from any thread."""
        self._stopped = True

    def _open(self, file: Path) -> Opened:
        desk = Desk(file, writable=not is_shipped(file.parent))
        return Opened(desk, Background(file), Hand(file), self._language, self._home, self._show, self._speak)

    def _serve(self, opened: Opened) -> None:
        """Serve a case from the next request on."""
        self._opened, self._screens = opened, screens_of(opened, self.access)
        self._clock.app = application(self._screens, self.access, self._opened.translator)

    async def _show(self, file: Path) -> None:
        """Show another case in place of the present one.

        Raises:
            InputError: if another workbench shows it, or it cannot be read.
        """
        if file == self._instance.file:
            return
        instance = claimed(file)
        if instance is None:
            raise InputError(
                message("another workbench shows {file}", file=str(file)),
                remedy=message("use that one, or end it first"),
            )
        try:
            opened = self._open(file)
        except InputError:
            instance.release()
            raise
        old_instance, old = self._instance, self._opened
        self._instance = instance
        self._serve(opened)
        self._publish()
        old_instance.release()
        await old.close()

    def _speak(self, language: str) -> None:
        """Give the screens another language."""
        self._language = language
        self._serve(replace(self._opened, language=language))

    def _publish(self) -> None:
        self._instance.publish(self._address, self.access.port, self.access.secret)

    async def _run(self, ready: Callable[[str], None]) -> None:
        self._end_by_signals()
        config = uvicorn.Config(
            self._clock,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = _Server(config)
        self._publish()
        # a browser that comes before the server has started waits: the socket listens; and a browser in a terminal blocks its thread
        opening = asyncio.create_task(asyncio.to_thread(ready, self.access.address()))
        preparing = asyncio.create_task(self._prepare())
        watching = asyncio.create_task(self._watch(server))
        try:
            await server.serve(sockets=[self._sock])
            await watching
        finally:
            opening.cancel()
            preparing.cancel()
            await self._opened.close()  # a last request may have opened another case
            self._instance.release()

    def _end_by_signals(self) -> None:
        """End the server in order by Ctrl-C, by `kill` and when its terminal closes."""
        if threading.current_thread() is threading.main_thread():  # no other thread can take signals
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.stop)

    async def _prepare(self) -> None:
        """Import the screens and read the case before a page asks for them."""
        await self._screens.made()
        with suppress(InputError):  # the page shows the errors of the case
            await asyncio.to_thread(self._opened.desk.case)

    async def _watch(self, server: uvicorn.Server) -> None:
        """End the server when it was idle or is stopped, and then end what runs for it, so that no window waits for it."""
        while not server.should_exit and not self._stopped and self._clock.idle() <= self._idle:
            await asyncio.sleep(STEP)
        server.should_exit = True
        await self._opened.close()
