"""A small case on the desk, served on this machine, and a browser's requests to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from tests.facts_only import write_facts_only

from tocsin.workbench.access import Access
from tocsin.workbench.app import application
from tocsin.workbench.asking import Hand
from tocsin.workbench.desk import Desk
from tocsin.workbench.running import Background
from tocsin.workbench.serving import listening


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case") / "case.yaml"


@pytest.fixture
def served(case_file: Path) -> Iterator[Access]:
    """Serve the case, and return who is let in."""
    sock = listening()
    access = Access(sock.getsockname()[1])
    background = Background(case_file)
    app = application(Desk(case_file), access, background, Hand(case_file))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    yield access
    background.close()
    server.should_exit = True
    thread.join()


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
