"""Look up outlets by name or address, and detect the language of a text."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from tocsin.errors import InputError
from tocsin.rhetoric.archive.terms import normalize
from tocsin.translation import message

MIN_HAN = 20
"""Han letters without kana from which a text is Chinese; a shorter one may be a Japanese headline."""
EASTERN = ("ko", "ja", "zh")
MIN_LATIN = 20
"""Latin letters without accents from which a text is not Korean, Japanese or Chinese; a shorter one may be a name."""
_CODES = {
    "english": "en", "korean": "ko", "kr": "ko", "kor": "ko", "japanese": "ja", "jp": "ja", "jpn": "ja", "chinese": "zh",
    "cn": "zh", "zho": "zh", "chi": "zh", "eng": "en", "spanish": "es", "spa": "es", "russian": "ru", "rus": "ru",
    "french": "fr", "fra": "fr", "german": "de", "deu": "de", "arabic": "ar", "ara": "ar",
}  # fmt: skip


class Outlet(NamedTuple):
    """A known outlet: its short name, the languages it uses for readers at home, and its rung."""

    name: str
    home: tuple[str, ...]
    rung: str | None

    def audience(self, language: str | None) -> str | None:
        """Return the audience it addresses in a language, or None if unknown."""
        if not self.home:
            return "foreign"
        if language is None:
            return None
        return "home" if language in self.home else "foreign"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = (files("tocsin.rhetoric.archive") / "outlets.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _outlet(row: dict[str, str]) -> Outlet:
    return Outlet(row["outlet"], tuple(row["home"].split()), row["rung"] or None)


@cache
def _hosts() -> MappingProxyType[str, Outlet]:
    return MappingProxyType({host: _outlet(row) for row in _rows() for host in row["hosts"].split("|") if host})


@cache
def _names() -> MappingProxyType[str, Outlet]:
    return MappingProxyType(
        {normalize(name): _outlet(row) for row in _rows() for name in (row["outlet"], *row["names"].split("|"))}
    )


def outlet_at(address: str | None) -> Outlet | None:
    """Return the known outlet that published at an address, or None."""
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return None
    return next((outlet for known, outlet in _hosts().items() if host == known or host.endswith(f".{known}")), None)


def find_outlet(name: str | None) -> Outlet | None:
    """Return the known outlet with a short or full name in English, Korean or Japanese, or None."""
    return None if name is None else _names().get(normalize(name).strip())


@cache
def outlet_names() -> tuple[str, ...]:
    """Return all names of the known outlets."""
    return tuple(name for row in _rows() for name in (row["outlet"], *row["names"].split("|")))


def language_code(name: str) -> str | None:
    """Return the ISO 639-1 code of a language given as `en`, `en-US`, `English` or `kr`, or None."""
    head = re.split(r"[-_]", name.strip().lower())[0]
    if head in _CODES:
        return _CODES[head]
    return head if re.fullmatch(r"[a-z]{2}", head) else None


def require_language(name: str | None) -> str | None:
    """Return the ISO 639-1 code of a language, or None if no name is given.

    Raises:
        InputError: if the language is unknown.
    """
    if not name:
        return None
    code = language_code(name)
    if code is None:
        raise InputError(
            message("unknown language `{name}`", name=name),
            remedy=message("give an ISO 639-1 code such as en, ko or ja"),
        )
    return code


def detect_language(text: str) -> str | None:
    """Return the language that the script of most letters shows: ko, ja, zh, or en for Latin letters without accents.

    None means that there are no letters, no script has most of them, or the script does not decide: Latin letters with accents, or
    a few Han letters without kana.
    """
    letters = [char for char in text[:20_000] if char.isalpha()]
    hangul = sum("\uac00" <= char <= "\ud7a3" for char in letters)
    kana = sum("\u3041" <= char <= "\u30ff" for char in letters)
    han = sum("\u4e00" <= char <= "\u9fff" for char in letters)
    ascii_ = sum(char.isascii() for char in letters)
    latin = sum(char < "\u0250" for char in letters)
    if max(hangul, kana + han, latin) * 2 <= len(letters):
        return None
    if hangul * 2 > len(letters):
        return "ko"
    if latin * 2 > len(letters):
        return "en" if ascii_ >= 0.995 * latin else None
    # Japanese texts have more Han letters than kana; Chinese texts have no kana.
    if kana * 10 > han:
        return "ja"
    return "zh" if han >= MIN_HAN else None


def contradicting_language(code: str, text: str) -> str | None:
    """Return the language that the script of a text shows, if a text in the language `code` is never in that script; else None.

    Latin letters contradict Korean, Japanese and Chinese from `MIN_LATIN` letters on. Han letters alone contradict none of the three.
    """
    detected = detect_language(text)
    if detected == "en":
        is_latin = sum(char.isalpha() for char in text[:20_000]) >= MIN_LATIN
        return detected if code in EASTERN and is_latin else None
    if detected == "zh":
        return None if code in EASTERN else detected
    return detected if detected is not None and detected != code else None
