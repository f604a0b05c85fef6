"""Sweeps on a Dask cluster of real workers over TCP; one of them is killed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.assessment import record
from tocsin.assessment.sweep import cluster
from tocsin.assessment.sweep.cluster import is_open, on_cluster
from tocsin.assessment.sweep.design import grid
from tocsin.assessment.sweep.job import Job
from tocsin.assessment.sweep.model import quantities
from tocsin.assessment.sweep.run import run
from tocsin.errors import InputError, SolveError

pytest.importorskip("distributed", reason="Dask is not installed")
pytestmark = pytest.mark.numeric

SOURCE = str(Path(__file__).resolve().parents[2] / "src")
HAZARD = "hazard(GAM.alignment, leave)"


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@contextmanager
def started(name: str, *arguments: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process of Dask, and kill it at the end; its configuration is the YAML in the folder."""
    paths = os.pathsep.join([SOURCE, os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{name}", *arguments, "--no-dashboard"],
        env=os.environ | {"PYTHONPATH": paths, "DASK_CONFIG": str(folder)},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(protocol: str, folder: Path) -> Iterator[str]:
    port = free_port()
    options = ("--protocol", protocol, "--host", "127.0.0.1", "--port", str(port))
    with started("scheduler", *options, folder=folder):
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"{protocol}://127.0.0.1:{port}"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with scheduler("tcp", tmp_path) as address:
        yield address


@contextmanager
def workers(address: str, count: int, folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    from distributed import Client

    options = (address, "--nthreads", "1", "--no-nanny")
    if not count:
        yield []
        return
    with started("worker", *options, folder=folder) as first, workers(address, count - 1, folder) as others:
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=120)
        yield [first, *others]


def job_of(tmp_path: Path, quantity: str = "risk()", rows: int = 320) -> Job:
    case = minimal_case(tmp_path / "case")
    return Job(case, grid(case, {}, worlds=rows, seed=1), quantities(case, [quantity]), False, 16)


@pytest.mark.slow
def test_two_workers_of_which_one_is_killed_give_the_file_of_one_machine(address: str, tmp_path: Path) -> None:
    job, seen = job_of(tmp_path), []
    run(job, tmp_path / "local.parquet")
    with workers(address, 2, tmp_path) as processes:

        def kill(done: int, _rows: int) -> None:
            seen.append(done)
            if len(seen) == 4:
                processes[0].kill()

        run(job, tmp_path / "cluster.parquet", compute=on_cluster(address), progress=kill)
    assert len(seen) == 21
    assert (tmp_path / "cluster.parquet").read_bytes() == (tmp_path / "local.parquet").read_bytes()


@pytest.mark.slow
def test_a_run_whose_workers_are_all_lost_stops_and_goes_on_elsewhere(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 1.0)
    job, output = job_of(tmp_path), tmp_path / "table.parquet"
    with workers(address, 1, tmp_path) as processes:

        def kill(done: int, _rows: int) -> None:
            if done == 32:
                processes[0].kill()

        with pytest.raises(SolveError, match="no worker left"):
            run(job, output, compute=on_cluster(address), progress=kill)
    assert run(job, output) >= 32
    run(job, tmp_path / "local.parquet")
    assert output.read_bytes() == (tmp_path / "local.parquet").read_bytes()


@pytest.mark.slow
def test_a_cluster_without_workers_or_with_other_versions_is_one_clear_line(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(tmp_path, HAZARD, rows=16)
    monkeypatch.setattr(cluster, "ARRIVE", 1.0)
    with pytest.raises(InputError, match=r"the cluster at tcp://.* has no worker\n"):
        run(job, tmp_path / "table.parquet", compute=on_cluster(address))
    with workers(address, 1, tmp_path):
        real = record.versions
        monkeypatch.setattr(cluster, "versions", lambda *names: real(*names) | {"tocsin": "0.0.9"})
        with pytest.raises(InputError, match=r"the worker at tcp://.* has tocsin .*, and this machine has 0\.0\.9\n"):
            run(job, tmp_path / "table.parquet", compute=on_cluster(address))
    assert not (tmp_path / "table.parquet").exists()


CERTIFICATES = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
openssl req -newkey rsa:2048 -nodes -subj /CN=node -keyout node.key -out node.csr
openssl x509 -req -in node.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out node.pem
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL is not installed")
def test_a_cluster_behind_tls_works_as_documented_and_refuses_strangers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask.config
    import distributed  # noqa: F401 -- it fills the configuration
    import yaml

    subprocess.run(["sh", "-ec", CERTIFICATES], cwd=tmp_path, check=True, capture_output=True)
    documented = (Path(SOURCE).parent / "docs" / "scale.md").read_text(encoding="utf-8")
    (written,) = re.findall(r"```yaml\n(distributed:.*?)```", documented, re.DOTALL)
    (tmp_path / "dask.yaml").write_text(written.replace("/etc/tocsin", str(tmp_path)))
    job, output = job_of(tmp_path, HAZARD, rows=16), tmp_path / "table.parquet"
    own = yaml.safe_load((tmp_path / "dask.yaml").read_text())["distributed"]
    both = dask.config.merge(dask.config.get("distributed"), own)
    with scheduler("tls", tmp_path) as address:
        with dask.config.set({"distributed": both}), workers(address, 1, tmp_path):
            run(job, output, compute=on_cluster(address))
        assert output.exists()
        monkeypatch.setattr(cluster, "CONNECT", 3.0)
        with pytest.raises(InputError, match="cannot connect to tls://"):
            run(job, output, compute=on_cluster(address))
        with pytest.raises(InputError, match="no Dask scheduler answers"):
            run(job, output, compute=on_cluster(address.replace("tls:", "tcp:")))


def test_a_cluster_that_is_not_there_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1.0)
    job, address = job_of(tmp_path, HAZARD, rows=16), f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(InputError, match="no Dask scheduler answers at tcp://"):
        run(job, tmp_path / "table.parquet", compute=on_cluster(address))


def test_a_server_that_is_no_cluster_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    connection.close()
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        job, address = job_of(tmp_path, HAZARD, rows=16), f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(InputError, match="no Dask scheduler answers at tcp://"):
            run(job, tmp_path / "table.parquet", compute=on_cluster(address))


def test_only_addresses_of_clusters_are_taken() -> None:
    with pytest.raises(InputError, match="is not the address of a cluster"):
        on_cluster("http://host:8786")


def test_tcp_to_another_machine_counts_as_open() -> None:
    assert is_open("tcp://10.0.0.5:8786")
    assert not any(map(is_open, ("tcp://[::1]:8786", "tcp://localhost:8786", "tls://10.0.0.5:8786")))
