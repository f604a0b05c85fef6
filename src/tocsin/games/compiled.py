"""Keep programs on disk between runs, so that they need not be traced again.

The compiler has a cache of its own, but it looks a program up by its finished intermediate code (StableHLO). To trace a program in Python
and lower it to this code takes three times as long as to load the compiled result. So the code is kept too, see `jax.export`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
from jax import export

import tocsin
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.games.backend import COMPILER_OPTIONS, cache_folder

if TYPE_CHECKING:
    from jax.stages import Wrapped

DIGEST = hashlib.sha256().digest_size
"""Bytes at the head of a file: the hash of the rest. A damaged file is made anew."""

Program = Callable[..., Any]


def compiled(program: Program, of: Mapping[str, object]) -> Program:
    """Return a function compiled for each shape of its arguments; its code is read from disk where an earlier run left it.

    Args:
        program: from pytrees of arrays to a pytree of arrays.
        of: everything the program depends on besides its arguments and the code of this version, as JSON values with sets.
    """
    fresh = jax.jit(program, compiler_options=COMPILER_OPTIONS)
    name = f"{program.__module__}.{program.__qualname__}"
    known: dict[object, Program] = {}

    def run(*arguments: Any) -> Any:
        shapes = _shapes(arguments)
        if shapes not in known:
            folder = cache_folder()
            known[shapes] = fresh if folder is None else _read(fresh, folder, [name, of, shapes], arguments)
        return known[shapes](*arguments)

    return run


def _shapes(arguments: tuple[Any, ...]) -> tuple[tuple[tuple[int, ...], str], ...]:
    return tuple((np.shape(leaf), np.result_type(leaf).str) for leaf in jax.tree.leaves(arguments))


def _read(fresh: Wrapped, folder: Path, parts: list[object], arguments: tuple[Any, ...]) -> Program:
    text = json.dumps([*parts, _version()], default=sorted)
    file = folder / "programs" / f"{hashlib.sha256(text.encode()).hexdigest()}.stablehlo"
    with suppress(OSError):
        content = file.read_bytes()
        if hashlib.sha256(content[DIGEST:]).digest() == content[:DIGEST]:
            return _ready(content[DIGEST:])
    code = bytes(export.export(fresh)(*arguments).serialize())
    with suppress(InputError):
        write_all({file: hashlib.sha256(code).digest() + code})
    return _ready(code)


def _ready(code: bytes) -> Program:
    ready: Program = jax.jit(export.deserialize(bytearray(code)).call, compiler_options=COMPILER_OPTIONS)
    return ready


@lru_cache(maxsize=1)
def _version() -> list[str]:
    """Return what else the code of a program depends on: the source of this package, JAX, and the kind of processor."""
    root, source = Path(tocsin.__file__).parent, hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        source.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return [source.hexdigest(), jax.__version__, jax.default_backend()]
