"""Documents speak the reader's language: the same verdicts and numbers, words of the language, its code and its fonts."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml.ns import qn
from tests.report.sample import sample

from tocsin.assessment.result import Assessment
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.export.docx import to_docx
from tocsin.export.figures import figure_titles, find_figure
from tocsin.export.pdf import with_citations
from tocsin.export.pptx import to_pptx
from tocsin.report.brief import render
from tocsin.report.parts import FIRST_PAGE
from tocsin.translation import Translator

LANGUAGES = {"ko": ("ko-KR", "Malgun Gothic", "인용 방법"), "ja": ("ja-JP", "Yu Mincho", "引用方法")}


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


def said_in(language: str, assessment: Assessment) -> set[str]:
    """Return the words of the verdicts of a run in a language."""
    return {Translator(language=language).plain(VERDICT_WORDS[claim.verdict]) for claim in assessment.claims}


def runs(data: bytes) -> list[tuple[str, str, str]]:
    """Return each run of a document with its language and its font for East Asian letters."""
    listed = []
    for run in docx.Document(io.BytesIO(data)).element.body.iter(qn("w:r")):
        text = "".join(node.text or "" for node in run.iter(qn("w:t")))
        languages = [node.get(qn("w:eastAsia")) or "" for node in run.iter(qn("w:lang"))]
        fonts = [node.get(qn("w:eastAsia")) or "" for node in run.iter(qn("w:rFonts"))]
        listed.append((text, "".join(languages), "".join(fonts)))
    return listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_document_speaks_the_language_and_names_it(assessment: Assessment, language: str) -> None:
    code, font, cite = LANGUAGES[language]
    data = to_docx(assessment, ["Run of the case, seed 3."], language=language)
    pieces = runs(data)
    text = "".join(text for text, _, _ in pieces)
    assert cite in text
    assert all(word in text for word in said_in(language, assessment))
    own = re.compile("[가-힣]" if language == "ko" else "[ぁ-ヿ]")
    named = [(language, face) for text, language, face in pieces if own.search(text)]
    assert len(named) > 50
    assert set(named) == {(code, font)}
    document = docx.Document(io.BytesIO(data))
    assert document.core_properties.language == code
    assert document.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == code


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_speak_the_language(assessment: Assessment, language: str) -> None:
    deck = pptx.Presentation(io.BytesIO(to_pptx(assessment, ["Run of the case."], language=language)))
    text = "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert LANGUAGES[language][2] in text
    assert all(word in text for word in said_in(language, assessment))
    assert deck.core_properties.language == LANGUAGES[language][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_page_and_the_pictures_speak_the_language(assessment: Assessment, language: str) -> None:
    page = with_citations(render(assessment, language=language), ["Run of the case."], whole=True, language=language)
    assert f'<html lang="{language}">' in page
    assert f"<h2>{LANGUAGES[language][2]}</h2>" in page
    english = figure_titles(assessment)
    titles = figure_titles(assessment, language)
    assert list(titles) == list(english)
    assert not set(titles.values()) & set(english.values())
    figure = find_figure(assessment, "ladder", language)
    assert figure.title == titles["ladder"]
    assert figure.csv() == find_figure(assessment, "ladder").csv()
    for name in ("states", "loss", "ladder"):
        assert re.search("[가-힣]" if language == "ko" else "[぀-ヿ]", find_figure(assessment, name, language).svg())


NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_numbers(assessment: Assessment, language: str) -> None:
    """Numbers of one digit aside, which a language may write as a word."""

    def numbers(code: str) -> list[str]:
        page = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", render(plain, language=code), flags=re.DOTALL)
        return sorted(set(NUMBER.findall(re.sub(r"<[^>]*>", " ", page))))

    plain = replace(assessment, health=replace(assessment.health, findings=()))
    own, english = numbers(language), numbers("en")
    longer = {number for number in english if len(number) > 1}  # "two" may be a word in one language
    assert len(longer) > 80
    assert longer <= set(own)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_run_gives_the_same_bytes_in_a_language(assessment: Assessment, language: str, tmp_path: Path) -> None:
    first, second = (to_docx(assessment, parts=FIRST_PAGE, language=language) for _ in range(2))
    assert first == second
    assert zipfile.is_zipfile(io.BytesIO(first))
