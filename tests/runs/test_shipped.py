"""The verdicts that come with the founding case are those of that case; `make verdicts` renews them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.facts_only import facts_only
from tests.golden.comparison import differences
from tests.golden.shipped import SEED, renew

from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.data import shipped
from tocsin.data.shipped import shipped_cases
from tocsin.runs.shipped import VERDICTS, shipped_assessment

FOUNDING = shipped_cases()["japan-buildup"]
RENEW = "the case has changed: run `make verdicts`"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a small shipped case with its verdicts."""
    folder = facts_only(tmp_path / "op-ed").folder
    monkeypatch.setattr("tocsin.runs.shipped.is_shipped", lambda path: path == folder)
    renew(folder)
    return folder


def test_the_founding_case_comes_with_the_verdicts_of_its_present_state() -> None:
    case = load(FOUNDING)
    assessment = shipped_assessment(case)
    assert assessment is not None, RENEW
    assert [claim.id for claim in assessment.claims] == list(case.claims), RENEW
    assert assessment.run.seed == SEED
    assert (FOUNDING / VERDICTS).stat().st_size < 500_000


@pytest.mark.slow
def test_the_founding_case_gives_the_shipped_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.golden.shipped.VERDICTS", str(tmp_path / "new.json"))
    new = json.loads(renew(FOUNDING).read_text(encoding="utf-8"))
    stored = json.loads((FOUNDING / VERDICTS).read_text(encoding="utf-8"))
    assert list(differences(new, stored, exact=False)) == [], RENEW


def test_a_shipped_assessment_is_the_whole_one(small: Path) -> None:
    case = load(small)
    shipped, own = shipped_assessment(case), assess(case, seed=SEED)
    assert shipped is not None
    assert [(claim.id, claim.verdict, claim.says) for claim in shipped.claims] == [
        (claim.id, claim.verdict, claim.says) for claim in own.claims
    ]


def test_verdicts_of_another_state_of_the_case_do_not_count(small: Path) -> None:
    file = small / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("60 ships", "95 ships"), encoding="utf-8")
    assert shipped_assessment(load(small)) is None


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"format": "tocsin-shipped-run/2"}', '{"case": "x"}'])
def test_a_damaged_or_missing_file_counts_as_none(small: Path, text: str | None) -> None:
    if text is None:
        (small / VERDICTS).unlink()
    else:
        (small / VERDICTS).write_text(text, encoding="utf-8")
    assert shipped_assessment(load(small)) is None


def test_a_case_of_the_user_s_own_has_no_shipped_verdicts(tmp_path: Path) -> None:
    case = facts_only(tmp_path / "mine")
    renew(case.folder)
    assert not shipped.is_shipped(case.folder)
    assert shipped_assessment(case) is None
