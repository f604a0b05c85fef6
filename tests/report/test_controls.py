"""The brief shows the controls with what they measure, in a reader's words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.report.sample import bare, sample

from tocsin.assessment.result import Assessment, ControlRow
from tocsin.report.brief import render
from tocsin.report.control_rows import control_rows

DOUBLES = ControlRow(
    event="rise", name="Beta <doubles>", positive=True, quantity="loss", actor="ALF", year=None, rung=None, theatre="strait", given=(),
    alike=None, threshold=0.02, effect=(0.0002, 0.003, 0.06), exceeds=0.18, registers=False,
)  # fmt: skip
ROWS = (
    DOUBLES,
    replace(DOUBLES, quantity="risk_by", year=5, given=("amendment",), alike="both", threshold=0.001, registers=True),
    replace(DOUBLES, quantity="spiral", threshold=0.0, positive=False, registers=True),
    replace(DOUBLES, quantity="equal_rise", threshold=0.5, effect=(0.1, 0.4, float("inf")), positive=False),
    replace(DOUBLES, quantity="delay", threshold=0.25, effect=(0.01, 0.5, 3.0)),
    replace(DOUBLES, quantity="dent", threshold=0.05, effect=(0.01, 0.02, 0.2)),
    replace(DOUBLES, quantity="fear_fall", threshold=0.01, effect=(0.001, 0.002, 0.02)),
)


def controlled(folder: Path) -> Assessment:
    return replace(sample(folder), controls=ROWS)


def test_a_control_says_what_it_measures_and_what_it_shows(tmp_path: Path) -> None:
    rows = control_rows(controlled(tmp_path))
    assert [row.measured for row in rows] == [
        "the challenger's loss, strait",
        "the chance that Alpha takes a first step towards its aim within 5 years, strait, given: amendment, "
        "with identical judgements (both)",
        "the chance of war within 10 years, strait",
        "the rise of spending that costs the challenger as much, strait",
        "the delay of the challenger's first step towards its aim, strait",
        "the share that an event adds to what deterrence costs the challenger, strait",
        "the chance that Alpha's regime falls within 10 years, strait",
    ]
    assert [row.threshold for row in rows] == ["2 %", "0.1 points", "0 points", "50 %", "3 months", "5 %", "1 point"]
    assert [row.effect for row in rows][:2] == ["0.3 % (0.02 % to 6 %)", "0.3 points (0.02 points to 6 points)"]
    assert rows[3].effect == "40 % (10 % to over 200 %)"
    assert [row.effect for row in rows][4:] == [
        "6 months (4 days to 3 years)",
        "2 % (1 % to 20 %)",
        "0.2 points (0.1 points to 2 points)",
    ]
    assert [row.result for row in rows][:4] == [
        "does not register, and must",
        "registers, as it must",
        "registers, and must not",
        "does not register, as it must not",
    ]


def test_the_brief_has_the_controls_if_there_are_any(tmp_path: Path) -> None:
    page = render(controlled(tmp_path))
    assert "Controls: what the measures can see" in page and "Beta &lt;doubles&gt;" in page
    assert "18\N{NO-BREAK SPACE}% of worlds" in page
    assert "what the measures can see" not in render(bare(tmp_path / "none"))


def test_a_tiny_threshold_is_never_printed_as_zero(tmp_path: Path) -> None:
    rows = (replace(sample(tmp_path).controls[0], threshold=1e-10),)
    assert [row.threshold for row in control_rows(replace(sample(tmp_path), controls=rows))] == ["0.00000001 %"]
