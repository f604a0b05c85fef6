"""The diagram, the ladder, the charts and the switches show all results, without overlaps."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from tests.report.sample import EMPTY, sample

from tocsin.assessment.figures_result import FanYear
from tocsin.assessment.ladder import ladder, left_out
from tocsin.assessment.result import Assessment, ClaimResult
from tocsin.assessment.words import LOWEST
from tocsin.case.claim_blocks import Claim, Question
from tocsin.case.compiled import Test
from tocsin.case.nodes import Truth
from tocsin.case.schema import Actor, Controls
from tocsin.plots.style import ACCENT, INK, SOFT
from tocsin.plots.svg import text_width
from tocsin.report import brief
from tocsin.report.brief import render
from tocsin.report.chart_drawing import draw_fan
from tocsin.report.charts import charts
from tocsin.report.claim_states import mentioned, states_of
from tocsin.report.diagram import CHIP_H, CHIP_W, HEIGHT, MAX_ARROWS, NODE_H, NODE_W, WIDTH, Diagram, diagram
from tocsin.report.ladder_drawing import draw_ladder
from tocsin.report.switches import panel
from tocsin.report.verdict_marks import MARKS
from tocsin.translation import Translator


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


def test_states_are_recognised_by_name_key_and_as_parts_of_words(assessment: Assessment) -> None:
    assert mentioned(assessment.case, "Gamman leaders, then ALF; Bet is a word") == ["GAM", "ALF"]


def drawn(assessment: Assessment) -> Diagram:
    result = diagram(assessment, Translator())
    assert result is not None
    return result


def chips(svg: str) -> list[tuple[float, float]]:
    """Return the left upper corners of the labels."""
    boxes = re.findall(rf'<rect x="([-\d.]+)" y="([-\d.]+)" width="{CHIP_W:.0f}" height="{CHIP_H:.0f}"', svg)
    return [(float(x), float(y)) for x, y in boxes]


def test_an_arrow_stands_for_a_question_about_two_states_with_the_verdict_of_its_first_claim(
    assessment: Assessment,
) -> None:
    result = drawn(assessment)
    assert result.svg.count("<a ") == 2  # C1 is about Beta and Alpha, C2 about Alpha and Gamma
    assert 'href="#question-1" aria-label="1 Does Alpha fear Beta? fails; 1 claim"' in result.svg
    assert 'aria-label="1 Does Alpha fear Beta? disputed; 1 claim"' in result.svg
    assert result.undrawn == 2


def test_claims_of_one_question_about_the_same_states_share_an_arrow(assessment: Assessment) -> None:
    question = assessment.case.questions["fear"].model_copy(update={"claims": ("C1", "D1")})
    like = assessment.case.claims["C1"]
    case = assessment.case.model_copy(
        update={
            "questions": {"fear": question},
            "claims": {**assessment.case.claims, "D1": like},
            "tests": {**assessment.case.tests, "D1": assessment.case.tests["C1"]},
        }
    )
    claims = (*assessment.claims, replace(assessment.claims[0], id="D1", verdict="holds"))
    svg = drawn(replace(assessment, case=case, claims=claims)).svg
    assert svg.count("<a ") == 1
    assert "fails; 2 claims" in svg


def test_without_a_question_about_two_states_there_is_no_diagram(assessment: Assessment) -> None:
    assert diagram(replace(assessment, case=assessment.case.model_copy(update={"questions": {}})), Translator()) is None


def test_a_long_role_stands_on_lines_within_its_box(assessment: Assessment) -> None:
    strait = assessment.case.theatres["strait"]
    theatre = strait.model_copy(update={"backers": strait.protectors})
    case = assessment.case.model_copy(update={"theatres": {"strait": theatre}})
    svg = drawn(replace(assessment, case=case)).svg
    texts = [
        line
        for line in re.findall(r'font-size="11.5" fill="[^"]*">([^<]*)<', svg)
        if line not in ("challenger", "target")
    ]
    assert texts == ["protector of both", "sides"]
    assert max(text_width(line, 11.5) * 72 for line in texts) <= 1.2 * NODE_W  # `text_width` is rather too wide
    (box,) = re.findall(
        r'<rect x="[-\d.]+" y="([-\d.]+)" width="104" height="([\d.]+)"[^>]*/>(?=<text[^>]*>Beta<)', svg
    )
    (name, *lines) = [float(y) for y in re.findall(r'y="([-\d.]+)"[^>]*>(?:Beta|protector of both|sides)<', svg)]
    assert float(box[0]) + 10 <= name < lines[0] < lines[1] <= float(box[0]) + float(box[1]) - 3


def test_labels_of_the_diagram_do_not_overlap(assessment: Assessment) -> None:
    corners = chips(drawn(assessment).svg)
    assert len(corners) == 2
    for (x1, y1), (x2, y2) in combinations(corners, 2):
        assert abs(x1 - x2) >= CHIP_W - 0.2 or abs(y1 - y2) >= CHIP_H - 0.2


# --- the ladder ----------------------------------------------------------------------------------------------------


def with_controls(assessment: Assessment) -> Assessment:
    """Return the sample with a named budget and the alignment as a control."""
    events = dict(assessment.case.events)
    events["rise"] = events["rise"].model_copy(update={"name": "this budget"})
    events["amendment"] = events["amendment"].model_copy(update={"name": "the amendment"})
    controls = Controls(positive=("aligned",))
    return replace(assessment, case=assessment.case.model_copy(update={"events": events, "controls": controls}))


def test_the_ladder_gives_costs_and_delays_with_the_controls_last(assessment: Assessment) -> None:
    rows = ladder(with_controls(assessment))
    assert [(row.name, row.role) for row in rows] == [
        ("the amendment", "event"), ("this budget", "event"), ("aligned", "control"),
    ]  # fmt: skip
    drawing = draw_ladder(with_controls(assessment), rows, 9, Translator())
    assert drawing is not None
    assert [(rung.name, rung.value, rung.control) for rung in drawing.rungs] == [
        ("the amendment", "1.3 %, 22 days later", False), ("this budget", "0.04 %", False),
        ("aligned", "\N{MINUS SIGN}0.005 %", True),
    ]  # fmt: skip
    assert drawing.left_out == ""


def test_the_ladder_sets_survival_apart(assessment: Assessment) -> None:
    rows = ladder(with_controls(assessment))
    drawing = draw_ladder(with_controls(assessment), rows, 9, Translator())
    assert drawing is not None
    assert drawing.survival == (
        "Survival: its fall within 10 years is likelier by at most 0.2 points, a first strike by 0.05 points."
    )
    none = draw_ladder(with_controls(assessment), rows[2:], 9, Translator())
    assert none is not None
    assert none.survival == "Survival: none makes its fall, or a first strike at it, likelier within 10 years."


def test_the_scale_of_the_ladder_ends_at_all_that_deterrence_costs(assessment: Assessment) -> None:
    rows = ladder(assessment)
    for dent in (0.013, 0.5, 3.0):
        drawing = draw_ladder(assessment, (replace(rows[0], dent=(dent, dent, dent)),), 9, Translator())
        assert drawing is not None
        (dot,) = re.findall(r'cx="([\d.]+)%"', drawing.rungs[0].bar)
        (label,) = re.findall(r'x="([\d.]+)%"[^>]*>100 %<', drawing.axis)
        assert float(dot) < float(label) if dent < 1 else float(dot) == float(label)
        assert "no change" in drawing.axis and "\N{MINUS SIGN}" not in drawing.axis


def test_every_line_of_the_ladders_grid_has_its_label(assessment: Assessment) -> None:
    rows = ladder(assessment)
    for dents in ((0.0001, 0.013, 0.5), (-0.002, 0.0, 0.03), (-0.4, 0.001, 0.004)):
        drawing = draw_ladder(assessment, (replace(rows[0], dent=dents),), 9, Translator())
        assert drawing is not None
        lines = re.findall(r'class="(?:tick|zero)" x1="([-\d.]+)%"', drawing.rungs[0].bar)
        labels = re.findall(r'<text x="([-\d.]+)%"', drawing.axis)
        assert len(lines) > 1 and sorted(lines, key=float) == labels


def test_events_without_a_name_are_left_out_where_others_have_one(assessment: Assessment) -> None:
    events = dict(with_controls(assessment).case.events)
    events["amendment"] = assessment.case.events["amendment"]
    case = with_controls(assessment).case.model_copy(update={"events": events})
    unnamed = replace(assessment, case=case)
    assert [row.event for row in ladder(unnamed)] == ["rise", "aligned"]
    drawing = draw_ladder(unnamed, ladder(unnamed), 9, Translator())
    assert drawing is not None and drawing.left_out == "Not drawn: amendment (no name)."


def test_events_that_are_not_drawn_have_their_reason(assessment: Assessment) -> None:
    rise, amendment = (
        next(row for row in assessment.figures.loss if row.event == name) for name in ("rise", "amendment")
    )
    none, missing = (0.0, 0.0, 0.0), (math.nan, math.nan, math.nan)
    figures = replace(assessment.figures, loss=(replace(rise, total=none), replace(amendment, dent=missing)))
    case = assessment.case.model_copy(
        update={"events": {**assessment.case.events, "far": assessment.case.events["rise"]}}
    )
    changed = replace(assessment, case=case, figures=figures)
    assert left_out(changed) == {
        "rise": "changes nothing", "amendment": "has no value", "aligned": "is in another theatre", "far": "is in another theatre",
    }  # fmt: skip
    drawing = draw_ladder(changed, ladder(assessment)[:1], 9, Translator())
    assert drawing is not None
    assert drawing.left_out == "Not drawn: 1 (no effect), 1 (undefined), 2 (elsewhere)."


def test_a_short_ladder_keeps_the_costliest_event_and_the_controls(assessment: Assessment) -> None:
    drawing = draw_ladder(with_controls(assessment), ladder(with_controls(assessment)), 2, Translator())
    assert drawing is not None
    assert [rung.name for rung in drawing.rungs] == ["the amendment", "aligned"]
    assert drawing.left_out == "Not drawn: this budget (length)."


def test_a_larger_loss_lies_further_to_the_right_and_a_gain_left_of_zero(assessment: Assessment) -> None:
    drawing = draw_ladder(assessment, ladder(assessment), 9, Translator())
    assert drawing is not None
    dots = [float(match) for rung in drawing.rungs for match in re.findall(r'cx="([\d.]+)%"', rung.bar)]
    zeros = {match for rung in drawing.rungs for match in re.findall(r'class="zero" x1="([\d.]+)%"', rung.bar)}
    (zero,) = map(float, zeros)
    assert dots == sorted(dots, reverse=True)
    assert dots[0] > dots[1] > zero > dots[2]
    assert all(0 <= dot <= 100 for dot in dots)


def test_charts_are_reproducible_and_keep_their_text(assessment: Assessment) -> None:
    first, second = (charts(assessment, Translator()) for _ in range(2))
    assert [chart.svg for chart in first] == [chart.svg for chart in second]
    assert [chart.text.id for chart in first] == ["spending", "loss", "risk", "pillar", "pull", "fan"]
    assert ">Beta<" in first[0].svg.replace("\n", "")
    assert all("<metadata" not in chart.svg and "1970" not in chart.svg for chart in first)


def test_charts_without_data_are_left_out(assessment: Assessment) -> None:
    assert charts(replace(assessment, figures=EMPTY), Translator()) == ()


def test_the_switches_cover_all_combinations(assessment: Assessment) -> None:
    switches = panel(assessment)
    assert switches is not None
    assert [len(control.options) for control in switches.controls] == [2, 2, 2]
    assert len(switches.scenes) == 8
    assert switches.now in switches.scenes
    assert [row.key for row in switches.rows] == [
        "dent",
        "delay",
        "fear_fall",
        "fear_struck",
        "risk",
        "p_war",
        "pillar.BET",
    ]
    for rows in switches.to_dict(Translator().plain)["scenes"].values():
        assert len(rows) == len(switches.rows)
        assert all(0 <= position <= 100 for row in rows for position in row[2:])


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
        loss=tuple(
            replace(row, total=none, aim=none, survival=none, dent=none, delay=none, fall=none, struck=none)
            for row in figures.loss
        ),
        risk=tuple(replace(row, band=none) for row in figures.risk),
        pillar=tuple(replace(row, band=none, share=None) for row in figures.pillar),
        pull=tuple(replace(row, band=none) for row in figures.pull),
        fan=figures.fan[:1],
    )
    scenes = tuple(replace(scene, values=dict.fromkeys(scene.values, none)) for scene in assessment.scenes)
    text = render(replace(assessment, figures=without, scenes=scenes))
    assert "unknown" in text
    assert "nan" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL).lower().split()


def test_many_states_and_questions_fit(assessment: Assessment) -> None:
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
    questions = {f"q{at}": Question(asks=f"Question {at}?", claims=tuple(claims)[at::8]) for at in range(8)}
    crowded = case.model_copy(
        update={
            "actors": actors, "claims": {**case.claims, **claims}, "tests": {**case.tests, **tests}, "questions": questions,
        }
    )  # fmt: skip
    result = drawn(replace(assessment, case=crowded, claims=assessment.claims + results))
    arrows = result.svg.count("<a ")
    assert 0 < arrows <= MAX_ARROWS == 9
    corners = chips(result.svg)
    assert len(corners) == arrows
    assert all(0 <= x <= WIDTH - CHIP_W + 0.1 and 0 <= y <= HEIGHT - CHIP_H + 0.1 for x, y in corners)
    boxes = re.findall(rf'<rect x="([-\d.]+)" y="([-\d.]+)" width="{NODE_W:.0f}" height="([\d.]+)"', result.svg)
    assert all(float(x) >= 0 and float(x) + NODE_W <= WIDTH and float(y) >= 0 for x, y, _ in boxes)
    for (x1, y1, h1), (x2, y2, _) in combinations([(float(x), float(y), float(h)) for x, y, h in boxes], 2):
        assert abs(x1 - x2) >= NODE_W or abs(y1 - y2) >= min(h1, NODE_H)


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
        assert f".v-{mark.name} {{ color: var(--{mark.name}); }}" in style


@pytest.mark.parametrize("highest", [0.002, 0.03, 0.2, 0.6, 1.0])
def test_the_scale_of_outcomes_has_no_mark_below_the_lowest_figure_of_a_game(
    assessment: Assessment, highest: float
) -> None:
    last = FanYear(year=2040, levels=(1.0 - highest, highest / 2), won=highest / 2, fallen=0.0)
    first = replace(last, year=2030)
    figure = Figure()
    draw_fan(figure, replace(assessment, figures=replace(EMPTY, fan=(first, last))), Translator())
    (axis,) = figure.axes
    low, high = axis.get_ylim()
    marks = [mark for mark in axis.get_yticks() if low <= mark <= high]
    assert 100 * highest <= high
    assert 3 <= len(marks) <= 8
    assert not [mark for mark in marks if 0 < mark < LOWEST]
