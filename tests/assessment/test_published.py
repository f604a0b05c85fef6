"""Claims decided by published games, end to end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.case.test_published import WITH_GAMES
from tests.support import minimal_case, seeded

from tocsin.assessment.run import assess
from tocsin.assessment.worlds import draw
from tocsin.errors import InputError

pytestmark = pytest.mark.numeric

ON_RECORD = {
    key: text.replace('"1", by: tests, why: given', '"1", source: record, why: given').replace(
        '"1", by: tests, why: range', '"1", source: record, why: range'
    )
    for key, text in WITH_GAMES.items()
}
"""The games with parameters from a record: with judged ones, a test that one of them settles is not tested."""


def test_the_share_with_war_is_that_of_the_draws_above_the_threshold(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace=ON_RECORD)
    assessment = assess(case, draws=256, seed=seeded(3))
    claims = {claim.id: claim for claim in assessment.claims}
    war = claims["C5"].probability
    assert war is not None
    later = draw(case, seed=seeded(3), draws=16_384).draws["shift.rising_later"]
    # the record of past years says nothing of this game, and does not weigh its worlds
    assert war.mid == pytest.approx(np.mean(later > 0.445556), abs=5 * war.error)
    assert war.error < 0.005
    assert claims["C5"].drivers[0].input == "shift.rising_later"
    assert claims["C6"].verdict in ("holds", "fails", "cannot tell")


def test_a_game_that_one_judged_parameter_settles_is_not_tested(tmp_path: Path) -> None:
    claims = assess(minimal_case(tmp_path, replace=WITH_GAMES), draws=256, seed=seeded(3)).claims
    war = next(claim for claim in claims if claim.id == "C5")
    assert (war.verdict, war.words, war.probability) == ("not tested", "not tested: repeats a judgement", None)
    assert "shift.rising_later" in war.note


def test_an_input_that_is_set_decides(tmp_path: Path) -> None:
    case = minimal_case(tmp_path, replace=ON_RECORD)
    for later, expected in (("0.5", 1.0), ("0.42", 0.0)):
        claims = assess(case, draws=512, settings={"shift.rising_later": later}).claims
        result = next(claim.probability for claim in claims if claim.id == "C5")
        assert result is not None and result.mid == pytest.approx(expected, abs=1e-9)


def test_parameters_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    orders = {
        "win": "0, 2",
        "status_quo": "1, 1.5",
        "fight_hard": "-1, 0",
        "back_down": "-3, -2",
        "fight_soft": "-5, -4",
    }
    beliefs = "".join(
        f'  d.{name}: {{is: "uniform({span})", unit: "1", by: tests, why: range}}\n'
        for name, span in (orders | {"credibility": "0, 1"}).items()
    )
    game = "published:\n  d: {model: zagare_kilgour2000_unilateral, why: deterrence}\n"
    claim = '  C5: {says: Deterred, kind: causal, holds: "published(d, deterred_hard) > 0.5"}\nquestions:\n'
    case = minimal_case(tmp_path, replace={"regimes:\n": beliefs + game + "regimes:\n", "questions:\n": claim})
    with pytest.raises(InputError, match="published game `d`: win must be above status_quo"):
        assess(case, draws=256)
