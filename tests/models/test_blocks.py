"""Cores run blocks: each program is compiled once in a process, and nobody waits for what an error leaves running."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from tocsin.models.coercion.blocks import Cores


def test_a_program_is_compiled_once_in_a_process_and_again_after_a_failure() -> None:
    made: list[int] = []

    def program(values: np.ndarray) -> np.ndarray:
        return values + 1.0

    def arguments() -> tuple[object, ...]:
        made.append(len(made))
        if len(made) == 1:
            raise MemoryError
        return (np.zeros(1),)

    with pytest.raises(MemoryError), Cores() as cores:
        cores.compile(program, arguments)
        cores.submit(program, lambda: 0)
    for _ in range(2):
        with Cores() as cores:
            cores.compile(program, arguments)
            assert cores.submit(program, lambda: 7).result() == 7
    assert made == [0, 1]


def test_an_error_does_not_wait_for_blocks_that_run() -> None:
    begun, goes_on, ended = Event(), Event(), Event()

    def block() -> None:
        begun.set()
        goes_on.wait(60)
        ended.set()

    with pytest.raises(KeyError), Cores() as cores:
        cores.run(block)
        assert begun.wait(60)
        raise KeyError
    assert not ended.is_set()
    goes_on.set()
    assert ended.wait(60)
