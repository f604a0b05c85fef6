"""A small case on the desk, served on this machine, and a browser's requests to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.facts_only import write_facts_only

from tocsin.workbench.access import Access
from tocsin.workbench.desk import Desk
from tocsin.workbench.serving import Workbench, listening


@contextmanager
def serving(file: Path) -> Iterator[Access]:
    """Serve a case file on a free port of this machine."""
    workbench, ready = Workbench(Desk(file), listening()), threading.Event()
    thread = threading.Thread(target=workbench.run, args=(lambda _address: ready.set(),))
    thread.start()
    try:
        assert ready.wait(20)
        yield workbench.access
    finally:
        workbench.stop()
        thread.join()


@pytest.fixture(autouse=True)
def archive_file(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the archive of the reader of a test, which does not exist yet."""
    file = tmp_path_factory.mktemp("archive") / "archive.db"
    monkeypatch.setenv("TOCSIN_ARCHIVE", str(file))
    return file


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case") / "case.yaml"


@pytest.fixture
def served(case_file: Path) -> Iterator[Access]:
    """Serve the case, and return who is let in."""
    with serving(case_file) as access:
        yield access


@pytest.fixture
def stranger(served: Access) -> Iterator[httpx.Client]:
    """Return a browser that was not let in."""
    home = f"http://127.0.0.1:{served.port}"
    with httpx.Client(base_url=home, headers={"Origin": home}, trust_env=False, follow_redirects=True) as client:
        yield client


@pytest.fixture
def reader(stranger: httpx.Client, served: Access) -> httpx.Client:
    """Return a browser that was let in."""
    assert stranger.get(served.address()).status_code == 200
    return stranger
