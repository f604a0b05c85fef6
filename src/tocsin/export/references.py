"""What to cite, as references that reference managers read: BibTeX and CSL-JSON 1.0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from tocsin.tables import printable

Kind: TypeAlias = Literal["dataset", "software", "report", "article-newspaper", "document"]
"""Types of CSL-JSON."""
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
"""What means something else to TeX."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One thing to cite.

    Attributes:
        key: unique among those cited together.
        kind: see `Kind`.
        title: its title or, of a source, the whole citation as the case gives it.
        authors: family names, in order; or one name of an organisation or a citation, with `literal`.
        literal: whether `authors` are names that have no family name.
        issued: day, or year; None if unknown.
        container: the newspaper or series.
        url: where to read it.
        accessed: day of reading.
        version: of a program or a data set.
        note: what else identifies it, such as a checksum.
    """

    key: str
    kind: Kind
    title: str
    authors: tuple[str, ...] = ()
    literal: bool = True
    issued: date | int | None = None
    container: str = ""
    url: str = ""
    accessed: date | None = None
    version: str = ""
    note: str = ""

    def line(self) -> str:
        """Return the reference as a line of text."""
        names = " and ".join(filter(None, (", ".join(self.authors[:-1]), *self.authors[-1:])))
        read = f"read {self.accessed}" if self.accessed else ""
        version = f"version {self.version}" if self.version else ""
        year = "" if self.issued is None else str(self.issued)
        parts = (names, year, self.title, self.container, version, self.url, read, self.note)
        shown = filter(None, map(printable, parts))
        return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in shown)


def to_csl(references: Iterable[Reference]) -> str:
    """Return references as CSL-JSON."""
    return json.dumps([_csl(reference) for reference in references], indent=1, ensure_ascii=False) + "\n"


def _csl(reference: Reference) -> dict[str, Any]:
    part = "literal" if reference.literal else "family"
    fields: dict[str, Any] = {
        "id": reference.key,
        "type": reference.kind,
        "title": printable(reference.title),
        "author": [{part: printable(name)} for name in reference.authors],
        "issued": _date_parts(reference.issued),
        "container-title": printable(reference.container),
        "URL": reference.url,
        "accessed": _date_parts(reference.accessed),
        "version": reference.version,
        "note": printable(reference.note),
    }
    return {name: value for name, value in fields.items() if value}


def _date_parts(day: date | int | None) -> dict[str, Any] | None:
    if day is None:
        return None
    return {"date-parts": [[day] if isinstance(day, int) else [day.year, day.month, day.day]]}


def to_bibtex(references: Iterable[Reference]) -> str:
    """Return references as BibTeX in UTF-8."""
    return "\n".join(map(_bibtex, references))


def _bibtex(reference: Reference) -> str:
    names = [f"{{{_tex(name)}}}" if reference.literal else _tex(name) for name in reference.authors]
    issued = reference.issued
    article = reference.kind == "article-newspaper" and bool(reference.authors) and bool(reference.container)
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_tex(reference.title)}}}",
        "year": "" if issued is None else str(issued if isinstance(issued, int) else issued.year),
        "date": issued.isoformat() if isinstance(issued, date) else "",
        "journal" if article else "howpublished": _tex(reference.container),
        "url": _address(reference.url),
        "urldate": "" if reference.accessed is None else reference.accessed.isoformat(),
        "version": _tex(reference.version),
        "note": _tex(reference.note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{'article' if article else 'misc'}{{{_key(reference.key)},", *lines, "}\n"])


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in printable(text))


def _address(url: str) -> str:
    """Return an address without what would end its field."""
    return re.sub(r"[\s{}\\]", lambda match: f"%{ord(match[0]):02X}", url)


def _key(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.:+-]", "-", text) or "reference"
