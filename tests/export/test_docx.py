"""The Word document has the words and numbers of the brief, real headings, tables and notes, and keeps hostile text as text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from docx.oxml.ns import qn
from lxml import etree
from tests.export.support import pdf_by_libreoffice, smallest_letters
from tests.facts_only import facts_only
from tests.report.sample import HOSTILE, bare, sample
from tests.support import CASE

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.words import figure
from tocsin.errors import InputError
from tocsin.export.blocks import LINE, MAX_COLUMNS, Run, Table, column_shares, narrow_tables
from tocsin.export.docx import to_docx
from tocsin.export.figures import figures
from tocsin.report.claim_groups import claim_groups
from tocsin.report.parts import FIRST_PAGE
from tocsin.translation import Translator

KOREAN, JAPANESE = "동맹의 억지력", "抑止力とは"


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def data(assessment: Assessment) -> bytes:
    return to_docx(assessment)


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def words(data: bytes) -> str:
    """Return all the text of a document, its tables and its links."""
    body = opened(data).element.body
    texts = ["".join(node.text or "" for node in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))]
    return "\n".join(texts).replace("\N{NO-BREAK SPACE}", " ")


def notes(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        root = etree.fromstring(file.read("word/footnotes.xml"))
    shown = [note for note in root if note.get(qn("w:type")) is None]
    return ["".join(node.text or "" for node in note.iter(qn("w:t"))).strip() for note in shown]


def test_headings_follow_the_brief(data: bytes, assessment: Assessment) -> None:
    heads = [
        (p.style.name, p.text) for p in opened(data).paragraphs if re.match(r"Title|Heading|Question", p.style.name)
    ]
    assert heads[0] == ("Title", assessment.case.title)
    assert ("Question", "1 Does Alpha fear Beta?") in heads
    for group in claim_groups(assessment):
        for claim in group.claims:
            assert ("Heading 3", claim.says) in heads
    assert heads[-1] == ("Heading 1", "How to repeat this run")


def test_the_small_headings_of_the_first_page_are_in_the_outline(data: bytes) -> None:
    style = opened(data).styles["Question"]
    assert style.element.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == "0"


def test_every_verdict_and_number_is_that_of_the_record(data: bytes, assessment: Assessment) -> None:
    text = words(data)
    for claim in AssessmentRecord.of(assessment).claims:
        after = text.partition(f"\n{claim.says}\n")[2]
        verdict_line = next(line for line in after.splitlines() if line.startswith(claim.verdict))
        if claim.probability is not None and claim.verdict in ("holds", "fails"):
            assert figure(claim.probability.mid, claim.basis) in verdict_line


def test_tables_have_heads_that_each_page_repeats(data: bytes) -> None:
    tables = opened(data).tables
    assert len(tables) >= 8
    for table in tables:
        head = table._tbl.tr_lst[0]
        assert head.trPr.find(qn("w:tblHeader")) is not None
        assert all("".join(cell.itertext()).strip() for cell in head.tc_lst)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_a_wide_table_stands_in_parts_that_repeat_its_first_column() -> None:
    heads, row = tuple(f"head {n}" for n in range(12)), tuple((Run(f"cell {n}"),) for n in range(12))
    parts = narrow_tables(Table("Switches", heads, (row,)), Translator())
    assert [part.name for part in parts] == ["Switches (1 of 2)", "Switches (2 of 2)"]
    assert all(part.heads[0] == "head 0" and part.rows[0][0] == row[0] for part in parts)
    assert sum((part.heads[1:] for part in parts), ()) == heads[1:]
    assert sum((part.rows[0][1:] for part in parts), ()) == row[1:]
    assert max(len(part.heads) for part in parts) <= MAX_COLUMNS
    narrow = Table("Few", heads[:MAX_COLUMNS], (row[:MAX_COLUMNS],))
    assert narrow_tables(narrow, Translator()) == [narrow]


def test_a_column_is_wide_enough_for_its_words_and_wider_for_longer_texts() -> None:
    rows = (((Run("Japan"),), (Run("kcna_account"),), (Run("a reason of many words " * 20),)),)
    shares = column_shares(Table("Inputs", ("Who", "By", "Why"), rows))
    assert sum(shares) == pytest.approx(1.0)
    assert shares[1] * LINE >= len("kcna_account")
    assert shares[2] > 0.6


def test_a_heading_stays_with_its_picture_and_no_picture_with_the_next_heading(data: bytes) -> None:
    paragraphs = opened(data).paragraphs
    kept = {paragraph.style.name for paragraph in paragraphs if paragraph.paragraph_format.keep_with_next}
    for index, paragraph in enumerate(paragraphs[:-1]):
        if paragraph._p.findall(f".//{qn('w:drawing')}"):
            before, after = paragraphs[index - 1], paragraphs[index + 1]
            assert before.paragraph_format.keep_with_next or before.style.paragraph_format.keep_with_next
            tied = bool(paragraph.paragraph_format.keep_with_next)
            assert tied == (after.style.name in ("Small Text", "Body Text"))
    assert "Small Text" in kept


def test_a_picture_leaves_space_for_its_heading_on_the_page(data: bytes) -> None:
    section = opened(data).sections[0]
    high = section.page_height - section.top_margin - section.bottom_margin
    assert all(shape.height <= 0.81 * high for shape in opened(data).inline_shapes)


def test_letters_of_figures_measure_seven_points_on_the_page(data: bytes, assessment: Assessment) -> None:
    shown = {shape._inline.docPr.get("descr"): shape.width.pt for shape in opened(data).inline_shapes}
    sizes = {item.name: smallest_letters(item.svg(), shown[item.description]) for item in figures(assessment)}
    assert sizes and min(sizes.values()) >= 7.0, sizes


def test_pictures_have_alternative_texts_with_their_numbers(data: bytes, assessment: Assessment) -> None:
    described = [shape._inline.docPr for shape in opened(data).inline_shapes]
    titles = [properties.get("title") for properties in described]
    assert titles[:3] == [
        "What each event costs Alpha",
        "The states and the questions between them",
        "Military spending",
    ]
    assert "amendment: 1.3" in described[0].get("descr")
    assert all(properties.get("descr") for properties in described)
    assert len({properties.get("id") for properties in described}) == len(described)


def test_notes_give_the_sources_of_claims(data: bytes) -> None:
    assert notes(data) == ["A made-up yearbook, 2024 [B2]."] * 3
    assert len(opened(data).element.body.findall(f".//{qn('w:footnoteReference')}")) == 3


def test_links_lead_to_places_in_the_document(data: bytes) -> None:
    body = opened(data).element.body
    targets = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))} - {None}
    assert targets
    assert targets <= {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}


def test_the_first_page_ends_before_the_claims_and_has_their_sources(assessment: Assessment) -> None:
    data = to_docx(assessment, parts=FIRST_PAGE)
    text = words(data)
    assert "Does Alpha fear Beta?" in text
    assert "The model's record" in text
    assert "claim by claim" not in text
    assert notes(data) == ["A made-up yearbook, 2024 [B2]."]


def test_the_same_assessment_gives_the_same_bytes_without_date_or_author(assessment: Assessment, data: bytes) -> None:
    assert to_docx(assessment) == data
    properties = opened(data).core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (assessment.case.title, "", "")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert b"created" not in file.read("docProps/core.xml")


def test_empty_parts_and_cases_without_games_are_written(tmp_path: Path) -> None:
    assert "fails" in words(to_docx(bare(tmp_path / "bare")))
    facts = assess(facts_only(tmp_path / "facts"))
    text = words(to_docx(facts))
    assert all(claim.says in text for claim in facts.claims)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    title = CASE.partition("title: ")[2].partition("\n")[0]
    data = to_docx(
        sample(tmp_path, replaced={title: repr(HOSTILE + " =1+1 " + "word " * 60), "name: Gamma": f"name: {HOSTILE!r}"})
    )
    assert opened(data).paragraphs[0].text.startswith(HOSTILE)


def test_korean_and_japanese_have_their_fonts_and_languages(tmp_path: Path) -> None:
    replaced = {"Does Alpha fear Beta?": KOREAN, "A small made-up case for tests.": JAPANESE}
    runs = opened(to_docx(sample(tmp_path, replaced=replaced))).element.body.iter(qn("w:r"))
    looks = {run.text: run.rPr for run in runs if run.rPr is not None}
    for text, language, font in ((KOREAN.split()[0], "ko-KR", "Malgun Gothic"), (JAPANESE, "ja-JP", "Yu Mincho")):
        look = looks[text]
        assert look.find(qn("w:lang")).get(qn("w:eastAsia")) == language
        assert look.rFonts.get(qn("w:eastAsia")) == font


# --- templates -----------------------------------------------------------------------------------------------------


def house(folder: Path, *, as_template: bool = False) -> Path:
    """Write a house's document with a style of its own and some text."""
    from docx.shared import Pt

    made = docx.Document()
    made.styles["Heading 1"].font.size = Pt(31)
    made.sections[0].left_margin = Pt(99)
    made.sections[0].header.paragraphs[0].text = "The House"
    made.add_paragraph("Text of the template")
    folder.mkdir(exist_ok=True)
    made.save(str(folder / "house.docx"))
    if not as_template:
        return folder / "house.docx"
    with zipfile.ZipFile(folder / "house.docx") as old, zipfile.ZipFile(folder / "house.dotx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"document.main+xml", b"template.main+xml"))
    return folder / "house.dotx"


@pytest.mark.parametrize("as_template", [False, True])
def test_a_template_gives_styles_margins_and_heads_but_no_text(
    assessment: Assessment, tmp_path: Path, as_template: bool
) -> None:
    from docx.shared import Pt

    data = to_docx(assessment, template=house(tmp_path, as_template=as_template))
    made = opened(data)
    assert made.styles["Heading 1"].font.size == Pt(31)
    assert made.sections[0].left_margin == Pt(99)
    assert made.sections[0].header.paragraphs[0].text == "The House"
    assert "Text of the template" not in words(data)
    assert "fails" in words(data)


def test_notes_continue_those_of_a_template(assessment: Assessment, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "house.docx").write_bytes(data)
    again = to_docx(assessment, template=tmp_path / "house.docx")
    assert len(notes(again)) == 6
    marks = opened(again).element.body.findall(f".//{qn('w:footnoteReference')}")
    assert len({mark.get(qn("w:id")) for mark in marks}) == 3


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def slides() -> bytes:
    buffer = io.BytesIO()
    pptx.Presentation().save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"no document", b"PK\x03\x04 broken", zipped(a=b"a zip of something else"), slides()]
)
def test_a_template_that_is_no_document_is_refused(assessment: Assessment, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "house.docx").write_bytes(content)
    with pytest.raises(InputError, match=r"no Word document\n  remedy: name a Word document"):
        to_docx(assessment, template=tmp_path / "house.docx")


def test_an_encrypted_template_is_refused_with_what_to_do(assessment: Assessment, tmp_path: Path) -> None:
    (tmp_path / "house.docx").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504)
    with pytest.raises(InputError, match=r"encrypted.*\n  remedy: save it in Word as \.docx without a password"):
        to_docx(assessment, template=tmp_path / "house.docx")


def changed(data: bytes, name: str, old: str, new: str) -> bytes:
    """Return a document with one part changed by a pattern that occurs in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        files = {entry: file.read(entry) for entry in file.namelist()}
    text, count = re.subn(old, new, files[name].decode("utf-8"), flags=re.DOTALL)
    assert count
    return zipped(**{**files, name: text.encode("utf-8")})


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("word/document.xml", "<w:sectPr.*</w:sectPr>", ""),
        ("word/document.xml", "<w:pgSz[^>]*>", ""),
        ("word/styles.xml", '(<w:name w:val=")Normal"', r'\1Plain"'),
        ("word/styles.xml", "<w:style .*</w:style>", ""),
    ],
)
def test_a_template_may_lack_sizes_sections_and_styles(
    assessment: Assessment, data: bytes, tmp_path: Path, name: str, old: str, new: str
) -> None:
    (tmp_path / "house.docx").write_bytes(changed(data, name, old, new))
    assert "fails" in words(to_docx(assessment, template=tmp_path / "house.docx"))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("word/document.xml", "</w:body>", ""),
        ("word/document.xml", '<w:pgSz w:w="[^"]*"', '<w:pgSz w:w="wide"'),
        ("word/footnotes.xml", "</w:footnotes>", ""),
        ("word/footnotes.xml", 'w:id="0"', 'w:id="first"'),
    ],
)
def test_a_template_with_a_broken_part_is_refused(
    assessment: Assessment, data: bytes, tmp_path: Path, name: str, old: str, new: str
) -> None:
    (tmp_path / "house.docx").write_bytes(changed(data, name, old, new))
    with pytest.raises(InputError, match="no Word document"):
        to_docx(assessment, template=tmp_path / "house.docx")


def test_a_missing_template_is_refused(assessment: Assessment, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read: No such file"):
        to_docx(assessment, template=tmp_path / "none.docx")


@pytest.mark.slow
def test_libreoffice_makes_pages_with_every_verdict(data: bytes, assessment: Assessment, tmp_path: Path) -> None:
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("no LibreOffice or pdftotext on this machine")
    (tmp_path / "brief.docx").write_bytes(data)
    page = pdf_by_libreoffice(office, tmp_path / "brief.docx")
    done = subprocess.run([reader, str(page), "-"], check=True, capture_output=True, text=True)
    text = " ".join(done.stdout.split())
    for claim in assessment.claims:
        assert claim.says in text
        assert claim.verdict in text
