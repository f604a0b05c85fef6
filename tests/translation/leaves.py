"""What of a text no catalogue can translate: the plain strings in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel

from tocsin.translation.text import Joined, Message, Sentence, Shortened, Text

_WORD = re.compile(r"[^\W\d_]{2}")


def leaves(text: object) -> Iterator[str]:
    """Yield the plain strings of a text, which are no message."""
    match text:
        case Message():
            for value in text.values.values():
                yield from leaves(value)
        case Joined():
            for item in text.items:
                yield from leaves(item)
        case Sentence() | Shortened():
            yield from leaves(text.inner)
        case Text() if type(text) is not Text:
            return
        case str():
            yield text


def untranslated(text: object, known: Collection[str] = ()) -> list[str]:
    """Return the plain strings with words in a text that are not known as texts, names or keys of a case."""
    return [leaf for leaf in leaves(text) if _WORD.search(leaf) and leaf.strip("`") not in known]


def strings(result: object, *, said: bool = False) -> Iterator[str]:
    """Yield all strings in a result, in order; `said`, those of fields with the annotation `Said` alone."""
    match result:
        case str():
            yield result
        case Mapping():
            for value in result.values():
                yield from strings(value, said=said)
        case tuple() | list():
            for item in result:
                yield from strings(item, said=said)
        case BaseModel():
            for name in type(result).model_fields:
                yield from strings(getattr(result, name), said=said)
        case _ if is_dataclass(result):
            for field in fields(result):
                value, is_said = getattr(result, field.name), "Said" in str(field.type)
                if is_said or not said or not _holds_strings(value):
                    yield from strings(value, said=said)


def _holds_strings(value: object) -> bool:
    """Return whether a value is a string, or a tuple or mapping of strings."""
    if isinstance(value, Mapping):
        return any(map(_holds_strings, value.values()))
    return isinstance(value, str) or (isinstance(value, tuple) and any(map(_holds_strings, value)))


def known_of(case: BaseModel) -> set[str]:
    """Return all strings and keys of a case."""
    return set(_all_strings(case.model_dump()))


def _all_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, Mapping):
        yield from (str(key) for key in value)
        for item in value.values():
            yield from _all_strings(item)
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _all_strings(item)
