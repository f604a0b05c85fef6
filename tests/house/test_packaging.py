"""The sdist and the wheel are complete and work without the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and from the sdist the wheel."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, without its dependencies, in a temporary folder."""
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = built.glob("*.whl")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder)]
    subprocess.run([*command, str(wheel)], check=True, capture_output=True)
    return folder


def tocsin(installed: Path, *arguments: str, folder: Path) -> str:
    command = [sys.executable, "-m", "tocsin", *arguments]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_contains_every_file_of_the_package_and_the_cases(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT / "src") for path in (ROOT / "src" / "tocsin").rglob("*") if path.is_file()}
    cases = {Path("tocsin") / path.relative_to(ROOT) for path in (ROOT / "cases").rglob("*") if path.is_file()}
    assert {path.as_posix() for path in package | cases if "__pycache__" not in path.parts} <= names
    assert "tocsin/py.typed" in names


def test_wheel_and_sdist_carry_both_licences(built: Path) -> None:
    files = {"LICENSE", "src/tocsin/rhetoric/archive/han_forms.LICENSE"}
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode("utf-8")
        licences = {name.partition("/licenses/")[2] for name in archive.namelist()}
    assert "License-Expression: MIT AND Apache-2.0\n" in text
    assert files <= licences and files <= set(re.findall(r"^License-File: (.+)$", text, re.MULTILINE))
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        assert files <= {name.partition("/")[2] for name in packed.getnames()}


def test_the_sdist_contains_the_tests_and_the_files_they_read(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("tests", "docs", "benchmarks", "cases")
    read = {path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()}
    read_by_tests = {path.relative_to(ROOT).as_posix() for path in read if "__pycache__" not in path.parts}
    made = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml", "mkdocs.yml", "Makefile", "Dockerfile"}
    locks = {"requirements.lock", "requirements-dev.lock"}
    assert read_by_tests | made | locks <= names


def test_an_installed_wheel_needs_no_checkout(installed: Path, tmp_path: Path) -> None:
    assert "japan-buildup" in tocsin(installed, "cases", folder=tmp_path)
    code = "import tocsin, tocsin.data.shipped as s; print(tocsin.__file__, *s.shipped_cases().values())"
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert all(Path(path).is_relative_to(installed) for path in done.stdout.split())


@pytest.mark.slow
def test_an_installed_wheel_runs_the_founding_case_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    assert "C01" in tocsin(installed, "assess", "japan-buildup", "--draws", "64", folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["japan-buildup.html"]
