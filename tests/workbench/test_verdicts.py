"""The verdicts that come with the founding case: the screens show them in plain texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tocsin.assessment.result import ClaimResult, PartResult
from tocsin.case import load
from tocsin.data.shipped import shipped_cases
from tocsin.runs.shipped import shipped_assessment
from tocsin.workbench.desk import Desk
from tocsin.workbench.screens.event_views import events_view
from tocsin.workbench.screens.game_views import games_view
from tocsin.workbench.screens.verdict_views import verdicts_view


@pytest.mark.parametrize("language", ["en", "ko"])
def test_texts_of_the_founding_case_have_no_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    view = verdicts_view(Desk(shipped_cases()["japan-buildup"] / "case.yaml"), language)
    assert view is not None
    turning = [claim["turning"] for claim in view["claims"]]
    assert any("words.effect" in text for text in turning)
    assert [text for text in map(str, view["claims"]) if re.search(r"</?[a-z]", text)] == []


def test_actors_and_events_show_the_run_that_came_with_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    desk = Desk(shipped_cases()["japan-buildup"] / "case.yaml")
    games, effects = games_view(desk, "en"), events_view(desk, "en")
    assert games["run"] == {"name": "", "moment": "", "stale": False}
    assert games["fan"] is not None
    assert all(game["ends"] for name, game in games["theatres"].items() if name == games["fan"]["theatre"])
    assert effects["found"]["ladder"] is not None
    assert effects["found"]["claims"]


def test_each_verdict_shows_its_facts_models_and_thresholds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    file = shipped_cases()["japan-buildup"] / "case.yaml"
    view, case = verdicts_view(Desk(file), "en"), load(file)
    came_with = shipped_assessment(case)
    assert view is not None
    assert came_with is not None
    curves = 0
    for shown, claim in zip(view["claims"], came_with.claims, strict=True):
        results: list[ClaimResult | PartResult] = [claim, *claim.parts]
        for row, result in zip([shown, *shown["parts"]], results, strict=True):
            assert [fact["key"] for fact in row["facts"]] == [fact.key for fact in result.read]
            assert [model["share"] for model in row["models"]] == list(result.by_model.values())
            assert (row["thresholds"] is None) == (result.curve is None)
            if result.curve is not None:
                curves += 1
                assert [point["share"] for point in row["thresholds"]["points"]] == [y for _, y in result.curve.points]
                assert len(row["thresholds"]["turns"]) == len(result.curve.turns)
    assert curves
    assert any(fact["key"] == "said.PRK.2026-01-06.militarism" for row in view["claims"] for fact in row["facts"])
