"""The brief as slides: one for each question, one for each claim behind it, then the figures; the notes give reasons and sources."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tocsin.assessment.result import Assessment
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case.translations import translator_for
from tocsin.export.blocks import (
    TO_CITE,
    Block,
    Heading,
    Items,
    Paragraph,
    Picture,
    Run,
    Table,
    Terms,
    Text,
    numbered,
    plain,
    read_blocks,
    title_of,
)
from tocsin.export.figures import DIAGRAM, figures_of
from tocsin.export.ooxml import LOCALES, MAX_TITLE, by_script, east_asian_language, with_fixed_dates
from tocsin.export.pieces import pieces
from tocsin.export.source_notes import source_note
from tocsin.plots.style import INK, SOFT
from tocsin.plots.svg import one_line, text_width
from tocsin.report.parts import ALL, ON_SLIDES
from tocsin.report.verdict_marks import MARKS
from tocsin.translation import Translator

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
"""Size of a slide and its margin in inches."""
TITLE_TOP, TITLE_HEIGHT, BODY_TOP = 0.35, 1.15, 1.6
BODY_HEIGHT = HEIGHT - BODY_TOP - 0.45
DPI = 200
CITED_PER_SLIDE = 8
"""Lines of what to cite on a slide."""
TITLE_SIZES, BODY_SIZES = (28, 24, 20, 18), (24, 22, 20, 18, 16, 14, 12, 11, 10)
CITED_SIZES = (14, 12, 11, 10)
"""Sizes of letters in points; a slide takes the largest that fits."""
LINE_SPACING, OVERESTIMATE = 1.3, 1.15
"""Height of a line in sizes of letters; how much `text_width` overestimates a line of prose."""
_TITLE_AND_CONTENT, _TITLE_ONLY = 1, 5
_COLOURS = {mark.name: mark.colour for mark in MARKS.values()}


@dataclass
class _Slide:
    """A slide: its title, its paragraphs or a picture with its alternative text, and its notes."""

    title: str
    body: list[Text] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    picture: bytes | None = None
    description: str = ""
    sizes: tuple[int, ...] = BODY_SIZES


def to_pptx(
    assessment: Assessment, citations: Sequence[str] = (), *, parts: Collection[str] = ALL, language: str = "en"
) -> bytes:
    """Return the brief as slides; the same assessment always gives the same bytes.

    Args:
        assessment: result of `tocsin.assess`.
        citations: what to cite, a line each.
        parts: of the brief, beside its first page; those outside `report.parts.ON_SLIDES` add no slide.
        language: of the text, one of `LANGUAGES`.
    """
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    translator = translator_for(assessment.case, language)
    _describe(deck, translator.plain(assessment.case.title), language)
    for slide in _slides(assessment, parts, translator):
        _add(deck, slide, language)
    for start in range(0, len(citations), CITED_PER_SLIDE):
        lines: list[Text] = [(Run(line),) for line in citations[start : start + CITED_PER_SLIDE]]
        _add(deck, _Slide(translator.plain(TO_CITE), lines, sizes=CITED_SIZES), language)
    buffer = io.BytesIO()
    deck.save(buffer)
    return with_fixed_dates(buffer.getvalue())


# --- what stands on the slides -------------------------------------------------------------------------------------


def _slides(assessment: Assessment, parts: Collection[str], translator: Translator) -> Iterator[_Slide]:
    blocks = read_blocks(assessment, ON_SLIDES.intersection(parts), language=translator.language)
    starts = [
        index
        for index, block in enumerate(blocks)
        if isinstance(block, Heading) and block.level == 1 and not block.first
    ]
    start, end = (*starts, len(blocks), len(blocks))[:2]
    first, claims = blocks[:start], blocks[start:end]
    yield _opening(first)
    if "claims" in parts:
        yield from _questions(assessment, claims, {_number(head): line for head, line in _lines(first)}, translator)
    else:
        yield from (_Slide(plain(head.text), [line]) for head, line in _lines(first))
    yield from _figures(assessment, blocks, translator)


def _opening(blocks: Sequence[Block]) -> _Slide:
    """Return the first slide: the title, the answer and what the first page says beside its lines."""
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    answers = [block.text for block in paragraphs if block.role in ("draft", "answer")]
    others = [plain(block.text) for block in paragraphs if block.role not in ("draft", "answer") and not block.claim]
    return _Slide(title_of(blocks), [*answers, (Run(others[0], small=True),)], others[1:])


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[Heading, Text]]:
    """Yield the heading of each question of the first page with its line."""
    for head, line in pairwise(blocks):
        if isinstance(head, Heading) and isinstance(line, Paragraph) and line.claim:
            yield head, line.text


def _number(head: Heading) -> str:
    """Return the number of a question, which begins its heading."""
    return head.text[0].text.strip()


def _questions(
    assessment: Assessment, blocks: Sequence[Block], lines: dict[str, Text], translator: Translator
) -> Iterator[_Slide]:
    """Yield a slide for each question with its claims, and behind it one for each claim."""
    group: list[_Slide] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            yield from group
            number = _number(block)
            group = [_Slide(plain(block.text), [lines[number]] if number in lines else [])]
        elif isinstance(block, Heading) and block.level == 3:
            claim = assessment.claim(block.anchors[0])
            verdict = Run(translator.plain(VERDICT_WORDS[claim.verdict]), verdict=MARKS[claim.verdict].name)
            group[0].body.append((verdict, Run(f" {translator.plain(claim.says)} "), Run(claim.id, small=True)))
            group.append(_Slide(plain(block.text)))
            if note := source_note(assessment, claim.id):
                group[-1].notes.append(note)
                group[0].notes.append(f"{claim.id}: {note}")
        elif len(group) > 1:
            _fill(group[-1], block)
    yield from group


def _fill(slide: _Slide, block: Block) -> None:
    """Put a block of a claim on its slide, or into the notes if it is an aside."""
    if isinstance(block, Paragraph):
        if block.role:
            slide.notes.insert(0, plain(block.text))
        else:
            slide.body.append(block.text)
    elif isinstance(block, Items):
        slide.body += [item.text for item in block.items]
    elif isinstance(block, Terms):
        slide.notes += [f"{plain(name)}: {plain(text)}" for name, text in block.rows]


def _figures(assessment: Assessment, blocks: Sequence[Block], translator: Translator) -> Iterator[_Slide]:
    pictures = [block for block in blocks if isinstance(block, Picture)]
    readings = {
        picture.name: [plain(block.text) for block in (before, after) if isinstance(block, Paragraph)]
        for before, picture, after in zip(blocks, blocks[1:], [*blocks[2:], Table("", (), ())], strict=False)
        if isinstance(picture, Picture)
    }
    for figure in figures_of(assessment, pictures, translator.language):
        png = figure.png(round(DPI * (WIDTH - 2 * MARGIN)))
        images = [png] if figure.name == DIAGRAM else pieces(png)
        for number, image in enumerate(images, start=1):
            title = figure.title
            if len(images) > 1:
                title = translator.plain(numbered(title, number, len(images)))
            yield _Slide(title, [], [*readings[figure.name], figure.description], image, figure.description)


# --- slides --------------------------------------------------------------------------------------------------------


def _add(deck: Any, slide: _Slide, language: str) -> None:
    """Add a slide to the deck."""
    layout = deck.slide_layouts[_TITLE_ONLY if slide.picture else _TITLE_AND_CONTENT]
    made = deck.slides.add_slide(layout)
    wide = WIDTH - 2 * MARGIN
    _place(made.shapes.title, TITLE_TOP, TITLE_HEIGHT)
    size = _fitting([slide.title], TITLE_SIZES, wide * 0.86, TITLE_HEIGHT)
    _write(made.shapes.title, [(Run(slide.title, bold=True),)], size, language)
    if slide.picture:
        _picture(made, slide)
    else:
        body = made.placeholders[1]
        _place(body, BODY_TOP, BODY_HEIGHT)
        texts = [plain(text) for text in slide.body]
        _write(body, slide.body, _fitting(texts, slide.sizes, wide, BODY_HEIGHT), language)
    made.notes_slide.notes_text_frame.text = "\n".join(slide.notes)


def _place(shape: Any, top: float, height: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top = Inches(MARGIN), Inches(top)
    shape.width, shape.height = Inches(WIDTH - 2 * MARGIN), Inches(height)


def _fitting(texts: Iterable[str], sizes: Sequence[int], width: float, height: float) -> int:
    """Return the largest size of letters at which paragraphs fit a box, its width and height in inches; else the smallest."""
    for size in sizes:
        lines = [math.ceil(text_width(text, size) / OVERESTIMATE / (width - 0.2) + 0.15) for text in texts]
        if (sum(lines) * LINE_SPACING + 0.5 * len(lines)) * size / 72 <= height - 0.1:
            return size
    return sizes[-1]


def _write(shape: Any, paragraphs: Sequence[Text], size: int, language: str) -> None:
    """Write paragraphs, without bullets, into a shape."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for index, text in enumerate(paragraphs):
        made = frame.paragraphs[0] if index == 0 else frame.add_paragraph()
        made.alignment = PP_ALIGN.LEFT
        made.space_after = Pt(size * 0.45)
        properties = made._p.get_or_add_pPr()
        properties.set("marL", "0")
        properties.set("indent", "0")
        properties.append(properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buNone", {}))
        for run in text:
            for piece in by_script(run.text):
                _look(made.add_run(), piece, run, size, language)


def _look(made: Any, text: str, run: Run, size: int, language: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    make: Any = RGBColor  # its constructor has no types
    made.text = text
    made.font.size = Pt(size * 0.8 if run.small else size)
    made.font.bold = run.bold or bool(run.verdict)
    colour = _COLOURS[run.verdict] if run.verdict else SOFT if run.small else INK
    made.font.color.rgb = make(*bytes.fromhex(colour.removeprefix("#")))
    properties = made._r.get_or_add_rPr()
    properties.set("lang", "en-GB")
    if east_asian := east_asian_language(text, language):
        properties.set("lang", east_asian[0])
        name = "{http://schemas.openxmlformats.org/drawingml/2006/main}ea"
        properties.append(properties.makeelement(name, {"typeface": east_asian[1]}))


def _picture(made_slide: Any, slide: _Slide) -> None:
    """Put a picture in the middle of the space below the title, with its alternative text."""
    from pptx.util import Inches

    made = made_slide.shapes.add_picture(io.BytesIO(slide.picture or b""), 0, 0)
    share = min(Inches(WIDTH - 2 * MARGIN) / made.width, Inches(BODY_HEIGHT) / made.height)
    made.width, made.height = int(made.width * share), int(made.height * share)
    made.left, made.top = (Inches(WIDTH) - made.width) // 2, Inches(BODY_TOP)
    properties = made._element.nvPicPr.cNvPr
    properties.set("descr", slide.description)
    properties.set("title", slide.title)
    made.name = slide.title


def _describe(deck: Any, title: str, language: str) -> None:
    """Set the title of the deck, and drop what the empty deck of python-pptx says of itself."""
    core = deck.core_properties
    core.title, core.language = one_line(title, MAX_TITLE), LOCALES[language]
    core.author = core.last_modified_by = core.comments = core.keywords = core.subject = ""
    for name in ("created", "modified"):
        for old in core._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            core._element.remove(old)
    for key, relation in list(deck.part.package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            deck.part.package._rels.pop(key)
