"""Compute the chunks of a sweep on a Dask cluster.

Chunks are the same as on one machine, so the table is the same file. Dask sends the case and the chunks as pickles over its own
connections. Whoever can reach a scheduler over plain TCP can therefore run code on its workers: see docs/scale.md for TLS.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tocsin.assessment.record import versions
from tocsin.assessment.sweep.job import LIBRARIES, Job
from tocsin.assessment.sweep.run import Compute
from tocsin.case.hashes import digest
from tocsin.errors import InputError, SolveError
from tocsin.translation import message

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT = 10.0
"""Seconds to wait for the scheduler."""
ARRIVE = 60.0
"""Seconds to wait for the first worker: a batch system starts them together with the run."""
PATIENCE = 120.0
"""Seconds without any worker after which a run stops."""
LISTEN = 2.0
"""Seconds between two looks at the workers while no chunk is finished."""
RESUME = message("finished chunks are kept; the same command goes on with the others")


def on_cluster(address: str) -> Compute:
    """Return a way to compute chunks on a cluster, for `run.run`.

    Args:
        address: of the Dask scheduler, `tcp://HOST:PORT` or `tls://HOST:PORT`. The certificates of TLS are those of Dask's configuration.

    Raises:
        InputError: if the address has another form or Dask is not installed; later, if no scheduler answers, there is no worker, or a
            worker has other versions.
        SolveError: later, if the cluster is lost, or a chunk kills one worker after another.
    """
    if not address.startswith(("tcp://", "tls://")):
        raise InputError(
            message("`{address}` is not the address of a cluster", address=address),
            remedy=message("write tcp://HOST:PORT or tls://HOST:PORT"),
        )
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise InputError(
            message("Dask is not installed here"),
            remedy=message("run `pip install 'tocsin[cluster]'`, here and on the workers"),
        ) from None
    return partial(_computed, address)


def is_open(address: str) -> bool:
    """Return whether others could read or change what passes to a cluster: it is neither on this machine nor behind TLS."""
    host = urlsplit(address).hostname or ""
    return address.startswith("tcp://") and host not in ("127.0.0.1", "::1", "localhost")


def _computed(address: str, job: Job, indices: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    from distributed import CancelledError, KilledWorker
    from distributed.comm import CommClosedError

    with _quiet_logs(), _connected(address) as client, client.as_current():
        _check_workers(client, address)
        try:
            yield from _results(client, job, list(indices))
        except KilledWorker:
            raise SolveError(
                message("one chunk stopped several workers, perhaps for lack of memory"),
                remedy=message("give each worker 2 GB or more; {resume}", resume=RESUME),
            ) from None
        except (CancelledError, CommClosedError, OSError):
            raise SolveError(message("the cluster at {address} was lost", address=address), remedy=RESUME) from None


def _results(client: Client, job: Job, indices: list[int]) -> Iterator[tuple[int, bytes]]:
    """Yield chunks as workers finish them. Only a few are submitted at a time, so neither machine stores many."""
    name, own = digest(job.description().encode()), versions(*LIBRARIES)
    running: dict[Future[bytes], int] = {}
    waiting = indices[::-1]
    seen = time.monotonic()
    while waiting or running:
        while waiting and len(running) < 2 * max(_threads(client), 1):
            index = waiting.pop()
            running[client.submit(_part, job, index, own, key=f"tocsin-{name}-{index}")] = index
        for future in [future for future in running if future.done()]:
            index = running.pop(future)
            yield index, future.result()
            seen = time.monotonic()
        if _threads(client):
            seen = time.monotonic()
        elif time.monotonic() - seen > PATIENCE:
            raise SolveError(
                message("the cluster has no worker left"), remedy=message("start workers; {resume}", resume=RESUME)
            )
        _wait(list(running))


def _wait(futures: list[Future[bytes]]) -> None:
    from distributed import TimeoutError as StillRunning
    from distributed import wait

    if futures:
        try:
            wait(futures, timeout=LISTEN, return_when="FIRST_COMPLETED")
        except StillRunning:
            return


def _threads(client: Client) -> int:
    """Return the number of threads of all workers, as last heard from the scheduler."""
    return sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())


def _part(job: Job, index: int, expected: Mapping[str, str]) -> bytes:
    """Compute a chunk on a worker, which may have joined after the others were checked."""
    if (differing := _differing(expected, versions(*LIBRARIES))) is not None:
        raise InputError(message("a worker has {differing}", differing=differing), remedy=SAME)
    return job.part(index)


# --- checks --------------------------------------------------------------------------------------------------------

SAME = message("install the same versions on all machines, for example from one image")


def _differing(expected: Mapping[str, str], there: Mapping[str, str]) -> str | None:
    """Return the first difference between two sets of versions in words; None if they are equal."""
    for name, version in expected.items():
        if there.get(name) != version:
            other = there.get(name, message("missing"))
            return message("{name} {other}, and this machine has {version}", name=name, other=other, version=version)
    return None


def _worker_versions() -> dict[str, str]:
    return versions(*LIBRARIES)


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """Yield a client of a scheduler.

    Raises:
        InputError: if no scheduler answers there, or TLS is not set up.
    """
    from distributed import Client

    try:
        asyncio.run(_greet(address))  # a client that cannot connect does not end cleanly
    except (OSError, TimeoutError, MemoryError):  # another protocol can look like a message of exabytes
        raise InputError(
            message("no Dask scheduler answers at {address}", address=address),
            remedy=message("start one with `dask scheduler`, and check host and port"),
        ) from None
    except (TypeError, ValueError, RuntimeError) as error:
        first = str(error).partition("\n")[0].partition(" Instead")[0]
        raise InputError(
            message("cannot connect to {address}: {reason}", address=address, reason=first),
            remedy=message("see docs/scale.md for TLS"),
        ) from None
    client = Client(address, timeout=CONNECT, set_as_default=False)
    try:
        yield client
    finally:
        client.close(timeout=CONNECT)


async def _greet(address: str) -> None:
    """Connect to a scheduler and leave."""
    from distributed.core import connect
    from distributed.security import Security

    comm = await connect(address, timeout=CONNECT, **Security().get_connection_args("client"))
    await comm.close()


def _check_workers(client: Client, address: str) -> None:
    """Check that there is a worker, and that scheduler and workers have the versions of this machine.

    Raises:
        InputError: if not; it names the worker and the first difference.
    """
    from distributed import TimeoutError as StillWaiting

    try:
        client.wait_for_workers(1, timeout=ARRIVE)
    except StillWaiting:
        raise InputError(
            message("the cluster at {address} has no worker", address=address),
            remedy=message("start one with `dask worker {address}`", address=address),
        ) from None
    known = client.get_versions()
    speaks = {"distributed": known["client"]["packages"]["distributed"]}
    if (differing := _differing(speaks, known["scheduler"]["packages"])) is not None:
        raise InputError(
            message("the scheduler at {address} has {differing}", address=address, differing=differing), remedy=SAME
        )
    own = _worker_versions()
    results: dict[str, Any] = client.run(_worker_versions, on_error="return")
    for worker, there in results.items():
        if not isinstance(there, dict):
            raise InputError(
                message("the worker at {worker} cannot load tocsin {version}", worker=worker, version=own["tocsin"]),
                remedy=SAME,
            )
        if (differing := _differing(own, there)) is not None:
            raise InputError(
                message("the worker at {worker} has {differing}", worker=worker, differing=differing), remedy=SAME
            )


@contextmanager
def _quiet_logs() -> Iterator[None]:
    """Let Dask print no tracebacks of its own: what a reader needs to know is in our errors."""
    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
