"""`tocsin solve`: answers from files; bad input is refused with its location."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.games.random_games import random_game

from tocsin.cli import main
from tocsin.games.efg import format_efg

SIGNAL = """EFG 2 R "signal" { "S" "R" }
c "" 1 "" { "strong" 2/5 "weak" 3/5 } 0
p "" 1 1 "strong" { "loud" "quiet" } 0
p "" 2 4 "heard" { "yield" "" } 0
t "" 1 "" { 2, 1 }
t "" 2 "" { 0, 0 }
t "" 3 "" { 1/2, 1/2 }
p "" 1 2 "" { "loud" "quiet" } 0
p "" 2 4 0
t "" 4 "" { 1, -1 }
t "" 5 "" { -1, 1 }
t "" 3
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["solve", *map(str, arguments)])


@pytest.fixture
def game(tmp_path: Path) -> Path:
    file = tmp_path / "signal.efg"
    file.write_text(SIGNAL)
    return file


def test_an_answer_uses_the_names_of_the_file(game: Path, tmp_path: Path) -> None:
    result = run(game, "--lambda", "1.5", "--json", tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    answer = json.loads((tmp_path / "out.json").read_text())
    assert (answer["game"], answer["lambda"], answer["method"], answer["converged"]) == ("signal", 1.5, "branch", True)
    assert answer["residual"] <= 1e-10
    assert set(answer["strategies"]["S"]) == {"1", "2"}
    assert set(answer["strategies"]["R"]["4"]) == {"yield", "2"}
    assert answer["labels"] == {"S": {"1": "strong"}, "R": {"4": "heard"}}
    loud = [answer["strategies"]["S"][number]["loud"] for number in ("1", "2")]
    assert answer["beliefs"]["R"]["4"][0] == pytest.approx(0.4 * loud[0] / (0.4 * loud[0] + 0.6 * loud[1]), abs=1e-12)
    assert "beliefs" in result.output and "residual" in result.output


def test_several_precisions_give_several_answers_on_one_branch(game: Path) -> None:
    result = run(game, "--lambda", "8", "--lambda", "0", "--lambda", "2", "--json", "-")
    answers = json.loads(result.stdout)
    assert [answer["lambda"] for answer in answers] == [0.0, 2.0, 8.0]
    alone = json.loads(run(game, "--lambda", "2", "--json", "-").stdout)
    assert alone["values"] == pytest.approx(answers[1]["values"], abs=1e-9)


def test_players_may_differ_in_precision(game: Path) -> None:
    answer = json.loads(run(game, "--lambda", "S=0, R=3", "--json", "-").stdout)
    assert answer["lambda"] == {"S": 0.0, "R": 3.0}
    assert answer["strategies"]["S"]["1"]["loud"] == 0.5
    assert answer["strategies"]["R"]["4"]["yield"] != 0.5


INC = SIGNAL.replace('{ "S" "R" }', '{ "Alpha, Inc." "a=b ""c""" }'.replace('""c""', '\\"c\\"'))


@pytest.mark.parametrize(
    "option",
    ['"Alpha, Inc."=0,a=b "c"=3', "1=0, 2=3", '2=3,"Alpha, Inc." = 0', '1=0,"a=b ""c"""=3'],
)
def test_players_are_named_in_quotes_or_by_position(tmp_path: Path, option: str) -> None:
    file = tmp_path / "inc.efg"
    file.write_text(INC)
    result = run(file, "--lambda", option, "--json", "-")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["lambda"] == {"Alpha, Inc.": 0.0, 'a=b "c"': 3.0}


def test_a_label_that_looks_like_a_position_names_its_own_player(tmp_path: Path) -> None:
    file = tmp_path / "numbers.efg"
    file.write_text(SIGNAL.replace('{ "S" "R" }', '{ "2" "R" }'))
    answer = json.loads(run(file, "--lambda", "2=0,R=3", "--json", "-").stdout)
    assert answer["lambda"] == {"2": 0.0, "R": 3.0}


def test_play_without_errors(game: Path, tmp_path: Path) -> None:
    limit = json.loads(run(game, "--method", "spe", "--json", "-").stdout)
    assert (limit["method"], limit["lambda"], limit["converged"]) == ("limit", None, True)
    known = tmp_path / "known.efg"
    known.write_text(format_efg(random_game(3, hidden=False)))
    exact = json.loads(run(known, "--method", "spe", "--json", "-").stdout)
    assert (exact["method"], exact["complete"]) == ("spe", True)
    assert len(exact["equilibria"]) == 4
    assert exact["equilibria"][0]["values"] == exact["values"]
    probabilities = [actions.values() for sets in exact["strategies"].values() for actions in sets.values()]
    assert all(sum(actions) == 1.0 for actions in probabilities)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lambda", "-1"], "precision -1 is out of range"),
        (["--lambda", "nan"], "precision nan is out of range"),
        (["--lambda", "fast"], "'fast' is not a number"),
        (["--lambda", "S=1"], "no precision for player 'R'"),
        (["--lambda", "S=1,X=2"], "unknown player 'X' in the precisions"),
        (["--lambda", "S=1,R=2", "--lambda", "3"], "cannot be repeated"),
        (["--lambda", "S=1,S=2,R=1"], "two precisions for player 'S'"),
        (["--lambda", "S=1,1=2,R=1"], "two precisions for player 'S'"),
        (["--lambda", "S=1,R"], "no number for 'R' in --lambda"),
        (["--lambda", "S=1,,R=2"], "no number for '' in --lambda"),
        (["--lambda", "S=1,3=2"], "unknown player '3' in the precisions"),
        (["--method", "spe", "--lambda", "1"], "the method spe has no precision"),
        (["--method", "recursion"], "use the method branch"),
    ],
)
def test_wrong_options_are_explained(game: Path, arguments: list[str], message: str) -> None:
    result = run(game, *arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_a_missing_and_a_malformed_file_are_named(tmp_path: Path) -> None:
    assert "none.efg: cannot read" in run(tmp_path / "none.efg").output
    broken = tmp_path / "broken.efg"
    broken.write_text(SIGNAL[:200])
    result = run(broken, "--json", tmp_path / "out.json")
    assert result.exit_code == 2
    assert f"{broken}:7:" in result.output
    assert not (tmp_path / "out.json").exists()


def test_a_player_who_forgets_is_refused_with_file_and_information_set(tmp_path: Path) -> None:
    file = tmp_path / "forgets.efg"
    file.write_text(
        'EFG 2 R "x" { "A" }\np "" 1 1 "" { "l" "r" } 0\np "" 1 2 "" { "u" "d" } 0\nt "" 0\nt "" 0\np "" 1 2 0\nt "" 0\nt "" 0\n'
    )
    result = run(file)
    assert result.exit_code == 2
    assert f"{file}: A forgets at information set A:2" in result.output
    assert "remedy: split the information set" in result.output


def test_a_limit_that_is_lost_advises_the_precision_that_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "inc.efg"
    file.write_text(INC)
    monkeypatch.setattr("tocsin.games.perfect.MAX_SHORTFALL", -1.0)
    lost = run(file, "--method", "spe")
    assert lost.exit_code == 1
    assert "NOT CONVERGED" in lost.stdout and "use --method spe" not in lost.stderr
    monkeypatch.setattr("tocsin.games.perfect.SHARPNESS", (20.0, 200.0))
    advice = run(file, "--method", "spe").stderr
    arguments = shlex.split(advice[advice.index("--lambda") :].partition(", the last point")[0])
    assert run(file, *arguments).exit_code == 0
