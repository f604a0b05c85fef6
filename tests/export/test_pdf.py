"""The PDF has every verdict, tags, bookmarks, page numbers and no date; a browser that fails or hangs ends in one message."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.report.sample import HOSTILE, sample
from tests.support import CASE

from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.case import load
from tocsin.data.shipped import shipped_cases
from tocsin.errors import InputError, SolveError
from tocsin.export import pdf
from tocsin.export.browser import find_browser, print_page
from tocsin.export.pdf import to_pdf
from tocsin.export.typesetting import typeset
from tocsin.report.brief import render
from tocsin.report.parts import ALL, FIRST_PAGE
from tocsin.report.table_rows import source_rows

CITED = ["Run of the case, seed 3."]
needs_browser = pytest.mark.skipif(find_browser() is None, reason="no browser on this machine")
needs_typst = pytest.mark.skipif(importlib.util.find_spec("typst") is None, reason="typst is not installed")


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


def words(data: bytes) -> str:
    """Return the text of a PDF as pdftotext reads it, else as pypdf does."""
    reader = shutil.which("pdftotext")
    if reader is None:
        text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    else:
        text = subprocess.run([reader, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


def check(data: bytes, assessment: Assessment) -> None:
    file = pypdf.PdfReader(io.BytesIO(data))
    marks: Any = file.root_object["/MarkInfo"]
    assert marks["/Marked"]
    assert file.outline
    assert file.metadata is not None
    assert file.metadata.title == assessment.case.title
    text = words(data)
    for claim in assessment.claims:
        assert claim.says in text
        assert claim.verdict in text
    assert "A made-up yearbook, 2024" in text
    assert CITED[0] in text
    assert not re.search(rb"\(D:20", data)


def letters(data: bytes) -> dict[float, list[str]]:
    """Return the texts of a PDF by the size of their letters in points, without keys of the case, which are set as code."""
    sizes: dict[float, list[str]] = {}

    def add(text: str, matrix: list[float], own: list[float], font: dict[str, str] | None, size: float) -> None:
        if text.strip() and font is not None and "Mono" not in font["/BaseFont"]:
            scale = abs((matrix[0] * matrix[3] - matrix[1] * matrix[2]) * (own[0] * own[3] - own[1] * own[2])) ** 0.5
            sizes.setdefault(round(size * scale, 2), []).append(text.strip())

    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        page.extract_text(visitor_text=add)
    return sizes


@pytest.mark.parametrize(
    "setter",
    [
        pytest.param("browser", marks=[needs_browser, pytest.mark.browser]),
        pytest.param("typst", marks=needs_typst),
    ],
)
def test_letters_on_paper_measure_seven_points(
    assessment: Assessment, setter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if setter == "typst":
        monkeypatch.setattr(pdf, "find_browser", lambda: None)
    sizes = letters(to_pdf(assessment, CITED))
    read = re.sub(r"\s", "", " ".join(text for texts in sizes.values() for text in texts))
    assert "likelierby,inpoints" in read  # letters of charts are among them
    assert {size: texts for size, texts in sizes.items() if size < 6.99} == {}


@needs_browser
@pytest.mark.browser
def test_a_browser_prints_every_verdict_the_sources_and_what_to_cite(assessment: Assessment) -> None:
    data = to_pdf(assessment, CITED)
    check(data, assessment)
    last = pypdf.PdfReader(io.BytesIO(data)).pages[-1]
    assert str(len(pypdf.PdfReader(io.BytesIO(data)).pages)) in last.extract_text().split()
    assert to_pdf(assessment, CITED) == data


@needs_browser
@pytest.mark.browser
@pytest.mark.slow
def test_the_founding_case_has_at_most_twelve_pages_and_no_claim_s_head_is_split() -> None:
    founding = assess(load(shipped_cases()["japan-buildup"]), seed=1, draws=256)
    file = pypdf.PdfReader(io.BytesIO(to_pdf(founding, CITED)))
    pages = [" ".join(page.extract_text().split()) for page in file.pages]
    assert len(pages) <= 12
    for claim in founding.claims:
        assert any(f"{claim.says} {claim.verdict}" in page for page in pages)
    for row in source_rows(founding.case):
        assert any(row.key in page for page in pages)


@needs_browser
@pytest.mark.browser
def test_a_browser_prints_the_first_page_on_one_page(assessment: Assessment) -> None:
    data = to_pdf(assessment, CITED, parts=FIRST_PAGE)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 1
    text = words(data)
    assert "Does Alpha fear Beta?" in text
    assert CITED[0] in text
    assert "claim by claim" not in text


@pytest.mark.parametrize("parts", [ALL, FIRST_PAGE])
def test_hostile_text_of_citations_and_cases_is_escaped(tmp_path: Path, parts: Collection[str]) -> None:
    title = CASE.partition("title: ")[2].partition("\n")[0]
    page = pdf.with_citations(
        render(sample(tmp_path, replaced={title: repr(HOSTILE)}), parts=parts), [HOSTILE], whole=bool(parts)
    )
    assert "<script>alert" not in page
    assert "<img" not in page


@needs_typst
@pytest.mark.parametrize("hostile", ['#panic("x") $x$ *b* _i_ @a <l> \\ "', HOSTILE])
def test_typst_sets_every_verdict_and_reads_no_markup(
    assessment: Assessment, tmp_path: Path, hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    check(to_pdf(assessment, CITED), assessment)
    replaced = {"Does Alpha fear Beta?": repr(hostile).replace("\\\\", "\\")}
    text = words(to_pdf(sample(tmp_path, replaced=replaced), CITED, parts=FIRST_PAGE))
    assert hostile.split()[0] in text


def test_without_browser_and_typst_one_line_says_what_to_install(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_browser", lambda: None)
    monkeypatch.setattr(pdf, "find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"no browser to print with.*\n  remedy: install Chromium"):
        to_pdf(assessment)


def test_typst_stands_in_for_a_browser_that_fails(
    assessment: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "find_browser", lambda: program(tmp_path, "exit 1"))
    monkeypatch.setattr(pdf, "find_spec", lambda _name: None)
    with pytest.raises(SolveError, match="made no PDF"):
        to_pdf(assessment, parts=FIRST_PAGE)
    monkeypatch.setattr(pdf, "find_spec", lambda _name: object())
    monkeypatch.setattr("tocsin.export.typesetting.typeset", lambda *_arguments, **_options: b"%PDF set by typst")
    assert to_pdf(assessment, parts=FIRST_PAGE) == b"%PDF set by typst"


def program(folder: Path, text: str) -> str:
    """Write a shell script that stands for a browser."""
    path = folder / "browser"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_browser_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    browser = program(tmp_path, f"(sleep 2; touch {mark}) &\nsleep 30")
    start = time.monotonic()
    with pytest.raises(SolveError, match="did not print within 1 seconds\n  remedy: "):
        print_page(browser, "<p>x", seconds=1)
    assert time.monotonic() - start < 10
    time.sleep(2)
    assert not mark.exists()


def test_a_browser_that_does_not_start_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SolveError, match=r"cannot print with .*: No such file or directory\n  remedy: "):
        print_page(str(tmp_path / "none"), "<p>x")


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="the system limits no file sizes")
@pytest.mark.parametrize("setter", ["browser", pytest.param("typst", marks=needs_typst)])
def test_a_full_disk_for_temporary_files_is_reported(tmp_path: Path, assessment: Assessment, setter: str) -> None:
    import resource

    browser = program(tmp_path, "")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        with pytest.raises(SolveError, match=r"cannot (print|set).*File too large\n  remedy: check disk space"):
            if setter == "typst":
                typeset(assessment)
            else:
                print_page(browser, "<p>" + "x" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_browser_that_makes_nothing_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SolveError, match="made no PDF\n  remedy: "):
        print_page(program(tmp_path, "exit 1"), "<p>x")
