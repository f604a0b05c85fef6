"""Mutated files of every kind end in a result or in an `InputError`, within bounds of time and memory."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.reading.seeds import GAME, YAML, archive_seeds, mutated, table_seeds
from tests.rhetoric.archived import read_all

from tocsin.cli.showing import read_assessment
from tocsin.errors import InputError, SolveError
from tocsin.games.efg import parse_efg
from tocsin.reading import decode, read_csv, read_yaml
from tocsin.reading.frames import read_table_file

pytestmark = pytest.mark.slow
MEMORY = 6 * 2**30
"""Largest size of the process's data in bytes, which the heavy libraries share with the files."""
MAX_SECONDS = 5.0
"""Longest time for one file of a few kilobytes."""
ROUNDS = {".html": 150, ".parquet": 40}
"""Numbers of files of the slower readers."""


@pytest.fixture(autouse=True)
def _little_memory() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


@contextmanager
def only_input_errors(data: bytes) -> Iterator[None]:
    """Fail, with the bytes, if the block raises anything but an `InputError` or takes too long."""
    start = time.perf_counter()
    try:
        yield
    except (InputError, SolveError) as error:
        assert error.message and str(error).encode("utf-8")
    except Exception as error:
        raise AssertionError(f"{type(error).__name__}: {error} for {data!r}") from error
    assert time.perf_counter() - start < MAX_SECONDS, data


def run(data: bytes, rounds: int, seed: int, read: Callable[[bytes], object]) -> None:
    chance = random.Random(seed)
    for _ in range(rounds):
        changed = mutated(data, chance)
        with only_input_errors(changed):
            read(changed)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".json", ".jsonl", ".parquet", ".html", ".xml"])
def test_archive_readers_survive_any_bytes(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"x{ending}"

    def read(data: bytes) -> None:
        file.write_bytes(data)
        for statement in read_all(file)[0]:
            f"{statement.title}{statement.text}".encode()

    for seed, data in enumerate(archive_seeds()[ending]):
        run(data, ROUNDS.get(ending, 1_000), seed, read)


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".dta", ".parquet"])
def test_table_readers_survive_any_bytes(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"x{ending}"

    def read(data: bytes) -> None:
        file.write_bytes(data)
        read_table_file(file)

    for seed, data in enumerate(table_seeds(tmp_path)[ending]):
        run(data, ROUNDS.get(ending, 1_000), seed, read)


def read_case(data: bytes) -> None:
    """Read YAML, whose texts must be Unicode."""
    str(read_yaml(decode(data, "case.yaml"), "case.yaml").data).encode("utf-8")


def test_readers_of_cases_games_and_assessments_survive_any_bytes(tmp_path: Path) -> None:
    run(YAML.encode(), 3_000, 1, read_case)
    run(b"key,value\na,1\nb,2\n", 3_000, 2, lambda data: read_csv(decode(data, "x.csv"), "x.csv", ("key", "value")))
    run(GAME.encode(), 3_000, 3, parse_efg)
    file = tmp_path / "x.json"

    def read(data: bytes) -> None:
        file.write_bytes(data)
        read_assessment(file)

    run(b'{"format": "tocsin-assessment/1", "claims": [{"id": "C1", "says": "a"}]}', 300, 4, read)
