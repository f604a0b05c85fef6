"""`tocsin open`: where it listens, and by which names it is called."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from tests.facts_only import write_facts_only

from tocsin.cli import main
from tocsin.cli.opening import checked_hosts, warning
from tocsin.workbench.instances import Instance
from tocsin.workbench.serving import LOOPBACK, Workbench, listening


def test_without_an_address_only_this_machine_is_served() -> None:
    with listening() as sock:
        assert sock.getsockname()[0] == LOOPBACK


def test_with_an_address_the_given_names_and_no_others_are_admitted(tmp_path: Path) -> None:
    file = write_facts_only(tmp_path / "case") / "case.yaml"
    workbench = Workbench(Instance(file), listening(0, "0.0.0.0"), hosts=("case.example.org",))
    ready = threading.Event()
    thread = threading.Thread(target=workbench.run, args=(lambda _address: ready.set(),))
    thread.start()
    try:
        assert ready.wait(20)
        access = workbench.access
        assert access.address().startswith(f"http://case.example.org:{access.port}/?token=")
        with httpx.Client(base_url=f"http://127.0.0.1:{access.port}", trust_env=False) as client:
            for host, admitted in {
                "case.example.org": True,
                "localhost": True,
                "127.0.0.1": True,
                "other.example.org": False,
                "0.0.0.0": False,
                socket.gethostname() + ".example": False,
            }.items():
                path = "/" + access.address().partition("/?")[2].join(("?", ""))
                answer = client.get(path, headers={"Host": f"{host}:{access.port}"})
                assert (answer.status_code == 303) is admitted, host
            client.cookies.clear()
            assert client.get("/api/case").status_code == 403  # the token is needed as ever
    finally:
        workbench.stop()
        thread.join()


@pytest.mark.parametrize(
    ("address", "hosts", "said"),
    [
        ("0.0.0.0", ("http://case",), "no name of a machine"),
        ("0.0.0.0", ("*",), "no name of a machine"),
        ("0.0.0.0", ("case:80",), "no name of a machine"),
        ("0.0.0.0", ("",), "no name of a machine"),
        ("127.0.0.1", ("case.example.org",), "without --listen"),
        ("everywhere", (), "no IPv4 address"),
        ("::", (), "no IPv4 address"),
        ("10.0.0.1/8", (), "no IPv4 address"),
    ],
)
def test_a_wrong_address_or_name_is_refused(tmp_path: Path, address: str, hosts: tuple[str, ...], said: str) -> None:
    case = write_facts_only(tmp_path / "case")
    words = [word for host in hosts for word in ("--host", host)]
    result = CliRunner().invoke(main, ["open", str(case), "--no-browser", "--listen", address, *words])
    assert result.exit_code == 2
    assert said in result.output


def test_names_are_taken_in_lower_case_as_browsers_send_them() -> None:
    assert checked_hosts("0.0.0.0", ("Case.Example.org", "10.0.0.7")) == ("case.example.org", "10.0.0.7")


def test_an_address_that_the_machine_has_not_is_refused(tmp_path: Path) -> None:
    case = write_facts_only(tmp_path / "case")
    result = CliRunner().invoke(main, ["open", str(case), "--no-browser", "--listen", "192.0.2.1"])
    assert result.exit_code == 2
    assert "cannot listen on 192.0.2.1" in result.output


def test_the_warning_says_what_others_can_do() -> None:
    assert "without encryption" in warning("0.0.0.0")
    assert "0.0.0.0" in warning("0.0.0.0")
