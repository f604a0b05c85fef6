"""Fixtures of all tests: temporary folders for the program's files, the folder of others' data, and a bound on compiled programs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from itertools import count
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
# Tests compile thousands of single operations. With these options of the program's own (`tocsin.games.backend`) it takes a third less.
FLAGS = "--xla_backend_optimization_level=1 --xla_cpu_use_fusion_emitters=false"
os.environ["XLA_FLAGS"] = f"{FLAGS} {os.environ.get('XLA_FLAGS', '')}"

os.environ["LC_ALL"] = "C.UTF-8"  # else the command line speaks the language of whoever runs the tests

SHARED = Path(__file__).resolve().parents[2] / "shared"
MAPPED = Path("/proc/self/maps")
MAX_MAPPED = 20_000
"""Mapped regions of memory above which the compiled programs of earlier tests are dropped. Each program takes about four, and Linux
allows a process 65,530 by default: beyond that the compiler crashes."""


gc.disable()  # until all tests are collected: what collecting makes lives to the end


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # else pytest-xdist begins with the modules that have the most tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the modules that compute or open a browser first: cheap ones at the end keep all workers busy until then."""
    dear = {item.path for item in items if item.get_closest_marker("numeric") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in dear)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return one empty folder after another. `mktemp` would look through all earlier folders each time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOCSIN_HOME", "TOCSIN_DATA"):
        folder = next(_homes)
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))


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
