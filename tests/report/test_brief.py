"""The brief is one safe file without requests, with a short first page and words that agree with their numbers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from tests.report.sample import HOSTILE, bare, sample
from tests.support import minimal_case

from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.words import SCALE
from tocsin.errors import InputError
from tocsin.report import write_brief
from tocsin.report.brief import render
from tocsin.report.sentences import questions

VOID = {"meta", "link", "input", "br", "img"}
UNSEEN = {"script", "style", "title", "desc", "noscript", "defs"}


class Page(HTMLParser):
    """The elements of a page, the words of its first page, and its sentences."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.first: list[str] = []
        self.sentences: list[str] = []
        self._open: list[str] = []
        self._first = True
        self._block = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("p", "li", "td", "dd", "th"):
            self._block = ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if tag in ("p", "li", "td", "dd", "th") and self._block:
            self.sentences += re.split(r"(?<=[.!?])\s+(?=[A-Z“])", " ".join(self._block.split()))
            self._block = ""
        if tag == "section" and "main" in self._open and "section" not in self._open:
            self._first = False

    def handle_data(self, data: str) -> None:
        if UNSEEN & set(self._open) or "body" not in self._open:
            return
        self._block += data
        if self._first:
            self.first += data.split()


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def page(assessment: Assessment) -> str:
    return render(assessment)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assess(minimal_case(tmp_path_factory.mktemp("minimal")), seed=2, draws=32)


def test_the_first_page_can_be_read_in_two_minutes(page: str) -> None:
    words = Page(page).first
    assert 60 < len(words) <= 500


def test_the_first_page_stays_short_for_a_wordy_case(tmp_path: Path) -> None:
    long = "Alpha loses by a stronger and freer Beta " * 40
    talks = sample(tmp_path, replaced={"says: Alpha loses by a stronger and freer Beta": f"says: '{long}'"})
    question = next(iter(talks.case.questions.values()))
    case = talks.case.model_copy(update={"questions": {f"q{at}": question for at in range(9)}})
    assert len(Page(render(replace(talks, case=case))).first) <= 500


def test_a_solved_case_is_rendered(solved: Assessment) -> None:
    text = render(solved)
    assert len(Page(text).first) <= 500
    for claim in solved.claims:
        assert f'id="{claim.id}"' in text
    for name in solved.case.beliefs:
        assert f"<code>{name}</code>" in text


def test_empty_parts_of_a_case_are_rendered_too(tmp_path: Path) -> None:
    text = render(bare(tmp_path))
    assert "Undefined" not in text
    assert "There are no results to draw." in text
    assert "No event was tested." in text
    assert 'id="switches"' not in text


def test_the_page_makes_no_network_request(page: str) -> None:
    for tag, attributes in Page(page).elements:
        assert "src" not in attributes
        target = attributes.get("href") or attributes.get("xlink:href") or ""
        assert tag == "a" or not target or target.startswith(("#", "data:")), (tag, target)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_the_policy_allows_only_the_page_s_own_script(page: str) -> None:
    script = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page


def test_hostile_text_is_shown_but_not_run(tmp_path: Path) -> None:
    says = HOSTILE.replace("'", "")
    places = {
        "says: Alpha loses by a stronger and freer Beta": f"says: '{says}'",
        "{name: Alpha}": f"{{name: '{says}'}}",
        'cite: "A made-up yearbook, 2024"': f"cite: '{says}', url: 'javascript:alert(3)', note: '{says}'",
        "says: Alpha would say it anyway": f"says: '{says}'",
        "asks: Does Alpha fear Beta?": f"asks: '{says}'",
        "says: Beta spends more": f"says: '{says}'",
        "title: Would a stronger Beta deter Alpha from Gamma?": f"title: '{says}'",
    }
    hostile = sample(tmp_path, replaced=places)
    rows = (replace(row, label=says) for row in hostile.figures.fear)
    text = render(replace(hostile, figures=replace(hostile.figures, fear=tuple(rows))))
    elements = Page(text).elements
    assert [tag for tag, _ in elements if tag in ("img", "iframe", "object", "embed")] == []
    assert sum(tag == "script" for tag, _ in elements) == 2
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    assert not [a for _, a in elements if (a.get("href") or "").startswith("javascript")]
    assert "{{ 7 * 7 }}" in text
    assert json.loads(re.findall(r'id="scenes">(.*?)</script>', text)[0])["scenes"]


def test_control_characters_never_reach_the_page(assessment: Assessment) -> None:
    case = assessment.case.model_copy(update={"summary": "folded\x07 text\x00"})
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", render(replace(assessment, case=case)))


def test_headings_come_in_order(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Page(page).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_link_has_a_target(page: str) -> None:
    elements = Page(page).elements
    ids = [a["id"] for _, a in elements if a.get("id")]
    assert len(ids) == len(set(ids))
    links = {(a.get("href") or "")[1:] for _, a in elements if (a.get("href") or "").startswith("#")}
    assert links - set(ids) == set()


def test_charts_have_titles_and_descriptions(page: str) -> None:
    images = [a for tag, a in Page(page).elements if tag == "svg" and a.get("role") == "img"]
    assert len(images) == 6
    ids = {a.get("id") for _, a in Page(page).elements}
    assert all(set((a["aria-labelledby"] or "").split()) <= ids for a in images)
    assert page.count("<desc") == 6


def test_words_agree_with_the_numbers_beside_them(page: str) -> None:
    names = "|".join(word for _, word in SCALE)
    pairs = re.findall(rf"\b((?:very |almost )?(?:{names})) \((&lt;1|&gt;99|\d+)\s%\)", page)
    assert len(pairs) > 5
    for word, number in pairs:
        value = {"&lt;1": 0, "&gt;99": 100}.get(number) if "&" in number else int(number)
        assert value is not None
        assert word == next(name for edge, name in SCALE if value < edge)


def test_likelihood_and_confidence_never_share_a_sentence(page: str) -> None:
    words = re.compile("|".join(rf"\b{word} \(" for _, word in SCALE))
    mixed = [s for s in Page(page).sentences if words.search(s) and re.search("confiden", s, re.IGNORECASE)]
    assert mixed == []


def test_the_same_assessment_gives_the_same_page(assessment: Assessment, page: str) -> None:
    assert render(assessment) == page


def test_questions_are_answered_in_plain_text(assessment: Assessment) -> None:
    (answer,) = questions(assessment)
    assert answer.asks == "Does Alpha fear Beta?"
    assert "almost no chance (3 %)" in answer.text
    assert "C2" in answer.text


def test_a_brief_is_written_whole_or_not_at_all(assessment: Assessment, tmp_path: Path) -> None:
    target = tmp_path / "brief.html"
    write_brief(assessment, target)
    assert target.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [file.name for file in tmp_path.iterdir()] == ["brief.html"]
    with pytest.raises(InputError, match="no folder"):
        write_brief(assessment, tmp_path / "nowhere" / "brief.html")
