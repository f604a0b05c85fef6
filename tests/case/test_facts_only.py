"""A case may have no game: it loads with facts alone or with estimates, and half a game is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import ESTIMATES, facts_only, write_facts_only

from tocsin.case import load
from tocsin.case.lint import lint
from tocsin.errors import CaseErrors, InputError

TYPES = 'types: {only: {weight: 1, by: tests, why: "one type"}}\n'
DISCOUNT = "discount: {central: 0.92, swept: [0.92], by: tests, why: usual}\n"


def problems(folder: Path) -> tuple[InputError, ...]:
    with pytest.raises(CaseErrors) as caught:
        load(folder)
    return caught.value.problems


TESTED = {"says: Other ports grew faster.": "says: Other ports grew faster., sets: {boxes.2013: 4e5}"}
"""What leaves no argument without a test."""


def test_a_case_of_facts_alone_loads_without_a_notice(tmp_path: Path) -> None:
    case = facts_only(tmp_path, replace=TESTED)
    assert not case.theatres
    assert not case.beliefs
    assert lint(case) == ()


def test_a_case_with_estimates_and_no_game_loads_without_a_notice(tmp_path: Path) -> None:
    case = facts_only(tmp_path, replace={"claims:\n": ESTIMATES, **TESTED})
    assert set(case.distributions) == {"loosens.ALF.alignment", "loosens.BET.alignment"}
    assert lint(case) == ()


def test_a_regime_that_no_belief_is_about_gets_a_notice(tmp_path: Path) -> None:
    idle = "  GAM.alignment: {actor: ALF, kind: alignment, firm: aligned, loose: engaging, now: aligned}\n"
    case = facts_only(tmp_path, replace={"claims:\n": ESTIMATES.replace("regimes:\n", f"regimes:\n{idle}"), **TESTED})
    assert [notice.message for notice in lint(case)] == ["no belief is about regime `GAM.alignment`"]


@pytest.mark.parametrize(
    ("test", "says", "remedy"),
    [
        ("risk() > 0.5", "`risk` reads a game, and the case has no `theatres`", "write `untested`"),
        ("hazard(KOR.alignment, leave) > 0.5 per year", "`hazard` reads a game", "write `untested`"),
        ("published(shift, war) > 0.5", "`published` reads a game", "write `untested`"),
        ("risk(in korea) > 0.5", "`risk` reads a game", "write `untested`"),
        ("input(precision) > 3", "`input(precision)` reads uncertain inputs, and the case has no `beliefs`", "facts"),
        ("P(fact(strike)) > 0.5", "`P(...)`, a share of worlds, reads uncertain inputs", "facts"),
    ],
)
def test_a_claim_that_reads_what_a_fact_check_lacks_is_refused_where_it_stands(
    tmp_path: Path, test: str, says: str, remedy: str
) -> None:
    old = "fact(boxes.2023) >= 2 * fact(boxes.2013)"
    (problem,) = problems(write_facts_only(tmp_path, replace={old: f"fact(strike) or {test}"}))
    text = (tmp_path / "case.yaml").read_text(encoding="utf-8").splitlines()
    assert says in problem.message
    assert remedy in (problem.remedy or "")
    assert problem.line is not None
    assert problem.column is not None
    assert text[problem.line - 1][problem.column - 1 :].startswith(test[:5])


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("types", TYPES),
        ("discount", DISCOUNT),
        ("events", "events: {rise: {set: {spending.ALF: rise}}}\n"),
        ("regimes", "regimes: {A.x: {actor: A, kind: alignment, firm: a, loose: b, now: a}}\n"),
        ("published", "published: {shift: {model: fearon1995_preventive, why: test}}\n"),
        ("controls", "controls: {positive: [rise]}\n"),
        ("alike", "alike: {both: {sets: [[precision, toppling]], why: test}}\n"),
        (
            "history",
            "history: {s: {years: 5, wars: 0, press: 1, concessions: 0, weight: 1, source: paper, by: t, why: t}}\n",
        ),
    ],
)
def test_a_block_that_only_a_game_reads_is_refused_without_one(tmp_path: Path, block: str, text: str) -> None:
    folder = write_facts_only(tmp_path, replace={"claims:\n": f"{text}claims:\n"})
    said = [problem for problem in problems(folder) if f"the case has `{block}` but no `theatres`" in problem.message]
    lines = (folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    assert [problem.line for problem in said] == [1 + next(i for i, line in enumerate(lines) if line.startswith(block))]
    assert f"remove `{block}`" in (said[0].remedy or "")


def test_every_block_of_half_a_game_is_named_at_once(tmp_path: Path) -> None:
    folder = write_facts_only(tmp_path, replace={"claims:\n": f"theatres: {{}}\n{TYPES}{DISCOUNT}claims:\n"})
    said = [problem.message for problem in problems(folder)]
    assert said == [
        f"the case has `{name}` but no `theatres`, and only a game reads `{name}`" for name in ("types", "discount")
    ]
