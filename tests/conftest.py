"""Fixtures of all tests: temporary folders for the program's files, and the folder of others' data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path_factory.mktemp("no_data")))


@pytest.fixture
def shared() -> Path:
    """Return the folder of others' data beside the checkout; tests that read it are skipped if it does not exist."""
    if not SHARED.is_dir():
        if os.environ.get("TOCSIN_REQUIRE_SHARED"):
            pytest.fail("the shared folder is required but does not exist beside the checkout")
        pytest.skip("no shared folder of others' data beside the checkout")
    return SHARED
