"""How JAX is set up: float64, wide vectors on CPUs, compiled programs cached on disk.

Importing this module changes one global setting: JAX computes in float64 from then on, in the whole process. This is the only
place that sets it. Every module of the program that uses JAX imports this one, directly or through others; a test checks
this. So no array of the program is ever float32. Arrays that a user makes with JAX before this import are float32.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import jax
from jax.experimental.xla_metadata import set_xla_metadata

Result = TypeVar("Result")


def use_float64() -> None:
    """Make float64 and int64 the default types of JAX in this process."""
    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]


use_float64()

COMPILER_OPTIONS: dict[str, bool | int | str] = (
    {
        "xla_cpu_prefer_vector_width": 512,
        "xla_cpu_experimental_ynn_fusion_type": "",
        "xla_cpu_use_fusion_emitters": False,
        "xla_backend_optimization_level": 1,
    }
    if jax.default_backend() == "cpu"
    else {}
)
"""Options of `jax.jit` on CPUs.

By default the compiler uses vectors of half the processor's width, and a library for sums that is slow on short arrays. The simpler
of its two kernel generators, lightly optimised, compiles in a third of the time, and its kernels are as fast.
"""


def compiled_lightly(program: Callable[..., Result]) -> Callable[..., Result]:
    """Return a function from pytrees of arrays that is compiled by `COMPILER_OPTIONS`, which JAX allows outside other programs only."""
    alone, within = jax.jit(program, compiler_options=COMPILER_OPTIONS), jax.jit(program)

    def run(*arguments: Any) -> Result:
        result: Result = (within if _traced(jax.tree.leaves(arguments)) else alone)(*arguments)
        return result

    return run


def _traced(arrays: Iterable[object]) -> bool:
    return any(isinstance(array, jax.core.Tracer) for array in arrays)


def computed_once(work: Callable[[], Result], arrays: Iterable[object]) -> Result:
    """Return `work()`, compiled so that it is computed once and stored.

    The CPU compiler tends to recompute a cheap array wherever it is used. For a whole tree of arrays this costs far more than it
    saves. A call that is marked as not inlineable prevents this.

    Args:
        work: returns a pytree of arrays.
        arrays: that the computation uses. If JAX is tracing none of them, nothing is being compiled, and `work` is called directly.
    """
    if not _traced(arrays):
        return work()

    def inlined_within() -> Result:
        with set_xla_metadata(inlineable="true"):  # type: ignore[no-untyped-call]
            return work()

    with set_xla_metadata(inlineable="false"):  # type: ignore[no-untyped-call]
        return jax.jit(inlined_within)()


def cache_folder() -> Path | None:
    """Return the user's cache folder, which need not exist.

    The environment variable `TOCSIN_CACHE` names another folder; if it is empty, nothing is cached.
    """
    from platformdirs import user_cache_path

    named = os.environ.get("TOCSIN_CACHE")
    if named == "":
        return None
    return Path(named) if named else user_cache_path("tocsin")


def use_disk_cache() -> None:
    """Cache compiled programs, so that only the first run of a version compiles them. A folder that cannot be written is ignored."""
    cache = cache_folder()
    if cache is None:
        return
    folder = cache / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))  # type: ignore[no-untyped-call]
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)  # type: ignore[no-untyped-call]
