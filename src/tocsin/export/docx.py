"""The brief as a Word document: headings, tables and pictures of its own, notes with the sources, and a list of them."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.result import Assessment
from tocsin.export import ooxml
from tocsin.export.blocks import (
    Block,
    Heading,
    Items,
    Paragraph,
    Picture,
    Run,
    Table,
    Terms,
    Text,
    anchors_of,
    column_shares,
    narrow_tables,
    plain,
    read_blocks,
    title_of,
)
from tocsin.export.docx_styles import Styles, new_document
from tocsin.export.figures import DIAGRAM, DIAGRAM_SHARE, figures_of
from tocsin.export.source_notes import source_note
from tocsin.plots.svg import one_line
from tocsin.report.parts import ALL
from tocsin.report.verdict_marks import MARKS
from tocsin.translation import Translator

DPI = 200
"""Points of a picture in an inch."""
PICTURE_HEIGHT = 0.8
"""Largest height of a picture as a share of the text of a page."""
MAX_WHOLE = 500
"""Characters of a row above which a page may break within it."""
_COLOURS = {mark.name: mark.colour.removeprefix("#").upper() for mark in MARKS.values()}


def to_docx(
    assessment: Assessment,
    citations: Sequence[str] = (),
    *,
    parts: Collection[str] = ALL,
    template: Path | None = None,
    language: str = "en",
    challenge: Challenge | None = None,
) -> bytes:
    """Return the brief as a Word document; the same assessment always gives the same bytes.

    Args:
        assessment: result of `tocsin.assess`.
        citations: what to cite, a line each.
        parts: of the brief, beside its first page.
        template: a Word document or template whose styles, margins, heads and feet the result takes; its text is left out.
        language: of the text, one of `LANGUAGES`.
        challenge: of its claims, for the part on it.

    Raises:
        InputError: if the template is no Word document.
    """
    document, styles = new_document(template, language)
    blocks = read_blocks(assessment, parts, citations, language=language, challenge=challenge)
    document.core_properties.title = one_line(title_of(blocks), ooxml.MAX_TITLE)
    writer = _Writer(document, styles, assessment, language)
    writer.write(blocks)
    writer.notes.save()
    buffer = io.BytesIO()
    document.save(buffer)
    return ooxml.with_fixed_dates(buffer.getvalue())


class _Writer:
    """Writes blocks into a document."""

    def __init__(self, document: Any, styles: Styles, assessment: Assessment, language: str) -> None:
        self.document, self.styles, self.assessment, self.language = document, styles, assessment, language
        self.notes = ooxml.Notes(document, styles.id_of("note"), styles.id_of("mark"))
        self.places: dict[str, str] = {}
        self.bookmarks = 0
        self.pictures = 0
        self.first = True
        self.width = ooxml.text_width(document.sections[-1])
        self.height = int(PICTURE_HEIGHT * ooxml.text_height(document.sections[-1]))
        self.end = document.element.body.sectPr

    def write(self, blocks: Sequence[Block]) -> None:
        """Write blocks in order; the brief proper begins on a new page."""
        anchors = [name for block in blocks for name in anchors_of(block)]
        self.places = {name: f"place_{number}" for number, name in enumerate(dict.fromkeys(anchors), start=1)}
        drawn = figures_of(self.assessment, [block for block in blocks if isinstance(block, Picture)], self.language)
        pictures = {figure.name: figure for figure in drawn}
        for block, after in zip(blocks, [*blocks[1:], None], strict=True):
            if isinstance(block, Heading):
                self.heading(block)
            elif isinstance(block, Paragraph):
                self.paragraph(block, *(["keepNext"] if isinstance(after, Picture | Table) else []))
            elif isinstance(block, Items):
                self.items(block)
            elif isinstance(block, Terms):
                self.terms(block)
            elif isinstance(block, Table):
                for part in narrow_tables(block, Translator(language=self.language)):
                    self.table(part)
            else:
                self.picture(block, pictures[block.name].png, *(["keepNext"] if isinstance(after, Paragraph) else []))

    def append(self, made: Any) -> None:
        """Put an element at the end of the text, before the properties of its section."""
        self.end.addprevious(made)

    def paragraph_of(self, use: str, *properties: str) -> Any:
        """Add an empty paragraph in a style."""
        made = ooxml.paragraph(self.styles.id_of(use), *properties)
        self.append(made)
        return made

    def heading(self, block: Heading) -> None:
        kind = "title" if block.level == 0 else "question" if block.first else f"heading {block.level}"
        begins = self.first and block.level == 1 and not block.first
        made = self.paragraph_of(kind, *(["pageBreakBefore"] if begins else []))
        self.first = self.first and not begins
        self.add(made, block.text)
        self.mark(made, block.anchors)

    def paragraph(self, block: Paragraph, *properties: str) -> None:
        kind = {"answer": "answer", "small": "small"}.get(block.role, "text")
        made = self.paragraph_of(kind, *properties)
        self.add(made, block.text)
        self.mark(made, block.anchors)
        if block.claim and (note := source_note(self.assessment, block.claim)):
            self.notes.add(made, note)

    def items(self, block: Items) -> None:
        style = "source" if block.role == "sources" else "number" if block.ordered else "bullet"
        for number, item in enumerate(block.items, start=1):
            made = self.paragraph_of(style)
            if style == "number":  # written out: the numbers of a list style would run on over all lists
                ooxml.add_text(made, f"{number}.")
                ooxml.add_tab(made)
            self.add(made, item.text)
            self.mark(made, item.anchors)

    def terms(self, block: Terms) -> None:
        for name, text in block.rows:
            made = self.paragraph_of("small")
            self.add(made, (Run(f"{plain(name)}: ", bold=True), *text))

    def table(self, block: Table) -> None:
        widths = [int(self.width * share / ooxml.TWIP) for share in column_shares(block)]
        made = ooxml.table(self.styles.id_of("table"), block.name, widths)
        style = self.styles.id_of("cell")
        cells = ooxml.add_row(made, widths, style, "keepNext", head=True)
        for cell, text in zip(cells, block.heads, strict=True):
            self.add(cell, (Run(text, bold=True),))
        for row in block.rows:
            whole = sum(len(plain(cell)) for cell in row) <= MAX_WHOLE
            cells = ooxml.add_row(made, widths, style, whole=whole)
            for index, (cell, words) in enumerate(zip(cells, row, strict=True)):
                self.add(cell, words if index else tuple(_bold(run) for run in words))
        self.append(made)
        self.paragraph_of("small")

    def picture(self, block: Picture, png: Any, *properties: str) -> None:
        from docx.shared import Emu
        from docx.text.paragraph import Paragraph as Made

        wide = int(self.width * (DIAGRAM_SHARE if block.name == DIAGRAM else 1.0))
        run = Made(self.paragraph_of("picture", *properties), self.document._body).add_run()
        self.pictures += 1
        shape = run.add_picture(io.BytesIO(png(round(DPI * wide / ooxml.INCH))), width=wide)
        if shape.height > self.height:  # its heading and its reading need space on the same page
            shape.width, shape.height = Emu(shape.width * self.height // shape.height), Emu(self.height)
        ooxml.describe(shape, self.pictures, block.title, block.description)

    def add(self, paragraph: Any, text: Text) -> None:
        """Add runs to a paragraph, those with a link inside it."""
        for run in text:
            target = self.places.get(run.link[1:], "") if run.link.startswith("#") else run.link
            parent = ooxml.add_link(paragraph, self.document.part, target) if target else paragraph
            ooxml.add_text(
                parent,
                run.text,
                style=self.look(run),
                bold=run.bold or bool(run.verdict),
                colour=_COLOURS[run.verdict] if run.verdict else "",
            )

    def look(self, run: Run) -> str:
        """Return the identifier of the character style of a run; empty for none."""
        if run.verdict:
            return ""
        if run.link and not run.link.startswith("#"):
            return self.styles.id_of("link")
        return self.styles.id_of("aside") if run.small else self.styles.id_of("code") if run.code else ""

    def mark(self, paragraph: Any, anchors: Sequence[str]) -> None:
        for name in anchors:
            self.bookmarks += 1
            ooxml.bookmark(paragraph, self.places[name], self.bookmarks)


def _bold(run: Run) -> Run:
    return run if run.small or run.code else Run(run.text, bold=True, link=run.link, verdict=run.verdict)
