"""The outside view of an assessment: which events and claims, and the model's chance of the same outcome."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.facts_only import facts_only
from tests.support import minimal_case

from tocsin.assessment.likeness import likeness
from tocsin.assessment.outside_view import _claims_by_event, _Inside, _view, _within
from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.situations import Model
from tocsin.case import load
from tocsin.evidence.classes.stored import load_class

pytestmark = pytest.mark.numeric


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assess(minimal_case(tmp_path_factory.mktemp("case")), draws=32)


def test_events_that_the_model_is_asked_about_get_the_classes_of_what_they_change(solved: Assessment) -> None:
    views = {(view.event, view.reference): view for view in solved.outside}
    assert set(views) == {("rise", "build_ups"), ("amendment", "restraints")}
    assert all(view.claims == ("C1",) for view in views.values())
    rise = views["rise", "build_ups"]
    stored = load_class("build_ups")
    rate = stored.rates["dispute", "clustered"]
    assert rise.sentence == stored.sentence()
    assert rise.rate == (rate.low, rate.share, rate.high) and not rise.recent


def test_the_model_speaks_only_of_what_the_challenger_does_to_the_target(solved: Assessment) -> None:
    rise, amendment = solved.outside
    assert rise.inside is not None and rise.inside_recorded is not None
    assert 0.0 < rise.inside < rise.inside_recorded < 1.0  # the record counts incidents besides
    assert amendment.inside is None and amendment.other == "BET"


def test_the_chance_within_the_window_is_that_of_the_first_year_in_every_year() -> None:
    solution = SimpleNamespace(
        probabilities={"press": np.array([[0.9, 0.9], [0.1, 0.0]]), "attack": np.array([[0.1, 0.1], [0.02, 0.0]])}
    )
    ensemble: Any = SimpleNamespace(reader=lambda _model: SimpleNamespace(solution=lambda _game: solution))
    there: Any = SimpleNamespace(scenario=None, state=1)
    chance = _within(ensemble, Model("type", 0.9), there, 5, recorded=False)
    assert chance == pytest.approx([1.0 - 0.88**5, 0.0])


def test_the_record_holds_the_outside_view_and_leaves_out_none(solved: Assessment) -> None:
    data = AssessmentRecord.of(solved).to_dict()
    assert [row["reference"] for row in data["outside"]] == ["build_ups", "restraints"]
    again = AssessmentRecord.model_validate_json(json.dumps(data))
    assert again.outside[0].sentence == solved.outside[0].sentence
    assert "outside" not in AssessmentRecord.of(replace(solved, outside=())).to_dict()


def test_contributions_are_asked_apart_from_fears() -> None:
    asking = _claims_by_event(load("japan-buildup"))
    assert "C19" in asking["plan", True] and "C19" not in asking["plan", False]
    assert "C12" in asking["plan", False] and "C12" in asking["amendment", False]


def test_a_second_member_is_held_against_second_members() -> None:
    fit = next(fit for fit in likeness(load("japan-buildup"), "plan").fits if fit.stored.name == "contributors")
    view = _view("plan", ("C19",), fit, _Inside())
    rate = fit.stored.rates["largest", "similar"]
    assert view.sentence.startswith("Of 27 such coalitions, the second member") and (view.yes, view.cases) == (4, 27)
    assert view.rate == (rate.low, 4 / 27, rate.high)
    assert (view.similar, view.others) == (0.0, "the third members of the same pacts")
    low, gap, high = view.more
    assert gap == pytest.approx(4 / 27, abs=1e-6) and 0.0 < low < gap < high


def test_a_case_of_facts_has_no_outside_view(tmp_path: Path) -> None:
    assert assess(facts_only(tmp_path)).outside == ()
