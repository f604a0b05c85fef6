"""The brief is one safe file without requests, with a short first page and words that agree with their numbers."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from tests.report.sample import HOSTILE, bare, sample
from tests.support import minimal_case

from tocsin.assessment.facts_result import FactRead, OutcomeResult
from tocsin.assessment.result import Alarm, Assessment, ClaimResult, Likelihood
from tocsin.assessment.run import assess
from tocsin.assessment.words import SCALE
from tocsin.case.claim_blocks import Answers
from tocsin.case.schema import Article
from tocsin.errors import InputError
from tocsin.report import write_brief
from tocsin.report.brief import render
from tocsin.report.first_page import MAX_WORDS
from tocsin.report.sentences import questions
from tocsin.rhetoric.foretell.results import sentence

VOID = {"meta", "link", "input", "br", "img"}
UNSEEN = {"script", "style", "title", "desc", "noscript", "defs"}
BLOCKS = ("p", "li", "td", "dd", "th", "h1", "h2", "h3", "figcaption", "summary")


class Page(HTMLParser):
    """The elements of a page, the words of its first page, and its sentences."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.first: list[str] = []
        self.sentences: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._block = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("class") or ""))
        if tag in BLOCKS:
            self._block = ""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in BLOCKS and self._block:
            self.sentences += re.split(r"(?<=[.!?])\s+(?=[A-Z“])", " ".join(self._block.split()))
            self._block = ""

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _ in self._open}
        if UNSEEN & tags or "body" not in tags:
            return
        self._block += data
        if ("div", "first") in self._open:
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
    assert 100 < len(words) <= MAX_WORDS == 350


@pytest.mark.parametrize("questions", [1, 4, 9])
@pytest.mark.parametrize("words", [10, 40])
def test_the_first_page_stays_short_for_a_wordy_case(tmp_path: Path, questions: int, words: int) -> None:
    long = "Alpha loses by a stronger and freer Beta " * words
    talks = sample(tmp_path, replaced={"says: Alpha loses by a stronger and freer Beta": f"says: '{long}'"})
    answers = Answers(partly=long, fails=long, undecided=long)
    question = next(iter(talks.case.questions.values())).model_copy(update={"answers": answers, "asks": long})
    article = Article(title=long, outlet=long, date=talks.case.as_of)
    theatres = {name: theatre.model_copy(update={"aim": long}) for name, theatre in talks.case.theatres.items()}
    asked = {f"q{at}": question for at in range(questions)}
    update = {"questions": asked, "article": article, "theatres": theatres}
    text = render(replace(talks, case=talks.case.model_copy(update=update)))
    assert len(Page(text).first) <= MAX_WORDS


def test_the_first_page_has_the_answer_a_line_a_question_the_ladder_and_what_is_not_known(page: str) -> None:
    first = " ".join(Page(page).first)
    order = [
        "The central claim does not hold: “Alpha loses by a stronger and freer Beta”.",
        "amendment costs Alpha most: 1.3 % of all that deterrence costs it. Its first step comes 22 days later.",
        "Does Alpha fear Beta?",
        "fails",
        "The claim holds in fewer than 5 of 100 modelled worlds, in more than 95 if any effect counted.",
        "What each event costs Alpha",
        "What is not known",
        "Of 4 claims, 1 is disputed and 1 is not tested.",
        "One model of the challenger does not fit its past conduct.",
        "no better than chance which rivals would be challenged;",
    ]
    places = [first.find(text) for text in order]
    assert min(places) >= 0, [text for text, place in zip(order, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_the_first_page_names_no_claim_by_number_in_a_sentence_and_no_share_twice(page: str) -> None:
    first = page[page.index('<div class="first">') : page.index("<nav")]
    prose = re.sub(r'<a class="ref".*?</a>|<figure.*?</figure>', "", first, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", prose)
    assert not re.search(r"\bC\d+\b", text)
    shares = re.findall(r"[\d.]+(?=\s%)|\d+(?= of 100)", text)
    assert len(shares) == len(set(shares))


@pytest.mark.parametrize(
    ("verdict", "key"),
    [("holds", "holds"), ("partly", "partly"), ("fails", "fails")]
    + [(open_, "undecided") for open_ in ("disputed", "cannot tell", "not tested")],
)
def test_the_author_s_sentence_for_the_verdict_opens_the_page(assessment: Assessment, verdict: str, key: str) -> None:
    answers = {"holds": "Yes, it does.", "partly": "In part.", "fails": "No.", "undecided": "Nobody can tell."}
    (question,) = assessment.case.questions.values()
    question = question.model_copy(update={"answers": Answers(**answers)})
    case = assessment.case.model_copy(update={"questions": {"fear": question}})
    claims = (replace(assessment.claims[0], verdict=verdict), *assessment.claims[1:])  # type: ignore[arg-type]
    first = " ".join(Page(render(replace(assessment, case=case, claims=claims))).first)
    assert answers[key] in first
    assert not any(other in first for other in set(answers.values()) - {answers[key]})


def test_findings_and_the_fit_of_types_stand_below(page: str) -> None:
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "The type security cannot make the record of strait. C1" in text
    assert "strait, security 50 % 7 % no" in text.replace("\xa0", " ")


def test_every_claim_and_part_stands_on_the_page_once(assessment: Assessment, page: str) -> None:
    below = page[page.index("<nav") : page.index('id="switches"')]
    texts = [text for claim in assessment.claims for text in (claim.says, *(part.says for part in claim.parts))]
    for says in texts:
        assert len(re.findall(rf">{re.escape(says)}<", below.replace(" <span", "<span"))) == 1


def test_outcomes_and_what_facts_show_stand_in_the_claim_s_block(assessment: Assessment) -> None:
    outcome = OutcomeResult(key="later", says="gamma joined", happened=True, date="2029", sources=("book",), note="n")
    read = FactRead(key="sites", value="60 ships", date="2024", sources=("book",), expected="2030")
    first, second, third, fourth = assessment.claims
    forecast = replace(first, kind="forecast", due="2030", outcomes=(outcome,))
    compared = replace(second, outcomes=(replace(outcome, happened=False),))
    decided = replace(third, shown="60 ships, not above 90", read=(read,))
    text = render(replace(assessment, claims=(forecast, compared, decided, fourth)))
    blocks = {
        claim: text[text.index(f'id="{claim}"') : text.index("</article>", text.index(f'id="{claim}"'))]
        for claim in ("C1", "C2", "C3")
    }
    assert "It came true (2029): Gamma joined. Brier score of the forecast: 0.94," in blocks["C1"]
    assert "forecast, due 2030" in blocks["C1"]
    assert "It did not come true (2029): Gamma joined." in blocks["C2"]
    assert "Brier" not in blocks["C2"]
    assert "60 ships, not above 90" in blocks["C3"]
    assert "60 ships, 2024, expected 2030" in blocks["C3"]
    assert "It came true" not in render(assessment)
    first_page = text[text.index('<div class="first">') : text.index("<nav")]
    assert "It came true (2029)." in first_page


def test_a_solved_case_is_rendered(solved: Assessment) -> None:
    text = render(solved)
    assert len(Page(text).first) <= MAX_WORDS
    for claim in solved.claims:
        assert f'id="{claim.id}"' in text
    for name in solved.case.beliefs:
        assert f"<code>{name}</code>" in text


def test_empty_parts_of_a_case_are_rendered_too(tmp_path: Path) -> None:
    text = render(bare(tmp_path))
    assert "Undefined" not in text
    assert "There are no results to draw." in text
    assert "Of 4 claims, 4 are not tested." in text
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
    rows = (replace(row, label=says) for row in hostile.figures.loss)
    text = render(replace(hostile, figures=replace(hostile.figures, loss=tuple(rows))))
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
    pairs = re.findall(
        rf"\b((?:very |almost )?(?:{names})) \(((?:&lt;|&gt;|below |above )?\d+)\s%\)", page, re.IGNORECASE
    )
    assert len(pairs) > 1
    for word, number in pairs:
        edges = {"&lt;1": 0, "&gt;99": 100, "below 5": 4, "above 95": 96}
        value = edges[number] if number in edges else int(number)
        assert word.lower() == next(name for edge, name in SCALE if value < edge)


def test_likelihood_and_confidence_never_share_a_sentence(page: str) -> None:
    words = re.compile("|".join(rf"\b{word} \(" for _, word in SCALE))
    mixed = [s for s in Page(page).sentences if words.search(s) and re.search("confiden", s, re.IGNORECASE)]
    assert mixed == []


def test_the_same_assessment_gives_the_same_page(assessment: Assessment, page: str) -> None:
    assert render(assessment) == page


def test_questions_are_answered_in_plain_text(assessment: Assessment) -> None:
    (answer,) = questions(assessment)
    assert answer.asks == "Does Alpha fear Beta?"
    assert "almost no chance (below 5 %)" in answer.text
    assert "C2" in answer.text


def test_a_brief_is_written_whole_or_not_at_all(assessment: Assessment, tmp_path: Path) -> None:
    target = tmp_path / "brief.html"
    write_brief(assessment, target)
    assert target.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [file.name for file in tmp_path.iterdir()] == ["brief.html"]
    with pytest.raises(InputError, match="no folder"):
        write_brief(assessment, tmp_path / "nowhere" / "brief.html")


def test_the_brief_says_what_each_type_has_to_fear_now(page: str, tmp_path: Path) -> None:
    table = page[page.index("Fear in the present world") :]
    row = re.sub(r"<[^>]+>", " ", table[table.index("revisionist") : table.index("security")])
    said = " ".join(row.replace("\N{NO-BREAK SPACE}", " ").split())
    assert said == "revisionist 8 % (below 5 % to 20 %) below 5 % 0 (0 to 2)"
    assert "Fear in the present world" not in render(bare(tmp_path))


def test_the_table_of_events_sets_fear_for_the_aim_apart_from_fear_for_survival(page: str) -> None:
    table = page[page.index("Loss by event") :]
    row = re.sub(r"<[^>]+>", " ", table[table.index("amendment") : table.index("aligned")])
    said = " ".join(row.replace("\N{NO-BREAK SPACE}", " ").split())
    assert (
        "1.3 % (0.65 % to 1.9 %) 22 days later (11 days later to 33 days later) +0.2 points (+0.1 points to +0.3 points)"
        in said
    )
    assert "+0.05 points (+0.025 points to +0.075 points) below 5 % of worlds 40 %" in said


def test_what_words_foretell_stands_beside_claims_about_words_of_the_state_that_was_tested(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    likely = Likelihood(low=0.0, mid=0.06, high=0.1)
    asked = replace(assessment, alarm=Alarm("leader", ("plan",), (1.0, 1.1, 1.2), likely, likely))
    assert 'id="foretold"' not in render(asked)  # the challenger is another state
    monkeypatch.setattr("tocsin.rhetoric.foretell.results.SPEAKER", "ALF")
    assert sentence() in html.unescape(render(asked)).replace("\N{NO-BREAK SPACE}", " ")
    assert 'id="foretold"' not in render(assessment)  # no claim is about words
    assert re.search(r" by [+\N{MINUS SIGN}]\d\.\d{3} \(standard error \d\.\d{3}\)", sentence())


def test_a_range_is_over_thresholds_only_where_they_were_swept(tmp_path: Path) -> None:
    assessment = sample(tmp_path)
    swept = next(claim for claim in assessment.claims if claim.curve and claim.probability)
    assert page_of(assessment, swept).count("over models and thresholds</dd>") == 1
    assert page_of(assessment, replace(swept, curve=None)).count("over models</dd>") == 1


def page_of(assessment: Assessment, claim: ClaimResult) -> str:
    """Return the brief of an assessment in which only one claim has a probability."""
    others = tuple(replace(other, probability=None) for other in assessment.claims if other.id != claim.id)
    return render(replace(assessment, claims=(claim, *others)))
