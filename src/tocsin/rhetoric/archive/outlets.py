"""What is known of outlets, and of a text's language by its letters."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

from tocsin.rhetoric.archive.terms import plain

LEAST_HAN = 20
"""Han letters without any kana from which a text is Chinese; a shorter one may be a Japanese headline."""
_NAMED = {
    "english": "en", "korean": "ko", "kr": "ko", "kor": "ko", "japanese": "ja", "jp": "ja", "jpn": "ja", "chinese": "zh",
    "cn": "zh", "zho": "zh", "chi": "zh", "eng": "en", "spanish": "es", "spa": "es", "russian": "ru", "rus": "ru",
    "french": "fr", "fra": "fr", "german": "de", "deu": "de", "arabic": "ar", "ara": "ar",
}  # fmt: skip


class Outlet(NamedTuple):
    """A known outlet: its short name, the languages in which it speaks to those at home, and the rung at which it speaks."""

    name: str
    home: tuple[str, ...]
    rung: str | None

    def audience(self, language: str | None) -> str | None:
        """To whom it speaks in a language; None where that is not known."""
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
        {plain(name): _outlet(row) for row in _rows() for name in (row["outlet"], *row["names"].split("|"))}
    )


def outlet_at(address: str | None) -> Outlet | None:
    """The known outlet whose page an address is."""
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return None
    return next((outlet for known, outlet in _hosts().items() if host == known or host.endswith(f".{known}")), None)


def outlet_named(name: str | None) -> Outlet | None:
    """The known outlet of a name, short or full, in English, Korean or Japanese."""
    return None if name is None else _names().get(plain(name).strip())


def language_named(said: str) -> str | None:
    """The ISO 639-1 code that is meant by `en`, `en-US`, `English`, `kr`; None where it is none."""
    lower = said.strip().lower()
    head = re.split(r"[-_]", lower)[0]
    if head in _NAMED:
        return _NAMED[head]
    return head if re.fullmatch(r"[a-z]{2}", head) else None


def language_of(text: str) -> str | None:
    """The language that the script of most letters tells: ko, ja, zh, and en for Latin letters without any beyond ASCII.

    None where there is no letter or no script has most of them. Latin letters with accents, and Han letters that are few and
    without kana, do not tell a language.
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
    # Japanese is written with more Han letters than kana, Chinese without any kana
    if kana * 10 > han:
        return "ja"
    return "zh" if han >= LEAST_HAN else None
