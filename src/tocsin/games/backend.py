"""How JAX is set up: float64, wide vectors on CPUs, compiled programs kept on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import jax
from jax.experimental.xla_metadata import set_xla_metadata

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]

Result = TypeVar("Result")

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
"""Options of `jax.jit` on CPUs: the widest vectors that the processor has (the compiler's default stops at half of
them); no sums given out to a library that is slow on short ones; and the plainer of its two ways to make kernels, lightly
optimised, which takes a third of the time to compile and makes kernels as fast."""


def apart(work: Callable[[], Result], near: Iterable[object]) -> Result:
    """`work()`, worked out once and written down.

    The CPU compiler likes to work a cheap array out again in every place where it is used, which for a whole tree of
    them costs many times what it saves. It does not look into a call that it is told to leave alone, so this parts what
    must be worked out first from what uses it.

    Args:
        work: gives a pytree of arrays.
        near: arrays of the same computation; if none is traced, nothing is being compiled and the work is simply done.
    """
    if not any(isinstance(array, jax.core.Tracer) for array in near):
        return work()

    def as_usual_within() -> Result:
        with set_xla_metadata(inlineable="true"):  # type: ignore[no-untyped-call]
            return work()

    with set_xla_metadata(inlineable="false"):  # type: ignore[no-untyped-call]
        return jax.jit(as_usual_within)()


def use_disk_cache() -> None:
    """Keep compiled programs in the user's cache folder, so that only the first run of a version waits for them.

    `TOCSIN_CACHE` names another folder; empty, nothing is kept. A folder that cannot be written is passed over.
    """
    from platformdirs import user_cache_path

    named = os.environ.get("TOCSIN_CACHE")
    if named == "":
        return
    folder = (Path(named) if named else user_cache_path("tocsin")) / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))  # type: ignore[no-untyped-call]
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)  # type: ignore[no-untyped-call]
