"""The branch as CSV and figure agrees with `points` and with the equilibrium."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from tests.games.random_games import random_game
from tests.plots.test_trees import SIGNAL as LARGE
from tests.plots.test_trees import texts

from tocsin.errors import InputError
from tocsin.games.efg import parse_efg
from tocsin.games.efg.solvable import Solvable
from tocsin.games.equilibrium import logit_equilibrium
from tocsin.plots.branches import MAX_PANELS, Trace, _curve, branch_csv, branch_svg, check_panels, trace

SIGNAL = LARGE.replace("1e300", "3")


@pytest.fixture(scope="module")
def signal() -> Solvable:
    return Solvable(parse_efg(SIGNAL))


@pytest.fixture(scope="module")
def branch(signal: Solvable) -> Trace:
    return trace(signal, {"Sender": 4.0, "Receiver": 4.0})


def test_the_table_follows_the_branch_from_uniform_play_to_the_equilibrium(signal: Solvable, branch: Trace) -> None:
    rows = list(csv.DictReader(io.StringIO(branch_csv(branch))))
    assert list(rows[0]) == ["lambda", "point", "player", "set", "label", "action", "probability"]
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows:
        sums[row["point"], row["player"], row["set"]] += float(row["probability"])
    assert all(math.isclose(total, 1.0, abs_tol=1e-12) for total in sums.values())
    assert {float(row["probability"]) for row in rows if row["point"] == "0"} == {0.5}
    solved = logit_equilibrium(signal.root(), branch.precisions, method="branch").strategies
    last = [row for row in rows if row["point"] == rows[-1]["point"]]
    assert {float(row["lambda"]) for row in last} == {4.0}
    for name, key in signal.keys.items():
        probabilities = [float(row["probability"]) for row in last if (row["player"], row["set"]) == _of(signal, key)]
        assert probabilities == pytest.approx([float(probability[0]) for probability in solved[name][0]], abs=1e-8)
    assert {row["label"] for row in rows} == {"is strong", "heard", ""}


def _of(solvable: Solvable, key: tuple[int, int]) -> tuple[str, str]:
    return solvable.players[key[0] - 1], str(key[1])


def test_different_precisions_are_multiples_of_one_scale(signal: Solvable) -> None:
    differ = trace(signal, {"Sender": 1.0, "Receiver": 6.0})
    assert branch_csv(differ).startswith("t,point,")
    assert (differ.positions[0], differ.positions[-1]) == (0.0, pytest.approx(1.0))
    assert "lambda is t times: Sender 1, Receiver 6" in texts(branch_svg(differ, []))


def test_the_drawn_curve_lies_on_the_branch_between_its_points(signal: Solvable, branch: Trace) -> None:
    marks = np.linspace(0.02, 1, 40)
    solved = logit_equilibrium(signal.root(), branch.precisions, list(marks), method="branch").strategies
    for panel in branch.panels:
        positions, probabilities = _curve(branch.positions, panel.probabilities)
        drawn = np.interp(4 * marks, positions, probabilities[:, 0])
        assert np.abs(drawn - np.asarray(solved[panel.name])[:, 0, 0]).max() < 0.01


def test_each_information_set_has_a_panel_and_each_action_a_line(branch: Trace) -> None:
    svg = branch_svg(branch, [(4.0, {panel.name: panel.probabilities[-1].tolist() for panel in branch.panels})])
    drawn = texts(svg)
    assert {"signal", "Sender 1: is strong", "Sender 2", "Receiver 4: heard", "yield", "resist"} <= set(drawn)
    assert drawn.count("loud") == drawn.count("quiet") == 2
    assert svg == branch_svg(branch, [(4.0, {panel.name: panel.probabilities[-1].tolist() for panel in branch.panels})])


def test_labels_at_the_ends_of_lines_stand_apart() -> None:
    solvable = Solvable(random_game(8, hidden=True))
    svg = branch_svg(trace(solvable, dict.fromkeys(solvable.players, 8.0)), [])
    positions: dict[str, list[float]] = defaultdict(list)
    for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        if text.text in ("a", "b", "c"):
            positions[text.attrib["x"]].append(float(text.attrib["y"]))
    assert positions
    for heights in positions.values():
        assert all(lower - upper > 7 for upper, lower in zip(sorted(heights), sorted(heights)[1:], strict=False))


def test_a_lost_branch_is_reported(branch: Trace) -> None:
    lost = replace(branch, end=9.0)
    assert branch.complete and not lost.complete
    assert "the branch was lost at lambda 4; the figure ends there" in texts(branch_svg(lost, []))


def test_precisions_from_zero_to_very_large_can_be_drawn(signal: Solvable) -> None:
    for rate, said in ((0.0, "lambda, along"), (1e-9, "lambda, along"), (1e5, "lambda, logarithmic scale, along")):
        drawn = texts(branch_svg(trace(signal, dict.fromkeys(signal.players, rate)), []))
        assert any(text.startswith(said) for text in drawn)


def test_hostile_labels_are_drawn_as_text() -> None:
    hostile = SIGNAL.replace('"yield"', '"$y_{ <b>"').replace('"Receiver"', '"대한민국"').replace("signal", "$\u0001<")
    solvable = Solvable(parse_efg(hostile))
    drawn = trace(solvable, dict.fromkeys(solvable.players, 1.0))
    assert {"$y_{ <b>", "대한민국 4: heard", "$ <"} <= set(texts(branch_svg(drawn, [])))
    assert {row["action"] for row in csv.DictReader(io.StringIO(branch_csv(drawn)))} >= {"$y_{ <b>"}


def test_games_without_or_with_too_many_information_sets_are_refused() -> None:
    chain = "".join(f'p "" 1 {index} "" {{ "go" "stop" }} 0\n' for index in range(1, MAX_PANELS + 2))
    many = Solvable(parse_efg('EFG 2 R "" { "A" }\n' + chain + 't "" 0\n' * (MAX_PANELS + 2)))
    with pytest.raises(InputError, match="25 information sets"):
        check_panels(many)
    with pytest.raises(InputError, match="no player moves"):
        check_panels(Solvable(parse_efg('EFG 2 R "" { "A" }\nt "" 0\n')))
