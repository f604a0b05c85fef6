"""Elements of WordprocessingML that python-docx does not offer: notes, bookmarks, links, languages, heads of tables."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from tocsin.export.archive import zipped

NOTES_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
NOTES_CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
LINK_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
MAX_TITLE = 255
"""Characters of a title in the properties of a document."""
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_EMPTY_NOTES = (
    f'<w:footnotes xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_EAST_ASIAN = re.compile(
    "([\u1100-\u11ff\u2e80-\u303f\u3040-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]+)"
)


def element(name: str, /, **attributes: str) -> Any:
    """Return an element of the namespace `w` with attributes of it."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def east_asian_language(text: str) -> tuple[str, str] | None:
    """Return the language of a text in East Asian script, and a font that each system has or replaces; None for other scripts.

    Chinese characters alone count as Japanese, since Korean is rarely written with them today.
    """
    if _HANGUL.search(text):
        return "ko-KR", "Malgun Gothic"
    return ("ja-JP", "Yu Mincho") if _EAST_ASIAN.search(text) else None


def by_script(text: str) -> list[str]:
    """Return a text cut where the script changes between East Asian and other characters."""
    return [piece for piece in _EAST_ASIAN.split(text) if piece]


def set_language(run: Any) -> None:
    """Name the language and the font of a run that is in an East Asian script."""
    found = east_asian_language(run.text)
    if found is None:
        return
    language, font = found
    properties = run._r.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.set(f"{{{W}}}eastAsia", font)
    fonts.set(f"{{{W}}}hint", "eastAsia")
    properties.append(element("lang", eastAsia=language))


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
        reference = paragraph.add_run()
        reference._r.get_or_add_rPr().append(element("rStyle", val=mark_style))
        reference._r.append(element("footnoteReference", id=str(self._next)))
        note = element("footnote", id=str(self._next))
        body = element("p")
        properties = element("pPr")
        properties.append(element("pStyle", val=text_style))
        body.append(properties)
        mark = element("r")
        mark_properties = element("rPr")
        mark_properties.append(element("rStyle", val=mark_style))
        mark.append(mark_properties)
        mark.append(element("footnoteRef"))
        body.append(mark)
        note.append(body)
        self._root.append(note)
        self._next += 1
        for piece in by_script(f" {text}"):
            _run_in(body, piece)

    def save(self) -> None:
        """Put the notes into the document."""
        from lxml import etree

        self._part._blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _run_in(body: Any, text: str) -> None:
    from docx.text.paragraph import Paragraph

    run = Paragraph(body, None).add_run(text)  # type: ignore[arg-type] # a note has no parent in python-docx
    set_language(run)


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """Give a paragraph a name that links can lead to."""
    paragraph._p.insert_element_before(element("bookmarkStart", id=str(number), name=name), "w:r", "w:hyperlink")
    paragraph._p.append(element("bookmarkEnd", id=str(number)))


def link_parent(paragraph: Any, target: str) -> Any:
    """Add a link to a paragraph, to a bookmark if the target has no scheme, and return the element that takes its runs."""
    from docx.oxml.ns import qn

    link = element("hyperlink")
    if "://" in target:
        link.set(qn("r:id"), paragraph.part.relate_to(target, LINK_TYPE, is_external=True))
    else:
        link.set(qn("w:anchor"), target)
    paragraph._p.append(link)
    return link


def describe(picture: Any, number: int, title: str, description: str) -> None:
    """Give a picture its alternative text."""
    properties = picture._inline.docPr
    properties.set("id", str(number))
    properties.set("name", f"Figure {number}")
    properties.set("title", title)
    properties.set("descr", description)


def mark_head(row: Any) -> None:
    """Mark a row as the head of its table, which each page repeats."""
    properties = row.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("tblHeader"))


def name_table(table: Any, name: str) -> None:
    """Give a table its alternative text, and say that its first row and column are heads."""
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    properties.append(
        element(
            "tblLook", val="00A0", firstRow="1", lastRow="0", firstColumn="1", lastColumn="0", noHBand="1", noVBand="1"
        )
    )
    properties.append(element("tblCaption", val=name))


def with_fixed_dates(data: bytes) -> bytes:
    """Return a ZIP file in which no entry states when it was made, so that the same content gives the same bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return zipped({name: file.read(name) for name in file.namelist()})
