"""Which encoding a text is in."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import IO

from tocsin.errors import InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {
    "euc_kr": "cp949", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252",
}  # fmt: skip
"""What is in use under the name of another."""
_DECLARABLE = {
    "cp949", "johab", "iso2022_kr", "euc_jp", "cp932", "iso2022_jp", "euc_jis_2004", "gb18030", "big5", "cp1252", "cp1251",
    "koi8-r", "iso8859-15", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
}  # fmt: skip
_TRIED = {"cp949": ("\uac00", "\ud7a3"), "euc_jp": ("\u3041", "\u30ff"), "cp932": ("\u3041", "\u30ff")}
"""Encodings that are tried unasked, and the letters that a text in each is full of."""
SHARE = 0.2
"""Least share of these letters among those beyond ASCII."""
_AT_ONCE = 2**20
REMEDY = "save it as UTF-8; also read: UTF-16, EUC-KR (CP949), EUC-JP, Shift-JIS"


def encoding_of(stream: IO[bytes], declared: str | None = None) -> str | None:
    """The encoding in which the whole of a stream can be read; None if there is none. The stream is read through.

    By its byte order mark; else UTF-8 if it is that, whatever it says of itself; else as declared; else the Korean or Japanese
    encoding in which most of its letters are Hangul or kana.
    """
    head = stream.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name if _sample(stream, name) is not None else None
    said = _declared(declared)
    if said and said.startswith("iso2022") and _sample(stream, said) is not None:
        return said  # all of it is ASCII, so that it would pass for UTF-8
    for each in filter(None, ("utf-8", said)):
        if _sample(stream, each) is not None:
            return each
    shares = {name: share for name in _TRIED if (share := _share(stream, name)) is not None}
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best and shares[best] > SHARE else None


def decoded(data: bytes, declared: str | None = None) -> str | None:
    """A text out of bytes, as `encoding_of` says; None where no encoding fits."""
    name = encoding_of(io.BytesIO(data), declared)
    return None if name is None else data.decode(name)


def opened(file: Path) -> IO[str]:
    """A text file, to be read line by line, line ends as they are.

    Raises:
        InputError: if it is in no encoding that is known.
        OSError: if it cannot be read.
    """
    with file.open("rb") as stream:
        name = encoding_of(stream)
    if name is None:
        raise InputError("in no encoding that is known", file=str(file), remedy=REMEDY)
    return file.open(encoding=name, newline="")


def _declared(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    found = _WIDER.get(found, found)
    return found if found in _DECLARABLE else None


def _sample(stream: IO[bytes], name: str) -> str | None:
    """The beginning of a stream in an encoding, if all of it can be read so."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(name)("strict")
    kept = ""
    try:
        while data := stream.read(_AT_ONCE):
            text = decoder.decode(data)
            kept = kept or text
        kept += decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return kept


def _share(stream: IO[bytes], name: str) -> float | None:
    text = _sample(stream, name)
    if text is None:
        return None
    wide = [char for char in text if ord(char) > 0x7F]
    first, last = _TRIED[name]
    return sum(first <= char <= last for char in wide) / max(len(wide), 1)
