"""Find states by the names that people write: ISO codes, English, Korean, Japanese and Chinese names, and aliases.

Current names come from the Unicode CLDR (by Babel). `names.csv` is the program's own list of aliases and former names. An alias
of several states, such as Korea, is ambiguous while more than one of them exists.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tocsin.data.codes import by_code, code_of, codes
from tocsin.errors import InputError, use_one_of
from tocsin.translation import Text, either, message

LANGUAGES = ("en", "ko", "ja", "zh", "zh_Hant")
TODAY = 9999
"""The year that stands for the present."""
_FORMAL = re.compile(
    r"(?:(?:federal|federative|islamic|socialist|plurinational|cooperative|oriental|bolivarian|hashemite|independent) )*"
    r"(?:republic|kingdom|state|commonwealth|principality|grand duchy|sultanate|union) of (?:the )?(?=\w)"
)
_MIN_LETTERS = 4
"""Shorter words are too like one another for a suggestion by spelling."""
_MIN_LIKENESS = 0.8
"""Share of letters that a name and its misspelling have in common, as `difflib` counts them."""


def codes_meant(text: str) -> tuple[str, ...]:
    """Return the codes of the states that a code or name may mean at any time; none if it is unknown."""
    key = _key(text)
    if entries := by_code().get(key.upper(), ()):
        return tuple(dict.fromkeys(entry.text for entry in entries))
    aliases = _aliases()
    for name in (key, _FORMAL.sub("", key, count=1)):
        if meant := aliases.get(name) or _current_names().get(name):
            return meant
    return ()


def find_code(text: str, *, year: int = TODAY, among: Collection[str] | None = None) -> str:
    """Return the code of a state, given its code, COW number or name.

    Args:
        text: a three- or two-letter ISO code, a COW number, a name or an alias, in capitals or not.
        year: the year of interest, the present by default. An alias of several states means those that exist in this year, or
            all if none does.
        among: the codes to choose from, which may include codes of places that are no state; all states if None.

    Raises:
        InputError: if the state is unknown or not among the codes, or the text may mean several states.
    """
    wanted = text.strip()
    if among is not None and wanted.upper() in among:
        return wanted.upper()
    known = codes_meant(wanted) or _numbered(wanted, year)
    meant = tuple(code for code in known if among is None or code in among)
    if len(meant) > 1:
        meant = tuple(code for code in meant if _exists(code, year)) or meant
    if len(meant) > 1:
        raise InputError(message("`{name}` is ambiguous", name=wanted), remedy=_choice(meant))
    if meant:
        return meant[0]
    if known and among is not None:
        raise InputError(
            message("there is nothing on {state} ({code})", state=name_of(known[0]), code=known[0]),
            remedy=use_one_of(among),
        )
    raise InputError(message("unknown state `{text}`", text=wanted), remedy=suggestion(wanted, among))


def suggestion(text: str, among: Collection[str] | None = None) -> Text:
    """Return a remedy for an unknown name: states whose name contains it, or a likely misspelling; never a distant likeness."""
    similar = _similar(_FORMAL.sub("", _key(text), count=1))
    allowed = tuple(code for code in similar if among is None or code in among)
    return _choice(allowed[:3]) if allowed else message("write an ISO code, such as KOR, or the full name of a state")


def name_of(code: str) -> str:
    """Return the English name of a state; its code if no name is known."""
    return _english_names().get(code, code)


def name_in(code: str, language: str) -> str:
    """Return the name of a present state in a language (ISO 639-1) by CLDR; else its English name, else its code."""
    iso2 = next((entry.iso2 for entry in by_code().get(code, ()) if entry.last == TODAY), "")
    return _territories(language).get(iso2) or name_of(code)


def names_of(code: str) -> tuple[str, ...]:
    """Return the English names that mean only this state: the usual one, then aliases."""
    text = (files("tocsin.data") / "names.csv").read_text(encoding="utf-8")
    aliases = (row["name"] for row in csv.DictReader(text.splitlines()) if row["codes"] == code)
    return (name_of(code), *(name for name in aliases if name.isascii()))


def _choice(codes_: Collection[str]) -> Text:
    return message("did you mean {names}?", names=either(f"{name_of(code)} ({code})" for code in codes_))


def _numbered(text: str, year: int) -> tuple[str, ...]:
    if not (text.isascii() and text.isdigit()):
        return ()
    code = code_of(int(text), year)
    return (code,) if not code.isdigit() else tuple(entry.text for entry in codes() if entry.state == int(text))[:1]


def _exists(code: str, year: int) -> bool:
    """Return whether a code means a state in a year."""
    return any(entry.holds(year, year) for entry in by_code()[code])


@cache
def _key(text: str) -> str:
    """Return a name without capitals, accents, punctuation and a leading article."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f]", "", decomposed)).casefold()
    plain = plain.replace("&", " and ")
    plain = re.sub(r"[.'’‘`]", "", plain)
    words = re.sub(r"[^\w]+", " ", plain).split()
    words = ["st" if word == "saint" else word for word in words]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


@cache
def _aliases() -> Mapping[str, tuple[str, ...]]:
    text = (files("tocsin.data") / "names.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {_key(row["name"]): tuple(row["codes"].split()) for row in csv.DictReader(text.splitlines())}
    )


@cache
def _territories(language: str) -> Mapping[str, str]:
    from babel import Locale

    return MappingProxyType(dict(Locale.parse(language).territories))


@cache
def _current_names() -> Mapping[str, tuple[str, ...]]:
    """Return the codes by CLDR's names; a name with a part in brackets also counts without it."""
    names: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        territories = _territories(language)
        for entry in codes():
            if entry.iso2 in territories and entry.last == TODAY:
                full = territories[entry.iso2]
                for name in (full, re.sub(r"\s*[(（].*", "", full)):
                    names.setdefault(_key(name), (entry.text,))
    return MappingProxyType(names)


@cache
def _english_names() -> Mapping[str, str]:
    """Return the name of each code: CLDR's, or else the first alias that means only this code."""
    text = (files("tocsin.data") / "names.csv").read_text(encoding="utf-8")
    names: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        names.setdefault(row["codes"], row["name"])
    territories = _territories("en")
    current = {entry.text: territories[entry.iso2] for entry in codes() if entry.last == TODAY}
    return MappingProxyType(names | current)


def _similar(key: str) -> tuple[str, ...]:
    """Return the codes of names that contain all words of a text, begin with it, or differ from it as a misspelling does."""
    if len(key) < 3:
        return ()
    names = {**_current_names(), **_aliases()}
    words = set(key.split())
    containing = [state_codes for name, state_codes in names.items() if words <= set(name.split())]
    if not containing and len(key) >= _MIN_LETTERS:
        containing = [state_codes for name, state_codes in names.items() if name.startswith(key)]
    if not containing and len(key) >= _MIN_LETTERS:
        near = {name: SequenceMatcher(None, key, name).ratio() for name in names if name[0] == key[0]}
        containing = [names[name] for name in sorted(near, key=lambda name: -near[name]) if near[name] >= _MIN_LIKENESS]
    return tuple(dict.fromkeys(code for state_codes in containing for code in state_codes))
