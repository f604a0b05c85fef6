"""Say texts in the reader's language where an answer leaves the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.errors import TocsinError
from tocsin.translation import Text, Translator


def said(values: Mapping[str, Any], translator: Translator) -> dict[str, Any]:
    """Return the values of an answer; those that are texts are in the translator's language, the others as they are."""
    return {name: translator.plain(value) if isinstance(value, Text) else value for name, value in values.items()}


def refusal(error: TocsinError, translator: Translator) -> dict[str, Any]:
    """Return the message and the remedy of an error in the translator's language."""
    return said({"message": error.message, "remedy": error.remedy}, translator)
