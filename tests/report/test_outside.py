"""The outside view in the brief: one sentence beside each verdict on an event, and before it where the model differs from the past."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.report.sample import past_view, sample

from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.result import Assessment
from tocsin.report.brief import render
from tocsin.report.outside import outside


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


def block(assessment: Assessment, claim: str) -> str:
    """Return the text of a claim's own part of the brief."""
    page = render(assessment)
    article = re.search(rf'<article class="claim" id="{claim}".*?</article>', page, re.DOTALL)
    assert article
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", article.group(0))).replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_difference_is_said_before_the_verdict_and_the_rate_beside_it(assessment: Assessment) -> None:
    text = block(assessment, "C1")
    first = (
        "Inside and outside view differ on rise. In this model the chance that Alpha presses or attacks Gamma within five years is 11 % (21 % with the "
        "incidents that the record counts). Of past build-ups after a recent dispute, 44 % were followed by a dispute that the rival "
        "began (34 to 54 %)."
    )
    beside = (
        "Of 61 such build-ups, rivals began a dispute within five years in 24 (39 %, 90 % interval 29 to 50 %); among similar pairs "
        "without a build-up in 36 %."
    )
    assert text.index(first) < text.index("almost no chance") < text.index(beside)
    assert "29 of 66 (44 %, 34 to 54 %)" in text and "by less than 0.1 points" in text
    assert (
        "3.1 points more often than among similar pairs without a build-up (90 % interval -6.4 to +13 points)" in text
    )


def test_other_claims_say_nothing_of_it(assessment: Assessment) -> None:
    assert "such build-ups" not in block(assessment, "C3")
    claims = {claim.id: outside(assessment, claim) for claim in assessment.claims}
    assert claims["C3"].first == claims["C3"].beside == ()


@pytest.mark.parametrize(
    ("inside", "recorded", "differs"),
    [
        (0.4, 0.97, False),
        (0.11, 0.5, False),
        (0.11, None, True),
        (0.11, 0.2, True),
        (0.6, 0.97, True),
        (0.6, None, True),
        (0.11, 0.97, False),
        (None, None, False),
        (0.34, None, False),
    ],
)
def test_the_views_differ_if_the_past_lies_wholly_below_or_above_the_model(
    inside: float | None, recorded: float | None, differs: bool
) -> None:
    view: OutsideView = replace(past_view(), inside=inside, inside_recorded=recorded)
    assert view.differs == differs
    assert view.between == ((inside, recorded) == (0.11, 0.97))


def test_a_past_between_the_figures_of_the_model_is_no_difference_and_says_why(assessment: Assessment) -> None:
    spread = replace(assessment, outside=(replace(past_view(), inside_recorded=0.97),))
    text = block(spread, "C1")
    assert "view differ" not in text
    between = (
        "On rise past and model do not differ: the rate of the past lies between the model's two figures. In this model the chance that Alpha presses or attacks Gamma within five years is "
        "11 % (above 95 % with the incidents that the record counts). Of past build-ups after a recent dispute, 44 % were followed by a dispute "
        "that the rival began (34 to 54 %)."
    )
    assert text.index("almost no chance") < text.index("Of 61 such build-ups") < text.index(between)
    assert "lies between" not in block(assessment, "C1")


def test_agreement_is_not_said_first(assessment: Assessment) -> None:
    agreeing = replace(assessment, outside=(replace(past_view(), inside=0.4),))
    text = block(agreeing, "C1")
    assert "view differ" not in text and "such build-ups" in text


def test_the_first_page_stays_without_it(assessment: Assessment, tmp_path: Path) -> None:
    page = render(assessment)
    assert "such build-ups" not in page[page.index('<div class="first">') : page.index("<nav")]
