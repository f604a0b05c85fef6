"""The classes of an event, by what it changes, and what the case gives of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.support import minimal_case

from tocsin.assessment.likeness import Likeness, likeness
from tocsin.case import Case, load
from tocsin.errors import InputError


@cache
def founding() -> Case:
    return load("japan-buildup")


def found(event: str) -> Likeness:
    return likeness(founding(), event)


@pytest.mark.parametrize(
    ("event", "classes"),
    [
        ("plan", ["build_ups", "contributors"]),
        ("amendment", ["restraints"]),
        ("seoul_aligned", ["returns"]),
        ("seoul_drifts", ["drifts", "engagements"]),
        ("seoul_steps_back", ["drifts", "engagements"]),
        ("tokyo_drifts", ["drifts"]),
        ("budget", []),
        ("washington_leaves", []),
        ("seoul_doubles", []),
        ("tokyo_rounding", []),
    ],
)
def test_an_event_belongs_to_the_classes_of_what_it_changes(event: str, classes: list[str]) -> None:
    result = found(event)
    assert [fit.stored.name for fit in result.fits] == classes
    assert bool(result.fits) or result.outside  # without a class, the reason is said


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("budget", "raises the spending of Japan by 3.8 %, and build-ups count from a quarter"),
        ("washington_leaves", "No class covers a protector that leaves"),
        ("seoul_doubles", "South Korea, which is no protector"),
        ("seoul_steps_back", "No class covers a cut in the spending of South Korea."),
        ("seoul_drifts", "At the date of the case, South Korea is already so."),
    ],
)
def test_what_no_class_covers_is_said(event: str, reason: str) -> None:
    assert any(reason in text for text in found(event).outside)


def test_the_size_and_the_strengths_come_from_the_case() -> None:
    (fit, other) = found("plan").fits
    # FY2027: 9791.9 against 5797.1, in the same prices
    assert fit.known["size"] == pytest.approx(9791.9 / 5797.1, rel=1e-9)
    assert {"target_to_rival", "protector_to_rival"} <= fit.known.keys()
    assert fit.known["protector_to_rival"] > fit.known["target_to_rival"] > 1.0
    assert "distance" not in fit.known and "record" not in fit.known
    assert (fit.actor, fit.other) == ("PRK", "KOR")
    assert fit.pressed == (2022, 2024, 2025)
    assert other.of_others and not fit.of_others  # Japan spends second most
    assert other.known["members"] == 3 and other.known["to_largest"] < 0.1


def test_a_record_about_another_state_is_not_read() -> None:
    (fit,) = found("tokyo_drifts").fits
    assert (fit.actor, fit.other, fit.pressed) == ("PRK", "JPN", None)


def test_a_small_case_is_read_without_money_of_the_rival(tmp_path: Path) -> None:
    case = minimal_case(tmp_path)
    for name in case.events:
        result = likeness(case, name)
        assert result.fits or result.outside


def test_an_unknown_event_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="no event 'plann' in the case japan-buildup") as unknown:
        found("plann")
    assert "`plan`" in str(unknown.value.remedy)


def test_a_helper_about_as_strong_as_the_strongest_is_no_ally_under_its_protection() -> None:
    case = founding()
    rows = tuple(
        row.model_copy(update={"value": row.value * 10}) if row.actor == "JPN" else row for row in case.spending_rows
    )
    strong = case.model_copy(update={"spending_rows": rows})
    found_in = {name: likeness(each, "tokyo_drifts") for name, each in (("now", case), ("strong", strong))}
    assert [fit.stored.name for fit in found_in["now"].fits] == ["drifts"]
    assert not found_in["strong"].fits
    assert any("nobody here spends 2 times as much as Japan" in text for text in found_in["strong"].outside)
