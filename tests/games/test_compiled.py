"""Programs are read from disk where an earlier run left them, and only if they are the same program and whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from tocsin.games.compiled import compiled
from tocsin.games.tree import Array


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOCSIN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "programs"


def scaled(factor: float, traced: list[float]) -> Callable[[Array], Array]:
    """Return a program that multiplies; each time it is traced, it notes so."""

    def run(numbers: Array) -> Array:
        traced.append(factor)
        return factor * jnp.asarray(numbers)

    return run


def test_a_program_is_traced_once_for_all_runs(folder: Path) -> None:
    traced: list[float] = []
    for _ in range(3):
        program = compiled(scaled(2.0, traced), {"factor": 2.0})
        assert np.array_equal(program(np.arange(3.0)), [0.0, 2.0, 4.0])
    assert traced == [2.0]
    assert len(list(folder.iterdir())) == 1


def test_what_a_program_depends_on_and_its_shapes_tell_programs_apart(folder: Path) -> None:
    traced: list[float] = []
    for factor, size in ((2.0, 3), (3.0, 3), (2.0, 4)):
        program = compiled(scaled(factor, traced), {"factor": factor})
        assert np.array_equal(program(np.ones(size)), np.full(size, factor))
    assert traced == [2.0, 3.0, 2.0]
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("left", [0, 20, 40, -7])
def test_a_damaged_file_is_made_anew(folder: Path, left: int) -> None:
    traced: list[float] = []
    for harmed in (False, True, False):
        if harmed:
            (file,) = folder.iterdir()
            file.write_bytes(file.read_bytes()[:left])
        assert np.array_equal(compiled(scaled(2.0, traced), {"factor": 2.0})(np.ones(2)), [2.0, 2.0])
    assert traced == [2.0, 2.0]


def test_without_a_cache_a_program_runs_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_CACHE", "")
    assert np.array_equal(compiled(scaled(2.0, []), {"factor": 2.0})(np.ones(2)), [2.0, 2.0])
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("TOCSIN_CACHE", str(blocked))
    assert np.array_equal(compiled(scaled(2.0, []), {"factor": 2.0})(np.ones(2)), [2.0, 2.0])
