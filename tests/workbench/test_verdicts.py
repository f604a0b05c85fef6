"""The screen of verdicts: what it shows of a run are plain texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.data.shipped import shipped_cases
from tocsin.workbench.desk import Desk
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
