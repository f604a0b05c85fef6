"""Small PDF files for tests, written byte by byte."""

from __future__ import annotations

from collections.abc import Sequence

FONT = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >>"
LINE_HEIGHT = 12


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """Return a PDF file of numbered objects; the first is its catalog."""
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(out),
    )  # fmt: skip


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), extra, data)


def pages_of(*contents: bytes, extra: bytes = b"") -> bytes:
    """Return a PDF file with a page for each content stream; `extra` are entries of its dictionary."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for content in contents:
        objects.append(stream(content, extra))
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R /Resources {FONT} >>"
        objects.append(page.encode())
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(kids), b" ".join(kids))
    return pdf_of(objects)


def block(text: str, *, top: int = 700, left: int = 72, size: int = 10) -> bytes:
    """Return the content that prints some lines below each other; a blank line leaves a gap."""
    lines = []
    for index, line in enumerate(text.split("\n")):
        words = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        if line:
            lines.append(f"BT /F1 {size} Tf 1 0 0 1 {left} {top - LINE_HEIGHT * index} Tm ({words}) Tj ET")
    return "\n".join(lines).encode("cp1252") + b"\n"
