"""The slides: one for each question, one for each claim behind it, figures with alternative texts, notes with sources."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pptx
import pypdf
import pytest
from PIL import Image
from tests.export.support import pdf_by_libreoffice, smallest_letters
from tests.facts_only import facts_only
from tests.report.sample import HOSTILE, bare, sample
from tests.support import CASE

from tocsin.assessment.record import AssessmentRecord
from tocsin.assessment.result import Assessment
from tocsin.assessment.run import assess
from tocsin.assessment.words import figure
from tocsin.case import load
from tocsin.export.blocks import Picture, read_blocks
from tocsin.export.figures import figures, figures_of
from tocsin.export.pieces import TALL, pieces
from tocsin.export.pptx import to_pptx
from tocsin.report.claim_groups import claim_groups
from tocsin.report.parts import ALL, ON_SLIDES
from tocsin.runs.shipped import shipped_assessment


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return sample(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def data(assessment: Assessment) -> bytes:
    return to_pptx(assessment, ["Run of the case, seed 3."])


def slides(data: bytes) -> list[tuple[str, str, str]]:
    """Return the title, the body and the notes of each slide."""
    shown = []
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        body = "\n".join(shape.text_frame.text for shape in slide.placeholders if shape != slide.shapes.title)
        notes = slide.notes_slide.notes_text_frame.text
        shown.append((slide.shapes.title.text_frame.text, body.replace("\N{NO-BREAK SPACE}", " "), notes))
    return shown


def pictures(data: bytes) -> list[Any]:
    return [
        shape
        for slide in pptx.Presentation(io.BytesIO(data)).slides
        for shape in slide.shapes
        if hasattr(shape, "image")
    ]


def test_claims_stand_behind_their_questions(data: bytes, assessment: Assessment) -> None:
    titles = [title for title, _, _ in slides(data)]
    wanted = [assessment.case.title]
    for group in claim_groups(assessment):
        wanted.append(f"{group.number} {group.asks}" if group.number else group.asks)
        wanted += [claim.says for claim in group.claims]
    assert titles[: len(wanted)] == wanted
    assert titles[-1] == "How to cite"


@pytest.mark.parametrize(
    ("parts", "claims", "figures"),
    [
        ((), False, {"ladder"}),
        (("charts",), False, {"ladder", "spending", "loss", "risk", "pillar", "pull", "fan"}),
        (("claims",), True, {"ladder", "states"}),
        (("claims", "limits", "appendix"), True, {"ladder", "states"}),
        (("claims", "charts"), True, {"ladder", "states", "spending", "loss", "risk", "pillar", "pull", "fan"}),
    ],
)
def test_only_the_chosen_parts_become_slides(
    assessment: Assessment, parts: tuple[str, ...], figures: set[str], *, claims: bool
) -> None:
    made = to_pptx(assessment, parts=parts)
    titles = [title for title, _, _ in slides(made)]
    assert titles[:2] == [assessment.case.title, "1 Does Alpha fear Beta?"]
    assert "Alpha loses by a stronger and freer Beta" in slides(made)[1][1]
    assert all((claim.says in titles) is claims for claim in assessment.claims)
    shown = {picture._element.nvPicPr.cNvPr.get("descr") for picture in pictures(made)}
    everything = [block for block in read_blocks(assessment) if isinstance(block, Picture)]
    assert shown == {figure.description for figure in figures_of(assessment, everything) if figure.name in figures}


def test_all_parts_give_the_slides_of_no_choice(assessment: Assessment, data: bytes) -> None:
    assert to_pptx(assessment, ["Run of the case, seed 3."], parts=ALL) == data
    assert to_pptx(assessment, ["Run of the case, seed 3."], parts=ON_SLIDES) == data


def test_no_figure_of_the_founding_case_is_outside_the_parts_of_slides() -> None:
    founding = shipped_assessment(load("japan-buildup"))
    assert founding is not None
    names = [
        [block.name for block in read_blocks(founding, parts) if isinstance(block, Picture)]
        for parts in (ALL, ON_SLIDES)
    ]
    assert names[0] == names[1] and any(name.startswith("explanations") for name in names[0])


def test_every_verdict_and_number_is_that_of_the_record(data: bytes, assessment: Assessment) -> None:
    shown = {title: body for title, body, _ in slides(data)}
    for claim in AssessmentRecord.of(assessment).claims:
        line = next(line for line in shown[claim.says].splitlines() if line.startswith(claim.verdict))
        if claim.probability is not None and claim.verdict in ("holds", "fails"):
            assert figure(claim.probability.mid, claim.basis) in line
        for part in claim.parts:
            assert f"{part.verdict} {part.says}" in shown[claim.says]


def test_notes_give_reasons_and_sources(data: bytes) -> None:
    notes = {title: text for title, _, text in slides(data)}
    assert "A made-up yearbook, 2024 [B2]." in notes["Alpha loses by a stronger and freer Beta"]
    assert (
        "Why it should be so: Force that may be used lowers the odds."
        in notes["Alpha loses by a stronger and freer Beta"]
    )
    assert "C1: A made-up yearbook, 2024 [B2]." in notes["1 Does Alpha fear Beta?"]


def test_what_to_cite_fills_as_many_slides_as_it_needs(assessment: Assessment) -> None:
    lines = [f"Data set {number}, 2024." for number in range(23)]
    cited = [body for title, body, _ in slides(to_pptx(assessment, lines)) if title == "How to cite"]
    assert "\n".join(cited).splitlines() == lines
    assert len(cited) == 3


def drawn(height: int, marks: Sequence[int]) -> bytes:
    """Return a picture 100 pixels wide with upright lines throughout and a mark of ten rows at some places."""
    pixels = np.full((height, 100, 3), 255, dtype=np.uint8)
    pixels[:, 50] = 0
    for row in marks:
        pixels[row : row + 10 : 2, 10:20] = 80
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="png")
    return buffer.getvalue()


def test_a_tall_picture_is_cut_between_its_rows_and_nothing_is_lost() -> None:
    png = drawn(120, [15, 45, 88])
    first, second = (np.asarray(Image.open(io.BytesIO(piece))) for piece in pieces(png))
    assert np.array_equal(np.concatenate([first, second]), np.asarray(Image.open(io.BytesIO(png))))
    assert 55 <= first.shape[0] <= 88  # not through a mark


def test_a_very_tall_picture_is_cut_until_no_piece_is_tall() -> None:
    png = drawn(400, range(10, 400, 40))
    parts = [np.asarray(Image.open(io.BytesIO(piece))) for piece in pieces(png)]
    assert len(parts) > 2
    assert max(part.shape[0] / part.shape[1] for part in parts) <= TALL
    assert np.array_equal(np.concatenate(parts), np.asarray(Image.open(io.BytesIO(png))))


def test_a_picture_is_not_cut_between_the_lines_of_a_text() -> None:
    lines = [17, 35, 53]  # three lines of one row, whose gaps are smaller than those between rows
    first = Image.open(io.BytesIO(pieces(drawn(110, [0, *lines, 81]))[0]))
    assert 63 <= first.height <= 81


def test_a_flat_picture_and_one_without_a_quiet_row_stay_whole() -> None:
    for png in (drawn(70, [20]), drawn(200, range(0, 200, 10))):
        assert pieces(png) == [png]


def test_figures_have_alternative_texts_and_lie_on_their_slides(data: bytes) -> None:
    deck = pptx.Presentation(io.BytesIO(data))
    shown = pictures(data)
    assert len({picture._element.nvPicPr.cNvPr.get("title") for picture in shown}) >= 8  # a tall one takes two slides
    for picture in shown:
        assert picture._element.nvPicPr.cNvPr.get("descr")
        assert picture.left >= 0
        assert picture.left + picture.width <= deck.slide_width
        assert picture.top + picture.height <= deck.slide_height


def test_letters_of_figures_measure_nine_points_on_a_slide(data: bytes, assessment: Assessment) -> None:
    shown = {picture._element.nvPicPr.cNvPr.get("descr"): picture for picture in pictures(data)}
    sizes = {item.name: smallest_letters(item.svg(), shown[item.description].width.pt) for item in figures(assessment)}
    assert sizes and min(sizes.values()) >= 9.0, sizes


def test_the_same_assessment_gives_the_same_bytes_without_date_or_author(assessment: Assessment, data: bytes) -> None:
    assert to_pptx(assessment, ["Run of the case, seed 3."]) == data
    properties = pptx.Presentation(io.BytesIO(data)).core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (assessment.case.title, "", "")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert b"created" not in file.read("docProps/core.xml")


def test_empty_parts_and_cases_without_games_are_written(tmp_path: Path) -> None:
    assert len(slides(to_pptx(bare(tmp_path / "bare")))) > 4
    facts = assess(facts_only(tmp_path / "facts"))
    titles = {title for title, _, _ in slides(to_pptx(facts))}
    assert {claim.says for claim in facts.claims} <= titles


@pytest.mark.slow
def test_libreoffice_makes_a_page_of_each_slide(data: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine")
    (tmp_path / "brief.pptx").write_bytes(data)
    page = pdf_by_libreoffice(office, tmp_path / "brief.pptx")
    assert len(pypdf.PdfReader(page).pages) == len(slides(data))


def test_hostile_and_long_text_stays_text_in_small_letters(tmp_path: Path) -> None:
    title = CASE.partition("title: ")[2].partition("\n")[0]
    long = f"{HOSTILE} =1+1 " + "word " * 60
    shown = slides(to_pptx(sample(tmp_path, replaced={title: repr(long)})))
    assert shown[0][0].startswith(HOSTILE)
