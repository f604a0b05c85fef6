"""The founding case: it loads, holds every claim, and agrees with the tables that it was written from."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tocsin.assess.evaluate import fact_value
from tocsin.case import Case, load
from tocsin.case.lint import lint

FOLDER = Path(__file__).resolve().parents[2] / "cases" / "japan-buildup"
CLAIMS = {f"C{n:02d}" for n in range(1, 25)} | {"C12b"}


@pytest.fixture(scope="module")
def case() -> Case:
    return load(FOLDER)


def test_all_claims_and_arguments_are_there(case: Case) -> None:
    assert set(case.claims) == CLAIMS
    assert set(case.arguments) == {f"R{n}" for n in range(1, 20)}


def test_every_judgement_has_an_author_and_a_reason(case: Case) -> None:
    for name, belief in case.beliefs.items():
        assert belief.by or belief.source, name
        assert len(belief.why) > 10, name
        assert "\a" not in belief.why


def test_lint_finds_only_assumed_rates_and_what_no_data_set_was_there_to_check(case: Case) -> None:
    others = [notice.message for notice in lint(case) if "carried forward" not in notice.message]
    assert len(others) == 1 and others[0].endswith("were not compared with data sets: not in the cache")


def test_nine_trillion_yen_is_a_draft_with_realignment_costs(case: Case) -> None:
    fact = case.facts["budget.JPN.FY2026.incl"]
    assert fact_value(case, "budget.JPN.FY2026.incl") == pytest.approx(9.0353e12)
    assert fact.kind == "draft"


def test_budgets_agree_with_the_table_they_come_from(case: Case, shared: Path) -> None:
    with (shared / "case" / "japan_defense_budget.csv").open(encoding="utf-8") as file:
        table = {row["key"]: row["value"] for row in csv.DictReader(file)}
    rows = [row for row in case.spending_rows if row.actor == "JPN" and row.path == "record"]
    checked = 0
    for row in rows:
        published = table.get(f"JP.budget.initial.incl_saco_realign.FY{row.year}")
        if published is not None:
            assert row.value == pytest.approx(float(published)), row.year
            checked += 1
    assert checked >= 10


@pytest.mark.slow
def test_another_seed_moves_no_probability_by_more_than_five_points(case: Case) -> None:
    from tocsin.assess import assess

    first, second = (assess(case, seed=seed, draws=2048) for seed in (1, 2))
    for claim in first.claims:
        other = second.claim(claim.id)
        assert (claim.probability is None) == (other.probability is None)
        if claim.probability and other.probability:
            assert claim.probability.mid == pytest.approx(other.probability.mid, abs=0.05), claim.id
