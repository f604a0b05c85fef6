"""The words of the screens. The pages take them by their English text."""

from __future__ import annotations

from string import Formatter

from tocsin.translation import Translator, message
from tocsin.workbench.screens import FRAME, SCREENS

WORDS = tuple(word for screen in (*FRAME, *SCREENS) for word in screen.words)
"""Templates; a name in braces stands for a value that the page fills in."""


def words(language: str) -> dict[str, str]:
    """Return the words of the screens in a language by their English text; names in braces stay."""
    translator = Translator(language=language)
    return {english: translator.plain(message(english, **_names(english))) for english in WORDS}


def _names(text: str) -> dict[str, str]:
    return {name: f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name}
