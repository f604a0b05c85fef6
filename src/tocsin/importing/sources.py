"""Turn citations in free text into keys of a case's sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.case.types import has_words
from tocsin.importing.keys import slug
from tocsin.tables import printable

UNGRADED = "F6"
"""Grade of a source that nobody has graded: neither the source nor the item can be judged."""
_NOTE = "from an imported table, not graded"
_MAX_WORDS, _MAX_KEY = 4, 24
_YEAR = re.compile(r"\b(1[5-9]\d{2}|20\d{2})\b")
_URL = re.compile(r"https?://[^\s;,)\]>]+")
_SMALL = frozenset(
    ("the", "of", "and", "a", "an", "in", "on", "for", "to", "by", "no", "p", "pp", "vol", "https", "http", "www")
)
_YAML_WORDS = ("null", "true", "false")


@dataclass(frozen=True)
class NewSource:
    """A source to add to a case: its key, the citation as written, and its address if it names one."""

    key: str
    cite: str
    url: str

    def to_dict(self) -> dict[str, str]:
        """Return the source as a block of a case."""
        address = {"url": self.url} if self.url else {}
        return {"cite": self.cite, "grade": UNGRADED, **address, "note": _NOTE}


class SourceBook:
    """The sources of a case, and those that a table adds to them."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """Start with the citations of the case, by key."""
        self.new: dict[str, NewSource] = {}
        self._keys = {_plain(cite): key for key, cite in known.items()}
        self._names = set(known)

    def keys(self, text: str) -> tuple[str, ...]:
        """Return the keys of the sources that a cell names; unknown citations become new sources.

        Semicolons and line breaks separate citations; spaces separate keys of the case. A part without a letter or digit is none.
        """
        words = re.split(r"[;\s]+", text.strip(" ;"))
        if all(word in self._names for word in words):
            return tuple(dict.fromkeys(words))
        parts = [" ".join(part.split()) for part in re.split(r"[;\n]+", text)]
        return tuple(dict.fromkeys(self._key(part) for part in parts if has_words(part)))

    def _key(self, text: str) -> str:
        cite = printable(text)
        if cite in self._names:
            return cite
        plain = _plain(cite)
        if plain not in self._keys:
            url = _URL.search(cite)
            source = NewSource(self._unused(_proposed(cite)), cite, url[0] if url else "")
            self.new[source.key] = source
            self._names.add(source.key)
            self._keys[plain] = source.key
        return self._keys[plain]

    def _unused(self, key: str) -> str:
        number, free = 1, key
        while free in self._names or free.lower() in _YAML_WORDS:
            number += 1
            free = f"{key}_{number}"
        return free


def _plain(cite: str) -> str:
    return " ".join(re.findall(r"\w+", cite.lower()))


def _proposed(cite: str) -> str:
    """Return a short key for a citation: its first words, as many as fit, and its year."""
    words = [word for word in slug(cite).lower().split("_") if word and word not in _SMALL and not word.isdigit()]
    words = words or ["source"]
    words = words if words[0][0].isalpha() else ["source", *words]
    year = _YEAR.search(cite)
    end = f"_{year[1]}" if year else ""
    name, *others = words[:_MAX_WORDS]
    name = name[: _MAX_KEY - len(end)]
    for word in others:
        if len(name) + 1 + len(word) + len(end) > _MAX_KEY:
            break
        name = f"{name}_{word}"
    return name + end
