"""A second `tocsin open` of a case says so and gives a new address; old files, other users and other cases are no obstacle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.facts_only import write_facts_only
from tests.workbench.conftest import serving

from tocsin.errors import InputError
from tocsin.runs.places import folder
from tocsin.workbench import instances
from tocsin.workbench.access import RENEWAL, Access
from tocsin.workbench.instances import Instance, address_of_running, claimed


@contextmanager
def opening(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run `tocsin open` in a process of its own, and end it."""
    command = [sys.executable, "-m", "tocsin", "open", *words, "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def address_in(line: str) -> str:
    match = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", line)
    assert match, line
    return match[0]


def lets_in(address: str) -> bool:
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        return client.get(address).status_code == 200


def test_a_second_start_gives_a_new_address_of_the_first(case_file: Path) -> None:
    with opening(str(case_file)) as first, opening(str(case_file.parent)) as second:
        one, other = first_line(first), first_line(second)
        if "already" in one:
            one, other = other, one
        assert "is open until Ctrl-C at" in one
        assert "is open already" in other
        assert address_in(one).split("?")[0] == address_in(other).split("?")[0]
        assert lets_in(address_in(one))
        assert lets_in(address_in(other))


def test_a_killed_workbench_is_no_obstacle(case_file: Path) -> None:
    with opening(str(case_file)) as first:
        first_line(first)
        first.send_signal(signal.SIGKILL)
        first.wait()
        with opening(str(case_file)) as second:
            line = first_line(second)
            assert "is open until Ctrl-C at" in line
            assert lets_in(address_in(line))


def test_of_two_starts_at_once_one_serves(case_file: Path) -> None:
    for _attempt in range(2):
        with opening(str(case_file)) as first, opening(str(case_file)) as second:
            lines = [first_line(first), first_line(second)]
            assert sorted("already" in line for line in lines) == [False, True]


def test_two_cases_are_two_workbenches(tmp_path: Path) -> None:
    files = [write_facts_only(tmp_path / name) / "case.yaml" for name in ("one", "two")]
    claims = [claimed(file) for file in files]
    assert None not in claims
    assert claimed(files[0]) is None


def test_a_claim_that_was_given_up_can_be_taken(case_file: Path) -> None:
    first = claimed(case_file)
    assert first is not None
    assert claimed(case_file) is None
    first.release()
    assert claimed(case_file) is not None


def test_two_users_of_one_folder_do_not_meet(case_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = claimed(case_file)
    assert mine is not None
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    assert claimed(case_file) == Instance(case_file)  # nothing of another user's is locked or read


def test_no_one_else_can_read_the_secret(case_file: Path) -> None:
    mine = claimed(case_file)
    assert mine is not None
    mine.publish("127.0.0.1", 1, "secret")
    (path,) = (folder() / "workbench").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    assert claimed(case_file) == Instance(case_file)


def test_a_link_in_place_of_the_file_is_not_followed(case_file: Path, tmp_path: Path) -> None:
    mine = claimed(case_file)
    assert mine is not None
    mine.release()
    (path,) = (folder() / "workbench").iterdir()
    path.unlink()
    (tmp_path / "target").write_text("kept", encoding="utf-8")
    path.symlink_to(tmp_path / "target")
    assert claimed(case_file) == Instance(case_file)
    assert (tmp_path / "target").read_text(encoding="utf-8") == "kept"


def test_a_state_folder_that_cannot_be_written_is_no_obstacle(
    case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "file"))
    assert claimed(case_file) == Instance(case_file)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"at": "127.0.0.1"}', b"\xff", b'{"at":"127.0.0.1","port":1,"secret":"x","pid":1}']
)
def test_a_workbench_that_does_not_answer_is_named(
    case_file: Path, monkeypatch: pytest.MonkeyPatch, text: bytes
) -> None:
    monkeypatch.setattr(instances, "WAIT", 0.3)
    mine = claimed(case_file)
    (path,) = (folder() / "workbench").iterdir()
    path.write_bytes(text)
    with pytest.raises(InputError, match="does not answer"):
        address_of_running(case_file)
    assert mine is not None


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer guess"}, {"Authorization": ""}, {"Authorization": "Bearer"}]
)
def test_an_address_needs_the_secret(stranger: httpx.Client, headers: dict[str, str]) -> None:
    del stranger.headers["Origin"]
    assert stranger.post(RENEWAL, headers=headers).status_code == 403


def test_a_page_gets_no_address_even_with_the_secret(stranger: httpx.Client, served: Access) -> None:
    known = {"Authorization": f"Bearer {served.secret}"}
    assert stranger.post(RENEWAL, headers=known).status_code == 403
    del stranger.headers["Origin"]
    assert stranger.get(RENEWAL, headers=known).status_code == 403
    answer: Any = stranger.post(RENEWAL, headers=known)
    assert answer.status_code == 200
    assert lets_in(answer.text)


def test_a_secret_is_of_one_workbench(case_file: Path, served: Access, tmp_path: Path) -> None:
    with serving(write_facts_only(tmp_path / "other") / "case.yaml") as other:
        assert other.secret != served.secret
