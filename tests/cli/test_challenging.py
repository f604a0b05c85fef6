"""The command `tocsin challenge`: what it prints, errors, interrupts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import write_facts_only

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.challenging.run import Challenger, Progress
from tocsin.cli import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case")


def challenged(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["challenge", str(folder), *options])


def test_what_matters_is_printed_and_the_rest_counted(folder: Path) -> None:
    result = challenged(folder, "C2")
    assert result.exit_code == 0, result.output
    assert "fails instead of partly (calm not tested instead of holds): without the source paper" in result.output
    assert "1 change does not matter." in result.output
    assert "without the source authority" not in result.output


def test_all_lists_what_does_not_matter(folder: Path) -> None:
    assert "without the source authority" in challenged(folder, "C2", "--all").output


def test_all_claims_are_challenged_without_a_claim(folder: Path) -> None:
    output = challenged(folder).output
    assert all(f"\n{claim} " in output for claim in ("C1", "C2", "C3"))


def test_the_json_has_every_row(folder: Path) -> None:
    result = challenged(folder, "C1", "--json", "-")
    table = json.loads(result.output)
    assert table["complete"] and [row["of"] for row in table["claims"][0]["rows"]] == ["authority"]


def test_a_json_file_is_written_beside_what_is_printed(folder: Path, tmp_path: Path) -> None:
    result = challenged(folder, "C1", "--json", str(tmp_path / "out.json"))
    assert "C1" in result.output
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["case"] == "op-ed"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["C8"], "no claim 'C8'"),
        (["C1", "--seed", "-2"], "the seed -2 is negative"),
        (["C1", "--set", "boxes"], "cannot read --set"),
        (["C1", "--set", "boxes.2031=1"], "unknown input"),
        (["C1", "--json", "case.yaml/x.json"], "case.yaml"),
    ],
)
def test_bad_input_is_refused(folder: Path, options: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    result = challenged(folder, *options)
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert "remedy" in result.output


def test_an_interrupt_prints_what_is_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Challenger.run

    def stopped(self: Challenger, report: Progress) -> Challenge:
        def stop(stage: str, share: float) -> None:
            if share == 1.0:
                raise KeyboardInterrupt

        return whole(self, stop)

    monkeypatch.setattr(Challenger, "run", stopped)
    result = challenged(folder, "C1", "C2")
    assert result.exit_code == 130
    assert "It cannot be tested without any one of: authority." in result.output
    assert "Interrupted: this is what was done until then." in result.output


def test_the_help_has_examples() -> None:
    result = CliRunner().invoke(main, ["challenge", "--help"])
    assert result.exit_code == 0 and "tocsin challenge japan-buildup C12" in result.output
