"""The first page says no more than its worlds carry, and names the part that decides a claim."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from tests.report.sample import sample

from tocsin.assessment.health_result import BaseRisk, Finding, Health, TypeFit
from tocsin.assessment.result import Assessment, ClaimResult, Likelihood, PartResult
from tocsin.report.brief import _first
from tocsin.report.first_page import LIMITS, first_page, weaknesses
from tocsin.report.reasons import reason
from tocsin.report.table_rows import event_order
from tocsin.report.wording import spending_rise
from tocsin.translation import Translator


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("sample"))


def with_history(assessment: Assessment, kept: bool) -> Assessment:
    history = assessment.case.history if kept else {}
    assert bool(history) is kept
    return replace(assessment, case=assessment.case.model_copy(update={"history": history}))


@pytest.mark.parametrize(("kept", "why"), [(True, "fit past years"), (False, "were drawn")])
def test_too_few_worlds_show_no_cost_and_say_why(assessment: Assessment, kept: bool, why: str) -> None:
    assert first_page(assessment, LIMITS[0], Translator()).ladder is not None
    few = replace(with_history(assessment, kept), run=replace(assessment.run, effective_draws=99.4))
    page = first_page(few, LIMITS[0], Translator())
    assert page.ladder is None
    assert page.answer[1] == f"Too few modelled worlds {why} to say what any event would cost."
    rough = replace(few, health=Health(findings=(Finding(kind="draws", text="Few."),)))
    assert weaknesses(rough) == [f"Few modelled worlds {why}, so the numbers are rough."]


def test_one_claim_hangs_on_a_judgement_and_two_hang(assessment: Assessment) -> None:
    said = [
        weaknesses(
            replace(assessment, health=Health(findings=(Finding(kind="judged", text="Judged.", claims=claims),)))
        )
        for claims in (("C1",), ("C1", "C2"))
    ]
    assert said == [
        ["1 claim hangs first on numbers that were assumed, not measured."],
        ["2 claims hang first on numbers that were assumed, not measured."],
    ]


def fits(*shares: float) -> tuple[TypeFit, ...]:
    """Return a fit for each of some types of challenger, by the share of worlds in which force is never best."""
    fit = TypeFit(
        theatre="strait", type="", recorded={}, after={}, predictive={}, weight=0.5, by_evidence=0.5, possible=True, by_error=0.0
    )  # fmt: skip
    return tuple(replace(fit, type=f"t{index}", by_error=share) for index, share in enumerate(shares))


ERROR, RISK = Finding(kind="error", text="By error."), Finding(kind="base risk", text="Far.")


@pytest.mark.parametrize(
    ("shares", "risk", "said"),
    [
        (
            (0.99, 0.96),
            0.01,
            ["In the model, force comes almost only by mistake.", "Its risk is far below that of past years."],
        ),
        (
            (0.99, 0.5),
            0.95,
            [
                "One model of the challenger uses force almost only by mistake.",
                "Its risk is far above that of past years.",
            ],
        ),
    ],
)
def test_the_gravest_weaknesses_are_on_the_page_however_short_it_is(
    assessment: Assessment, shares: tuple[float, ...], risk: float, said: list[str]
) -> None:
    base = BaseRisk(theatre="strait", years=10, model=(0.0, risk, 1.0), record=(0.2, 0.5, 0.9))
    weak = replace(assessment, health=Health(fits=fits(*shares), base_risk=base, findings=(ERROR, RISK)))
    assert weaknesses(weak) == said
    for limits in LIMITS:
        assert [*first_page(weak, limits, Translator()).unknown][-2:] == said


def test_questions_without_a_line_are_named_with_a_link(assessment: Assessment) -> None:
    first = next(iter(assessment.case.questions.values()))
    questions = {f"q{index}": first.model_copy(update={"claims": (f"C{index}",)}) for index in range(1, 5)}
    many = replace(assessment, case=assessment.case.model_copy(update={"questions": questions}))
    limits = replace(LIMITS[0], questions=2)
    assert [claim.id for claim in first_page(many, limits, Translator()).more] == ["C3", "C4"]
    assert first_page(many, LIMITS[0], Translator()).more == ()
    _, page = _first(
        replace(many, case=many.case.model_copy(update={"questions": questions | {f"r{i}": first for i in range(9)}})),
        Translator(),
    )
    assert re.search(r'more below: .*<a href="#C\d">', page)


def with_one_event(assessment: Assessment, sign: int) -> Assessment:
    row = next(row for row in assessment.figures.loss if row.event == "amendment")
    low, mid, high = (sign * value for value in row.dent)
    figures = replace(assessment.figures, loss=(replace(row, dent=(low, mid, high)),))
    return replace(assessment, figures=figures)


def test_one_event_is_not_compared_with_others(assessment: Assessment) -> None:
    answer = [first_page(with_one_event(assessment, sign), LIMITS[0], Translator()).answer[1] for sign in (1, -1)]
    assert answer == [
        "The one event tested, amendment, costs Alpha 1.3 % of all that deterrence costs it. Its first step comes 22 days later.",
        "The one event tested costs Alpha nothing in the middle world.",
    ]


def with_two_orders(assessment: Assessment) -> Assessment:
    rows = {row.event: row for row in assessment.figures.loss}
    rise = replace(rows["rise"], costlier_than={"amendment": 0.653})
    return replace(assessment, figures=replace(assessment.figures, loss=(rise, rows["amendment"])))


def test_an_event_that_costs_more_in_most_worlds_is_named_beside_the_costliest_of_the_middle_world(
    assessment: Assessment,
) -> None:
    two = with_two_orders(assessment)
    assert (
        first_page(two, LIMITS[0], Translator())
        .answer[1]
        .startswith(
            "In the middle world, amendment costs Alpha most: 1.3 % of all that deterrence costs it. "
            "“rise” costs it more in 65 of 100 worlds, but less in the middle one: 0.04 %."
        )
    )
    assert event_order(two) == (
        "“rise” costs more than “amendment” in most worlds, although its median is lower. "
        "Each median is taken over all worlds for itself, so medians can rank events against most worlds."
    )
    assert event_order(assessment) == ""


@pytest.mark.parametrize(
    ("rise", "text"),
    [(0.9813, "100 %"), (1.585, "160 %"), (0.52, "50 %"), (0.43, "43 %"), (0.0123, "1.2 %"), (0.0, "none")],
)
def test_a_rise_that_is_read_off_a_curve_is_not_printed_finer_than_it_is_known(rise: float, text: str) -> None:
    assert spending_rise(rise) == text


def part(name: str, verdict: Any, chance: float | None = None, **more: Any) -> PartResult:
    probability = None if chance is None else Likelihood(low=chance, mid=chance, high=chance)
    basis: Any = "facts" if chance is None else "model"
    shown = f"{name}: {'true' if verdict == 'holds' else 'false'}" if chance is None else ""
    return PartResult(
        name=name,
        says=f"Part {name}",
        verdict=verdict,
        probability=probability,
        note="",
        basis=basis,
        shown=shown,
        **more,
    )


SURE, LIKELY, FALSE = part("moved", "holds"), part("felt", "holds", 0.7), part("moved", "fails")


@pytest.mark.parametrize(
    ("verdict", "rule", "parts", "text"),
    [
        ("holds", "all", (SURE, LIKELY), "Weakest: “Part felt” (70 of 100 worlds)."),
        ("holds", "all", (SURE,), "By the facts: “Part moved” (moved: true)."),
        ("holds", "any", (FALSE, LIKELY), "Holds: “Part felt” (70 of 100 worlds)."),
        ("fails", "all", (replace(FALSE, essential=True), LIKELY), "Not so: “Part moved” (moved: false)."),
        ("fails", "most", (replace(FALSE, essential=True), LIKELY), "Not so: “Part moved” (moved: false)."),
        ("fails", "any", (FALSE, part("felt", "fails", 0.2)), "Best case: “Part felt” (20 of 100 worlds)."),
        ("fails", "any", (FALSE,), "Not so: “Part moved” (moved: false)."),
    ],
)  # fmt: skip
def test_the_part_that_decides_is_named(
    assessment: Assessment, verdict: Any, rule: Any, parts: tuple[PartResult, ...], text: str
) -> None:
    claim: ClaimResult = replace(assessment.claims[1], verdict=verdict, rule=rule, parts=parts)
    assert reason(assessment.case, claim, 24) == text
