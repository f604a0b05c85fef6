"""The architecture of the source: imports go one way, files and functions stay small, nothing names a machine."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tocsin"
ROOMS = (
    "tables",
    "translation",
    "errors",
    "files",
    "reading",
    "games",
    "mcmc",
    "intervals",
    "scores",
    "data",
    "measures",
    "rhetoric",
    "evidence",
    "case",
    "checking",
    "importing",
    "draft",
    "models",
    "assessment",
    "runs",
    "backtest",
    "forecasts",
    "plots",
    "report",
    "export",
    "workbench",
    "cli",
)
"""In order: a room may import itself and the rooms before it."""
NARROW = {
    "games": {"errors", "files", "tables", "reading", "games"},
    "data": {"translation", "errors", "files", "reading", "data"},
    "measures": {"translation", "errors", "tables", "data", "measures"},
    "mcmc": {"translation", "errors", "games", "mcmc"},
    "rhetoric": {
        "errors",
        "files",
        "tables",
        "reading",
        "translation",
        "games",
        "mcmc",
        "intervals",
        "scores",
        "data",
        "measures",
        "rhetoric",
    },
    "evidence": {
        "errors",
        "tables",
        "reading",
        "translation",
        "games",
        "mcmc",
        "intervals",
        "data",
        "measures",
        "rhetoric",
        "evidence",
    },
    "plots": {"errors", "tables", "translation", "games", "rhetoric", "evidence", "backtest", "plots"},
}
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 40
"""Without the docstring."""
MAX_PARAMETERS = 7
"""Without `self` and `cls`."""


def functions(file: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the name of each function in `file`, its lines without the docstring, and how many parameters it has."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                lines -= (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            yield node.name, lines, sum(argument.arg not in ("self", "cls") for argument in arguments)


def rooms_imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
        elif isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("tocsin.")}


def test_rooms_import_in_one_direction() -> None:
    wrong = []
    for file in SOURCE.rglob("*.py"):
        room = file.relative_to(SOURCE).parts[0].removesuffix(".py")
        if room not in ROOMS:
            continue
        allowed = NARROW.get(room, set(ROOMS[: ROOMS.index(room) + 1]))
        wrong += [f"{file.relative_to(ROOT)} imports {other}" for other in rooms_imported(file) - allowed]
    assert wrong == []


def test_every_room_is_listed() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert rooms <= set(ROOMS)


def test_files_stay_short() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCE.rglob("*.py")}
    assert [str(file.relative_to(ROOT)) for file, lines in lengths.items() if lines > MAX_FILE_LINES] == []


def test_functions_stay_small() -> None:
    large = {
        f"{file.relative_to(SOURCE).as_posix()}:{name}"
        for file in SOURCE.rglob("*.py")
        for name, lines, parameters in functions(file)
        if lines > MAX_FUNCTION_LINES or parameters > MAX_PARAMETERS
    }
    assert large == set()


def test_nothing_committed_names_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    # "-p 127.0.0.1:PORT" publishes a port of a container
    pattern = re.compile(r"/(?:root|home|work|tmp/bash_jobs)/\w|pypi-more|(?<!-p )127\.0\.0\.1:\d")
    lines = []
    for name in listed:
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".toml", ".yaml", ".yml", ".ipynb", ".csv", ".lock", ".cff", "")
            and path.is_file()
        ):
            lines += [
                f"{name}: {line[:80]}" for line in path.read_text(encoding="utf-8").splitlines() if pattern.search(line)
            ]
    assert [line for line in lines if "test_architecture" not in line] == []


def test_a_required_folder_that_is_missing_fails_and_does_not_skip(tmp_path: Path) -> None:
    (tmp_path / "checkout/tests").mkdir(parents=True)
    shutil.copy(Path(__file__).parents[1] / "conftest.py", tmp_path / "checkout/tests/conftest.py")
    (tmp_path / "checkout/tests/test_it.py").write_text("def test_it(shared):\n    assert shared\n")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "tests"]
    for required, message in (("1", "is required"), ("", "1 skipped")):
        run = subprocess.run(
            command,
            cwd=tmp_path / "checkout",
            env=os.environ | {"TOCSIN_REQUIRE_SHARED": required},
            capture_output=True,
            text=True,
            check=False,
        )
        assert message in run.stdout
        assert (run.returncode != 0) == bool(required)
