"""The language in which a command speaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tocsin.errors import InputError
from tocsin.translation import LANGUAGES, Translator, in_commas, message

if TYPE_CHECKING:
    from tocsin.case.schema import Case


Command = TypeVar("Command", bound=Callable[..., Any])
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_CHOSEN = "tocsin.language"
"""Key of the language that the options of a command chose, among what its context keeps for all commands."""


def chosen_language(requested: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that was requested, else that of the locale, else English.

    Raises:
        InputError: if the requested language is none of `LANGUAGES`.
    """
    if requested is None:
        # the order of POSIX; the first that is set decides
        named = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
        return code if (code := _code(named)) in LANGUAGES else "en"
    if (code := _code(requested)) not in LANGUAGES:
        known = in_commas(f"{key} ({name})" for key, name in LANGUAGES.items())
        raise InputError(
            message("unknown language {name}", name=repr(requested)),
            remedy=message("write one of {names}", names=known),
        )
    return code


def _code(name: str) -> str:
    """Return the language of a locale's name: "ko" of "ko_KR.UTF-8"."""
    return name.replace("-", "_").partition("_")[0].partition(".")[0].lower()


def _read(context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    """Return the language of the option, else that of the nearest group above which has one, else that of the locale."""
    above = context.parent
    while value is None and above is not None:
        value = above.params.get("language")
        above = above.parent
    language = chosen_language(value)
    context.meta[_CHOSEN] = language
    return language


def current_language() -> str:
    """Return the language of the command that runs; before its options are read, that of the locale."""
    context = click.get_current_context(silent=True)
    chosen: str | None = context.meta.get(_CHOSEN) if context is not None else None
    return chosen_language(None) if chosen is None else chosen


def language_option(function: Command) -> Command:
    """Give a command the option `--lang`, whose parameter `language` gets a code of `LANGUAGES`."""
    known = ", ".join(LANGUAGES)
    return click.option(
        "--lang",
        "language",
        metavar="LANG",
        callback=_read,
        is_eager=True,  # errors of other options are said in it
        help=f"Language: {known} [default: that of the locale, else en].",
    )(function)


def translator_of(case: Case | None, language: str) -> Translator:
    """Return the translator of a case; without a case its texts stand as they are."""
    if case is None:
        return Translator(language=language)
    from tocsin.case.translations import translator_for

    return translator_for(case, language)
