"""A claim has one verdict and one percentage wherever it is printed, and the first page has no number that the JSON lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any, get_args

import pytest
from tests.report.sample import sample
from tests.support import minimal_case

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment, Verdict
from tocsin.assessment.run import assess
from tocsin.assessment.words import HIGHEST, LOWEST, game_percent, whole
from tocsin.case import load
from tocsin.cli.running import summary
from tocsin.cli.showing import describe
from tocsin.report.brief import render
from tocsin.report.wording import aim_share, delay_text, rise_text

VERDICTS = sorted(get_args(Verdict), key=len, reverse=True)


CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture(scope="module", params=["sample", "solved", pytest.param("founding", marks=pytest.mark.slow)])
def assessment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "founding":
        return assess(load(CASES / "japan-buildup"), seed=1, draws=256)
    return sample(folder) if request.param == "sample" else assess(minimal_case(folder), seed=2, draws=128)


def plain(html: str) -> str:
    """Return the text of a piece of a page on one line, with ordinary spaces."""
    visible = re.sub(r"<(svg|style|script)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", visible)).replace("\xa0", " ").split())


def printed(text: str) -> tuple[str, str]:
    """Return the first verdict of a text and the first percentage that stands in brackets after its words."""
    word = re.search("|".join(VERDICTS), text)
    number = re.search(r"(?:chance|likely|unlikely|certain) \(((?:below |above |[<>])?\d+ %)\)", text)
    return (word[0] if word else "", number[1] if number else "")


def everywhere(assessment: Assessment, name: str) -> dict[str, tuple[str, str]]:
    """Return the verdict and percentage of a claim in each place where it is printed."""
    page, record = render(assessment), AssessmentRecord.of(assessment)
    card = re.search(rf'<article class="claim" id="{name}".*?<p class="result">(.*?)</p>', page, re.DOTALL)
    lines = summary(assessment, 128, Path("b.html"), None).splitlines()
    line = next(line for line in lines if line.startswith(f"  {name} "))
    (claim,) = [claim for claim in record.to_dict()["claims"] if claim["id"] == name]
    assert card
    return {
        "page": printed(plain(card[1])),
        "terminal": printed(line),
        "show": printed(describe(record, name).split("\n")[1]),
        "JSON": printed(f"{claim['verdict']}: {claim['words']}"),
    }


def test_a_claim_has_one_verdict_and_one_percentage_everywhere(assessment: Assessment) -> None:
    for claim in assessment.claims:
        places = everywhere(assessment, claim.id)
        assert len(set(places.values())) == 1, (claim.id, places)
        assert places["page"][0] == claim.verdict
        if claim.probability and claim.verdict in ("holds", "fails"):
            assert places["page"][1], claim.id


def test_a_part_has_one_verdict_and_one_percentage_everywhere(assessment: Assessment) -> None:
    page, record = render(assessment), AssessmentRecord.of(assessment)
    for claim in assessment.claims:
        card = re.search(rf'<article class="claim" id="{claim.id}".*?</article>', page, re.DOTALL)
        assert card
        parts = re.search(r'<ol class="parts">(.*?)</ol>', card[0], re.DOTALL)  # models have lists of their own
        items = re.findall(r"<li>(.*?)</li>", parts[1], re.DOTALL) if parts else []
        for item, part in zip(items, claim.parts, strict=True):
            shown = describe(record, f"{claim.id}.{part.name}").split("\n")[1]
            assert printed(plain(item)) == printed(shown)


def test_a_game_prints_no_figure_beyond_its_limits(assessment: Assessment) -> None:
    page, record = render(assessment), AssessmentRecord.of(assessment)
    for claim in assessment.claims:
        card = re.search(rf'<article class="claim" id="{claim.id}".*?</article>', page, re.DOTALL)
        assert card
        said = re.findall(r"<dt>(?:Range|By model)</dt><dd>(.*?)</dd>", card[0], re.DOTALL)
        shown = describe(record, claim.id).splitlines()
        said += [line.split(" (")[0] for line in shown if line.startswith(("  probability:", "  in model"))]
        figures = [
            int(number) for text in said for number in re.findall(r"(?<!below )(?<!above )\b(\d+) %", plain(text))
        ]
        if claim.basis == "model":
            assert all(LOWEST <= number <= HIGHEST for number in figures), (claim.id, said)
            assert bool(said) == (claim.probability is not None or bool(claim.by_model))


def test_a_question_on_the_first_page_has_the_verdict_of_its_first_claim(assessment: Assessment) -> None:
    page = render(assessment)
    lines = re.findall(r'<li><h2>.*?<span class="verdict[^>]*>(.*?)</span>.*?href="#(\w+)"', page, re.DOTALL)
    first = [question.claims[0] for question in assessment.case.questions.values()]
    assert len(lines) >= min(3, len(first))
    shown = first[: len(lines)]
    assert [(plain(verdict), name) for verdict, name in lines] == [
        (assessment.claim(name).verdict, name) for name in shown
    ]
    assert without_a_line(page) == first[len(lines) :]


def without_a_line(page: str) -> list[str]:
    """Return the first claims of the questions for which the first page has no space, which it names."""
    more = re.search(r'<p class="small more">(.*?)</p>', page, re.DOTALL)
    return re.findall(r'href="#(\w+)"', more[1]) if more else []


def shown(page: str) -> str:
    """Return the text of a page with its folds closed, without drawings."""
    closed = page[page.index("<body>") :]
    while "<details" in closed:
        closed = re.sub(
            r"<details[^>]*>\s*<summary>(.*?)</summary>(?:(?!<details).)*?</details>", r"\1", closed, flags=re.DOTALL
        )
    return plain(closed)


def test_the_page_is_short_and_answers_every_question_first(assessment: Assessment) -> None:
    page = render(assessment)
    assert len(plain(page[page.index('<div class="first">') : page.index("<nav")]).split()) <= 350
    assert page.count("<li><h2>") + len(without_a_line(page)) == len(assessment.case.questions)
    assert len(shown(page).split()) <= 7500  # with past cases and other models beside the claims


# --- numbers -------------------------------------------------------------------------------------------------------


def numbers(value: Any) -> Iterator[float]:
    """Yield all numbers of a JSON value, and how many items its lists have."""
    if isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        yield len(value)
        for item in value:
            yield from numbers(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def may_be_printed(assessment: Assessment) -> set[str]:
    """Return the numbers that the JSON and the case's own texts hold, as they are printed."""
    data = AssessmentRecord.of(assessment).to_dict()
    case = assessment.case
    own = [case.title, str(case.as_of.year), str(case.as_of.day)]
    own += [claim.says for claim in case.claims.values()]
    own += [part.says for claim in case.claims.values() for part in claim.all_parts.values()]
    own += [question.asks for question in case.questions.values()]
    allowed = {text for value in own for text in re.findall(r"\d+", value)}
    shares = [value for value in numbers(data) if 0 <= value <= 1]
    said = " ".join(f"{whole(value)} {game_percent(value)}" for value in shares)
    allowed |= {*re.findall(r"\d+", said), "100", "99", "1"}  # of 100; more than 99, fewer than 1 of 100
    for rung in data.get("ladder", []):
        said = f"{aim_share(rung['dent']['p50'])} {delay_text(rung['delay']['p50'])}"
        rises = (rise_text(rung[name]["p50"]) for name in ("fall", "struck"))
        allowed |= set(re.findall(r"\d+(?:\.\d+)?", " ".join((said, *rises))))
    allowed |= {"10"}  # a mark of the ladder
    counts = [len(data["claims"]), *(len(claim["parts"]) for claim in data["claims"])]
    counts += [sum(not rung["control"] for rung in data.get("ladder", []))]
    return allowed | {str(count) for highest in counts for count in range(highest + 1)}


def test_the_first_page_has_no_number_that_the_json_does_not_hold(assessment: Assessment) -> None:
    page = render(assessment)
    first = page[page.index('<div class="first">') : page.index("<nav")]
    text = plain(re.sub(r'<a class="ref".*?</a>', "", first, flags=re.DOTALL))
    printed_numbers = set(re.findall(r"\d+(?:\.\d+)?", text))
    assert printed_numbers
    assert printed_numbers - may_be_printed(assessment) == set()


def test_a_changed_number_would_be_noticed(assessment: Assessment) -> None:
    assert "7373" not in may_be_printed(assessment)
    claims = (replace(assessment.claims[0], says="Alpha loses in 7373 worlds"), *assessment.claims[1:])
    assert "7373" not in may_be_printed(replace(assessment, claims=claims))
