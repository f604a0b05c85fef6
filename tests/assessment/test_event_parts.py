"""Parts of events: their shares sum to the effect, and each set of parts is worth what the same change alone would do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import minimal_case

from tocsin.assessment import event_parts as parts_module
from tocsin.assessment.effect_words import effect_name, moved_by, parts_sentence
from tocsin.assessment.effects_record import EventPartsRecord
from tocsin.assessment.ensemble import Ensemble, conditioned
from tocsin.assessment.event_parts import event_parts, part_calls, parts_of
from tocsin.assessment.figures_result import EventParts, PartShare
from tocsin.assessment.quantities import needs
from tocsin.assessment.result import Driver
from tocsin.assessment.situations import central_models
from tocsin.assessment.worlds import draw
from tocsin.case import Case
from tocsin.case.nodes import Call

pytestmark = pytest.mark.numeric

WORLDS = 12
EVENTS = "  aligned: {says: Gamma aligns again, set: {regimes.GAM.alignment: aligned}}"
TEST = "loss_aim(ALF, rise + amendment) > threshold"


def case_with(folder: Path, event: str = "", test: str = TEST) -> Case:
    return minimal_case(folder, replace={EVENTS: f"{EVENTS}\n{event}", TEST: test})


def solved(case: Case) -> Ensemble:
    """Return the base games in a few worlds."""
    theatres = tuple(case.theatres)
    return conditioned(case, theatres, draw(case, seed=1, draws=WORLDS), np.zeros(WORLDS))


def shared_out(case: Case, ensemble: Ensemble) -> tuple[EventParts, ...]:
    return event_parts({ensemble.theatres: ensemble}, lambda _share: None)


def test_the_parts_of_events_are_what_they_change(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    (theatre,) = case.theatres
    both = Call("loss_aim", actor="ALF", events=("rise", "amendment"), theatre=theatre)
    assert parts_of(case, both) == {"money": ("spending.BET",), "law": ("regimes.BET.posture",)}
    aligned = Call("loss", events=("aligned", "rise"), theatre=theatre)
    assert set(parts_of(case, aligned)) <= {"money", "alliance"}
    assert [(call.name, claims) for call, claims in part_calls(case).items()] == [("loss_aim", ("C1",))]


def test_an_event_of_one_part_is_not_shared_out(tmp_path: Path) -> None:
    case = case_with(tmp_path, test="loss_aim(ALF, rise) > threshold")
    assert part_calls(case) == {}


def test_parts_sum_to_the_effect_and_each_alone_is_worth_its_own_change(tmp_path: Path) -> None:
    case = case_with(tmp_path)
    (theatre,) = case.theatres
    calls = {
        events: Call("loss_aim", actor="ALF", events=events, theatre=theatre)
        for events in (("rise",), ("amendment",), ("rise", "amendment"))
    }
    games = [game for call in calls.values() for model in central_models(case) for game in needs(case, model, call)]
    ensemble = solved(case).with_games(games)
    (row,) = shared_out(case, ensemble)
    means = {
        events: sum(
            case.types[model.type].weight * float(ensemble.weight(model.type) @ ensemble.reader(model).read(call))
            for model in central_models(case)
        )
        for events, call in calls.items()
    }
    assert row.mean == pytest.approx(means["rise", "amendment"])
    assert sum(part.mean for part in row.parts) == pytest.approx(row.mean)
    # of two parts, each gets what it does alone and half of what they do only together
    joint = means["rise", "amendment"] - means["rise",] - means["amendment",]
    part_means = {part.part: part.mean for part in row.parts}
    assert part_means == {
        "law": pytest.approx(means["amendment",] + joint / 2),
        "money": pytest.approx(means["rise",] + joint / 2),
    }


def test_games_of_the_parts_alone_are_solved_in_few_worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "FEW", 6)
    event = "  turn: {says: All at once, set: {spending.BET: rise, regimes.BET.posture: normal}, multiply: {reach.BET: 0.9}}"
    case = case_with(tmp_path, event, "risk(turn) - risk() > threshold")
    (row,) = shared_out(case, solved(case))
    assert [part.part for part in row.parts] == ["law", "money", "other"]
    assert row.quantity == "risk"
    assert sum(part.mean for part in row.parts) == pytest.approx(row.mean)


def test_what_an_event_is_compared_with_is_part_of_it(tmp_path: Path) -> None:
    event = "  back: {says: Beta is free and saves, set: {regimes.BET.posture: normal}, against: {spending.BET: rise}}"
    case = case_with(tmp_path, event, "loss_aim(ALF, back) > threshold")
    ensemble = solved(case)
    (row,) = shared_out(case, ensemble)
    assert {part.part: part.changes for part in row.parts} == {
        "law": ("regimes.BET.posture",),
        "money": ("spending.BET",),
    }
    assert sum(part.mean for part in row.parts) == pytest.approx(row.mean)


# --- words ---------------------------------------------------------------------------------------------------------------


def test_an_effect_with_its_parts_is_one_sentence() -> None:
    part = PartShare(part="law", changes=("regimes.BET.posture",), mean=0.02, band=(0.0, 0.01, 0.08))
    row = EventParts(
        events=("rise", "amendment"), given=("aligned",), theatre="sea", quantity="loss", claims=("C1",), mean=0.03,
        band=(0.0, 0.02, 0.1), parts=(part, PartShare(part="money", changes=(), mean=0.01, band=(0.0, 0.01, 0.02))),
    )  # fmt: skip
    record = EventPartsRecord.of(row)
    assert effect_name(record) == "loss(rise + amendment | aligned in sea)"
    assert parts_sentence(record) == (
        "The effect loss(rise + amendment | aligned in sea) is 0.03 in the mean over worlds; "
        "of it, law 0.02 (0 to 0.08), money 0.01 (0 to 0.02) (in brackets: nine of ten worlds)."
    )


def test_an_input_is_named_with_the_interval_of_its_share() -> None:
    driver = Driver(input="precision", share=0.31, low=0.24, high=0.4, first=0.3, total=0.4)
    assert moved_by(driver) == "precision 31 % (24 % to 40 %)"
