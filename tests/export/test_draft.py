"""Every brief and export of a case that still has the template's text is marked as a draft, and none of another case."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pypdf
import pytest
from lxml import etree
from PIL import Image
from tests.export.support import done, members
from tests.facts_only import write_facts_only
from tests.report.sample import sample

from tocsin.assessment.health_findings import template_findings
from tocsin.assessment.result import Assessment
from tocsin.case.reasons import TEMPLATE
from tocsin.export.blocks import Paragraph, Picture, plain, read_blocks
from tocsin.export.browser import find_browser
from tocsin.export.docx import to_docx
from tocsin.export.figures import Figure, figures_of, find_figure
from tocsin.export.pdf import to_pdf
from tocsin.export.pptx import to_pptx
from tocsin.export.svg_png import svg_size
from tocsin.report.brief import render
from tocsin.report.draft import draft_text
from tocsin.report.parts import FIRST_PAGE
from tocsin.translation import LANGUAGES, Translator, message

SVG = "{http://www.w3.org/2000/svg}"
SAID = "Draft: one item still has the template's text"


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """Return an assessment of a case with one value of the template."""
    made = sample(tmp_path_factory.mktemp("draft"), replaced={"summary: A small": f"summary: {TEMPLATE} A small"})
    return replace(made, health=replace(made.health, findings=tuple(template_findings(made.case))))


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a case of facts with one value of the template, which was run from the command line."""
    folder = tmp_path_factory.mktemp("drafted")
    text = (write_facts_only(folder / "case") / "case.yaml").read_text(encoding="utf-8")
    (folder / "case" / "case.yaml").write_text(text.replace("summary: ", f"summary: {TEMPLATE} ", 1), encoding="utf-8")
    return folder


def test_the_brief_says_so_at_its_head_and_on_each_printed_page(draft: Assessment, tmp_path: Path) -> None:
    page = render(draft, parts=FIRST_PAGE)
    assert '<p class="draft">' in page
    assert 'data-draft="Draft"' in page
    assert "data-draft=" not in render(sample(tmp_path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_documents_say_so_on_their_first_page(draft: Assessment, language: str) -> None:
    blocks = read_blocks(draft, FIRST_PAGE, language=language)
    said = plain(next(block.text for block in blocks if isinstance(block, Paragraph) and block.role == "draft"))
    assert Translator(language=language).plain(message("Draft")) in said
    with zipfile.ZipFile(io.BytesIO(to_docx(draft, parts=FIRST_PAGE, language=language))) as file:
        assert Translator(language=language).plain(message("Draft")) in file.read("word/document.xml").decode("utf-8")


def test_the_first_slide_says_so(draft: Assessment) -> None:
    from pptx import Presentation

    first = Presentation(io.BytesIO(to_pptx(draft))).slides[0]
    assert any(SAID in shape.text_frame.text for shape in first.shapes if shape.has_text_frame)


@pytest.mark.browser
@pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
def test_each_page_of_a_pdf_says_so(draft: Assessment) -> None:
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(draft))).pages
    assert len(pages) > 1
    assert all("Draft" in page.extract_text() for page in pages)


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
@pytest.mark.parametrize("name", ["states", "spending"])  # one is drawn by hand, one by matplotlib
def test_pictures_say_so_above_what_they_show(draft: Assessment, name: str, language: str) -> None:
    figure, plain = find_figure(draft, name, language), figure_by_name(draft, name, language)
    words = Translator(language=language).plain(draft_text(draft.health.findings)).replace("`", "")
    root = etree.fromstring(figure.svg().encode())
    text = root.find(f"{SVG}text")
    assert text is not None
    assert text.text == words
    assert root.findtext(f"{SVG}title") == figure.title
    assert root.findtext(f"{SVG}desc")
    inner = root.find(f"{SVG}svg")
    assert inner is not None
    assert float(inner.get("y", "0")) + float(inner.get("height", "0")) == pytest.approx(
        svg_size(figure.svg())[1], 1e-3
    )
    assert float(text.get("y", "0")) < float(inner.get("y", "0"))
    whole, picture = (Image.open(io.BytesIO(drawn.png(600))) for drawn in (figure, plain))
    strip = whole.height - picture.height
    assert whole.width == picture.width
    assert 0 < strip < 60
    assert whole.crop((0, strip, whole.width, whole.height)).tobytes() == picture.convert("RGB").tobytes()
    line = np.asarray(whole.crop((0, 0, whole.width, strip)).convert("L")) < 150
    assert line.any()  # the text is drawn,
    assert not line[:, -12:].any()  # and not cut


def figure_by_name(assessment: Assessment, name: str, language: str) -> Figure:
    pictures = [block for block in read_blocks(assessment, language=language) if isinstance(block, Picture)]
    return next(figure for figure in figures_of(assessment, pictures, language) if figure.name == name)


def test_tables_json_and_argument_say_so(drafted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    done("assess", drafted / "case", "--brief", tmp_path / "brief.html")
    assert SAID in (tmp_path / "brief.html").read_text(encoding="utf-8").replace("&#39;", "'")
    for format_ in ("csv", "parquet", "json", "argdown"):
        done("export", drafted / "case", "--to", format_, "-o", tmp_path / format_)
    assert SAID in members(tmp_path / "csv")["README.txt"].decode("utf-8")
    table = io.BytesIO(members(tmp_path / "parquet")["claims.parquet"])
    assert SAID in pl.read_parquet_metadata(table)["tocsin.draft"]
    record = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert [finding["kind"] for finding in record["health"]["findings"]] == ["template"]
    assert SAID in (tmp_path / "argdown").read_text(encoding="utf-8")


def test_a_case_of_one_s_own_is_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path))
    done("assess", write_facts_only(tmp_path / "case"), "--brief", tmp_path / "brief.html")
    assert "Draft" not in (tmp_path / "brief.html").read_text(encoding="utf-8")
    for format_ in ("csv", "argdown"):
        done("export", tmp_path / "case", "--to", format_, "-o", tmp_path / format_)
    assert "Draft" not in members(tmp_path / "csv")["README.txt"].decode("utf-8")
    assert "draft" not in (tmp_path / "argdown").read_text(encoding="utf-8")
