"""The steps of the tutorial work as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tocsin.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
SETUP, CHANGES, INPUTS, CLAIMS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
NEW = ["new", "finland", "--title", "Does Finland in NATO leave Russia worse off?", "--challenger", "RUS"]
NEW += ["--target", "FIN", "--protector", "USA", "--protector", "SWE"]


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
    assert run(*NEW).startswith("wrote")
    file = Path("finland/case.yaml")
    case = extended(replaced(file.read_text(), ["actors"], SETUP), ["sources", "facts"], SETUP)
    case = replaced(case, ["regimes", "events"], CHANGES)
    file.write_text(case.replace("regimes: [FIN.alignment, USA.posture]", "regimes: [FIN.alignment, USA.alignment]"))
    return file


def finish(file: Path) -> None:
    """Do steps 4 and 5, from the beliefs on."""
    case = file.read_text().replace(".USA.posture: {is", ".USA.alignment: {is")
    case = re.sub(r"  usable\.USA\.(firm|loose): .*\n", "", case)
    file.write_text(replaced(case.replace("beliefs:\n", f"beliefs:\n{INPUTS}"), ["claims"], CLAIMS))


def test_lint_prints_what_the_tutorial_quotes(finland: Path) -> None:
    printed = run("lint", "finland").removeprefix("tocsin: ")
    (quoted,) = re.findall(r"now says:\n\n```\n(.*?)```", PAGE, re.DOTALL)
    for line in quoted.splitlines():
        assert line.removesuffix(" ...") in printed


def test_the_finished_case_has_no_errors(finland: Path) -> None:
    finish(finland)
    assert "no errors" in run("lint", "finland")


@pytest.mark.slow
def test_the_verdicts_are_those_of_the_tutorial(finland: Path) -> None:
    finish(finland)
    lines = run("assess", "finland").splitlines()
    assert any(line.split()[:4] == ["C1", "fails", "very", "unlikely"] for line in lines)
    assert any(line.split()[:4] == ["C3", "fails", "almost", "no"] for line in lines)
