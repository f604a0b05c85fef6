"""The way from an article to a brief works as its page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.data.test_readers import fill
from tests.house.test_tutorial import block, replaced

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "article.md").read_text(encoding="utf-8")
(ARTICLE,) = re.findall(r"```markdown\n(.*?)```", PAGE, re.DOTALL)
(TABLE,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
AS_TEST, TESTS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line for text in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in text.splitlines()]
DRAFT, DRY_RUN, IMPORT, GET, CHECK, NEW, LINT, ASSESS, SHOW = COMMANDS


def run(command: str) -> str:
    program, *arguments = shlex.split(command)
    assert program == "tocsin"
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def korea(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Do steps 1 to 4, and return the file of the case."""
    monkeypatch.chdir(tmp_path)
    Path("korea.md").write_text(ARTICLE, encoding="utf-8")
    Path("budgets.csv").write_text(TABLE, encoding="utf-8")
    run(DRAFT)
    assert "would write 2 facts" in run(DRY_RUN)
    assert "wrote 2 facts" in run(IMPORT)
    file = Path("korea/case.yaml")
    pasted = block("sources", AS_TEST).partition("\n")[2]
    text = file.read_text(encoding="utf-8").replace("sources:\n", f"sources:\n{pasted}", 1)
    file.write_text(text.replace("claims:\n", f"{block('facts', AS_TEST)}\nclaims:\n", 1), encoding="utf-8")
    assert "added a game to korea/case.yaml: 1 actor" in run(NEW)
    return file


def finish(file: Path) -> None:
    """Do step 5."""
    keys = ["events", "claims", "questions"]
    file.write_text(replaced(file.read_text(encoding="utf-8"), keys, TESTS), encoding="utf-8")


def test_the_draft_the_facts_and_the_game_are_in_one_case(korea: Path) -> None:
    case = load(korea)
    assert list(case.claims) == ["C1", "C2", "C3", "C4"] and set(case.actors) == {"KOR", "PRK", "USA"}
    assert len(case.facts) == 4 and len(case.sentences) == 4 and list(case.theatres) == ["main"]
    assert 'holds: "loss_aim(PRK, build_up) > threshold"' in run(LINT)


def test_the_finished_case_has_no_errors_and_its_facts_decide(korea: Path) -> None:
    finish(korea)
    assert "no errors" in run(LINT)
    case = load(korea)
    assert case.claims["C4"].chance is not None
    assert set(case.questions) == {"facts", "budget", "war"}


def test_check_prints_what_the_page_quotes(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA", str(tmp_path))
    fill(shared, tmp_path)
    assert GET == "tocsin data get states nmc"
    assert run(CHECK) == AS_TEST


@pytest.mark.slow
def test_the_brief_is_written_and_every_claim_has_a_verdict(korea: Path) -> None:
    finish(korea)
    run(ASSESS)
    assert Path("korea.html").exists()
    assert "C3" in run(SHOW)
    verdicts = {claim.id: claim.verdict for claim in assess(load(korea), seed=1, draws=8).claims}
    assert (verdicts["C1"], verdicts["C2"]) == ("holds", "holds")
    assert "not tested" not in verdicts.values()
