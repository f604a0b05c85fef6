"""A verdict that facts decide says whether the range of a fact leaves it open."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.facts_only import facts_only

from tocsin.assessment.result import ClaimResult
from tocsin.assessment.run import assess

WAITING = '{value: "60 ships", date: 2024-05-02, source: [authority, paper], confidence: medium}'


def claim(folder: Path, span: str, test: str) -> ClaimResult:
    ranged = WAITING.replace("}", f', range: "{span}"}}')
    case = facts_only(folder, replace={WAITING: ranged, "fact(boxes.2023) >= 2 * fact(boxes.2013)": test})
    return assess(case, draws=64).claim("C1")


@pytest.mark.parametrize(
    ("span", "test", "note"),
    [
        ("30 to 80 ships", "fact(ships.waiting) >= 50 ships", "At the low end of its range (30 to 80 ships), the fact ships.waiting makes it fail."),
        ("30 to 80 ships", "fact(ships.waiting) < 70 ships", "At the high end of its range (30 to 80 ships), the fact ships.waiting makes it fail."),
        ("30 to 80 ships", "fact(ships.waiting) > 70 ships", "At the high end of its range (30 to 80 ships), the fact ships.waiting makes it hold."),
        ("30 ships to 0.08 k ships", "fact(ships.waiting) < 40 ships", "At the low end of its range (30 ships to 0.08 k ships), the fact ships.waiting makes it hold."),
    ],
)  # fmt: skip
def test_an_end_of_a_range_that_turns_the_test_is_named(tmp_path: Path, span: str, test: str, note: str) -> None:
    result = claim(tmp_path, span, test)
    assert result.basis == "facts"
    assert result.note == note
    assert (result.confidence, result.limits[0]) == (
        "low",
        "the range of the fact ships.waiting leaves the outcome open",
    )


def test_a_range_that_turns_nothing_is_not_named(tmp_path: Path) -> None:
    result = claim(tmp_path, "55 to 80 ships", "fact(ships.waiting) >= 50 ships")
    assert (result.verdict, result.note, result.confidence) == ("holds", "", "moderate")


def test_a_part_names_the_range_that_turns_it(tmp_path: Path) -> None:
    ranged = WAITING.replace("}", ', range: "50 to 95 ships"}')
    case = facts_only(tmp_path, replace={WAITING: ranged})
    result = assess(case, draws=64).claim("C2")
    assert [part.note for part in result.parts] == [
        "At the high end of its range (50 to 95 ships), the fact ships.waiting makes it hold.",
        "",
    ]
    assert result.confidence == "low"
