"""The public functions exist and are light to import, and the examples of docs/python.md run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.data.test_readers import fill
from tests.house.test_architecture import ROOMS

import tocsin

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
SECTIONS = {
    title: "".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    for title, _, text in (section.partition("\n") for section in PAGE.split("\n## ")[1:])
}
SLOW = {"Assess a case", "Code headlines and explain them"}


def run_example(title: str) -> None:
    exec(compile(f"import tocsin\n{SECTIONS[title]}", title, "exec"), {})


def test_every_public_name_exists() -> None:
    assert dir(tocsin) == sorted(tocsin.__all__)
    for name in tocsin.__all__:
        assert callable(getattr(tocsin, name)) or name == "__version__"
    with pytest.raises(AttributeError, match="nothing"):
        _ = tocsin.nothing


def test_no_public_name_is_the_name_of_a_room() -> None:
    # importing a module of a room would replace the function of that name by the room
    assert set(tocsin.__all__) & set(ROOMS) == set()


def test_importing_tocsin_loads_only_the_standard_library() -> None:
    code = "import sys\nbefore = set(sys.modules)\nimport tocsin\nprint(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in done.stdout.split()} - set(sys.stdlib_module_names) == {"tocsin"}


def test_the_page_has_an_example_of_every_public_function() -> None:
    assert [name for name in tocsin.__all__[1:] if f"tocsin.{name}(" not in "".join(SECTIONS.values())] == []


@pytest.mark.parametrize("title", [title for title in SECTIONS if title not in SLOW | {"Compute a measure"}])
def test_an_example_runs(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_example(title)


def test_the_long_examples_are_on_the_page() -> None:
    assert set(SECTIONS) >= SLOW


@pytest.mark.slow
@pytest.mark.parametrize("title", sorted(SLOW))
def test_a_long_example_runs(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_example(title)


def test_the_example_of_a_measure_runs(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    fill(shared, tmp_path)
    run_example("Compute a measure")
