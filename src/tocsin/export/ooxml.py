"""Elements of WordprocessingML that python-docx does not offer, or writes slowly: runs, notes, bookmarks, links, tables."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from tocsin.export.archive import zipped

NOTES_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
NOTES_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
MAX_TITLE = 255
"""Characters of a title in the properties of a document."""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
INCH, TWIP = 914_400, 635
"""An inch, and a twentieth of a point, in the units of a document's lengths."""
A4, A4_HEIGHT = 7_560_000, 10_692_000
"""Width and height of a page of A4 in these units."""
_EMPTY_NOTES = (
    f'<w:footnotes xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
LOCALES = {"en": "en-GB", "ko": "ko-KR", "ja": "ja-JP"}
"""Names of languages in Office documents."""
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_EAST_ASIAN = re.compile(
    "([\u1100-\u11ff\u2e80-\u303f\u3040-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]+)"
)


def element(name: str, /, **attributes: str) -> Any:
    """Return an element of the namespace `w` with attributes of it."""
    from docx.oxml.parser import OxmlElement

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(f"{{{W}}}{key}", value)
    return made


def add(parent: Any, name: str, /, **attributes: str) -> Any:
    """Add an element of the namespace `w` with attributes of it, and return it."""
    from lxml import etree

    return etree.SubElement(parent, f"{{{W}}}{name}", {f"{{{W}}}{key}": value for key, value in attributes.items()})


def paragraph(style: str, *properties: str) -> Any:
    """Return an empty paragraph in a style, given by its identifier.

    Args:
        style: its identifier.
        properties: names of properties to switch on, in the order of the schema, such as keepNext.
    """
    made = element("p")
    _fill(made, style, properties)
    return made


def _fill(paragraph: Any, style: str, properties: Iterable[str] = ()) -> None:
    """Give an empty paragraph its style and properties."""
    inner = add(paragraph, "pPr")
    add(inner, "pStyle", val=style)
    for name in properties:
        add(inner, name)


def add_text(parent: Any, text: str, *, style: str = "", bold: bool = False, colour: str = "") -> None:
    """Add a text as runs, one for each script, which name the language and the font of East Asian letters.

    It writes elements itself: python-docx takes five times as long for each run.

    Args:
        parent: a paragraph or a link in one.
        text: of one line.
        style: identifier of a character style; empty for none.
        bold: whether letters are bold.
        colour: of letters, six hexadecimal digits; empty for that of the style.
    """
    for piece in by_script(text):
        run, language = add(parent, "r"), east_asian_language(piece)
        if style or bold or colour or language:
            properties = add(run, "rPr")
            if style:
                add(properties, "rStyle", val=style)
            if language:
                add(properties, "rFonts", eastAsia=language[1], hint="eastAsia")
            if bold:
                add(properties, "b")
            if colour:
                add(properties, "color", val=colour)
            if language:
                add(properties, "lang", eastAsia=language[0])
        words = add(run, "t")
        words.text = piece
        if piece != piece.strip():
            words.set(SPACE, "preserve")


def add_tab(parent: Any) -> None:
    """Add a tab to a paragraph."""
    add(add(parent, "r"), "tab")


def east_asian_language(text: str, language: str = "en") -> tuple[str, str] | None:
    """Return the language of a text in East Asian script, and a font that each system has or replaces; None for other scripts.

    Chinese characters alone count as Korean in a Korean document, else as Japanese: elsewhere Korean is rarely written with them today.
    """
    if _HANGUL.search(text) or (language == "ko" and _EAST_ASIAN.search(text) and not _KANA.search(text)):
        return "ko-KR", "Malgun Gothic"
    return ("ja-JP", "Yu Mincho") if _EAST_ASIAN.search(text) else None


def by_script(text: str) -> list[str]:
    """Return a text cut where the script changes between East Asian and other characters."""
    return [piece for piece in _EAST_ASIAN.split(text) if piece]


class Notes:
    """Footnotes of a document, numbered by the program that shows it."""

    def __init__(self, document: Any, text_style: str, mark_style: str) -> None:
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml.parser import parse_xml

        self._styles = text_style, mark_style
        relations = document.part.rels.values()
        part = next((relation.target_part for relation in relations if relation.reltype == NOTES_TYPE), None)
        if part is None:
            part = Part(PackURI("/word/footnotes.xml"), NOTES_CONTENT, _EMPTY_NOTES.encode(), document.part.package)
            document.part.relate_to(part, NOTES_TYPE)
        self._part = part
        self._root = parse_xml(part.blob)
        used = [int(note.get(f"{{{W}}}id")) for note in self._root]
        self._next = max([0, *used]) + 1

    def add(self, paragraph: Any, text: str) -> None:
        """Add a note at the end of a paragraph."""
        text_style, mark_style = self._styles
        number, self._next = str(self._next), self._next + 1
        _mark(paragraph, mark_style, "footnoteReference", id=number)
        body = add(add(self._root, "footnote", id=number), "p")
        _fill(body, text_style)
        _mark(body, mark_style, "footnoteRef")
        add_text(body, f" {text}")

    def save(self) -> None:
        """Put the notes into the document."""
        from lxml import etree

        self._part._blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _mark(paragraph: Any, style: str, name: str, **attributes: str) -> None:
    """Add a run with one element to a paragraph."""
    run = add(paragraph, "r")
    add(add(run, "rPr"), "rStyle", val=style)
    add(run, name, **attributes)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Give a paragraph a name that links can lead to."""
    properties = paragraph.find(f"{{{W}}}pPr")
    properties.addnext(element("bookmarkStart", id=str(number), name=name))
    add(paragraph, "bookmarkEnd", id=str(number))


def add_link(paragraph: Any, part: Any, target: str) -> Any:
    """Add a link to a paragraph, to a bookmark if the target has no scheme, and return the element that takes its runs."""
    from docx.oxml.ns import qn

    link = add(paragraph, "hyperlink")
    if "://" in target:
        link.set(qn("r:id"), part.relate_to(target, LINK_TYPE, is_external=True))
    else:
        link.set(qn("w:anchor"), target)
    return link


def describe(picture: Any, number: int, title: str, description: str) -> None:
    """Give a picture its alternative text."""
    properties = picture._inline.docPr
    properties.set("id", str(number))
    properties.set("name", f"Figure {number}")
    properties.set("title", title)
    properties.set("descr", description)


def text_width(section: Any) -> int:
    """Return the width of the text of a page; A4 and Word's margins stand in for what a template leaves out."""
    page = A4 if section.page_width is None else int(section.page_width)
    sides = sum(INCH if side is None else int(side) for side in (section.left_margin, section.right_margin))
    return max(page - sides, INCH)


def text_height(section: Any) -> int:
    """Return the height of the text of a page; A4 and Word's margins stand in for what a template leaves out."""
    page = A4_HEIGHT if section.page_height is None else int(section.page_height)
    sides = sum(INCH if side is None else int(side) for side in (section.top_margin, section.bottom_margin))
    return max(page - sides, INCH)


def table(style: str, name: str, widths: Sequence[int]) -> Any:
    """Return a table without rows, whose first row and column are heads.

    Args:
        style: its identifier.
        name: alternative text.
        widths: of the columns in twentieths of a point.
    """
    made = element("tbl")
    properties = add(made, "tblPr")
    add(properties, "tblStyle", val=style)
    add(properties, "tblW", type="auto", w="0")
    look = {"firstRow": "1", "lastRow": "0", "firstColumn": "1", "lastColumn": "0", "noHBand": "1", "noVBand": "1"}
    add(properties, "tblLook", val="00A0", **look)
    add(properties, "tblCaption", val=name)
    grid = add(made, "tblGrid")
    for width in widths:
        add(grid, "gridCol", w=str(width))
    return made


def add_row(
    table: Any, widths: Sequence[int], style: str, *properties: str, head: bool = False, whole: bool = True
) -> list[Any]:
    """Add a row to a table, and return the empty paragraphs of its cells.

    Args:
        table: see `table`.
        widths: of the columns in twentieths of a point.
        style: identifier of the paragraphs' style.
        properties: of the paragraphs, see `paragraph`.
        head: whether each page repeats the row as the head of the table.
        whole: whether no page breaks within it.
    """
    row, paragraphs = add(table, "tr"), []
    if head or whole:
        marks = add(row, "trPr")
        for switched, flag in ((whole, "cantSplit"), (head, "tblHeader")):
            if switched:
                add(marks, flag)
    for width in widths:
        cell = add(row, "tc")
        add(add(cell, "tcPr"), "tcW", type="dxa", w=str(width))
        paragraphs.append(add(cell, "p"))
        _fill(paragraphs[-1], style, properties)
    return paragraphs


def with_fixed_dates(data: bytes) -> bytes:
    """Return a ZIP file in which no entry states when it was made, so that the same content gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return zipped({name: file.read(name) for name in file.namelist()})
