"""The verdicts that come with the founding case: the screens show them in plain texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.data.shipped import shipped_cases
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
    assert [text for text in map(str, view["claims"]) if "<" in text and ">" in text] == []


def test_actors_and_events_show_the_run_that_came_with_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    desk = Desk(shipped_cases()["japan-buildup"] / "case.yaml")
    games, effects = games_view(desk, "en"), events_view(desk, "en")
    assert games["run"] == {"name": "", "day": "", "stale": False}
    assert games["fan"] is not None
    assert all(game["ends"] for name, game in games["theatres"].items() if name == games["fan"]["theatre"])
    assert effects["found"]["ladder"] is not None
    assert effects["found"]["claims"]
