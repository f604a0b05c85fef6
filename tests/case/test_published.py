"""Published games in a case: loading, and refusals with place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import minimal_case, write_case

from tocsin.case import load
from tocsin.case.language import parse
from tocsin.case.nodes import Call
from tocsin.case.published import kind_in
from tocsin.errors import CaseErrors

BELIEFS = """\
  shift.rising_now: {is: "fixed(0.4)", unit: "1", by: tests, why: given}
  shift.rising_later: {is: "uniform(0.4, 0.6)", unit: "1", by: tests, why: range}
  shift.cost: {is: "fixed(0.1)", unit: "1", by: tests, why: given}
  shift.discount: {is: "fixed(0.9)", unit: "1", by: tests, why: given}
  net.strength.ALF: {is: "fixed(3)", unit: "1", by: tests, why: given}
  net.strength.BET: {is: "fixed(1)", unit: "1", by: tests, why: given}
  net.strength.GAM: {is: "uniform(0.5, 2.5)", unit: "1", by: tests, why: range}
  net.tie.BET.GAM: {is: "fixed(1)", unit: "1", by: tests, why: given}
  net.advantage: {is: "fixed(1)", unit: "1", by: tests, why: given}
"""
GAMES = """\
published:
  shift: {model: fearon1995_preventive, why: "power shifts"}
  net: {model: jackson_nei2015, why: "alliances deter"}
"""
CLAIMS = """\
  C5: {says: Beta attacks now, kind: causal, holds: "published(shift, war) > 0.5"}
  C6: {says: Gamma is safe with Beta, kind: causal, holds: "published(net, vulnerable.GAM) < 0.5"}
questions:
"""
WITH_GAMES = {"regimes:\n": BELIEFS + GAMES + "regimes:\n", "questions:\n": CLAIMS}


def test_a_case_with_published_games_loads(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace=WITH_GAMES)
    assert set(case.published) == {"shift", "net"}
    known = kind_in(case, "net.tie.BET.GAM")
    assert known is not None and known[0].pattern == "tie.ACTOR.ACTOR"
    assert kind_in(case, "cost.war.target") is not None
    assert kind_in(case, "shift.nothing") is None


def test_the_quantity_names_game_and_result() -> None:
    assert parse("published(net, vulnerable.GAM)") == Call("published", published="net", result="vulnerable.GAM")


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("model: fearon1995_preventive", "model: fearon1995", "unknown published game `fearon1995`", "fearon1995_prev"),
        (
            '  shift.cost: {is: "fixed(0.1)", unit: "1", by: tests, why: given}\n',
            "",
            "`shift` lacks its parameter `cost`",
            "add under beliefs: shift.cost:",
        ),
        ("  shift.cost:", "  shift.costs:", "no model reads an input `shift.costs`", "`cost`"),
        ("  net.strength.GAM:", "  net.strength.XYZ:", "unknown actor `XYZ`", "use one of"),
        (
            'shift.cost: {is: "fixed(0.1)", unit: "1"',
            'shift.cost: {is: "fixed(0.1)", unit: persons',
            "is in '1'",
            "unit",
        ),
        ('"uniform(0.4, 0.6)"', '"uniform(1.4, 1.6)"', "`shift.rising_later`", ""),
        ("published(shift, war) > 0.5", "published(shaft, war) > 0.5", "unknown published game `shaft`", "shift"),
        ("published(shift, war) > 0.5", "published(shift, wars) > 0.5", "`shift` has no result `wars`", "war"),
        ("vulnerable.GAM", "vulnerable.XYZ", "`net` has no result `vulnerable.XYZ`", ""),
        ("published(shift, war)", "published(shift, war, amendment)", "too many arguments", "GAME, RESULT"),
        ("published(shift, war)", "published(shift, war in strait)", "has no theatre or group", "leave out"),
        ("published(shift, war)", "published(shift)", "needs a result of the game first", "GAME, RESULT"),
        ("published(shift, war) > 0.5", "published(shift, war) > 2 USD bn", "incompatible units", "same kind of unit"),
    ],
)
def test_invalid_uses_are_refused_with_their_place(
    tmp_path: Path, old: str, new: str, message: str, remedy: str
) -> None:
    folder = write_case(tmp_path, replace=WITH_GAMES)
    text = (folder / "case.yaml").read_text()
    assert old in text
    (folder / "case.yaml").write_text(text.replace(old, new))
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    problem = next(problem for problem in caught.value.problems if message in problem.message)
    assert problem.line is not None
    assert remedy in (problem.remedy or "")


def test_a_game_with_the_name_of_an_input_is_refused(tmp_path: Path) -> None:
    replace = {key: text.replace("shift", "cost") for key, text in WITH_GAMES.items()}
    with pytest.raises(CaseErrors, match="published game `cost` has the name of an input"):
        minimal_case(tmp_path, replace=replace)
