"""The layout shows the architecture: arrows go one way, files stay short, nothing names a machine."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tocsin"
ROOMS = (
    "errors",
    "files",
    "tables",
    "reading",
    "games",
    "mcmc",
    "data",
    "measure",
    "rhetoric",
    "evidence",
    "case",
    "models",
    "assessment",
    "backtest",
    "plots",
    "report",
    "cli",
)
"""From left to right: a room may import those to its left."""
ALONE = {
    "games": {"errors", "games"},
    "data": {"errors", "files", "data"},
    "measure": {"errors", "data", "measure"},
    "mcmc": {"errors", "games", "mcmc"},
    "rhetoric": {"errors", "files", "tables", "games", "mcmc", "data", "measure", "rhetoric"},
    "evidence": {"errors", "reading", "games", "mcmc", "data", "measure", "evidence"},
    "plots": {"errors", "games", "rhetoric", "backtest", "plots"},
}


def rooms_imported(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
        elif isinstance(node, ast.Import):
            names.extend(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("tocsin.")}


def test_arrows_between_rooms_go_one_way() -> None:
    wrong = []
    for file in SOURCE.rglob("*.py"):
        room = file.relative_to(SOURCE).parts[0].removesuffix(".py")
        if room not in ROOMS:
            continue
        allowed = ALONE.get(room, set(ROOMS[: ROOMS.index(room) + 1]))
        wrong += [f"{file.relative_to(ROOT)} imports {other}" for other in rooms_imported(file) - allowed]
    assert wrong == []


def test_every_room_is_known() -> None:
    found = {path.name for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert found <= set(ROOMS)


def test_files_stay_under_five_hundred_lines() -> None:
    long = {str(f.relative_to(ROOT)): n for f in SOURCE.rglob("*.py") if (n := len(f.read_text().splitlines())) > 500}
    assert long == {}


def test_nothing_committed_names_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    pattern = re.compile(r"/(?:root|home|work|tmp/bash_jobs)/\w|pypi-more|127\.0\.0\.1:\d")
    found = []
    for name in listed:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".csv", ".lock", ".cff", "") and path.is_file():
            found += [
                f"{name}: {line[:80]}" for line in path.read_text(encoding="utf-8").splitlines() if pattern.search(line)
            ]
    assert [line for line in found if "test_architecture" not in line] == []


def test_a_required_folder_that_is_missing_fails_and_does_not_skip(tmp_path: Path) -> None:
    (tmp_path / "checkout/tests").mkdir(parents=True)
    shutil.copy(Path(__file__).parents[1] / "conftest.py", tmp_path / "checkout/tests/conftest.py")
    (tmp_path / "checkout/tests/test_it.py").write_text("def test_it(shared):\n    assert shared\n")
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "tests"]
    for required, said in (("1", "is required"), ("", "1 skipped")):
        run = subprocess.run(
            command,
            cwd=tmp_path / "checkout",
            env=os.environ | {"TOCSIN_REQUIRE_SHARED": required},
            capture_output=True,
            text=True,
            check=False,
        )
        assert said in run.stdout
        assert (run.returncode != 0) == bool(required)
