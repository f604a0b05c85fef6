"""The brief as PDF by typst, for machines without a browser.

All text enters typst as string literals, so that no text of a case is read as markup.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from tocsin.assessment.challenging.result import Challenge
from tocsin.assessment.result import Assessment
from tocsin.errors import SolveError
from tocsin.export.blocks import (
    PRINTED_FOLDS,
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
from tocsin.export.figures import DIAGRAM, DIAGRAM_SHARE, figures_of
from tocsin.export.source_notes import source_note
from tocsin.plots.style import ACCENT, INK, LINE, SOFT
from tocsin.report.parts import ALL
from tocsin.report.verdict_marks import MARKS
from tocsin.tables import printable
from tocsin.translation import Translator, message

_COLOURS = {mark.name: mark.colour for mark in MARKS.values()}
_SERIF = (
    "Libertinus Serif",
    "Noto Serif CJK KR",
    "Noto Sans CJK KR",
    "Noto Sans CJK JP",
    "Batang",
    "Malgun Gothic",
    "Yu Mincho",
)
_SANS = ("DejaVu Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", "Malgun Gothic", "Yu Gothic")
_SIZES = {"answer": 13.0, "small": 8.6}


def typeset(
    assessment: Assessment,
    citations: Sequence[str] = (),
    *,
    parts: Collection[str] = ALL,
    language: str = "en",
    challenge: Challenge | None = None,
) -> bytes:
    """Return the brief as a PDF with tags, bookmarks and page numbers; the file states no date.

    Raises:
        SolveError: if typst fails, or its files cannot be written.
    """
    try:
        blocks = read_blocks(assessment, parts, citations, folds=PRINTED_FOLDS, language=language, challenge=challenge)
        return _set(assessment, blocks, language)
    except OSError as error:
        raise SolveError(
            message("cannot set the PDF: {reason}", reason=error.strerror or ""),
            remedy=message("check disk space and permissions of the folder for temporary files"),
        ) from error


def _set(assessment: Assessment, blocks: Sequence[Block], language: str) -> bytes:
    import matplotlib
    import typst

    drawn = figures_of(assessment, [block for block in blocks if isinstance(block, Picture)], language)
    fonts = [Path(matplotlib.get_data_path()) / "fonts" / "ttf"]
    with tempfile.TemporaryDirectory(prefix="tocsin-") as name:
        folder = Path(name)
        for figure in drawn:
            (folder / f"{_file(figure.name)}.svg").write_text(figure.svg(), encoding="utf-8")
        (folder / "brief.typ").write_text(_source(assessment, blocks, language), encoding="utf-8")
        try:
            return bytes(typst.compile(folder / "brief.typ", format="pdf", root=folder, font_paths=fonts))
        except (RuntimeError, typst.TypstError) as error:
            raise SolveError(
                message("typst made no PDF: {error}", error=str(error)),
                remedy=message("install Chromium, Chrome or Edge"),
            ) from error


def _source(assessment: Assessment, blocks: Sequence[Block], language: str) -> str:
    """Return the brief in the language of typst."""
    anchors = [name for block in blocks for name in anchors_of(block)]
    places = {name: f"place-{number}" for number, name in enumerate(dict.fromkeys(anchors), start=1)}
    writer = _Typesetter(assessment, places, language)
    return "\n\n".join([_preamble(title_of(blocks), language), *(writer.block(block) for block in blocks)]) + "\n"


def _preamble(title: str, language: str) -> str:
    return (
        f"#set document(title: {_string(title)}, date: none)\n"
        f'#set page(paper: "a4", margin: (x: 19mm, y: 18mm), footer: context align(right, text(size: 8pt, fill: rgb("{SOFT}"), '
        "counter(page).display())))\n"
        f'#set text(font: {_fonts(_SERIF)}, size: 9.8pt, fill: rgb("{INK}"), lang: "{language}")\n'
        "#set par(leading: 0.58em, spacing: 0.8em)\n"
        f"#show heading: set text(font: {_fonts(_SANS)})\n"
        "#show heading.where(level: 1): set text(size: 14pt)\n"
        "#show heading.where(level: 1): set block(above: 1.6em, below: 0.9em)\n"
        "#show heading.where(level: 2): set text(size: 11pt)\n"
        "#show heading.where(level: 3): set text(size: 9.5pt)\n"
        f'#set table(stroke: (x, y) => (bottom: 0.5pt + rgb("{LINE}")), inset: (x: 2pt, y: 3pt))\n'
        f"#show table: set text(size: 7.6pt, font: {_fonts(_SANS)})\n"
        "#show table: set par(leading: 0.5em)\n"
        "#show footnote.entry: set text(size: 7.5pt)"
    )


class _Typesetter:
    """Writes blocks in the language of typst."""

    def __init__(self, assessment: Assessment, places: dict[str, str], language: str) -> None:
        self.assessment, self.places, self.translator = assessment, places, Translator(language=language)
        self.first = True

    def block(self, block: Block) -> str:
        marks = "".join(f"#metadata(none) <{self.places[name]}>\n" for name in anchors_of(block))
        if isinstance(block, Heading):
            return self.heading(block, marks)
        if isinstance(block, Paragraph):
            return marks + self.paragraph(block)
        if isinstance(block, Items):
            return marks + self.items(block)
        if isinstance(block, Terms):
            return "\n\n".join(
                self.sized((Run(f"{plain(name)}: ", bold=True), *text), _SIZES["small"]) for name, text in block.rows
            )
        if isinstance(block, Table):
            return "\n\n".join(map(self.table, narrow_tables(block, self.translator)))
        return self.picture(block)

    def heading(self, block: Heading, marks: str) -> str:
        if block.level == 0:
            return f'#text(size: 22pt, weight: "bold", font: {_fonts(_SANS)})[{self.text(block.text)}]'
        if block.first:
            size = f'#show heading.where(level: 1): set text(size: 9.8pt, fill: rgb("{ACCENT}"))'
            return f"#[{size}\n#show heading.where(level: 1): set block(above: 1em, below: 0.5em)\n#heading(level: 1)[{self.text(block.text)}]]"
        feed = "#pagebreak()\n" if self.first else ""
        self.first = False
        return f"{feed}{marks}#heading(level: {block.level})[{self.text(block.text)}]"

    def paragraph(self, block: Paragraph) -> str:
        note = source_note(self.assessment, block.claim) if block.claim else ""
        mark = f"#footnote[#{_string(note)}]" if note else ""
        size = _SIZES.get(block.role)
        return (self.sized(block.text, size) if size else self.text(block.text)) + mark

    def sized(self, text: Text, size: float) -> str:
        colour = f', fill: rgb("{SOFT}")' if size < 9 else ""
        return f"#text(size: {size}pt{colour})[{self.text(text)}]"

    def items(self, block: Items) -> str:
        kind = "enum" if block.ordered else "list"
        size = "size: 8pt" if block.role == "sources" else "size: 9.6pt"
        rows = ", ".join(f"[{self.text(item.text)}]" for item in block.items)
        return f"#text({size})[#{kind}({rows})]"

    def table(self, block: Table) -> str:
        heads = ", ".join(f"[#strong({_string(head)})]" for head in block.heads)
        rows = [", ".join(f"[{self.text(cell)}]" for cell in row) for row in block.rows]
        widths = ", ".join(f"{share:.3f}fr" for share in column_shares(block))
        return f"#table(columns: ({widths},), table.header({heads}), {', '.join(rows)})"

    def picture(self, block: Picture) -> str:
        width = f"{DIAGRAM_SHARE:.0%}" if block.name == DIAGRAM else "100%"
        return f'#align(center, image("{_file(block.name)}.svg", width: {width}, alt: {_string(f"{block.title}. {block.description}")}))'

    def text(self, text: Text) -> str:
        return "".join(map(self.spaced, text))

    def spaced(self, run: Run) -> str:
        """Return a run whose outer spaces are markup; typst drops those at the ends of literals."""
        inner = run.text.strip(" ")
        before = " " if run.text.startswith(" ") else ""
        after = " " if run.text.endswith(" ") and inner else ""
        return before + (self.run(replace(run, text=inner)) if inner else "") + after

    def run(self, run: Run) -> str:
        made = f"#{_string(run.text)}"
        if run.code:
            made = f"#text(size: 0.92em)[{made}]"
        elif run.small:
            made = f'#text(size: 0.9em, fill: rgb("{SOFT}"))[{made}]'
        if run.bold or run.verdict:
            made = f"#strong[{made}]"
        if run.verdict:
            made = f'#text(fill: rgb("{_COLOURS[run.verdict]}"))[{made}]'
        if run.link.startswith("#"):
            label = self.places.get(run.link[1:])
            return f"#link(<{label}>)[{made}]" if label else made
        return f"#link({_string(run.link)})[{made}]" if run.link else made


def _string(text: str) -> str:
    """Return a text as a string literal of typst."""
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _fonts(names: Sequence[str]) -> str:
    return f"({', '.join(map(_string, names))})"


def _file(name: str) -> str:
    """Return a name of a figure as that of a file; names of claims may have any letters."""
    return "figure-" + name.encode().hex()
