"""The brief as a Word document: headings, tables and pictures of its own, notes with the sources, and a list of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tocsin.assessment.result import Assessment
from tocsin.export import ooxml
from tocsin.export.blocks import (
    Block,
    Heading,
    Items,
    Pages,
    Paragraph,
    Picture,
    Run,
    Table,
    Terms,
    Text,
    anchors_of,
    column_shares,
    plain,
    read_blocks,
)
from tocsin.export.docx_styles import Styles, new_document
from tocsin.export.figures import figures_of
from tocsin.export.source_notes import source_note
from tocsin.plots.svg import one_line
from tocsin.report.verdict_marks import MARKS

DPI = 200
"""Points of a picture in an inch."""
MAX_WHOLE = 500
"""Characters of a row above which a page may break within it."""
NARROW = ("states",)
"""Figures that need half the width of a page."""
_COLOURS = {mark.name: mark.colour.removeprefix("#").upper() for mark in MARKS.values()}


def to_docx(
    assessment: Assessment, citations: Sequence[str] = (), *, pages: Pages = "all", template: Path | None = None
) -> bytes:
    """Return the brief as a Word document; the same assessment always gives the same bytes.

    Args:
        assessment: result of `tocsin.assess`.
        citations: what to cite, a line each.
        pages: the whole brief, or its first page.
        template: a Word document or template whose styles, margins, heads and feet the result takes; its text is left out.

    Raises:
        InputError: if the template is no Word document.
    """
    document, styles = new_document(template)
    document.core_properties.title = one_line(assessment.case.title, ooxml.MAX_TITLE)
    writer = _Writer(document, styles, assessment)
    blocks = read_blocks(assessment, pages, citations)
    writer.write(blocks)
    writer.notes.save()
    buffer = io.BytesIO()
    document.save(buffer)
    return ooxml.with_fixed_dates(buffer.getvalue())


class _Writer:
    """Writes blocks into a document."""

    def __init__(self, document: Any, styles: Styles, assessment: Assessment) -> None:
        self.document, self.styles, self.assessment = document, styles, assessment
        self.notes = ooxml.Notes(document, styles.id_of("note"), styles.id_of("mark"))
        self.places: dict[str, str] = {}
        self.bookmarks = 0
        self.pictures = 0
        self.first = True
        section = document.sections[-1]
        self.width = section.page_width - section.left_margin - section.right_margin

    def write(self, blocks: Sequence[Block]) -> None:
        """Write blocks in order; the brief proper begins on a new page."""
        anchors = [name for block in blocks for name in anchors_of(block)]
        self.places = {name: f"place_{number}" for number, name in enumerate(dict.fromkeys(anchors), start=1)}
        drawn = figures_of(self.assessment, [block for block in blocks if isinstance(block, Picture)])
        pictures = {figure.name: figure for figure in drawn}
        for block, after in zip(blocks, [*blocks[1:], None], strict=True):
            if isinstance(block, Heading):
                self.heading(block)
            elif isinstance(block, Paragraph):
                self.paragraph(block).paragraph_format.keep_with_next = isinstance(after, Picture) or None
            elif isinstance(block, Items):
                self.items(block)
            elif isinstance(block, Terms):
                self.terms(block)
            elif isinstance(block, Table):
                self.table(block)
            else:
                self.picture(block, pictures[block.name].png)

    def paragraph_of(self, use: str) -> Any:
        """Add an empty paragraph in a style; by its identifier, since a look-up by name reads all styles each time."""
        made = self.document.add_paragraph()
        made._p.style = self.styles.id_of(use)
        return made

    def heading(self, block: Heading) -> None:
        kind = "title" if block.level == 0 else "question" if block.first else f"heading {block.level}"
        made = self.paragraph_of(kind)
        if self.first and block.level == 1 and not block.first:
            self.first = False
            made.paragraph_format.page_break_before = True
        self.add(made, block.text)
        self.mark(made, block.anchors)

    def paragraph(self, block: Paragraph) -> Any:
        kind = {"answer": "answer", "small": "small"}.get(block.role, "text")
        made = self.paragraph_of(kind)
        self.add(made, block.text)
        self.mark(made, block.anchors)
        if block.claim and (note := source_note(self.assessment, block.claim)):
            self.notes.add(made, note)
        return made

    def items(self, block: Items) -> None:
        style = "source" if block.role == "sources" else "number" if block.ordered else "bullet"
        for number, item in enumerate(block.items, start=1):
            made = self.paragraph_of(style)
            if style == "number":  # written out: the numbers of a list style would run on over all lists
                made.add_run(f"{number}.\t")
            self.add(made, item.text)
            self.mark(made, item.anchors)

    def terms(self, block: Terms) -> None:
        for name, text in block.rows:
            made = self.paragraph_of("small")
            self.add(made, (Run(f"{plain(name)}: ", bold=True), *text))

    def table(self, block: Table) -> None:
        made = self.document.add_table(rows=0, cols=len(block.heads), style=self.styles["table"])
        shares = column_shares(block)
        for column, share in zip(made.columns, shares, strict=True):
            column.width = int(self.width * share)
        head = made.add_row()._tr
        ooxml.mark_head(head)
        for cell, text in zip(head.tc_lst, block.heads, strict=True):
            self.cell(cell, (Run(text, bold=True),))
        for row in block.rows:
            line = made.add_row()._tr
            if sum(len(plain(cell)) for cell in row) <= MAX_WHOLE:
                line.get_or_add_trPr().append(ooxml.element("cantSplit"))
            for index, (cell, words) in enumerate(zip(line.tc_lst, row, strict=True)):
                self.cell(cell, words if index else tuple(_bold(run) for run in words))
        for line in made._tbl.tr_lst:
            for cell, share in zip(line.tc_lst, shares, strict=True):
                cell.width = int(self.width * share)
        ooxml.name_table(made, block.name)
        self.paragraph_of("small")

    def cell(self, cell: Any, text: Text) -> None:
        from docx.text.paragraph import Paragraph as Made

        made = Made(cell.p_lst[0], self.document._body)
        made._p.style = self.styles.id_of("cell")
        self.add(made, text)

    def picture(self, block: Picture, png: Any) -> None:
        share = 0.6 if block.name in NARROW else 1.0
        wide = int(self.width * share)
        made = self.paragraph_of("picture")
        data = io.BytesIO(png(round(DPI * wide / 914400)))
        self.pictures += 1
        ooxml.describe(made.add_run().add_picture(data, width=wide), self.pictures, block.title, block.description)

    def add(self, paragraph: Any, text: Text) -> None:
        """Add runs to a paragraph, those with a link inside it."""
        for run in text:
            target = self.places.get(run.link[1:], "") if run.link.startswith("#") else run.link
            parent = ooxml.link_parent(paragraph, target) if target else None
            for piece in ooxml.by_script(run.text):
                made = paragraph.add_run(piece)
                self.look(made, run)
                if parent is not None:
                    parent.append(made._r)

    def look(self, made: Any, run: Run) -> None:
        from docx.shared import RGBColor

        if run.bold or run.verdict:
            made.bold = True
        if run.verdict:
            made.font.color.rgb = RGBColor.from_string(_COLOURS[run.verdict])
        elif run.link and not run.link.startswith("#"):
            made._r.style = self.styles.id_of("link")
        elif run.small:
            made._r.style = self.styles.id_of("aside")
        elif run.code:
            made._r.style = self.styles.id_of("code")
        ooxml.set_language(made)

    def mark(self, paragraph: Any, anchors: Sequence[str]) -> None:
        for name in anchors:
            self.bookmarks += 1
            ooxml.bookmark(paragraph, self.places[name], self.bookmarks)


def _bold(run: Run) -> Run:
    return run if run.small or run.code else Run(run.text, bold=True, link=run.link, verdict=run.verdict)
