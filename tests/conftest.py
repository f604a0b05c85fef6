"""Fixtures of all tests: temporary folders for the program's files, the folder of others' data, and a bound on compiled programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from platformdirs import user_cache_path

settings.register_profile("tocsin", deadline=None)  # an example takes longer where other work loads the machine
settings.load_profile("tocsin")

# Compiled programs are kept between runs where the program itself keeps them. JAX finds one by its code, options and version.
CACHE = Path(os.environ.get("TOCSIN_CACHE") or user_cache_path("tocsin"))
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(CACHE / "compiled"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.5")

SHARED = Path(__file__).resolve().parents[2] / "shared"
MAPPED = Path("/proc/self/maps")
MAX_MAPPED = 20_000
"""Mapped regions of memory above which the compiled programs of earlier tests are dropped. Each program takes about four, and Linux
allows a process 65,530 by default: beyond that the compiler crashes."""


@pytest.fixture(autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path_factory.mktemp("no_data")))


@pytest.fixture(autouse=True, scope="module")
def _few_programs() -> Iterator[None]:
    yield
    jax = sys.modules.get("jax")
    if jax is not None and MAPPED.exists() and MAPPED.read_bytes().count(b"\n") > MAX_MAPPED:
        jax.clear_caches()


@pytest.fixture
def shared() -> Path:
    """Return the folder of others' data beside the checkout; tests that read it are skipped if it does not exist."""
    if not SHARED.is_dir():
        if os.environ.get("TOCSIN_REQUIRE_SHARED"):
            pytest.fail("the shared folder is required but does not exist beside the checkout")
        pytest.skip("no shared folder of others' data beside the checkout")
    return SHARED
