"""The diagram, the charts and the switches show all results, without overlaps."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from tests.report.sample import EMPTY, sample

from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.case.claim_blocks import Claim
from tocsin.case.compiled import Test
from tocsin.case.nodes import Truth
from tocsin.case.schema import Actor
from tocsin.plots.style import ACCENT, INK, SOFT
from tocsin.report import brief
from tocsin.report.brief import render
from tocsin.report.charts import charts
from tocsin.report.claim_states import mentioned, states_of
from tocsin.report.diagram import CHIP_H, CHIP_W, WIDTH, diagram
from tocsin.report.switches import panel
from tocsin.report.verdict_marks import MARKS


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("sample"))


def test_a_claim_runs_from_the_actor_whose_input_changes_to_the_challenger(assessment: Assessment) -> None:
    assert states_of(assessment.case, "C1") == ("BET", "ALF")


def test_a_pull_runs_from_the_challenger_to_the_owner_of_the_regime(assessment: Assessment) -> None:
    assert states_of(assessment.case, "C2") == ("ALF", "GAM")


def test_a_fact_is_about_the_state_in_its_key(assessment: Assessment) -> None:
    assert states_of(assessment.case, "C3") == ("BET", None)


def test_a_claim_about_motives_belongs_to_the_challenger(assessment: Assessment) -> None:
    assert states_of(assessment.case, "C4") == ("ALF", None)


def test_a_claim_that_names_no_state_is_listed_but_not_drawn(tmp_path: Path) -> None:
    nobody = {"says: Alpha speaks from alarm, kind: motive": "says: louder words mean more, kind: causal"}
    drawn = diagram(sample(tmp_path, replaced=nobody))
    assert drawn.undrawn == ("C4",)
    assert 'href="#C4"' not in drawn.svg


def test_states_are_recognised_by_name_key_and_as_parts_of_words(assessment: Assessment) -> None:
    assert mentioned(assessment.case, "Gamman leaders, then ALF; Bet is a word") == ["GAM", "ALF"]


def test_every_claim_is_drawn_once_with_its_verdict_in_words(assessment: Assessment) -> None:
    svg = diagram(assessment).svg
    for claim in assessment.claims:
        assert svg.count(f'href="#{claim.id}"') == 1
    assert 'aria-label="C1, fails: ' in svg


def test_labels_of_the_diagram_do_not_overlap(assessment: Assessment) -> None:
    boxes = re.findall(
        rf'<rect x="([\d.]+)" y="([\d.]+)" width="{CHIP_W:.0f}" height="{CHIP_H:.0f}"', diagram(assessment).svg
    )
    corners = [(float(x), float(y)) for x, y in boxes]
    assert len(corners) == 4
    for (x1, y1), (x2, y2) in combinations(corners, 2):
        assert abs(x1 - x2) >= CHIP_W - 0.2 or abs(y1 - y2) >= CHIP_H - 0.2


def test_charts_are_reproducible_and_keep_their_text(assessment: Assessment) -> None:
    first, second = charts(assessment), charts(assessment)
    assert [chart.svg for chart in first] == [chart.svg for chart in second]
    assert [chart.text.id for chart in first] == ["spending", "fear", "risk", "pillar", "pull", "fan"]
    assert ">Beta<" in first[0].svg.replace("\n", "")
    assert all("<metadata" not in chart.svg and "1970" not in chart.svg for chart in first)


def test_charts_without_data_are_left_out(assessment: Assessment) -> None:
    assert charts(replace(assessment, figures=EMPTY)) == ()


def test_the_switches_cover_all_combinations(assessment: Assessment) -> None:
    switches = panel(assessment)
    assert switches is not None
    assert [len(control.options) for control in switches.controls] == [2, 2, 2]
    assert len(switches.scenes) == 8
    assert switches.now in switches.scenes
    assert [row.key for row in switches.rows] == ["fear", "fear_aim", "risk", "p_war", "pillar.BET"]
    for rows in switches.to_dict()["scenes"].values():
        assert len(rows) == len(switches.rows)
        assert all(0 <= position <= 100 for row in rows for position in row[3:])


def test_the_table_of_single_switches_leaves_out_the_present(assessment: Assessment) -> None:
    switches = panel(assessment)
    assert switches is not None
    assert [switch.label for switch in switches.single] == [
        "Spending of Beta: rise",
        "Gamma: alignment: aligned",
        "Beta: posture: normal",
    ]


def test_missing_numbers_are_not_drawn_and_printed_as_unknown(assessment: Assessment) -> None:
    none = (math.nan, math.nan, math.nan)
    figures = assessment.figures
    without = replace(
        figures,
        fear=tuple(replace(row, total=none, aim=none, survival=none) for row in figures.fear),
        risk=tuple(replace(row, band=none) for row in figures.risk),
        pillar=tuple(replace(row, band=none, share=None) for row in figures.pillar),
        pull=tuple(replace(row, band=none) for row in figures.pull),
        fan=figures.fan[:1],
    )
    scenes = tuple(replace(scene, values=dict.fromkeys(scene.values, none)) for scene in assessment.scenes)
    text = render(replace(assessment, figures=without, scenes=scenes))
    assert "unknown" in text
    assert "nan" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL).lower().split()


def test_many_states_and_claims_fit(assessment: Assessment) -> None:
    case = assessment.case
    names = [f"N{at:02d}" for at in range(12)]
    actors = {**case.actors, **{name: Actor(name=f"The Federation of {name}") for name in names}}
    says = [
        f"The Federation of {names[at % 12]} leans on The Federation of {names[(5 * at + 1) % 12]}" for at in range(40)
    ]
    claims = {f"D{at:02d}": Claim(says=text, kind="causal", holds="true") for at, text in enumerate(says)}
    results = tuple(
        ClaimResult(
            id=key, kind="causal", says=claim.says, sentence=None, mechanism="", verdict="holds", words="by the facts",
            probability=None, confidence="low",
        )
        for key, claim in claims.items()
    )  # fmt: skip
    tests = {key: {"": Test(Truth(True))} for key in claims}
    crowded = case.model_copy(
        update={"actors": actors, "claims": {**case.claims, **claims}, "tests": {**case.tests, **tests}}
    )
    drawn = diagram(replace(assessment, case=crowded, claims=assessment.claims + results))
    assert drawn.undrawn == ()
    assert len(re.findall("<a ", drawn.svg)) == 44
    inside = re.findall(rf'<rect x="([-\d.]+)" y="([-\d.]+)" width="{CHIP_W:.0f}"', drawn.svg)
    assert all(0 <= float(x) <= WIDTH - CHIP_W + 0.1 and float(y) >= 0 for x, y in inside)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [INK, SOFT, ACCENT, *(mark.colour for mark in MARKS.values())])
@pytest.mark.parametrize("paper", ["#ffffff", "#f5f3ee"])
def test_every_text_colour_is_legible_on_every_background(colour: str, paper: str) -> None:
    assert (_luminance(paper) + 0.05) / (_luminance(colour) + 0.05) >= 4.5


def test_verdicts_differ_by_sign_and_line_and_not_only_by_colour() -> None:
    assert len({mark.sign for mark in MARKS.values()}) == len(MARKS)
    assert len({mark.dash for mark in MARKS.values()}) == len(MARKS)
    style = (Path(brief.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
    for mark in MARKS.values():
        assert f".v-{mark.name} {{ color: {mark.colour}; }}" in style
