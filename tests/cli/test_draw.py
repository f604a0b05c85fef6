"""`tocsin draw` and the branch of `tocsin solve`: what they write, and that they write nothing after an error."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from tests.cli.test_solve import SIGNAL
from tests.games.random_games import random_game

from tocsin.cli import main
from tocsin.games.branch import points
from tocsin.games.efg import format_efg


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture
def game(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "in" / "signal.efg"
    file.parent.mkdir()
    file.write_text(SIGNAL)
    return file


def written(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_tree_is_named_after_its_game_or_as_requested(game: Path, tmp_path: Path) -> None:
    result = run("draw", game)
    assert (result.exit_code, result.output) == (0, "wrote signal.svg: 11 nodes\n")
    assert run("draw", game, "-o", "made/tree.SVG").exit_code == 0
    assert (tmp_path / "signal.svg").read_text() == (tmp_path / "made" / "tree.SVG").read_text()
    ElementTree.parse(tmp_path / "signal.svg")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("draw", "in/signal.efg", "-o", "tree.png"), "name it tree.svg"),
        (("draw", "in/signal.efg", "-o", "in"), "is a folder"),
        (("draw", "in/none.efg"), "cannot read"),
        (("draw", "in/broken.efg"), "broken.efg:"),
        (("draw", "in/big.efg"), "401 nodes"),
        (("solve", "in/signal.efg", "--figure", "b.pdf"), "name it b.svg"),
        (("solve", "in/signal.efg", "--csv", "b.csv", "--method", "spe"), "leave out --method spe"),
        (("solve", "in/signal.efg", "--csv", "b.csv", "--figure", "b.svg", "--method", "spe"), "leave out"),
        (("solve", "in/signal.efg", "--csv", "x.svg", "--figure", "./x.svg"), "two outputs have this name"),
        (("solve", "in/signal.efg", "--csv", "in/signal.efg"), "also an input"),
        (("solve", "in/signal.efg", "--csv", "b.csv", "--json", "in"), "cannot write"),
        (("solve", "in/big.efg", "--csv", "b.csv", "--figure", "b.svg"), "200 information sets"),
    ],
)
def test_invalid_requests_are_refused_and_nothing_is_written(
    game: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "in" / "broken.efg").write_text(SIGNAL[:200])
    chain = "".join(f'p "" 1 {index} "" {{ "go" "stop" }} 0\n' for index in range(1, 201))
    (tmp_path / "in" / "big.efg").write_text('EFG 2 R "" { "A" }\n' + chain + 't "" 0\n' * 201)
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert written(tmp_path) == ["big.efg", "broken.efg", "signal.efg"]
    assert game.read_text() == SIGNAL


def test_the_branch_ends_at_the_solution(game: Path, tmp_path: Path) -> None:
    options = ("--lambda", "2", "--lambda", "8", "--json", "-", "--csv", "b.csv", "--figure", "b.svg")
    result = run("solve", game, *options)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)[1]["strategies"]
    with (tmp_path / "b.csv").open() as file:
        rows = list(csv.DictReader(file))
    last = [row for row in rows if row["point"] == rows[-1]["point"]]
    assert {float(row["lambda"]) for row in last} == {8.0}
    assert len(last) == 6
    for row in last:
        assert float(row["probability"]) == pytest.approx(answer[row["player"]][row["set"]][row["action"]], abs=1e-8)
    ElementTree.parse(tmp_path / "b.svg")


def test_a_game_of_perfect_information_has_a_branch_too(tmp_path: Path) -> None:
    file = tmp_path / "known.efg"
    file.write_text(format_efg(random_game(3, hidden=False)))
    result = run("solve", file, "--lambda", "3", "--json", "-", "--csv", tmp_path / "b.csv")
    answer = json.loads(result.stdout)
    assert answer["method"] == "recursion"
    with (tmp_path / "b.csv").open() as table:
        rows = list(csv.DictReader(table))
    actions = sum(len(strategy) for sets in answer["strategies"].values() for strategy in sets.values())
    for row in rows[-actions:]:
        solved = answer["strategies"][row["player"]][row["set"]][row["action"]]
        assert float(row["probability"]) == pytest.approx(solved, abs=1e-8)


def test_a_lost_branch_is_written_and_reported(game: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*arguments: object) -> object:
        times, probabilities = points(*arguments)  # type: ignore[arg-type]
        return times[:-1], probabilities[:-1]

    monkeypatch.setattr("tocsin.plots.branches.points", lost)
    result = run("solve", game, "--lambda", "8", "--csv", tmp_path / "b.csv")
    assert result.exit_code == 1
    assert "the branch was lost at lambda" in result.output
    assert (tmp_path / "b.csv").exists()
