"""The names of the stages of a run, as they are reported while it goes on."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.translation import Text, key_words, listed, message_in

FIRST_LOOK = message_in("stage", "first look")
MORE_WORLDS = message_in("stage", "first look at more worlds")


def names_of(theatres: Iterable[str]) -> Text:
    """Return the names of theatres."""
    return listed(map(key_words, theatres))


def games_of(theatres: Iterable[str]) -> Text:
    """Return what the games of theatres are called."""
    return message_in("stage", "games of {theatres}", theatres=names_of(theatres))


def controls_of(theatre: str) -> Text:
    """Return what the controls of a theatre are called."""
    return message_in("stage", "controls of {theatre}", theatre=key_words(theatre))
