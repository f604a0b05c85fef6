"""The language in which a command speaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tocsin.translation import LANGUAGES, Translator, chosen_language

if TYPE_CHECKING:
    from tocsin.case.schema import Case


Command = TypeVar("Command", bound=Callable[..., Any])


def _read(context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Return the language of the option, else that of the nearest group above which has one, else that of the locale."""
    above = context.parent
    while value is None and above is not None:
        value = above.params.get("language")
        above = above.parent
    return chosen_language(value)


def language_option(function: Command) -> Command:
    """Give a command the option `--lang`, whose parameter `language` gets a code of `LANGUAGES`."""
    known = ", ".join(LANGUAGES)
    return click.option(
        "--lang",
        "language",
        metavar="LANG",
        callback=_read,
        help=f"Language: {known} [default: that of the locale, else en].",
    )(function)


def translator_of(case: Case | None, language: str) -> Translator:
    """Return the translator of a case; without a case its texts stand as they are."""
    if case is None:
        return Translator(language=language)
    from tocsin.case.translations import translator_for

    return translator_for(case, language)
