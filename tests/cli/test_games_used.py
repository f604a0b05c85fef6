"""A run says first which claims use a game: in the terminal, in the brief and in the JSON, and the same in each."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.facts_only import facts_only, with_estimates, write_facts_only
from tests.report.sample import sample
from tests.support import minimal_case, write_case

from tocsin.assessment.quantities import OF_CALLS, OF_GAMES, RULES, _no_games
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.requests import claims_using_games, claims_without_games
from tocsin.case.quantities import LOSSES, QUANTITIES, has_effects
from tocsin.cli import main
from tocsin.report.sentences import games_text
from tocsin.report.wording import in_runs

SAID = "A model is used for 2 of 4 claims (C1 and C2); none is needed for 1 (C3)."


def test_a_claim_of_facts_beside_a_game_uses_none(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    assert claims_using_games(case) == ("C1", "C2")
    assert claims_without_games(case) == ("C3",)
    assert games_text(case) == SAID


def test_a_claim_that_facts_settle_uses_no_game_whatever_else_it_names(tmp_path: Path) -> None:
    old = "loss_aim(ALF, rise + amendment) > threshold"
    case = minimal_case(tmp_path, replace={old: f"{old} and fact(budget.BET.2024) > 90 USD bn"})
    assert claims_using_games(case) == ("C2",)


def test_a_claim_that_facts_settled_in_a_run_needed_no_game(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    assert claims_using_games(case, {"C2"}) == ("C1",)
    assert claims_without_games(case, {"C2"}) == ("C2", "C3")
    assert games_text(case, {"C2"}) == "A model is used for 1 of 4 claims (C1); none is needed for 2 (C2 and C3)."


def test_a_run_counts_a_claim_that_a_part_of_facts_sinks_as_settled(tmp_path: Path) -> None:
    settled = replace(sample(tmp_path).claims[0], id="C2", basis="facts")
    other = sample(tmp_path / "other")
    changed = replace(other, claims=tuple(settled if claim.id == "C2" else claim for claim in other.claims))
    assert "C2" in changed.settled
    games = AssessmentRecord.of(changed).games
    assert "C2" not in games.used_for and "C2" in games.not_needed_for


def test_a_hazard_is_an_input_and_no_game(tmp_path: Path) -> None:
    old = "fact(budget.BET.2024) > 10 USD bn"
    case = minimal_case(tmp_path, replace={old: "hazard(GAM.alignment, leave) > 0.01 per year"})
    assert "C3" in claims_without_games(case)


def test_without_a_game_the_run_says_what_decides(tmp_path: Path) -> None:
    assert games_text(facts_only(tmp_path / "a")) == "No game is used: facts decide."
    assert games_text(with_estimates(tmp_path / "b")) == "No game is used: facts and estimates decide."


def test_the_table_of_quantities_says_the_same_as_the_rules() -> None:
    assert {name for name, kind in QUANTITIES.items() if not kind.game} == {
        name for name, rule in RULES.items() if rule.games is _no_games
    }
    assert {name for name in QUANTITIES if has_effects(name)} == {*LOSSES, *OF_GAMES, *OF_CALLS}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("", ""),
        ("a", "a"),
        ("ab", "a and b"),
        ("abc", "a to c"),
        ("bcd", "b to d"),
        ("acdef", "a and c to f"),
        ("abdf", "a, b, d and f"),
        ("abcdefgh", "a to h"),
    ],
)
def test_neighbours_become_a_run(names: str, said: str) -> None:
    assert in_runs(list(names), list("abcdefgh")) == said


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("C1 C4 C2 C3", "C1, C4, C2 and C3"),
        ("C1 C2 C3 C4", "C1 to C4"),
        ("C08 C09 C10", "C08 to C10"),
        ("C1 C2 D3 D4", "C1, C2, D3 and D4"),
        ("C1 C2 C3 last", "C1 to C3 and last"),
    ],
)
def test_a_run_of_numbered_claims_holds_no_other_number(order: str, said: str) -> None:
    assert in_runs(order.split(), order.split()) == said


def test_terminal_brief_and_json_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_case(tmp_path / "case")
    done = CliRunner().invoke(main, ["assess", "case", "--draws", "16", "--json", "x.json", "--brief", "y.html"])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[1] == SAID
    page = (tmp_path / "y.html").read_text(encoding="utf-8")
    before_the_answer = page[page.index("<header>") : page.index('id="answer"')]
    first = SAID.partition(" (")[0]
    assert f"{first}." in re.sub(r"<[^>]+>", "", before_the_answer)
    assert f'id="games">{SAID}<' in page
    games = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["games"]
    assert games == {"used_for": ["C1", "C2"], "not_needed_for": ["C3"]}


def test_a_fact_check_says_it_in_all_three_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_facts_only(tmp_path / "case")
    done = CliRunner().invoke(main, ["assess", "case", "--json", "x.json", "--brief", "y.html"])
    assert done.stdout.splitlines()[1] == "No game is used: facts decide."
    assert "draws" not in done.stdout
    assert (tmp_path / "y.html").read_text(encoding="utf-8").count("No game is used: facts decide.") == 1
    games = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["games"]
    assert games == {"used_for": [], "not_needed_for": ["C1", "C2"]}
