"""Find the headline in a title that also names a site or section."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tocsin.rhetoric.archive.dates import parse_date
from tocsin.rhetoric.archive.markup import INLINE
from tocsin.rhetoric.archive.outlets import find_outlet, outlet_names
from tocsin.rhetoric.archive.terms import normalize

MAX_TITLE = 1_000
"""Letters of the longest title that can be a headline."""
_SPACED = ("br", "center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "ul")
_TAG = re.compile(rf"</?({'|'.join((*INLINE, *_SPACED, 'img'))})(?:[\s/][^<>]{{0,500}})?>", re.IGNORECASE)
_BAR = r"[»›≫|¦｜•∙●_]+|(?<=\s)[·・](?=\s)"
_CRUMB = re.compile(rf"\s*(?:{_BAR})\s*")
_CRUMB_OR_ANGLE = re.compile(rf"\s*(?:{_BAR}|(?<!\d)(?<!\d\s)>+|>+(?!\s?\d))\s*")
_DASH = re.compile(r"(\s+[-–—――/<«‹]+\s+|\s*—+\s*|\s*:{1,2}\s+|：)")
_BEFORE_COLON = re.compile(r"([^:：]{2,40}?)\s*[:：]{1,2}\s*(?=\S)")
_BRACKETED = re.compile(
    r"^[\[【〔(]([^\[\]【】〔〕()]{1,60})[\]】〕)]\s*|\s*[\[【〔(]([^\[\]【】〔〕()]{1,60})[\]】〕)]$"
)


def plain_title(text: str) -> str:
    """Return a title in one line without markup, also if the markup was escaped; other angle brackets stay."""
    for _ in range(2):
        text = html.unescape(_TAG.sub(lambda tag: " " if tag[1].lower() in _SPACED else "", text))
    return " ".join(_TAG.sub("", text).split())


def same_letters(name: str) -> str:
    """Return the letters and digits of a text in one case, without an article in front, to compare texts."""
    return re.sub(r"[\W_]", "", re.sub(r"^the\s", "", normalize(name)))


@dataclass(frozen=True)
class SiteNames:
    """Names of a page's own site, beside those that are known."""

    own: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> SiteNames:
        """Return the names of a page's own site."""
        return cls(frozenset(same_letters(name) for name in names if same_letters(name)))

    def is_site(self, part: str) -> bool:
        """Return whether a part of a title is the name of a site."""
        return same_letters(part) in self.own | _keys("watchers") | _keys("sites") | _outlet_keys()

    def never_speaks(self, part: str) -> bool:
        """Return whether a part names a site that is no speaker: the page's own, or one that republishes and reports."""
        return same_letters(part) in self.own | _keys("watchers")

    def is_section(self, part: str) -> bool:
        """Return whether a part of a title is the name of a section, or a date."""
        return same_letters(part) in _keys("sections") or parse_date(part) is not None

    def is_name(self, part: str) -> bool:
        """Return whether a part of a title consists only of names of sites and sections, such as `KCNA Commentary`."""
        if not same_letters(part) or self.is_site(part) or self.is_section(part):
            return True
        rest, removed = _name_pattern().subn(" ", normalize(part))
        return removed > 0 and not same_letters(_joining_pattern().sub(" ", rest))


def headline(title: str, names: SiteNames) -> str:
    """Return the headline in a title: its longest part that is no name of a site or section; empty if there is none.

    Breadcrumbs and bars divide a title. Dashes and colons may belong to a headline, so only names at its ends are cut there. A speaker
    after a colon or a double dash stays (`Japan Denounced: Minju Joson`).
    """
    return _longest([_without_names(part, names) for part in _parts(plain_title(title))], names)


def heading(text: str, names: SiteNames) -> str:
    """Return the headline in a heading of a page, where a name beside a dash is the speaker and stays; empty if there is none."""
    return _longest([_without_agency(_without_brackets(part, names)) for part in _parts(plain_title(text))], names)


def _longest(parts: list[str], names: SiteNames) -> str:
    return max((part for part in parts if not names.is_name(part)), key=len, default="")


def longest_part(title: str, names: SiteNames) -> str:
    """Return the longest part of a title that is not just a site or a section, though it may consist of both; empty if there is none."""
    parts = _parts(plain_title(title))
    return max((part for part in parts if not (names.is_site(part) or names.is_section(part))), key=len, default="")


def _parts(text: str) -> list[str]:
    """Return the parts between bars and breadcrumbs; an angle bracket that closes another one divides nothing."""
    if len(text) > MAX_TITLE:
        return []
    return [part for part in (_CRUMB if "<" in text else _CRUMB_OR_ANGLE).split(text) if part]


def _without_names(text: str, names: SiteNames) -> str:
    """Return a title without bracketed names, and names before the first and after the last dash."""
    text = _without_agency(_without_brackets(text, names))
    pieces = _DASH.split(text)
    first, last, is_path = 0, len(pieces) - 1, False
    while last - first >= 2 and _is_cut(pieces[first], pieces[first + 1], names):
        is_path |= pieces[first + 1].strip() in ("/", "<")
        first += 2
    while last - first >= 2 and _is_cut(pieces[last], pieces[last - 1], names):
        is_path |= pieces[last - 1].strip() in ("/", "<")
        last -= 2
    rest = pieces[first : last + 1]
    if is_path:
        return max(rest[::2], key=len)
    return text if len(rest) == len(pieces) else _without_brackets("".join(rest).strip(), names)


def _is_cut(part: str, mark: str, names: SiteNames) -> bool:
    return names.never_speaks(part) if mark.strip() in (":", "::", "：", "--") else names.is_name(part)


def _without_agency(text: str) -> str:
    """Return a title without an outlet and a colon in front. One that speaks for itself, such as a newspaper or ministry, stays."""
    match = _BEFORE_COLON.match(text)
    outlet = find_outlet(match[1]) if match else None
    return text[match.end() :] if match and outlet and outlet.rung is None else text


def _without_brackets(text: str, names: SiteNames) -> str:
    while match := next(
        (bracketed for bracketed in _BRACKETED.finditer(text) if names.is_name(bracketed[1] or bracketed[2])), None
    ):
        rest = (text[: match.start()] + text[match.end() :]).strip()
        if not rest:
            break
        text = rest
    return text


# --- known names ----------------------------------------------------------------------------------------------------------


@cache
def _known() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads((files("tocsin.rhetoric.archive") / "sites.toml").read_text(encoding="utf-8"))
    return {name: tuple(values) for name, values in data.items()}


@cache
def _keys(kind: str) -> frozenset[str]:
    return frozenset(map(same_letters, _known()[kind]))


@cache
def _outlet_keys() -> frozenset[str]:
    return frozenset(map(same_letters, outlet_names()))


@cache
def _name_pattern() -> re.Pattern[str]:
    return _pattern((*outlet_names(), *_known()["watchers"], *_known()["sites"], *_known()["sections"]))


@cache
def _joining_pattern() -> re.Pattern[str]:
    return _pattern(_known()["joining"])


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of whole names; names in Hangul, kana and Han letters need no space around them."""
    ordered = sorted(map(normalize, names), key=len, reverse=True)
    latin = "|".join(re.escape(name).replace(r"\ ", r"\s?") for name in ordered if name.isascii())
    other = "|".join(r"\s?".join(map(re.escape, name.replace(" ", ""))) for name in ordered if not name.isascii())
    return re.compile(rf"(?<![a-z\d])(?:{latin})(?![a-z\d])" + (f"|{other}" if other else ""))
