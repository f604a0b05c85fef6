"""JAX computes in float64 wherever the program uses it, and importing the program alone does not load JAX."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import tocsin

SOURCE = Path(tocsin.__file__).parent


def imported(file: Path) -> set[str]:
    """Return the modules that a file imports when it is loaded."""
    names: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_every_module_that_uses_jax_loads_the_module_that_sets_float64() -> None:
    imports = {
        ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__"): imported(file)
        for file in SOURCE.rglob("*.py")
    }

    def reached(module: str, seen: set[str]) -> set[str]:
        if module in imports and module not in seen:
            seen.add(module)
            for other in imports[module]:
                reached(other, seen)
        return seen

    users = {module for module, names in imports.items() if any(name.split(".")[0] == "jax" for name in names)}
    assert "tocsin.games.recursion" in users
    unsafe = {module for module in users if "tocsin.games.backend" not in reached(module, set())}
    assert unsafe == set()


def in_a_fresh_process(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_the_program_loads_no_jax_and_its_solver_computes_in_float64() -> None:
    assert in_a_fresh_process("import sys, tocsin; print('jax' in sys.modules)") == "False"
    code = "import tocsin.games.elimination, jax.numpy as jnp; print(jnp.asarray(0.1).dtype, jnp.asarray(1).dtype)"
    assert in_a_fresh_process(code) == "float64 int64"
