"""Texts in several languages: messages of the program, texts of a case, and the translator that renders both."""

from tocsin.translation.languages import LANGUAGES
from tocsin.translation.stored_text import Said
from tocsin.translation.text import (
    Joined,
    Text,
    clause,
    clip,
    day,
    either,
    in_commas,
    in_lines,
    in_semicolons,
    in_sentences,
    in_words,
    key_words,
    listed,
    message,
    message_in,
    plural,
    row,
    scaled,
    sentence,
    template,
)
from tocsin.translation.translator import Translator

__all__ = [
    "LANGUAGES",
    "Joined",
    "Said",
    "Text",
    "Translator",
    "clause",
    "clip",
    "day",
    "either",
    "in_commas",
    "in_lines",
    "in_semicolons",
    "in_sentences",
    "in_words",
    "key_words",
    "listed",
    "message",
    "message_in",
    "plural",
    "row",
    "scaled",
    "sentence",
    "template",
]
