"""The command `tocsin challenge`: what it prints, errors, interrupts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.facts_only import write_facts_only
from tests.translation.support import Silent

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.challenging.run import Challenger, Progress, challenge
from tocsin.assessment.challenging.stored import PART, beside, from_json, to_json
from tocsin.assessment.challenging.words import challenge_text
from tocsin.assessment.result import Verdict
from tocsin.case import load
from tocsin.cli import main
from tocsin.cli.challenged import brief_with
from tocsin.errors import InputError
from tocsin.runs.store import RECORD, add_part, stored_runs
from tocsin.translation import Translator
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.verdict_views import verdicts_view


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_facts_only(tmp_path / "case")


def challenged(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["challenge", str(folder), *options])


def test_what_matters_is_printed_and_the_rest_counted(folder: Path) -> None:
    result = challenged(folder, "C2")
    assert result.exit_code == 0, result.output
    assert (
        "fails instead of partly (“calm” not tested instead of holds): without the source paper (A made-up paper, 2 May 2024)"
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
    assert "It cannot be tested without the source authority." in result.output
    assert "Interrupted: this is what was done until then." in result.output


def test_an_interrupt_before_anything_is_done_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Challenger, report: Progress) -> Challenge:
        raise KeyboardInterrupt

    monkeypatch.setattr(Challenger, "run", stopped)
    result = challenged(folder, "C1", "--json", str(tmp_path / "out.json"))
    assert result.exit_code == 130
    assert "before any change was made" in result.output and "until then" not in result.output
    assert not (tmp_path / "out.json").exists()


def test_a_claim_named_twice_is_challenged_once(folder: Path) -> None:
    assert challenged(folder, "C2", "c2").output.count("\nC2 ") == 1


@pytest.mark.parametrize("name", ["x.pdf", "x.docx", "x.json"])
def test_a_brief_gets_no_name_of_another_format(folder: Path, tmp_path: Path, name: str) -> None:
    result = challenged(folder, "--brief", str(tmp_path / name))
    assert result.exit_code == 2 and "HTML only" in result.output and "remedy" in result.output
    assert not (tmp_path / name).exists()


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
    assert "It cannot be tested without the source authority." in shown("C1")
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


def test_an_exported_brief_has_the_page_on_the_challenge(folder: Path, tmp_path: Path) -> None:
    import docx

    def exported() -> list[str]:
        target = tmp_path / "brief.docx"
        done = CliRunner().invoke(main, ["export", str(folder), "--to", "docx", "-o", str(target)])
        assert done.exit_code == 0, done.output
        return [paragraph.text for paragraph in docx.Document(str(target)).paragraphs]

    assessed(folder)
    page = "What if it is wrong? The claims challenged"
    assert page not in exported()
    assert challenged(folder, "C2").exit_code == 0
    assert page in exported()


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


def test_a_store_that_cannot_be_written_loses_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed(folder)

    def refused(*_: object) -> None:
        raise InputError("store.lock: cannot write", remedy="check the folder")

    monkeypatch.setattr("tocsin.runs.store.add_part", refused)
    files = [tmp_path / name for name in ("out.json", "whole.html")]
    result = challenged(folder, "C2", "--json", str(files[0]), "--brief", str(files[1]))
    assert result.exit_code == 0, result.output
    assert "not stored for `tocsin show`: store.lock: cannot write" in result.output
    assert "fails instead of partly" in result.output and "stored beside" not in result.output
    assert json.loads(files[0].read_text(encoding="utf-8"))["complete"]
    assert 'id="challenged"' in files[1].read_text(encoding="utf-8")


SET = "This run is not of the case as it stands: it sets boxes.2013=7e5."


def test_a_run_with_other_inputs_never_passes_for_the_case(folder: Path) -> None:
    assessed(folder)
    assert SET not in shown("C1")
    assessed(folder, "--set", "boxes.2013=7e5")
    assert SET in shown("C1").splitlines()
    page = (folder.parent / "b.html").read_text(encoding="utf-8")
    said = "This run is not of the case as it stands: 1 input is set otherwise."
    assert page.index('class="first"') < page.index(said) < page.index('id="answer"')
    view = verdicts_view(Desk(folder / "case.yaml"), "en")
    assert view is not None and view["sets"] == SET


def test_the_output_names_the_run_beside_which_the_challenge_is_stored(folder: Path) -> None:
    assert "stored beside" not in challenged(folder, "C1").output
    assessed(folder)
    (run,) = stored_runs("op-ed")
    command = f"tocsin show C1 --run {run.name}"
    assessed(folder, "--set", "boxes.2013=7e5")
    assert command in challenged(folder, "C1").output
    result = CliRunner().invoke(main, command.split()[1:])
    assert "challenged, the worst first" in result.output


def test_what_stands_otherwise_in_the_run_is_said_wherever_its_changes_are(folder: Path, tmp_path: Path) -> None:
    assessed(folder)
    (run,) = stored_runs("op-ed")
    here = challenge(load(folder), ["C2"])
    assert beside(here, run.record) == here
    parts: tuple[tuple[str, Verdict], ...] = (("ninety", "cannot tell"), ("calm", "holds"))
    few = replace(here, claims=(replace(here.claims[0], verdict="cannot tell", parts=parts),))
    other = beside(few, run.record)
    assert other.claims[0].in_run == (("", "partly", "cannot tell"), ("ninety", "fails", "cannot tell"))
    said = "give another verdict than the run: cannot tell instead of partly; “ninety” cannot tell instead of fails."
    assert said in challenge_text(other) and said not in challenge_text(here)
    assert other.to_dict()["claims"][0]["otherwise_in_run"]["ninety"] == {"run": "fails", "here": "cannot tell"}
    add_part(run, PART, to_json(other))
    assert said in shown("C2")
    assert said in brief_with(run, load(folder), other, "en")


def test_an_interrupt_says_what_stands_otherwise_in_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assessed(folder)
    few = challenge(load(folder), ["C2"])
    few = replace(few, complete=False, claims=(replace(few.claims[0], verdict="cannot tell"),))

    def stopped(self: Challenger, report: Progress) -> Challenge:
        raise KeyboardInterrupt

    monkeypatch.setattr(Challenger, "run", stopped)
    monkeypatch.setattr(Challenger, "so_far", lambda _self: few)
    output = challenged(folder, "C2").output
    assert "another verdict than the run: cannot tell instead of partly." in output
    assert "until then" in output and "stored beside" not in output


def test_a_damaged_run_does_not_lose_the_challenge(folder: Path) -> None:
    assessed(folder)
    (run,) = stored_runs("op-ed")
    (run.path / RECORD).write_text("{", encoding="utf-8")
    result = challenged(folder, "C2")
    assert result.exit_code == 0 and "fails instead of partly" in result.output


def test_the_help_promises_no_time_that_it_does_not_meet() -> None:
    text = " ".join(CliRunner().invoke(main, ["challenge", "--help"]).output.split())
    assert "one to three minutes on two cores" in text and "stores nothing" in text
