"""The languages of the program, and which one a reader gets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from tocsin.errors import InputError

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "ko": "한국어", "ja": "日本語"})
"""Code and own name of each language."""
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


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
        known = ", ".join(f"{key} ({name})" for key, name in LANGUAGES.items())
        raise InputError(f"unknown language {requested!r}", remedy=f"write one of {known}")
    return code


def _code(name: str) -> str:
    """Return the language of a locale's name: "ko" of "ko_KR.UTF-8"."""
    return name.replace("-", "_").partition("_")[0].partition(".")[0].lower()
