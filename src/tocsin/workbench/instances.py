"""One workbench for each case and user: a second `tocsin open` finds the first, and gets a new address from it.

A workbench holds a lock on a file in the user's state folder, and writes there where it listens and a secret. The system frees the lock
when its process ends, also by a kill, so an old file is no obstacle.
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import json
import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import InputError
from tocsin.runs.places import folder
from tocsin.translation import message
from tocsin.workbench.access import RENEWAL

WAIT = 10.0
"""Seconds in which a workbench that just started must answer."""
STEP = 0.1
MAX_SIZE = 4096
"""Bytes of an instance file that are read."""
EVERYWHERE, LOOPBACK = "0.0.0.0", "127.0.0.1"  # noqa: S104  compared with, never bound


@dataclass
class Instance:
    """The claim of a workbench to be the only one of a case.

    Attributes:
        file: the case file.
    """

    file: Path
    _handle: int | None = None

    def publish(self, address: str, port: int, secret: str) -> None:
        """Tell later workbenches of this user where this one listens, and the secret that gets an address."""
        if self._handle is not None:
            at = LOOPBACK if address == EVERYWHERE else address
            data = json.dumps({"at": at, "port": port, "secret": secret, "pid": os.getpid()})
            os.pwrite(self._handle, data.encode(), 0)

    def release(self) -> None:
        """Give the claim up."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def claimed(file: Path) -> Instance | None:
    """Return the claim to a case; None if another workbench of this user has it.

    Where the state folder cannot be written, nothing is claimed: edits are still safe by their version.

    Args:
        file: the case file, resolved.
    """
    handle = _handle(file)
    if handle is None:
        return Instance(file)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:  # a file system without locks
        os.close(handle)
        return Instance(file)
    os.ftruncate(handle, 0)
    return Instance(file, handle)


def address_of_running(file: Path) -> str:
    """Return a new address, for one browser, of the workbench that shows a case.

    Raises:
        InputError: if it does not answer within `WAIT` seconds.
    """
    end = time.monotonic() + WAIT
    while True:
        known = _published(file)
        if known is not None and (address := _renewed(known)):
            return address
        if time.monotonic() > end:
            raise InputError(
                message("a workbench of this case runs (process {number}), but does not answer", number=known["pid"])
                if known
                else message("a workbench of this case runs, but does not answer"),
                file=str(file),
                remedy=message("end it, then run `tocsin open` again"),
            )
        time.sleep(STEP)


def _handle(file: Path) -> int | None:
    """Return an open file of this user alone for the claim to a case; None if there can be none."""
    path = _path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    status = os.fstat(handle)
    if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) != 0o600:  # another user could read the secret
        os.close(handle)
        return None
    return handle


def _path(file: Path) -> Path:
    """Return the instance file of a case; users that share the folder have files of their own."""
    return folder() / "workbench" / f"{os.geteuid()}-{hashlib.sha256(os.fsencode(file)).hexdigest()[:32]}"


def _published(file: Path) -> dict[str, str] | None:
    handle = _handle(file)
    if handle is None:
        return None
    try:
        data = json.loads(os.pread(handle, MAX_SIZE, 0))
        return {name: str(data[name]) for name in ("at", "port", "secret", "pid")}
    except (ValueError, TypeError, KeyError):  # it is starting
        return None
    finally:
        os.close(handle)


def _renewed(known: dict[str, str]) -> str:
    """Return the address that a workbench gives; empty if it does not answer."""
    connection = http.client.HTTPConnection(known["at"], int(known["port"]), timeout=1)
    headers = {"Host": f"{LOOPBACK}:{known['port']}", "Authorization": f"Bearer {known['secret']}"}
    try:
        connection.request("POST", RENEWAL, headers=headers)
        answer = connection.getresponse()
        text = answer.read(MAX_SIZE).decode("utf-8", "replace")
        return text if answer.status == http.client.OK else ""
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
