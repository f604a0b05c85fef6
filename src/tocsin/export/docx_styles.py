"""Styles of the Word document: those of a house's template, and of its own what the template lacks."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.errors import InputError
from tocsin.export import ooxml
from tocsin.translation import message

BODY, HEADS = "Cambria", "Calibri"
INK, SOFT, ACCENT, LINK = "17202A", "4D5862", "A3182C", "1F4E79"
EAST_ASIAN = {"en": ("Batang", "Malgun Gothic"), "ko": ("Batang", "Malgun Gothic"), "ja": ("Yu Mincho", "Yu Gothic")}
"""Fonts of text and of headings for East Asian letters, by the language of the document."""
SCALES = {"en": 1.0, "ko": 0.9, "ja": 0.9}
"""Factors on the sizes of letters: East Asian letters fill their line."""
"""Fonts for East Asian characters in text and heads; a run in Japanese names its own."""
MAX_BYTES = 50_000_000
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
"""Beginning of a compound file: Word wraps an encrypted document in one."""
_TEMPLATE_TYPE = b"wordprocessingml.template.main+xml"
_DOCUMENT_TYPE = b"wordprocessingml.document.main+xml"


@dataclass(frozen=True)
class _Look:
    """The look of a style that a template may lack.

    Attributes:
        name: of the style in Word.
        base: the style on which it rests.
        kind: "paragraph" or "character".
        size: of letters in points; 0 leaves the base's.
        colour: of letters; empty leaves the base's.
        bold: whether letters are bold; None leaves the base's.
        before, after: space around the paragraph in points.
        outline: level in the outline of the document, from 0; None for no heading.
    """

    name: str
    base: str
    kind: str = "paragraph"
    size: float = 0.0
    colour: str = ""
    bold: bool | None = None
    before: float = 0.0
    after: float = 4.0
    outline: int | None = None


_LOOKS = {
    "title": _Look("Title", "Normal", size=24, bold=True, after=4),
    "heading 1": _Look("Heading 1", "Normal", size=17, bold=True, before=18, after=6, outline=0),
    "heading 2": _Look("Heading 2", "Normal", size=13, bold=True, before=14, after=4, outline=1),
    "heading 3": _Look("Heading 3", "Normal", size=11, bold=True, before=10, after=2, outline=2),
    "question": _Look("Question", "Normal", size=10.5, bold=True, before=6, after=0, outline=0),
    "text": _Look("Body Text", "Normal", after=4),
    "answer": _Look("Answer", "Normal", size=12.5, before=2, after=4),
    "small": _Look("Small Text", "Normal", size=9, colour=SOFT, after=3),
    "number": _Look("Claim Part", "Normal", after=2),
    "bullet": _Look("List Bullet", "Normal", after=2),
    "source": _Look("Bibliography", "Normal", size=9, after=3),
    "cell": _Look("Table Text", "Normal", size=8, after=0),
    "picture": _Look("Picture", "Normal", before=4, after=4),
    "note": _Look("footnote text", "Normal", size=8, after=0),
    "mark": _Look("footnote reference", "", kind="character"),
    "aside": _Look("Aside", "", kind="character", size=8.5, colour=SOFT),
    "code": _Look("Name in Case", "", kind="character", size=8.5),
    "link": _Look("Hyperlink", "", kind="character", colour=LINK),
}


class Styles:
    """The styles of a document by their use, see `_LOOKS`, and "table"."""

    def __init__(self, styles: Any, *, own: bool, language: str = "en") -> None:
        self._styles, self._language = styles, language
        self._own = own
        self._known: dict[str, list[Any]] = {}
        for style in styles:
            self._known.setdefault(str(style.name or "").lower(), []).append(style)
        self._made: dict[str, Any] = {use: self._style(look) for use, look in _LOOKS.items()}
        self._made["table"] = self._table()
        self._ids = {use: str(style.style_id) for use, style in self._made.items()}

    def __getitem__(self, use: str) -> Any:
        return self._made[use]

    def id_of(self, use: str) -> str:
        """Return the identifier of a style in the file."""
        return self._ids[use]

    def _style(self, look: _Look) -> Any:
        """Return the template's style if it has one; else make it, as for a document without a template."""
        from docx.enum.style import WD_STYLE_TYPE

        kind = WD_STYLE_TYPE.PARAGRAPH if look.kind == "paragraph" else WD_STYLE_TYPE.CHARACTER
        style_there = next((style for style in self._known.get(look.name.lower(), ()) if style.type == kind), None)
        if style_there is not None and not self._own:
            return style_there
        made = (
            style_there
            if style_there is not None
            else self._styles.add_style(look.name, kind, builtin=_is_builtin(look.name))
        )
        _apply(made, look, next(iter(self._known.get(look.base.lower(), ())), None), self._language)
        return made

    def _table(self) -> Any:
        from docx.enum.style import WD_STYLE_TYPE

        style_there = next(iter(self._known.get("table grid", ())), None)
        if style_there is not None and not self._own:
            return style_there
        made = self._styles.add_style("Brief Table", WD_STYLE_TYPE.TABLE)
        made.element.append(_table_look())
        return made


def new_document(template: Path | None, language: str) -> tuple[Any, Styles]:
    """Return an empty document in a language with its styles.

    Raises:
        InputError: if the template cannot be read or is no Word document.
    """
    if template is not None:
        return _opened(template)
    import docx
    from docx.shared import Mm

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(21)
    section.top_margin, section.bottom_margin = Mm(18), Mm(18)
    _set_up_defaults(document, language)
    styles = Styles(document.styles, own=True, language=language)
    _number_pages(section, styles["small"])
    return document, styles


def _opened(template: Path) -> tuple[Any, Styles]:
    """Return the template as a document without its text, with its styles."""
    remedy = message("name a Word document (.docx) or template (.dotx)")
    try:
        if template.stat().st_size > MAX_BYTES:
            raise InputError(
                message("the template has more than {most} MB", most=MAX_BYTES // 1_000_000),
                file=str(template),
                remedy=remedy,
            )
        data = template.read_bytes()
        if data.startswith(_COMPOUND):
            raise InputError(
                message("the template is encrypted, or of the old format .doc"),
                file=str(template),
                remedy=message("save it in Word as .docx without a password"),
            )
        return _emptied(data)
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            message("cannot read: {reason}", reason=error.strerror or ""), file=str(template), remedy=remedy
        ) from error
    except Exception as error:  # python-docx raises whatever a broken file makes lxml or zipfile raise
        raise InputError(message("the template is no Word document"), file=str(template), remedy=remedy) from error


def _emptied(data: bytes) -> tuple[Any, Styles]:
    """Return a document without its text, with its styles; raise whatever a broken part of it makes its readers raise."""
    import docx

    document = docx.Document(io.BytesIO(_as_document(data)))
    last = document.element.body.get_or_add_sectPr()
    for child in list(document.element.body):
        if child is not last:
            document.element.body.remove(child)
    ooxml.Notes(document, "", "")
    ooxml.text_width(document.sections[-1])
    return document, Styles(document.styles, own=False)


def _as_document(data: bytes) -> bytes:
    """Return a Word template as a Word document; a document stays as it is."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        if sum(entry.file_size for entry in old.infolist()) > 4 * MAX_BYTES:
            raise ValueError("too large when unpacked")
        if _TEMPLATE_TYPE not in old.read("[Content_Types].xml"):
            return data
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                content = old.read(entry)
                if entry.filename == "[Content_Types].xml":
                    content = content.replace(_TEMPLATE_TYPE, _DOCUMENT_TYPE)
                new.writestr(entry, content)
    return target.getvalue()


# --- own look ------------------------------------------------------------------------------------------------------


def _is_builtin(name: str) -> bool:
    return name not in (
        "Question",
        "Answer",
        "Small Text",
        "Claim Part",
        "Table Text",
        "Picture",
        "Aside",
        "Name in Case",
    )


def _apply(style: Any, look: _Look, base: Any, language: str) -> None:
    """Give a style its look; `base` is the style on which it rests, None for none: a template may lack even Normal."""
    from docx.shared import Pt, RGBColor

    if base is not None:
        style.base_style = base
    font = style.font
    if look.size:
        font.size = Pt(look.size * SCALES[language])
    if look.colour or look.outline is not None or look.name == "Title":
        font.color.rgb = RGBColor.from_string(look.colour or INK)
    if look.bold is not None:
        font.bold, font.italic = look.bold, False
    if look.name == "footnote reference":
        font.superscript = True
    if look.name == "Hyperlink":
        font.underline = True
    if look.kind == "paragraph":
        _apply_to_paragraph(style, look, language)


def _apply_to_paragraph(style: Any, look: _Look, language: str) -> None:
    from docx.shared import Mm, Pt

    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before), Pt(look.after)
    heads = look.outline is not None or look.name == "Title"
    layout.keep_with_next = heads
    if look.name == "Table Text":
        _set_fonts(style, HEADS, EAST_ASIAN[language][1])
    if heads:
        _set_fonts(style, HEADS, EAST_ASIAN[language][1])
    if look.outline is not None:
        _set_outline(style, look.outline)
    if look.name == "Title":
        for border in style.element.pPr.findall(f"{{{ooxml.W}}}pBdr"):
            style.element.pPr.remove(border)
    if look.name == "Claim Part":
        layout.left_indent, layout.first_line_indent = Mm(7), Mm(-7)
        layout.tab_stops.add_tab_stop(Mm(7))
    if look.name == "Bibliography":
        layout.left_indent, layout.first_line_indent = Mm(6), Mm(-6)


def _set_outline(style: Any, level: int) -> None:
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(f"{{{ooxml.W}}}outlineLvl"):
        properties.remove(old)
    properties.append(ooxml.element("outlineLvl", val=str(level)))


def _set_fonts(style: Any, western: str, eastern: str) -> None:
    """Name the fonts of a style, and no theme's."""
    style.font.name = western
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        if "heme" in name:
            del fonts.attrib[name]
    fonts.set(f"{{{ooxml.W}}}eastAsia", eastern)


def _set_up_defaults(document: Any, language: str) -> None:
    """Set fonts and languages of all text, and drop what the empty document of python-docx says of itself."""
    from docx.shared import Pt

    normal = document.styles["Normal"]
    _set_fonts(normal, BODY, EAST_ASIAN[language][0])
    normal.font.size = Pt(10 * SCALES[language])
    normal.paragraph_format.line_spacing = 1.1 if language == "en" else 1.0  # East Asian fonts have taller lines
    properties = normal.element.get_or_add_rPr()
    properties.append(
        ooxml.element("lang", val="en-GB", eastAsia=ooxml.LOCALES[language if language != "en" else "ko"])
    )
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = ""
    core.language = ooxml.LOCALES[language]
    for name in ("created", "modified"):
        for old in core._element.findall(f"{{http://purl.org/dc/terms/}}{name}"):
            core._element.remove(old)
    for key, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del document.part.package.rels[key]


def _number_pages(section: Any, style: Any) -> None:
    """Print the number of each page at its foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    foot = section.footer.paragraphs[0]
    foot.style = style
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        if kind:
            run._r.append(ooxml.element("fldChar", fldCharType=kind))
        else:
            made = ooxml.element("instrText")
            made.text = text
            run._r.append(made)


def _table_look() -> Any:
    """Return the properties of a table with thin lines between its rows."""
    properties = ooxml.element("tblPr")
    borders = ooxml.element("tblBorders")
    for edge in ("top", "bottom", "insideH"):
        borders.append(ooxml.element(edge, val="single", sz="4", space="0", color="C9CCD1"))
    properties.append(borders)
    margins = ooxml.element("tblCellMar")
    for edge, width in (("top", "40"), ("left", "40"), ("bottom", "40"), ("right", "80")):
        margins.append(ooxml.element(edge, w=width, type="dxa"))
    properties.append(margins)
    return properties
