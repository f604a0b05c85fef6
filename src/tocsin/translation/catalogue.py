"""The message catalogues of the program: gettext files in `locale/`, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

Words: TypeAlias = Mapping[tuple[str, str], str]
"""Translation by context and English template."""
FOLDER = Path(__file__).parent / "locale"


@cache
def catalogue(language: str) -> Words:
    """Return the messages of a language, one of `LANGUAGES`; English has none, since the templates are English."""
    if language == "en":
        return MappingProxyType({})
    # imported here: an English text needs no library
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open(encoding="utf-8") as file:
        return MappingProxyType(translations(read_po(file, locale=language)))


def translations(catalog: Catalog) -> dict[tuple[str, str], str]:
    """Return the finished translations of a gettext file by context and template; those marked as fuzzy are not finished.

    A plural counts under its form for one. Korean and Japanese have one form for all counts.
    """
    done = {}
    for entry in catalog:
        template = entry.id if isinstance(entry.id, str) else entry.id[0]
        text = entry.string if isinstance(entry.string, str) else (entry.string or [""])[0]
        if template and text and not entry.fuzzy:
            done[entry.context or "", template] = text
    return done
