"""Hostile texts stay texts in every format: control characters, reversed writing, long words, and marks of each format."""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pptx
import pytest
from lxml import etree
from PIL import Image
from tests.export.support import assessed, done, members, rows
from tests.facts_only import write_facts_only
from tests.report.sample import sample
from tests.support import CASE

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.export.documents import citations_of
from tocsin.export.docx import to_docx
from tocsin.export.figures import figures
from tocsin.export.pdf import with_citations
from tocsin.export.pptx import to_pptx
from tocsin.export.run import Run
from tocsin.report.brief import render

CONTROLS = r"\0\a\e[31m\x7f\x85\u2028\u202E\u2066\uFEFF\uFFFE"
"""As YAML writes them: characters that end a text, move a cursor, reverse the writing, or that no XML may hold."""
LONG = "W" * 3_000
MARKS = r"a -- b // c <d> & \"e\" ]]> {f} $g$ \\"


def hostile(words: str) -> str:
    """Return a YAML text that begins with some words."""
    return f'"{words} {CONTROLS} {MARKS} {LONG}"'


def is_clean(text: str) -> bool:
    """Return whether a text has no control or format character but line breaks."""
    return not any(
        unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cn") for char in text if char not in "\n\t\r"
    )


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    title = CASE.partition("title: ")[2].partition("\n")[0]
    replaced = {
        f"title: {title}": f"title: {hostile('Title')}",
        "name: Gamma": f"name: {hostile('Gamma')}",
        "Does Alpha fear Beta?": hostile("Question"),
        '"A made-up yearbook, 2024"': hostile("Yearbook"),
    }
    return sample(tmp_path_factory.mktemp("case"), replaced=replaced)


@pytest.fixture(scope="module")
def citations(assessment: Assessment) -> list[str]:
    return citations_of(Run(record=AssessmentRecord.of(assessment), case=assessment.case), "all")


def parts(data: bytes) -> Mapping[str, Any]:
    """Return every part of a document that is XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        names = [name for name in file.namelist() if name.endswith((".xml", ".rels"))]
        return {name: etree.fromstring(file.read(name)) for name in names}


def said(root: Any) -> str:
    """Return all texts and attributes of a part."""
    return "\n".join([*root.itertext(), *(value for node in root.iter() for value in node.attrib.values())])


def test_a_word_document_holds_them_as_text(assessment: Assessment, citations: list[str]) -> None:
    data = to_docx(assessment, citations)
    for name, root in parts(data).items():
        assert is_clean(said(root)), name
    text = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    assert "Title" in text
    assert 'a -- b // c <d> & "e" ]]> {f} $g$ \\' in text
    assert "Yearbook" in said(parts(data)["word/footnotes.xml"])


def test_slides_hold_them_as_text(assessment: Assessment, citations: list[str]) -> None:
    data = to_pptx(assessment, citations)
    for name, root in parts(data).items():
        assert is_clean(said(root)), name
    shown = pptx.Presentation(io.BytesIO(data)).slides
    assert 'a -- b // c <d> & "e" ]]> {f} $g$ \\' in shown[0].shapes.title.text_frame.text
    assert any("Yearbook" in slide.notes_slide.notes_text_frame.text for slide in shown)


def test_the_printed_page_holds_them_as_text(assessment: Assessment, citations: list[str]) -> None:
    page = with_citations(render(assessment), citations, whole=True)
    assert is_clean(page)
    assert "<d>" not in page


def test_pictures_hold_them_as_text(assessment: Assessment) -> None:
    for figure in figures(assessment):
        assert is_clean(said(etree.fromstring(figure.svg().encode()))), figure.name
        image = Image.open(io.BytesIO(figure.png(400)))
        assert abs(image.width - 400) <= 1
        assert np.asarray(image.convert("L")).std() > 0
        assert is_clean(figure.csv().decode("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facts")
    replaced = {
        "title: Is the port as busy as the op-ed says?": f"title: {hostile('Title')}",
        "Trade has doubled in ten years.": hostile(r"\0=1+1"),
        "Port authority, yearbook 2024": hostile("Yearbook")[1:-1],
        "Other ports grew faster.": hostile("\\t@SUM(1)"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOCSIN_HOME", str(folder / "home"))
        assessed(write_facts_only(folder / "case", replace=replaced), folder)
    return folder


@pytest.fixture
def case(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOCSIN_HOME", str(folder / "home"))
    return folder / "case"


def test_cells_of_tables_are_texts(case: Path, tmp_path: Path) -> None:
    done("export", case, "--to", "csv", "-o", tmp_path / "out.zip")
    files = members(tmp_path / "out.zip")
    for name, data in files.items():
        assert is_clean(data.decode("utf-8")) or name == "runs.json", name
        if name.endswith(".csv"):
            texts = [text for row in rows(data) for text in row.values()]
            assert not any(re.match(r"\s*[=+@]|[\t\r\n]|\s*-(?![\d.])", text) for text in texts), name
    (claim,) = (row for row in rows(files["claims.csv"]) if row["id"] == "C1")
    assert claim["says"].startswith("' =1+1 ")


def test_an_argument_is_one_line_for_each_statement(case: Path, tmp_path: Path) -> None:
    done("export", case, "--to", "argdown", "-o", tmp_path / "out.argdown")
    text = (tmp_path / "out.argdown").read_text(encoding="utf-8")
    assert is_clean(text)
    front, body = text.split("===\n")[1:3]
    assert all(json.loads(line.partition(": ")[2]) for line in front.splitlines())
    for line in filter(None, body.splitlines()):
        assert re.match(r"# |\[C\d\]|\[fact |  [+-] [\[<]|    [+-] \[", line), line
        assert not re.search(r"(?<!\\)--|(?<![:\\])//|(?<!\\)<(?!R1>)", line), line


def test_references_stay_within_their_fields(case: Path) -> None:
    for kind in ("text", "bibtex", "csl"):
        assert is_clean(done("data", "cite", case, "--to", kind).stdout)
