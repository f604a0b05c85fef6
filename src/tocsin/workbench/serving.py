"""Serve the workbench on this machine until the terminal ends it, or nobody used it for an hour."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from tocsin.errors import InputError
from tocsin.workbench.access import Access
from tocsin.workbench.app import application
from tocsin.workbench.asking import Hand
from tocsin.workbench.desk import Desk
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


def listening(port: int = 0) -> socket.socket:
    """Return a socket that listens on this machine alone.

    Args:
        port: its port; 0 takes a free one.

    Raises:
        InputError: if the port is taken or not allowed.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        sock.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"cannot listen on port {port}: {reason}", remedy="leave --port out, or name a free one"
        ) from None
    sock.listen()
    return sock


def serve(
    desk: Desk, sock: socket.socket, ready: Callable[[str], None], *, language: str = "en", idle: float = IDLE
) -> None:
    """Serve a case until the process is interrupted or the server was idle for some seconds.

    Args:
        desk: the case.
        sock: where to listen.
        ready: called with the address that lets one browser in.
        language: of the screens.
        idle: seconds.
    """
    access = Access(sock.getsockname()[1])
    background, hand = Background(desk.file), Hand(desk.file)
    clock = Clock(application(desk, access, background, hand, language))
    config = uvicorn.Config(
        clock,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        helper = asyncio.create_task(_watched(server, clock, lambda: ready(access.address()), idle))
        helper.add_done_callback(lambda _task: background.close())
        helper.add_done_callback(lambda _task: hand.close())
        await server.serve(sockets=[sock])

    with suppress(KeyboardInterrupt):  # the way to end it
        asyncio.run(run())


async def _watched(server: uvicorn.Server, clock: Clock, ready: Callable[[], None], idle: float) -> None:
    """Say when the server is ready, and end it when it was idle for some seconds; return when it ends."""
    while not server.started and not server.should_exit:
        await asyncio.sleep(STEP)
    ready()
    while not server.should_exit and clock.idle() <= idle:
        await asyncio.sleep(STEP)
    server.should_exit = True
