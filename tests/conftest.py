"""What all tests share: the run's state stays in a temporary folder, and shared material is required where it is."""

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
    """The folder of others' data beside the checkout; tests that read it skip where it is not."""
    if not SHARED.is_dir():
        if os.environ.get("TOCSIN_REQUIRE_SHARED"):
            pytest.fail("the shared folder is required but is not beside the checkout")
        pytest.skip("the shared folder of others' data is not beside the checkout")
    return SHARED
