"""The words of currencies in English prose and the codes of ISO 4217 that they mean; each reader has its own grammar.

`currency_words.csv` lists the words in the singular, each with a code, the states that use it under this word, the last year of a
currency that was withdrawn, and whether the word without a state means this code although others share it. Words and codes: Unicode
CLDR; years: the states' changeovers to the euro.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tocsin.rhetoric.words import state_names


@dataclass(frozen=True)
class CurrencyWord:
    """One meaning of a word.

    Attributes:
        code: of ISO 4217.
        states: ISO codes of the states that call this currency so.
        is_current: whether it is still in use.
        is_alone: whether the word without a state means this code.
    """

    code: str
    states: tuple[str, ...]
    is_current: bool
    is_alone: bool


SPELLINGS = MappingProxyType(
    {
        "bolívar": "bolivar",
        "colón": "colon",
        "córdoba": "cordoba",
        "króna": "krona",
        "rouble": "ruble",
        "złoty": "zloty",
    }
)
"""Other spellings of a word in the singular."""
PLURALS = MappingProxyType(
    {
        "kroner": "krone",
        "reais": "real",
        "lei": "leu",
        "leva": "lev",
        "kronur": "krona",
        "pounds sterling": "pound sterling",
    }
)
"""Plurals that do not end in s, and their singular."""
_ADJECTIVES = MappingProxyType(
    {
        "u.s.": "USA", "hong kong": "HKG", "new taiwan": "TWN", "congolese": "COD", "korean": "KOR", "south korean": "KOR",
        "north korean": "PRK", "deutsche": "DEU", "papua new guinean": "PNG",
    }
)  # fmt: skip
"""Adjectives of currencies that the names of states lack, or use for another state."""


@cache
def currency_words() -> MappingProxyType[str, tuple[CurrencyWord, ...]]:
    """Return the meanings of each word, in the singular."""
    text = (files("tocsin.case") / "currency_words.csv").read_text(encoding="utf-8")
    words: dict[str, list[CurrencyWord]] = {}
    for row in csv.DictReader(text.splitlines()):
        meaning = CurrencyWord(row["code"], tuple(row["states"].split()), not row["last_year"], row["alone"] == "yes")
        words.setdefault(row["word"], []).append(meaning)
    return MappingProxyType({word: tuple(meanings) for word, meanings in words.items()})


@cache
def currency_adjectives() -> MappingProxyType[str, str]:
    """Return the state that a name or adjective before a currency's word means, in lower case: "swiss" is CHE."""
    known = {
        phrase: name.iso
        for phrase, names in state_names().items()
        for name in names
        if name.kind in ("name", "adjective")
    }
    return MappingProxyType(known | _ADJECTIVES)


def word_forms() -> list[str]:
    """Return every word in the singular or an irregular plural, longer ones first."""
    return sorted({*currency_words(), *SPELLINGS, *PLURALS}, key=lambda word: (-len(word), word))


def singular_of(word: str) -> str | None:
    """Return the listed word that a word in lower case, singular or plural, is a form of; None if there is none."""
    for form in (word, word.removesuffix("s"), word.removesuffix("es")):
        listed = SPELLINGS.get(form) or PLURALS.get(form) or form.replace("cfa ", "CFA ")
        if listed in currency_words():
            return listed
    return None


def plural_of(word: str) -> str:
    """Return the plural of a listed word."""
    return next((plural for plural, singular in PLURALS.items() if singular == word), f"{word}s")


def split_adjective(text: str) -> tuple[str | None, str]:
    """Return the state that the adjective of "swiss francs" means, None if there is none known, and the words after it."""
    words = text.lower().split()
    for length in (3, 2, 1):
        if len(words) > length and (state := currency_adjectives().get(" ".join(words[:length]))):
            return state, " ".join(words[length:])
    return None, " ".join(words)


def code_in_state(word: str, state: str) -> str | None:
    """Return what a listed word means with the adjective of a state: its currency there, or the only one of this name.

    A current currency outranks one that was withdrawn.
    """
    meanings = currency_words()[word]
    used = sorted((one for one in meanings if state in one.states), key=lambda one: not one.is_current)
    return (used or meanings)[0].code if used or len(meanings) == 1 else None


def code_alone(word: str) -> str | None:
    """Return what a listed word means without a state: the code marked so, or its only one; None if several share it."""
    meanings = currency_words()[word]
    marked = [one.code for one in meanings if one.is_alone]
    return marked[0] if marked else meanings[0].code if len(meanings) == 1 else None


def code_among(word: str, states: Collection[str]) -> str | None:
    """Return what a listed word means in a text that names some states.

    It is the code of `code_alone`, else the one that these states use, else the only one in use today; None if these leave several.
    """
    if alone := code_alone(word):
        return alone
    meanings = currency_words()[word]
    used = {one.code for one in meanings if set(one.states) & set(states)}
    current = {one.code for one in meanings if one.is_current}
    choice = used or current
    return choice.pop() if len(choice) == 1 else None
