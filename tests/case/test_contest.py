"""Lint warns of cutpoints of war that cross, and of no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.case import Case
from tocsin.case.lint import Notice, lint

ANCHOR = '  decisiveness.clash: {is: "uniform(0.3 to 1)", unit: "1", by: tests, why: range}\n'
FIT = "evidence/contest/{}/1823_to_2003"


def with_beliefs(folder: Path, lines: str) -> Case:
    return minimal_case(folder, replace={ANCHOR: ANCHOR + lines})


def belief(name: str, text: str) -> str:
    return f'  {name}: {{is: "{text}", unit: "1", by: tests, why: range}}\n'


def crossing(case: Case) -> list[Notice]:
    return [notice for notice in lint(case) if "cutpoints of war" in notice.message]


@pytest.mark.parametrize(
    ("win", "lose", "share"),
    [
        ("uniform(-1, 1)", "uniform(-1, 1)", "50%"),
        ("uniform(-1, 1)", "fixed(0.5)", "25%"),
        ("fixed(-0.5)", None, "100%"),  # without a belief the other cutpoint is 0
        (None, "uniform(-1, 1)", "50%"),
    ],
)
def test_crossing_cutpoints_get_a_notice_with_their_share(
    tmp_path: Path, win: str | None, lose: str | None, share: str
) -> None:
    lines = "".join(belief(f"cutpoint.war.{end}", text) for end, text in (("win", win), ("lose", lose)) if text)
    (notice,) = crossing(with_beliefs(tmp_path, lines))
    assert f"less than 0 in {share} of the worlds" in notice.message
    assert notice.line is not None and notice.remedy


def test_cutpoints_that_do_not_cross_get_none(tmp_path: Path) -> None:
    assert not crossing(minimal_case(tmp_path / "none"))
    wide = belief("cutpoint.war.win", "uniform(-0.5, 1)") + belief("cutpoint.war.lose", "uniform(0.5, 2)")
    assert not crossing(with_beliefs(tmp_path / "wide", wide))


def test_cutpoints_of_one_fit_get_none_although_their_distributions_overlap(tmp_path: Path) -> None:
    ends = {"win": "cutpoint_to_win_in_war", "lose": "cutpoint_to_lose_in_war"}
    lines = "".join(
        f'  cutpoint.war.{end}: {{from: {FIT.format(name)}, unit: "1", why: past wars}}\n' for end, name in ends.items()
    )
    assert not crossing(with_beliefs(tmp_path, lines))
