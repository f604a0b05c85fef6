"""Who speaks in a statement, by its title and its outlet: the outlet, its audience, the rung."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlsplit

_MARKS = (
    (
        "leader",
        r"\bkim jong[ -](?:un|il)(?:'s)? (?:speech|statement|order|address|remarks?|report|says|said|warns?|speaks|makes)",
    ),
    ("leader", r"\b(?:speech|statement|order|press statement) (?:of|by) (?:respected comrade )?kim (?:jong|yo)"),
    (
        "leader",
        r"\bkim yo jong\b.*(?:statement|says|said|warns?)|김정은.*(?:연설|담화|명령|말씀)|김여정.*담화|金正恩.*(?:演説|談話)|金与正.*談話",
    ),
    (
        "ministry",
        r"\b(?:ministry|minister|spokes(?:man|person|woman)|institute|general staff|commission|committee|fm|ndc|kpa)\b",
    ),
    (
        "ministry",
        r"외무성|국방성|대변인|연구소|총참모부|위원회|外務省|国防省|報道官|スポークスマン|研究所|総参謀部|委員会",
    ),
    ("newspaper", r"\b(?:rodong sinmun|minju joson|editorial)\b|로동신문|민주조선|사설|労働新聞|民主朝鮮|社説"),
    ("commentary", r"\b(?:kcna|commentary|commentator|analyst)\b|조선중앙통신|론평|논평|朝鮮中央通信|論評"),
)


class Outlet(NamedTuple):
    """A known outlet: its short name, the languages in which it speaks to those at home, and the rung at which it speaks."""

    name: str
    home: tuple[str, ...]
    rung: str | None

    def audience(self, language: str | None) -> str | None:
        """To whom it speaks in a language; None where that is not known."""
        if language is None:
            return None
        return "home" if language in self.home else "foreign"


@cache
def _outlets() -> MappingProxyType[str, Outlet]:
    text = (files("tocsin.rhetoric.archive") / "outlets.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType(
        {row["host"]: Outlet(row["outlet"], tuple(row["home"].split()), row["rung"] or None) for row in rows}
    )


def outlet_at(address: str | None) -> Outlet | None:
    """The known outlet whose page an address is."""
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return None
    return next((outlet for known, outlet in _outlets().items() if host == known or host.endswith(f".{known}")), None)


def outlet_named(name: str | None) -> Outlet | None:
    """The known outlet of a short name."""
    return next((outlet for outlet in _outlets().values() if outlet.name == name), None)


def rung_of(title: str, outlet: Outlet | None) -> str | None:
    """The rung of a statement: by the marks of its title, the highest first, else its outlet's own; None where neither says."""
    lower = title.casefold()
    marked = next((rung for rung, mark in _MARKS if re.search(mark, lower)), None)
    return marked or (outlet.rung if outlet else None)


def language_of(text: str) -> str | None:
    """The language that the script of most letters tells: ko, ja, zh, en for Latin; None where there is no letter."""
    letters = [char for char in text[:20_000] if char.isalpha()]
    if not letters:
        return None
    counts = {
        "ko": sum("\uac00" <= char <= "\ud7a3" for char in letters),
        "ja": sum("\u3041" <= char <= "\u30ff" for char in letters),
        "zh": sum("\u4e00" <= char <= "\u9fff" for char in letters),
        "en": sum(char.isascii() for char in letters),
    }
    # Japanese is written with more Han letters than kana, Chinese without any kana
    if counts["ja"] * 10 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] * 2 > len(letters) else None
