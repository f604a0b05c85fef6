"""The command `tocsin challenge`: what it prints, errors, interrupts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import write_facts_only
from tests.translation.support import Silent

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.challenging.run import Challenger, Progress, challenge
from tocsin.assessment.challenging.stored import PART, from_json, to_json
from tocsin.assessment.challenging.words import challenge_text
from tocsin.case import load
from tocsin.cli import main
from tocsin.runs.store import add_part, stored_runs
from tocsin.translation import Translator


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case")


def challenged(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["challenge", str(folder), *options])


def test_what_matters_is_printed_and_the_rest_counted(folder: Path) -> None:
    result = challenged(folder, "C2")
    assert result.exit_code == 0, result.output
    assert (
        "fails instead of partly (calm not tested instead of holds): without the source paper (A made-up paper, 2 May 2024)"
        in result.output
    )
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


# --- beside a run ----------------------------------------------------------------------------------------------------------


def assessed(folder: Path, *options: str) -> None:
    result = CliRunner().invoke(main, ["assess", str(folder), "--brief", str(folder.parent / "b.html"), *options])
    assert result.exit_code == 0, result.output


def shown(name: str) -> str:
    result = CliRunner().invoke(main, ["show", name])
    assert result.exit_code == 0, result.output
    return result.output


def test_show_prints_the_worst_of_a_challenge(folder: Path) -> None:
    assessed(folder)
    assert "challenged" not in shown("C1")
    assert challenged(folder, "C1").exit_code == 0
    assert "challenged, the worst first" in shown("c1")
    assert "It cannot be tested without any one of: authority." in shown("C1")
    assert "challenged" not in shown("C2")


def test_a_later_challenge_adds_its_claims(folder: Path) -> None:
    assessed(folder)
    for claim in ("C2", "C1"):
        assert challenged(folder, claim).exit_code == 0
    assert "challenged" in shown("C1") and "challenged" in shown("C2")


def test_a_challenge_with_settings_is_not_that_of_the_run_without(folder: Path) -> None:
    assessed(folder)
    assert challenged(folder, "C1", "--set", "boxes.2013=7e5").exit_code == 0
    assert "challenged" not in shown("C1")


def test_the_brief_of_the_run_gets_the_page(folder: Path, tmp_path: Path) -> None:
    assessed(folder)
    result = challenged(folder, "--brief", str(tmp_path / "whole.html"))
    assert result.exit_code == 0, result.output
    page = (tmp_path / "whole.html").read_text(encoding="utf-8")
    assert 'id="challenged"' in page and 'id="claims"' in page


def test_without_a_run_there_is_no_brief(folder: Path, tmp_path: Path) -> None:
    result = challenged(folder, "--brief", str(tmp_path / "whole.html"))
    assert result.exit_code == 2
    assert "no run of this case" in result.output and "tocsin assess" in result.output
    assert not (tmp_path / "whole.html").exists()


def test_a_damaged_challenge_is_as_if_there_were_none(folder: Path) -> None:
    assessed(folder)
    assert challenged(folder, "C1").exit_code == 0
    (run,) = stored_runs("op-ed")
    add_part(run, PART, b"{")
    assert "challenged" not in shown("C1")


def test_a_stored_challenge_is_read_back_as_it_was(folder: Path) -> None:
    result = challenge(load(folder))
    again = from_json(to_json(result))
    assert again == result
    translator = Translator(language="ko", words=Silent())
    assert translator.plain(challenge_text(again)) == translator.plain(challenge_text(result))


def test_the_help_has_examples() -> None:
    result = CliRunner().invoke(main, ["challenge", "--help"])
    assert result.exit_code == 0 and "tocsin challenge japan-buildup C12" in result.output
