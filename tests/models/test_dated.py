"""The game of a theatre at an earlier day: its forces, its events, and the worlds' weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.case.test_shapes import HISTORY, claim, dated_case, dated_folder
from tests.support import seeded

import tocsin
from tocsin.assessment.worlds import draw
from tocsin.case import load
from tocsin.models.coercion.prepare import prepare
from tocsin.models.coercion.scenario import Scenario

pytestmark = pytest.mark.numeric

NOW = Scenario(theatre="strait", type="revisionist", discount=0.92)
THEN = Scenario(theatre="strait_then", type="revisionist", discount=0.92)


def test_forces_are_those_of_today_times_the_power_of_each_past_year(tmp_path: Path) -> None:
    case = dated_case(tmp_path, "2018-08-01")
    draws = draw(case, seed=seeded(1), draws=4).draws
    now, then = prepare(case, NOW, draws).forces, prepare(case, THEN, draws).forces
    ratio = 2.0 ** (2.0 / 40.0)  # two years before the last row, on a path that halves in 40 years
    assert then["challenger"][0] == pytest.approx(now["challenger"][0] * ratio)
    assert then["target"][0] == pytest.approx(now["target"][0] / ratio)
    assert then["protector0"][0] == pytest.approx(now["protector0"][0])
    for year in range(6, 7):  # 2024 and later are today's path
        assert then["challenger"][year] == pytest.approx(now["challenger"][year - 6])


def test_an_event_changes_past_forces_in_the_proportion_of_today(tmp_path: Path) -> None:
    case = dated_case(tmp_path)
    draws = draw(case, seed=seeded(2), draws=4).draws
    rise = {name: prepare(case, replace(game, scale=(("BET", 2.0),)), draws).forces["protector0"] for name, game in (("now", NOW), ("then", THEN))}  # fmt: skip
    plain = {name: prepare(case, game, draws).forces["protector0"] for name, game in (("now", NOW), ("then", THEN))}
    assert rise["then"] / plain["then"] == pytest.approx(rise["now"] / plain["now"])
    assert np.all(rise["then"][1:] > plain["then"][1:])


def test_without_a_table_of_power_the_inputs_of_the_day_count(tmp_path: Path) -> None:
    beliefs: dict[str, Any] = {}
    for actor, size in (("ALF", 900_000), ("GAM", 100_000), ("BET", 150_000)):
        why = {"source": "book", "why": "the yearbook of that year"}
        beliefs |= {
            f"personnel.{actor}@strait_then": {"is": f"fixed({size})", "unit": "persons", **why},
            f"spending.{actor}@strait_then": {"is": "fixed(5)", "unit": "USD bn per year", **why},
        }
    record = {key: value for key, value in HISTORY["strait"].items() if key != "power"}
    folder = dated_folder(tmp_path, history={"strait": record})
    text = json.loads((folder / "case.yaml").read_text(encoding="utf-8"))
    text["beliefs"] |= beliefs
    (folder / "case.yaml").write_text(json.dumps(text), encoding="utf-8")
    case = load(folder)
    draws = draw(case, seed=seeded(3), draws=4).draws
    forces = prepare(case, THEN, draws).forces
    share = draws["capital_share"]
    assert forces["challenger"][0] / forces["target"][0] == pytest.approx(
        9.0 ** (1.0 - share), rel=0.05
    )  # equal spending, but for growth in the first year


@pytest.mark.slow
def test_the_record_of_the_theatre_that_it_is_like_weights_its_worlds(tmp_path: Path) -> None:
    text = claim("p_war() > 0.02", at="1990-08-01") | {"C2": claim("p_war() > 0.02")["C1"]}
    case = dated_case(tmp_path, claims=text)
    result = tocsin.assess(case, seed=3, draws=256)
    assert {row.id for row in result.claims} == {"C1", "C2"}
    assert all(row.verdict for row in result.claims)
    theatres = {row.theatre for row in result.figures.history}
    assert theatres == {"strait"}
