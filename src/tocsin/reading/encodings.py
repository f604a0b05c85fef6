"""Turn bytes into text: find the encoding, and count the bytes that do not fit it."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tocsin.errors import InputError
from tocsin.reading.guessing import guess, is_mojibake, is_western
from tocsin.reading.sources import open_file
from tocsin.translation import message, plural

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SUPERSETS = {
    "euc_kr": "cp949", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252",
    "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
"""Encodings that often hide behind the name of one they extend."""
_ALIASES = {
    "x-windows-949": "cp949", "windows-949": "cp949", "x-euc-kr": "cp949", "ksc5601": "cp949", "ks_c_5601": "cp949", "x-sjis": "cp932",
    "windows-31j": "cp932", "x-euc-jp": "euc_jp", "x-gbk": "gb18030", "x-x-big5": "big5", "x-cp1252": "cp1252", "x-cp1251": "cp1251",
}  # fmt: skip
"""Names that pages use and Python does not know."""
_WESTERN = {"cp1252", "iso8859-15"}
_DECLARABLE = _WESTERN | {
    "cp949", "johab", "iso2022_kr", "euc_jp", "cp932", "iso2022_jp", "euc_jis_2004", "gb18030", "hz", "big5", "big5hkscs", "cp950",
    "koi8-r", "koi8-u", "cp866", "cp874",
    *(f"cp125{number}" for number in range(9)), *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 16)),
}  # fmt: skip
NAMES = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32": "UTF-32", "cp949": "EUC-KR (CP949)",
    "gb18030": "GBK (GB 18030)", "euc_jp": "EUC-JP", "cp932": "Shift-JIS", "cp1252": "Windows-1252",
}  # fmt: skip
"""Names of encodings in messages."""
MAX_BAD = (1 / 1000, 1 / 50)
"""Largest share of bytes that do not fit, of all characters and of those beyond ASCII. A single one is always allowed."""
_CHUNK = 2**20
_SAMPLE = 2**20


@dataclass(frozen=True)
class Encoding:
    """The encoding of a text.

    Attributes:
        name: as Python knows it.
        replaced: how many places do not fit it and are decoded as U+FFFD.
        note: what the user should know about it: a guess, a wrong declaration, replaced bytes; may be empty.
    """

    name: str
    replaced: int = 0
    note: str = ""


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding of its bytes."""

    text: str
    encoding: Encoding


@dataclass(frozen=True)
class _Trial:
    """What decoding a whole stream gives: how many characters, how many beyond ASCII, how many of them replaced bytes, and the first line with one."""

    characters: int
    beyond: int
    bad: int
    line: int

    @property
    def fits_well(self) -> bool:
        """Whether so many characters beyond ASCII fit that a few bad bytes speak against the file, not the encoding."""
        return self.bad <= MAX_BAD[1] * self.beyond

    @property
    def fits(self) -> bool:
        return self.fits_well or self.bad <= max(1, MAX_BAD[0] * self.characters)


def detect_encoding(stream: IO[bytes], declared: str | None = None) -> Encoding | None:
    """Return the encoding of a stream, or None; read the stream to its end.

    The first of these that fits is the answer. A few bad bytes are allowed.

    1. The encoding of a byte order mark.
    2. UTF-16 without a mark, if it begins with ASCII characters.
    3. UTF-8, whatever the file declares. Halves of surrogate pairs count as bad bytes.
    4. An East Asian encoding in which the letters are common ones.
    5. The declared encoding.
    6. Windows-1252, if all letters are Western.

    Args:
        stream: can be rewound.
        declared: name of the encoding in the file's own header, if it has one.
    """
    known = _known_codec(declared)
    stream.seek(0)
    head = stream.read(4)
    if marked := next((name for mark, name in _MARKS if head.startswith(mark)), None):
        return _tolerant(stream, marked, "")
    if unmarked := _unmarked_utf16(stream):
        return _tolerant(stream, unmarked, message("no byte order mark; read as UTF-16, which its bytes show"))
    if known and known.startswith(("iso2022", "hz")) and _try(stream, known).bad == 0:
        return Encoding(known)  # tried before UTF-8, because its bytes are all ASCII
    plain = _try(stream, "utf-8")
    if plain.fits_well or _has_only_surrogates(stream):
        return Encoding("utf-8", plain.bad, _replaced_note(plain, "utf-8"))
    sample = _sample(stream)
    if guessed := guess(sample):
        return _tolerant(stream, guessed, _guess_note(guessed, declared, known))
    if known and not (known in _WESTERN and is_mojibake(sample.decode(known, "replace"))):
        encoding = _tolerant(stream, known, "")
        if encoding is not None:
            return encoding
    if is_western(sample.decode("cp1252", "replace")):
        return _tolerant(stream, "cp1252", _guess_note("cp1252", declared, known))
    return Encoding("utf-8", plain.bad, _replaced_note(plain, "utf-8")) if plain.fits else None


def _unmarked_utf16(stream: IO[bytes]) -> str | None:
    """Return the codec of UTF-16 without a byte order mark, if the text begins with two ASCII characters; None if it is no such text."""
    stream.seek(0)
    head = stream.read(4_096)
    for name, high, low in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if high[:2] == b"\0\0" and low[:2].isascii() and 0 not in low:
            return name
    return None


def decode_any(data: bytes, declared: str | None = None) -> Decoded | None:
    """Return bytes as text in the encoding that `detect_encoding` finds, or None."""
    encoding = detect_encoding(io.BytesIO(data), declared)
    return None if encoding is None else Decoded(data.decode(encoding.name, "replace"), encoding)


def open_text(file: Path) -> tuple[IO[str], Encoding]:
    """Open a text file of any size without translating its line ends, and return its encoding too.

    Raises:
        InputError: if the file cannot be read or its encoding is unknown.
    """
    with open_file(file, str(file), None) as stream:
        encoding = detect_encoding(stream)
    if encoding is None:
        raise unknown_encoding(str(file))
    stream = open_file(file, str(file), None)
    return io.TextIOWrapper(stream, encoding=encoding.name, errors="replace", newline=""), encoding


def unknown_encoding(shown: str) -> InputError:
    """Return the error for a file in an unknown encoding."""
    return InputError(
        message("unknown encoding"),
        file=shown,
        remedy=message("save it as UTF-8; UTF-16, EUC-KR (CP949), EUC-JP, Shift-JIS, GBK and Windows-1252 also work"),
    )


def decode(data: bytes, shown: str) -> str:
    """Return UTF-8 bytes as text without a byte order mark.

    Raises:
        InputError: if the bytes are not UTF-8; it names the place of the first invalid byte.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(
            message("UTF-16 text, not UTF-8"), file=shown, line=1, remedy=message("save the file as UTF-8")
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = place_of_byte(data, error.start)
        raise InputError(
            message("not UTF-8 text"), file=shown, line=line, column=column, remedy=message("save the file as UTF-8")
        ) from None


def place_of_byte(data: bytes, index: int) -> tuple[int, int]:
    """Return line and column, from 1, of a byte in UTF-8 text."""
    before = data[:index]
    return before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1


def _tolerant(stream: IO[bytes], name: str, note: str) -> Encoding | None:
    trial = _try(stream, name)
    notes = filter(None, (note, _replaced_note(trial, name)))
    return Encoding(name, trial.bad, "; ".join(notes)) if trial.fits else None


def _replaced_note(trial: _Trial, name: str) -> str:
    if not trial.bad:
        return ""
    line = f"{trial.line:,}"
    places = plural("1 place, in line {line}", "{count} places, first in line {line}", trial.bad, line=line)
    return message(
        "bytes that are not {encoding} replaced by � in {places}", encoding=NAMES.get(name, name), places=places
    )


def _guess_note(name: str, declared: str | None, known: str | None) -> str:
    if known == name:
        return ""
    instead = message("declared as {encoding}", encoding=declared) if declared else message("no encoding declared")
    return message("{instead}; read as {encoding}, which its letters show", instead=instead, encoding=NAMES[name])


def _known_codec(name: str | None) -> str | None:
    plain = (name or "").strip().lower()
    try:
        codec = codecs.lookup(_ALIASES.get(plain, plain)).name
    except (LookupError, ValueError):
        return None
    codec = _SUPERSETS.get(codec, codec)
    return codec if codec in _DECLARABLE else None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while data := stream.read(_CHUNK):
        yield data


def _try(stream: IO[bytes], name: str) -> _Trial:
    """Return what decoding all of a stream gives."""
    decoder = codecs.getincrementaldecoder(name)("replace")
    characters = beyond = bad = lines = first = 0
    for data in (*_chunks(stream), b""):
        text = decoder.decode(data, final=not data)
        characters += len(text)
        if not text.isascii():
            beyond += len(text) - len(text.encode("ascii", "ignore"))
            bad += text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if name.startswith("utf-8") else 0)
        if bad > 0 and not first:
            first = lines + text.count("\n", 0, text.find("\ufffd")) + 1
        lines += text.count("\n")
    return _Trial(characters, beyond, max(bad, 0), first)


def _has_only_surrogates(stream: IO[bytes]) -> bool:
    """Return whether a stream is UTF-8 except for the bytes of halves of surrogate pairs, which faulty programs write."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogatepass")
    try:
        for data in (*_chunks(stream), b""):
            decoder.decode(data, final=not data)
    except UnicodeDecodeError:
        return False
    return True


def _sample(stream: IO[bytes]) -> bytes:
    """Return the first lines with bytes beyond ASCII, about a megabyte of them."""
    lines: list[bytes] = []
    size, rest = 0, b""
    for data in _chunks(stream):
        # no trail byte of an East Asian encoding is a line end
        whole, _, rest = (rest + data).rpartition(b"\n")
        if len(rest) > _SAMPLE:
            whole, rest = rest, b""
        for line in whole.split(b"\n"):
            if not line.isascii():
                lines.append(line)
                size += len(line)
        if size >= _SAMPLE:
            break
    if not rest.isascii():
        lines.append(rest)
    return b"\n".join(lines)[: 2 * _SAMPLE]
