"""Every word of the first page, its drawings and the answers comes from a template or from the case, and the page has the same parts in every language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from tests.facts_only import write_facts_only
from tests.report.sample import sample
from tests.translation.support import MarkedWords, bare_words

from tocsin import assess
from tocsin.assessment.figures_result import Band
from tocsin.assessment.health_result import Finding, Health
from tocsin.assessment.ladder import ladder
from tocsin.assessment.result import Alarm, Assessment, ClaimResult, Curve, Likelihood, PartResult
from tocsin.assessment.words import UNSEEN
from tocsin.backtest import stored
from tocsin.case import load
from tocsin.plots.svg import cells, fitted
from tocsin.report import sentences
from tocsin.report.brief import _first, fitting_first_page, rendered
from tocsin.report.claim_groups import claim_groups
from tocsin.report.diagram import NODE_W, diagram
from tocsin.report.ladder_drawing import LadderDrawing, Rung, draw_ladder
from tocsin.report.parts import FIRST_PAGE
from tocsin.report.printing import environment
from tocsin.report.reasons import reason, unseen
from tocsin.report.wording import in_hundred
from tocsin.rhetoric.foretell import results
from tocsin.translation import Text, Translator, message
from tocsin.translation.catalogue import Words

SIGN = "※"
"""Stands for every text of the case, and for what the assessment says of a claim."""


def own_texts(assessment: Assessment) -> dict[str, str]:
    """Return the sign for every text that the first page may take from the case or the assessment as it is."""
    case = assessment.case
    texts: set[str] = {
        case.title,
        *(actor.name for actor in case.actors.values()),
        *(row.name for row in assessment.controls),
    }
    texts |= {event.name or "" for event in case.events.values()} | {theatre.aim for theatre in case.theatres.values()}
    if case.article:
        texts |= {case.article.title, case.article.outlet}
    for question in case.questions.values():
        texts |= {question.asks, *(answer or "" for answer in question.answers.model_dump().values())}
    for claim in case.claims.values():
        texts |= {part.short for part in claim.all_parts.values()}
        texts |= set(claim.untested.needs if claim.untested else ())
    for claim_result in assessment.claims:
        items: list[ClaimResult | PartResult] = [claim_result, *claim_result.parts]
        for item in items:
            texts |= {item.says, item.words, item.shown, item.note, item.curve.means if item.curve else ""}
    return dict.fromkeys((text.strip() for text in texts if text.strip()), SIGN)


class Names(dict[str, str]):
    """Name every key by the sign."""

    def get(self, key: str, default: Any = None) -> Any:
        return SIGN


def marked(assessment: Assessment) -> Translator:
    """Return a translator that puts the words of templates into brackets and signs in the place of texts of the case."""
    return Translator(language="ko", words=MarkedWords(), texts=own_texts(assessment), names=Names())


def with_claims(assessment: Assessment, **changes: Any) -> Assessment:
    """Return an assessment whose claims have other results; a part has the same verdict, but holds where the claim holds in part."""
    claims = []
    for claim in assessment.claims:
        verdict = changes.get("verdict", claim.verdict)
        parts = tuple(
            replace(part, verdict=verdict if verdict != "partly" else ("holds", "fails")[index % 2])
            for index, part in enumerate(claim.parts)
        )
        claims.append(replace(claim, **changes, parts=parts))
    return replace(assessment, claims=tuple(claims))


LIKELY = Likelihood(low=0.5, mid=0.62, high=0.7)
KINDS = ("template", "draws", "record", "error", "base risk", "base rate", "settled", "judged", "defaults")


def with_short_clauses(assessment: Assessment) -> Assessment:
    claim = assessment.case.claims["C2"]
    parts = {name: part.model_copy(update={"short": f"the {name} is so"}) for name, part in claim.all_parts.items()}
    questions = {"felt": next(iter(assessment.case.questions.values())).model_copy(update={"claims": ("C2", "C1")})}
    claims = {**assessment.case.claims, "C2": claim.model_copy(update={"parts": parts})}
    case = assessment.case.model_copy(update={"claims": claims, "questions": questions})
    return with_claims(replace(assessment, case=case), verdict="partly")


def with_named_events(assessment: Assessment) -> Assessment:
    events = assessment.case.events
    named = {name: event.model_copy(update={"name": f"the {name}"}) for name, event in events.items() if name != "rise"}
    return replace(assessment, case=assessment.case.model_copy(update={"events": {**events, **named}}))


def with_cost(assessment: Assessment, factor: float, rows: int) -> Assessment:
    loss = tuple(
        replace(row, dent=times(factor, row.dent), fall=times(factor, row.fall), struck=times(factor, row.struck))
        for row in assessment.figures.loss[:rows]
    )
    return replace(assessment, figures=replace(assessment.figures, loss=loss))


def times(factor: float, band: Band) -> Band:
    low, mid, high = sorted(factor * value for value in band)
    return low, mid, high


def weak(assessment: Assessment) -> Assessment:
    findings = tuple(Finding(kind=kind, text="", claims=("C1",)) for kind in KINDS)
    return replace(assessment, health=Health(findings=findings, settled=0.4))


def few(assessment: Assessment) -> Assessment:
    return replace(assessment, run=replace(assessment.run, effective_draws=12.0))


def unasked(assessment: Assessment) -> Assessment:
    return replace(assessment, case=assessment.case.model_copy(update={"questions": {}, "article": None}))


VARIANTS: Mapping[str, Callable[[Assessment], Assessment]] = {
    "sample": lambda assessment: assessment,
    **{
        f"{verdict}, {'likely' if chance else 'by facts'}": partial(
            with_claims, verdict=verdict, probability=chance, turnable=True
        )
        for verdict in ("holds", "partly", "fails", "disputed", "cannot tell", "not tested")
        for chance in (None, LIKELY)
    },
    "unseen": lambda assessment: with_claims(
        assessment, verdict="cannot tell", words=UNSEEN, curve=Curve(points=((0.0, 0.9),), means="a tenth of trade")
    ),
    "parts by facts": lambda assessment: with_claims(assessment, verdict="fails", basis="facts", rule="any"),
    "short clauses": with_short_clauses,
    "named events": with_named_events,
    "one event": lambda assessment: with_cost(assessment, 1.0, 1),
    "great costs": lambda assessment: with_cost(assessment, 70.0, 3),
    "gains": lambda assessment: with_cost(assessment, -1.0, 2),
    "no event": lambda assessment: with_cost(assessment, 1.0, 0),
    "weak": weak,
    "few worlds": few,
    "no question": unasked,
}


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("sample"))


def page_words(page: str) -> str:
    """Return the text of HTML with what its attributes say to a reader; ids of claims and the program's name are left out."""
    spoken = " ".join(re.findall(r'(?:aria-label|data-label)="([^"]*)"', page))
    text = re.sub(r"<[^>]*>", " ", page)
    return re.sub(r"\bC\d\b|\bTocsin\b|&#?\w+;", " ", f"{text} {spoken}")


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_first_page_has_no_word_but_of_templates_and_the_case(assessment: Assessment, variant: str) -> None:
    changed = VARIANTS[variant](assessment)
    translator = marked(changed)
    _, page = _first(changed, translator)
    assert not bare_words(page_words(page))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_answers_have_no_word_but_of_templates_and_the_case(assessment: Assessment, variant: str) -> None:
    changed = VARIANTS[variant](assessment)
    translator = marked(changed)
    texts: list[str] = [sentences.games_text(changed.case)]
    texts += [answer.text for answer in sentences.questions(changed)]
    texts += [group.asks for group in claim_groups(changed)]
    texts += [text for claim in changed.claims for text in said_of(changed, claim)]
    rendered_texts = " ".join(translator.plain(text) for text in texts)
    assert not bare_words(page_words(rendered_texts))


def said_of(assessment: Assessment, claim: ClaimResult) -> list[str]:
    return [
        reason(assessment.case, claim, 20),
        unseen(assessment, claim, 20),
        sentences.verdict_text(claim),
        sentences.explanation(assessment.case, claim),
        sentences.threshold_sentence(assessment.case, claim),
        sentences.range_of(claim),
        *(sentences.part_said(part) for part in claim.parts),
        *(sentences.curve_text(part.curve, part.basis) for part in claim.parts if part.curve),
        sentences.curve_text(claim.curve, claim.basis) if claim.curve else "",
    ]


@pytest.mark.parametrize(
    ("ratio", "rung"), [((1.0, 1.01, 1.1), "leader"), ((1.0, 2.0, 4.0), "statement"), ((3.0, 5.0, 9.0), "commentary")]
)
def test_alarm_and_tests_of_the_program_have_no_word_but_of_templates(
    assessment: Assessment, ratio: tuple[float, float, float], rung: str
) -> None:
    translator = marked(assessment)
    alarm = sentences.alarm_sentences(Alarm(rung, ("plan", "big_plan"), ratio, LIKELY, LIKELY))
    for text in (alarm, stored.sentences(), stored.plain_sentence(), results.sentence()):
        assert isinstance(text, Text)
        assert not bare_words(translator.plain(text))


def test_a_case_of_facts_alone_has_no_word_but_of_templates(tmp_path: Path) -> None:
    assessment = assess(load(write_facts_only(tmp_path)))
    translator = marked(assessment)
    _, page = _first(assessment, translator)
    assert not bare_words(page_words(page))


def test_the_diagram_has_its_words_from_the_translator(assessment: Assessment) -> None:
    shown = diagram(assessment, marked(assessment))
    assert shown is not None
    assert not bare_words(page_words(shown.svg))
    assert "⟦challenger⟧" in shown.svg and SIGN in shown.svg


# --- whole pages ---------------------------------------------------------------------------------------------------


class Attributes(HTMLParser):
    """What stands in the attributes and in the title of a page, and its last paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[str] = []
        self.texts: dict[str, str] = {}
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.values += [value for _, value in attrs if value]
        self.inside = tag if tag in ("title", "footer") or (self.inside == "footer" and tag in ("p", "span")) else ""
        self.inside = "footer" if self.inside in ("p", "span") else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[self.inside] = self.texts.get(self.inside, "") + data


def read(page: str) -> Attributes:
    parser = Attributes()
    parser.feed(page)
    return parser


def korean(assessment: Assessment, words: Words, **more: Any) -> tuple[Translator, str]:
    translator = Translator(language="ko", words=words, texts=dict.fromkeys(own_texts(assessment), ""), **more)
    return translator, rendered(assessment, translator, drawn=False)


def test_the_page_counts_last_what_nobody_has_translated(assessment: Assessment) -> None:
    translator, page = korean(assessment, {})
    footer = read(page).texts["footer"]
    notice = re.search(r"(\d+) texts stand in their original language", footer)
    assert notice is not None
    # the notice itself is not translated either
    assert int(notice[1]) == len(translator.missing) - 1
    assert "original language" not in read(rendered(assessment, Translator(), drawn=False)).texts["footer"]


def test_a_first_page_alone_counts_nothing_that_it_does_not_show(assessment: Assessment) -> None:
    translator = Translator(language="ko", words={})
    page = rendered(assessment, translator, parts=FIRST_PAGE)
    shown = " ".join(page_words(page).split())
    templates = {text for text in translator.missing if "{" in text and "{count}" not in text}
    pieces = {piece.strip() for text in templates for piece in re.split(r"\{\w+\}", text) if len(piece.strip()) > 3}
    assert pieces
    assert not {piece for piece in pieces if piece not in shown}
    assert "The states and the questions between them" not in translator.missing
    assert "What is not known" in translator.missing


def test_a_whole_page_without_translations_has_marks_of_language_in_its_text_only(assessment: Assessment) -> None:
    _, page = korean(assessment, {})
    parsed = read(page)
    assert '<span lang="en">' in page
    assert not [value for value in parsed.values if "<" in value]
    assert "<" not in parsed.texts["title"]


def test_a_key_in_a_tag_is_never_translated(assessment: Assessment) -> None:
    translator = Translator(language="ko", words={("", "book"): "책"}, texts={"book": "책"})
    made = environment().from_string(
        '<a {% if true %}class="{{ key }}"{% endif %} href="#{{ key }}" title="{{ said }}">{{ key }}, {{ said }}</a> <{{ key }}>'
    )
    assert made.render(translator=translator, key="book", said=message("book")) == (
        '<a class="book" href="#book" title="책">책, 책</a> <book>'
    )


class Wordy(Mapping[tuple[str, str], str]):
    """Translate every template by twenty times as many words."""

    def __getitem__(self, key: tuple[str, str]) -> str:
        return f"{key[1]} {'word ' * 20}"

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_the_first_page_has_the_same_parts_in_every_language(assessment: Assessment) -> None:
    question = next(iter(assessment.case.questions.values()))
    questions = {f"q{index}": question for index in range(12)}
    many = replace(assessment, case=assessment.case.model_copy(update={"questions": questions}))
    english, wordy = Translator(), Translator(language="ko", words=Wordy())
    pages = [_first(many, translator)[0] for translator in (english, wordy)]
    assert len(pages[0].more) > 4
    for page in [*pages, fitting_first_page(many, wordy)]:
        assert page.ladder is not None and pages[0].ladder is not None
        assert replace(page, ladder=None) == replace(pages[0], ladder=None)
        assert without_grid(page.ladder) == without_grid(pages[0].ladder)


def without_grid(ladder: LadderDrawing) -> list[Rung]:
    """Return the rungs without the lines of the grid: only those that have room for a label are drawn."""
    return [replace(rung, bar=Markup(re.sub(r'<line class="tick"[^>]*/>', "", rung.bar))) for rung in ladder.rungs]


# --- drawings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("Alpha", 5, "Alpha"),
        ("Alpha and Beta", 14, "Alpha and Beta"),
        ("Alphabetical", 6, "Alpha…"),
        ("조선민주주의인민공화국", 22, "조선민주주의인민공화국"),
        ("조선민주주의인민공화국", 19, "조선민주주의인민공…"),
        ("朝鮮", 3, "朝…"),
    ],
)
def test_a_line_is_cut_by_its_width(text: str, width: int, cut: str) -> None:
    assert fitted(text, width) == cut
    assert cells(cut) <= width


@pytest.mark.parametrize("name", ["미국", "대한민국", "조선민주주의인민공화국", "アメリカ合衆国"])
def test_the_name_of_a_state_fits_into_its_box(assessment: Assessment, name: str) -> None:
    own = next(iter(assessment.case.actors.values())).name
    shown = diagram(assessment, Translator(language="ko", words=MarkedWords(), texts={own: name}))
    assert shown is not None
    box = re.search(rf'class="state" font-size="(\d+)"[^>]*>({name[:2]}[^<]*)<', shown.svg)
    assert box is not None
    size = int(box[1])
    # a character of Korean or Japanese is as wide as its size, a letter about half as wide
    assert sum(size if cells(char) == 2 else 0.56 * size for char in box[2]) <= NODE_W


def test_labels_of_the_scale_leave_room_for_long_words(assessment: Assessment) -> None:
    rows = ladder(assessment)

    def labels(words: Words | None) -> list[float]:
        drawing = draw_ladder(assessment, rows, 9, Translator(language="ko", words=words))
        assert drawing is not None
        return [float(at) for at in re.findall(r'<text x="([\d.]+)%"', drawing.axis)]

    short = labels({("", "no change"): "없음", ("", "{number} %"): "{number}%"})
    long = labels({("", "no change"): "변화 없음" * 7, ("", "{number} %"): "{number}%"})
    assert len(short) > len(long) >= 1


@pytest.mark.parametrize(
    ("probability", "basis", "said"),
    [
        (0.4, "model", "40"),
        (0.01, "model", "fewer than 5"),
        (0.99, "model", "more than 95"),
        (0.995, "facts", "more than 99"),
    ],
)
def test_the_second_of_two_shares_has_no_hundred(probability: float, basis: Any, said: str) -> None:
    assert in_hundred(probability, basis) == said


def test_an_untested_part_gives_its_reason_in_the_language(assessment: Assessment) -> None:
    words = message("not tested: {reason}", reason=message("repeats a judgement"))
    part: PartResult = replace(assessment.claims[1].parts[1], words=words)
    translator = Translator(language="ko", words={("", "repeats a judgement"): "판단을 되풀이할 뿐이다"})
    assert translator.plain(sentences.part_said(part)) == "판단을 되풀이할 뿐이다."
