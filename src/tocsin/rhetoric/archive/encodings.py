"""Detect the encoding of a text."""

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
_SUPERSETS = {
    "euc_kr": "cp949", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252",
}  # fmt: skip
"""Encodings that often hide behind the name of one they extend."""
_DECLARABLE = {
    "cp949", "johab", "iso2022_kr", "euc_jp", "cp932", "iso2022_jp", "euc_jis_2004", "gb18030", "big5", "cp1252", "cp1251",
    "koi8-r", "iso8859-15", "utf-16", "utf-16-le", "utf-16-be", "utf-32",
}  # fmt: skip
_GUESSES = {"cp949": ("\uac00", "\ud7a3"), "euc_jp": ("\u3041", "\u30ff"), "cp932": ("\u3041", "\u30ff")}
"""Encodings that are tried without a declaration, with the first and last letter of the script typical of each."""
MIN_SHARE = 0.2
"""Smallest share of that script among the letters beyond ASCII."""
_CHUNK = 2**20


def detect_encoding(stream: IO[bytes], declared: str | None = None) -> str | None:
    """Return an encoding that decodes the whole stream, or None; read the stream to its end.

    The first of these that fits is returned: the byte order mark's; UTF-8, whatever the file declares; the declared one; the Korean or
    Japanese encoding in which most letters are Hangul or kana.

    Args:
        stream: can be rewound.
        declared: name of the encoding in the file's own header, if it has one.
    """
    head = stream.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name if _sample(stream, name) is not None else None
    known = _known_codec(declared)
    if known and known.startswith("iso2022") and _sample(stream, known) is not None:
        return known  # tested before UTF-8, because its bytes are all ASCII
    for candidate in filter(None, ("utf-8", known)):
        if _sample(stream, candidate) is not None:
            return candidate
    shares = {name: share for name in _GUESSES if (share := _share(stream, name)) is not None}
    best = max(shares, key=lambda name: shares[name], default=None)
    return best if best and shares[best] > MIN_SHARE else None


def decode(data: bytes, declared: str | None = None) -> str | None:
    """Return bytes as text in the encoding that `detect_encoding` finds, or None."""
    name = detect_encoding(io.BytesIO(data), declared)
    return None if name is None else data.decode(name)


def open_text(file: Path) -> IO[str]:
    """Open a text file without translating its line ends.

    Raises:
        InputError: if the encoding is unknown.
        OSError: if the file cannot be read.
    """
    with file.open("rb") as stream:
        name = detect_encoding(stream)
    if name is None:
        raise unknown_encoding(file)
    return file.open(encoding=name, newline="")


def unknown_encoding(file: Path) -> InputError:
    """Return the error for a file in an unknown encoding."""
    return InputError(
        "unknown encoding",
        file=str(file),
        remedy="save it as UTF-8; UTF-16, EUC-KR (CP949), EUC-JP and Shift-JIS also work",
    )


def _known_codec(name: str | None) -> str | None:
    try:
        codec = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    codec = _SUPERSETS.get(codec, codec)
    return codec if codec in _DECLARABLE else None


def _sample(stream: IO[bytes], name: str) -> str | None:
    """Return the beginning of a stream if an encoding decodes all of it."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(name)("strict")
    sample = ""
    try:
        while data := stream.read(_CHUNK):
            text = decoder.decode(data)
            sample = sample or text
        sample += decoder.decode(b"", final=True)
    except UnicodeError:
        return None
    return sample


def _share(stream: IO[bytes], name: str) -> float | None:
    text = _sample(stream, name)
    if text is None:
        return None
    letters = [char for char in text if ord(char) > 0x7F]
    first, last = _GUESSES[name]
    return sum(first <= char <= last for char in letters) / max(len(letters), 1)
