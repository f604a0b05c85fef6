"""A small case on the desk, served on this machine, and a browser's requests to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.browser import DESK, show_at, start
from tests.facts_only import write_facts_only
from tests.workbench.pages import appears

from tocsin.workbench import jobs
from tocsin.workbench.access import Access
from tocsin.workbench.instances import Instance
from tocsin.workbench.serving import Workbench, listening

WAIT = 60.0
"""Seconds in which a request must be answered; a loaded machine is slow."""


@contextmanager
def serving(file: Path, home: Path | None = None) -> Iterator[Access]:
    """Serve a case file on a free port of this machine; new cases go to `home`, or beside its folder."""
    workbench = Workbench(Instance(file), listening(), home=home or file.parent.parent)
    ready = threading.Event()
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
    headers = {"Origin": home}
    with httpx.Client(base_url=home, headers=headers, timeout=WAIT, trust_env=False, follow_redirects=True) as client:
        yield client


@pytest.fixture
def reader(stranger: httpx.Client, served: Access) -> httpx.Client:
    """Return a browser that was let in."""
    assert stranger.get(served.address()).status_code == 200
    return stranger


def run_case(file: Path) -> str:
    """Run a case as the workbench does, and return the hash of the stored run."""
    return str(jobs.run_case(file, {}, lambda _stage, _done: None)["run"])


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a browser for the tests of a module."""
    driver = start(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def page(browser: Any, served: Access) -> Any:
    """Return the browser at the first page of the small case."""
    show_at(browser, DESK)
    browser.get_log("browser")
    browser.get_log("performance")
    browser.get(served.address())
    appears(browser, ".title")
    return browser
