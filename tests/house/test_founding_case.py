"""The founding case: it loads, holds every claim, and agrees with the tables that it was written from."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from tocsin.case import Case, load
from tocsin.case.lint import lint
from tocsin.case.units import Quantity
from tocsin.rhetoric import account
from tocsin.rhetoric.triggers import classes

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
        assert belief.by or belief.source or belief.from_, name
        assert len(belief.why) > 10, name
        assert "\a" not in belief.why


def test_lint_finds_only_assumed_rates_and_what_no_data_set_was_there_to_check(case: Case) -> None:
    others = [notice.message for notice in lint(case) if "carried forward" not in notice.message]
    estimated, others = ([each for each in others if ("decisiveness" in each) == told] for told in (True, False))
    # what evidence the two rest on, and that a little of one lies below 0
    assert sorted(" rests on " in each for each in estimated) == [False, True, True]
    assert len(others) == 1 and others[0].endswith("were not compared with data sets: not in the cache")


def test_nine_trillion_yen_is_a_draft_with_realignment_costs(case: Case) -> None:
    fact = case.facts["budget.JPN.FY2026.incl"]
    budget = case.values["budget.JPN.FY2026.incl"]
    assert isinstance(budget, Quantity) and budget.base == pytest.approx(9.0353e12)
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
    from tocsin.assessment.run import assess

    first, second = (assess(case, seed=seed, draws=2048) for seed in (1, 2))
    for claim in first.claims:
        other = second.claim(claim.id)
        assert (claim.probability is None) == (other.probability is None)
        if claim.probability and other.probability:
            assert claim.probability.mid == pytest.approx(other.probability.mid, abs=0.05), claim.id


def test_what_the_case_says_of_words_is_what_its_account_found(case: Case) -> None:
    told = json.loads((FOLDER / "rhetoric" / "account.json").read_text(encoding="utf-8"))
    named = {f"words.share.{each['part']}": each for each in told["shares"]}
    named |= {f"words.effect.{each['class']}.{each['window']}": each for each in told["effects"]}
    named |= {f"words.dose.{each['class']}": each for each in told["dose"]}
    named |= {f"words.contrast.{each['class']}.{each['against']}": each for each in told["contrasts"]}
    named["words.occasion.liberation"] = next(each for each in told["occasions"] if "Liberation" in each["occasion"])
    given = {name: belief.is_ for name, belief in case.beliefs.items() if name.startswith("words.")}
    assert len(given) == 7
    for name, text in given.items():
        family = "normal" if ".share." in name else "lognormal"
        assert text == f"{family}({named[name]['p05']:g} to {named[name]['p95']:g})", name


@pytest.mark.slow
def test_the_account_of_the_case_is_the_one_that_its_tables_give() -> None:
    kept = json.loads((FOLDER / "rhetoric" / "account.json").read_text(encoding="utf-8"))
    events, later = (FOLDER / "rhetoric" / f"{name}.csv" for name in ("events", "later"))
    again = account(events, later=later).to_dict()
    assert again["items"] == kept["items"]
    for block in ("shares", "effects", "contrasts"):
        for old, new in zip(kept[block], again[block], strict=True):
            # another seed moves the ends of an interval by about a tenth of its length
            assert abs(new["p50"] - old["p50"]) < 0.1 * (old["p95"] - old["p05"]) + 0.002, old


def test_the_events_of_the_case_are_those_of_the_table_that_are_of_a_class(shared: Path) -> None:
    with (shared / "case" / "events.csv").open(encoding="utf-8") as file:
        table = {(row["date"], row["category"], row["title"]) for row in csv.DictReader(file)}
    with (FOLDER / "rhetoric" / "events.csv").open(encoding="utf-8") as file:
        own = list(csv.DictReader(file))
    exercises = [row for row in own if row["source"].startswith("Multinational Military Exercises")]
    rest = [row for row in own if row not in exercises]
    assert {(row["date"], row["category"], row["title"]) for row in rest} <= table
    classed = {category for group in classes() for category in group.categories}
    assert len(rest) == sum(category in classed for _, category, _ in table)
    assert all(row["source"] for row in own)
    # exercises of Japan and the United States before 2011 are in no such table, but in the set of all exercises
    listed = pl.read_parquet(shared / "data" / "mme_v7_exercises_long.parquet").filter(pl.col("country") == "Japan")
    days = set(listed.select("s_year", "s_month", "s_day").rows())
    for row in exercises:
        year, month, day = map(int, row["date"].split("-"))
        assert row["category"] == "exercise" and (year, month, str(day)) in days, row
