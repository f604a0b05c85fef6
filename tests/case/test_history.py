"""The record of past years: spells, listed years, tables of power, and how much a past year counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import minimal_case, seeded, write_case

from tocsin.case import Case, load
from tocsin.case.lint import lint
from tocsin.case.record_blocks import History, independent_share
from tocsin.errors import CaseErrors

RECORD = "years: 50, wars: 0, press: 20, concessions: 4, weight: 0.25"
POWER = "actor,year,value,source,confidence,note\n"
ROWS = "ALF,1990,0.1,book,medium,\nALF,2020,0.2,book,medium,\nBET,1990,1,book,medium,\nGAM,1990,1,book,medium,\n"


def case_with(folder: Path, record: str, power: str = "") -> Case:
    write_case(folder, replace={RECORD: record})
    if power:
        (folder / "power.csv").write_text(POWER + power, encoding="utf-8")
    return load(folder)


def problem(folder: Path, record: str, power: str = "") -> str:
    with pytest.raises(CaseErrors) as caught:
        case_with(folder, record, power)
    (only,) = caught.value.problems
    assert only.remedy
    return str(only)


BASE = "first: 1990, years: 10, wars: 0, press: 4, concessions: 1, weight: 0.5"


def spells(text: str) -> str:
    return f"{BASE}, regimes: {{GAM.alignment: [{text}]}}"


def test_the_state_of_a_year_is_that_of_its_first_of_july(tmp_path: Path) -> None:
    text = "{state: aligned, from: 1990}, {state: engaging, from: 1993-07-01, until: 1996-06-30}, {state: aligned, from: 1996-07}"
    states = case_with(tmp_path, spells(text)).history["strait"].states("GAM.alignment")
    assert [year for year, state in states.items() if state == "engaging"] == [1993, 1994, 1995]
    assert list(states) == list(range(1990, 2000))


def test_a_regime_without_spells_has_no_recorded_states(tmp_path: Path) -> None:
    assert case_with(tmp_path, BASE).history["strait"].states("GAM.alignment") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{state: neutral, from: 1990}", "unknown state of `GAM.alignment` `neutral`"),
        ("{state: aligned, from: 1991}", "do not begin by 1 July 1990"),
        ("{state: aligned, from: 1990, until: 1993}, {state: engaging, from: 1993-05}", "overlap: one until 1993, the next from 1993-05"),
        ("{state: aligned, from: 1990, until: 1993}, {state: engaging, from: 1995}", "a gap between two spells"),
        ("{state: aligned, from: 1990}, {state: engaging, from: 1980}", "out of order"),
        ("{state: aligned, from: 1990, until: 1998}", "end on 1998-12-31, before 1 July 1999"),
    ],
)  # fmt: skip
def test_spells_must_cover_the_record_once(tmp_path: Path, text: str, message: str) -> None:
    assert message in problem(tmp_path, spells(text))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (BASE.replace("first: 1990, ", "") + ", regimes: {GAM.alignment: [{state: aligned, from: 1990}]}",
         "`regimes` needs the first year"),
        (BASE.replace("first: 1990", "first: 2020"), "its last year, 2029, is after as_of"),
        (BASE + ", regimes: {GAM.mood: [{state: aligned, from: 1990}]}", "unknown regime of `strait` `GAM.mood`"),
        (BASE.replace("press: 4", "press: [1990, 1991, 1991]"), "1991 is listed twice"),
        (BASE.replace("press: 4", "press: [1990, 2001]"), "2001 is outside the record, 1990 to 1999"),
        (BASE.replace("press: 4", "press: [1990, 1991]").replace("wars: 0", "wars: [1991]"), "1991 is both a year of war"),
        (BASE.replace("press: 4", "press: [1990, 1991]") + ", clashes: [1995]", "1995 is among `clashes` but not among"),
        (BASE + ", clashes: 5", "more clashes than years of pressure"),
        (BASE.replace(", weight: 0.5", ""), "without a weight of past years"),
        (BASE.replace("press: 4", "press: [1990, 1991]") + ", recalled: {press: 1}", "not written alike"),
        (BASE.replace("press: 4", "press: [1990, 1991]") + ", recalled: {press: [1992]}", "more years recalled than recorded"),
    ],
)  # fmt: skip
def test_counts_and_lists_that_cannot_be_are_refused(tmp_path: Path, record: str, message: str) -> None:
    assert message in problem(tmp_path, record)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS.replace("GAM,1990,1,book,medium,\n", ""), "the power of GAM is missing in power.csv"),
        (
            ROWS.replace("GAM,1990", "GAM,1995"),
            "the power of GAM begins in 1995 in power.csv; the record begins in 1990",
        ),
        (ROWS + "ALF,2020,0.3,book,medium,\n", "power.csv:6:10: two rows for ALF in 2020"),
        (ROWS + "DEL,2020,0.3,book,medium,\n", "unknown actor `DEL`"),
        (ROWS.replace("0.2", "0"), "value: 0 is not above 0"),
        (ROWS.replace("ALF,2020,0.2", "ALF,2030,0.2"), "2030 is after as_of"),
    ],
)
def test_a_table_of_power_must_cover_the_record(tmp_path: Path, rows: str, message: str) -> None:
    assert message in problem(tmp_path, BASE + ", power: power.csv", rows)


def test_a_table_of_power_is_part_of_the_case(tmp_path: Path) -> None:
    first = case_with(tmp_path / "one", BASE + ", power: power.csv", ROWS)
    other = case_with(tmp_path / "two", BASE + ", power: power.csv", ROWS.replace("0.2", "0.3"))
    assert "power.csv" in dict(first.data_hashes) and first.sha256 != other.sha256
    assert [row.value for row in first.power_rows["power.csv"]] == [0.1, 0.2, 1.0, 1.0]


def test_a_dated_record_without_the_states_of_a_regime_gets_a_notice(tmp_path: Path) -> None:
    messages = [str(notice) for notice in lint(case_with(tmp_path, spells("{state: aligned, from: 1990}")))]
    assert any("`BET.posture` has no spells in the record of `strait`" in message for message in messages)
    assert not any("`GAM.alignment` has no spells" in message for message in messages)
    assert not any("no spells" in str(notice) for notice in lint(minimal_case(tmp_path / "undated")))


def test_recalled_years_leave_lists_and_numbers(tmp_path: Path) -> None:
    record = BASE.replace("press: 4", "press: [1990, 1991, 1995]").replace("concessions: 1", "concessions: 2")
    history = case_with(tmp_path, record + ", recalled: {press: [1991], concessions: 1}").history["strait"]
    sure = history.without_recalled()
    assert (sure.press, sure.concessions, sure.recalled) == ((1990, 1995), 1, None)


def test_what_is_not_recalled_keeps_its_years_and_its_weight(tmp_path: Path) -> None:
    record = BASE.replace("press: 4", "press: [1990, 1991, 1995]").replace(", weight: 0.5", "")
    history = case_with(tmp_path, record + ", clashes: [1990], recalled: {concessions: 1}").history["strait"]
    sure = history.without_recalled()
    assert (sure.press, sure.clashes, sure.concessions, sure.wars) == ((1990, 1991, 1995), (1990,), 0, 0)
    assert sure.year_weight == history.year_weight


# --- what a past year counts ------------------------------------------------------------------------------------------


def test_independent_years_count_fully_and_spells_by_their_length() -> None:
    random = np.random.default_rng(seeded(1))
    free = (random.random(4_000) < 0.5).astype(float)
    assert independent_share(list(free)) > 0.85
    spells_of_four = np.repeat((random.random(2_000) < 0.5).astype(float), 4)
    assert independent_share(list(spells_of_four)) == pytest.approx(0.25, abs=0.05)


def test_a_chain_that_stays_with_probability_s_counts_as_theory_says() -> None:
    """The autocorrelation of a symmetric chain at lag k is (2 s - 1)^k, so that n years are worth n (1 - r) / (1 + r)."""
    random = np.random.default_rng(seeded(2))
    moves = random.random(20_000) > 0.8
    chain = np.cumsum(moves) % 2
    assert independent_share([float(value) for value in chain]) == pytest.approx(0.4 / 1.6, abs=0.04)


def test_a_record_without_weight_takes_it_from_the_listed_years(tmp_path: Path) -> None:
    record = BASE.replace("press: 4", "press: [1990, 1991, 1992, 1993, 1994]").replace(", weight: 0.5", "")
    history = case_with(tmp_path, record).history["strait"]
    assert history.weight is None
    assert history.year_weight == pytest.approx(independent_share([1.0] * 5 + [0.0] * 5))
    assert 0 < history.year_weight < 0.5


def test_a_series_that_never_changes_counts_fully() -> None:
    assert independent_share([0.0] * 20) == 1.0
    assert (
        History.model_validate(
            {"years": 3, "first": 1990, "wars": 0, "press": (), "concessions": 0, "source": "x", "by": "y", "why": "z"}
        ).year_weight
        == 1.0
    )


def test_lags_are_paired_from_lag_zero() -> None:
    # autocorrelations 1, 1/4, -1/2, -1/4: only the first pair is positive, so a year is worth 1 / (2 x 5/4 - 1)
    assert independent_share([1.0, 1.0, 0.0, 0.0]) == pytest.approx(2.0 / 3.0)
