"""A case of an earlier day knows only the past cases whose windows had ended by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.sample import past_view, sample
from tests.support import minimal_case

from tocsin.assessment.likeness import likeness
from tocsin.assessment.outside_view import _Inside, _view
from tocsin.evidence.classes.hindsight import _rates, _with_similar, known_in
from tocsin.evidence.classes.stored import load_class
from tocsin.evidence.classes.table import CLASSES
from tocsin.intervals import jeffreys
from tocsin.report.outside import outside

LATE = 9999


@pytest.mark.parametrize("name", CLASSES)
def test_rates_counted_from_the_list_are_the_stored_ones(name: str) -> None:
    stored = load_class(name)
    for outcome in stored.definition.outcomes:
        counted = dict(_rates(stored.cases, outcome))
        assert (counted["all"].yes, counted["all"].cases) == (
            stored.rates[outcome, "all"].yes,
            stored.rates[outcome, "all"].cases,
        )
        ends = [(rate.low, rate.high) for rate in (counted["all"], stored.rates[outcome, "all"])]
        assert ends[0] == pytest.approx(ends[1], abs=1e-6)
        clustered, wide = counted["clustered"], stored.rates[outcome, "clustered"]  # by pair alone, and by state too
        assert wide.low - 1e-6 <= clustered.low < clustered.high <= wide.high + 1e-6
    for of, rate in _with_similar(stored, stored.cases, LATE):
        known = stored.rates[stored.main, of]
        assert rate.cases == known.cases and rate.share == pytest.approx(known.share, abs=1e-4)
        if of != "more_than_similar":  # its error goes by pair alone
            assert (rate.low, rate.high) == pytest.approx((known.low, known.high), abs=1e-6)


@pytest.mark.parametrize("name", CLASSES)
def test_a_case_of_today_knows_all_cases(name: str) -> None:
    stored = load_class(name)
    assert known_in(stored, 2026) == (stored, 0)


@given(name=st.sampled_from(sorted(CLASSES)), year=st.integers(1820, 2030))
def test_only_cases_that_had_ended_count(name: str, year: int) -> None:
    stored = load_class(name)
    past, left_out = known_in(stored, year)
    closed = [row for row in stored.cases if row[stored.main] != "open"]
    ended = [row for row in closed if int(str(row["year"])) + stored.definition.years < year]
    assert left_out == len(closed) - len(ended)
    assert (past is None) == (not ended)
    if past is not None:
        rate, hits = past.rates[past.main, "all"], sum(row[stored.main] == "yes" for row in ended)
        assert (rate.yes, rate.cases) == (hits, len(ended))
        assert (rate.low, rate.high) == pytest.approx(jeffreys(hits, len(ended))[::2], abs=1e-6)


def test_a_class_of_later_cases_alone_says_nothing_in_1914() -> None:
    assert known_in(load_class("returns"), 1914) == (None, 59)
    past, left_out = known_in(load_class("build_ups"), 1914)
    assert past is not None and left_out > 213 and max(int(str(row["year"])) for row in past.cases) < 1909
    assert past.sentence().startswith(
        f"Of {268 - left_out} such build-ups, rivals began a dispute within five years in "
    )


def test_the_brief_says_how_many_later_cases_are_left_out(tmp_path: Path) -> None:
    assessment = sample(tmp_path)
    old = replace(assessment, case=assessment.case.model_copy(update={"as_of": date(1914, 6, 27)}))
    (text, *_) = outside(replace(old, outside=(replace(past_view(), left_out=213),)), assessment.claim("C1")).beside
    assert text.endswith(" Only cases that had ended before 1914 count; 213 later ones are left out.")
    (none, *_) = outside(assessment, assessment.claim("C1")).beside
    assert "left out" not in none


def test_the_view_of_an_old_case_rests_on_old_cases(tmp_path: Path) -> None:
    fit = next(fit for fit in likeness(minimal_case(tmp_path), "rise").fits if fit.stored.name == "build_ups")
    past, left_out = known_in(fit.stored, 1914)
    assert past is not None
    view = _view("rise", ("C1",), replace(fit, stored=past), _Inside(), left_out)
    assert view.cases == past.rates["dispute", "clustered"].cases == 268 - left_out and not view.recent
