"""The steps of the tutorial work as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
FACTS, CHANGES, CLAIMS, INPUTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
NEW = ["new", "finland", "--title", "Does Finland in NATO leave Russia worse off?", "--challenger", "Russia"]
NEW += ["--target", "Finland", "--protector", "USA", "--protector", "Sweden"]


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, arguments)
    return done.stdout + done.stderr


def block(key: str, text: str) -> str:
    """Return the lines of a top-level key."""
    match = re.search(rf"^{key}:.*\n(?:[ ].*\n)*", text, re.MULTILINE)
    assert match, key
    return match.group()


def replaced(case: str, keys: list[str], text: str) -> str:
    for key in keys:
        case = case.replace(block(key, case), block(key, text))
    return case


def extended(case: str, keys: list[str], text: str) -> str:
    for key in keys:
        case = case.replace(block(key, case), block(key, case) + block(key, text).partition("\n")[2])
    return case


@pytest.fixture
def finland(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the case of steps 2 to 4, up to the theatre."""
    monkeypatch.chdir(tmp_path)
    assert "wrote" in run(*NEW)
    file = Path("finland/case.yaml")
    case = replaced(file.read_text(), ["sources"], FACTS) + block("facts", FACTS) + block("regimes", CHANGES)
    (theatre,) = re.findall(r"write `(regimes: .*?,)` before `levels`", PAGE)
    file.write_text(replaced(case, ["events"], CHANGES).replace("levels:", f"{theatre} levels:"))
    return file


def finish(file: Path) -> None:
    """Do steps 5 and 6."""
    file.write_text(extended(replaced(file.read_text(), ["claims"], CLAIMS), ["beliefs"], INPUTS))


def test_lint_counts_the_inputs_of_a_new_case_as_the_tutorial_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(*NEW)
    (quoted,) = re.findall(r"^inputs: .*", PAGE, re.MULTILINE)
    assert quoted in run("lint", "finland").splitlines()


def test_lint_prints_what_the_tutorial_quotes(finland: Path) -> None:
    printed = run("lint", "finland")
    (quoted,) = re.findall(r"among other things:\n\n```\n(.*?)```", PAGE, re.DOTALL)
    assert quoted in printed


def test_the_finished_case_has_no_errors(finland: Path) -> None:
    finish(finland)
    assert "no errors" in run("lint", "finland")


@pytest.mark.slow
def test_the_verdicts_are_those_of_the_tutorial(finland: Path) -> None:
    finish(finland)
    lines = run("assess", "finland").splitlines()
    assert "it hangs first on a default range of the program, accident" in run("show", "C1")
    assert any(line.split()[:4] == ["C1", "fails", "almost", "no"] for line in lines)
    assert any(line.split()[:4] == ["C3", "fails", "almost", "no"] for line in lines)
