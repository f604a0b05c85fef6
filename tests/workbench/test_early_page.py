"""The page appears before the screens are imported and the case is read, and what both need is imported alone."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.workbench.conftest import WAIT, serving

from tocsin.workbench import app
from tocsin.workbench.desk import Desk

SHORT = 0.3
"""Seconds in which a request that waits is not answered."""
START = """
from pathlib import Path
from tocsin.cli.cases import case_file_of
from tocsin.workbench.instances import Instance
from tocsin.workbench.serving import Workbench, listening
Workbench(Instance(case_file_of(Path("japan-buildup"))[0]), listening())
"""
"""What `tocsin open` does before it prints its address."""
VIEW = """
from pathlib import Path
from tocsin.data.shipped import shipped_cases
from tocsin.workbench.desk import Desk
from tocsin.workbench.views import case_view
desk = Desk(shipped_cases()["japan-buildup"] / "case.yaml")
assert case_view(desk, desk.draft(), "en")["case"]["beliefs"]
"""


def test_the_page_is_served_while_the_screens_are_imported(case_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported, whole = threading.Event(), app._requests

    def late(*arguments: Any) -> Any:
        assert imported.wait(WAIT)
        return whole(*arguments)

    monkeypatch.setattr(app, "_requests", late)
    with serving(case_file) as access, ThreadPoolExecutor() as pool:
        home = f"http://127.0.0.1:{access.port}"
        with httpx.Client(base_url=home, timeout=WAIT, trust_env=False, follow_redirects=True) as reader:
            assert reader.get("/api/words").status_code == 403  # strangers need not wait either
            page = reader.get(access.address())
            assert page.status_code == 200
            assert '<p class="title">Tocsin</p>' in page.text  # it shows something before its script has run
            assert reader.get("/static/main.js").status_code == 200
            words = pool.submit(reader.get, "/api/words")
            with pytest.raises(TimeoutError):
                words.result(SHORT)
            imported.set()
            assert words.result(WAIT).json()["language"] == "en"


def test_the_case_is_read_before_a_page_asks_for_it(case_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, whole = threading.Event(), Desk.case

    def noted(desk: Desk) -> Any:
        read.set()
        return whole(desk)

    monkeypatch.setattr(Desk, "case", noted)
    with serving(case_file):
        assert read.wait(WAIT)


def test_a_case_with_errors_is_opened_too(case_file: Path) -> None:
    case_file.write_text("format: tocsin/1\n", encoding="utf-8")
    with serving(case_file) as access, httpx.Client(timeout=WAIT, trust_env=False, follow_redirects=True) as reader:
        assert reader.get(access.address()).status_code == 200
        assert reader.get(f"http://127.0.0.1:{access.port}/api/case").json()["problems"]


@pytest.mark.parametrize(
    ("code", "needless"),
    [
        (START, ("pydantic", "pydantic_core", "numpy")),
        (VIEW, ("numpy", "scipy", "jax")),
    ],
)
def test_what_a_reader_waits_for_imports_no_library_that_it_does_not_need(code: str, needless: tuple[str, ...]) -> None:
    check = f"{code}\nimport sys; found = sys.modules.keys() & set({needless!r}); assert not found, found"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=WAIT, check=False)
    assert done.returncode == 0, done.stderr
