"""How JAX is set up: float64, wide vectors on CPUs, compiled programs kept on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import jax
import jax.numpy as jnp
from jax import lax

jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]

Operand = TypeVar("Operand")
Result = TypeVar("Result")

COMPILER_OPTIONS: dict[str, bool | int] = {"xla_cpu_prefer_vector_width": 512} if jax.default_backend() == "cpu" else {}
"""Options of `jax.jit`: the widest vectors that the processor has (the compiler's default stops at half of them)."""


def apart(certain: jax.Array, work: Callable[[Operand], Result], operand: Operand) -> Result:
    """`work(operand)`, written down once.

    The CPU compiler likes to work a cheap array out again in every place where it is used, which for a whole tree of
    them costs many times what it saves. It cannot look through a conditional, so this one, which always holds, parts
    what must be worked out first from what uses it.

    Args:
        certain: a scalar that is true, but not known to be so when compiling.
        work: from arrays to arrays.
        operand: its argument, a pytree of arrays.
    """
    shapes = jax.eval_shape(work, operand)
    return lax.cond(
        certain, work, lambda _: jax.tree.map(lambda like: jnp.zeros(like.shape, like.dtype), shapes), operand
    )


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
