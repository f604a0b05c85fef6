"""Strings in English that remember how they were made, so that a `Translator` can render them in another language.

A function that composes a sentence does not know the reader's language. It returns a `Text`: a string that holds the English
sentence, with the template and the values behind it. Whoever prints it asks a `Translator` for the words. Formatting a `Text`
into another string loses the template; use a value of a message instead.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, Self, TypeAlias
from unicodedata import combining, east_asian_width

from tocsin.tables import printable
from tocsin.translation.numbers import scaled_words
from tocsin.translation.shortening import cut_clause, cut_words

Value: TypeAlias = str | int
"""A value of a template: a text, a number that is already formatted, markup, or an integer."""
Kind: TypeAlias = Literal["and", "or", "commas", "semicolons", "sentences", "words", "lines"]
"""How texts are joined."""


class Text(str):
    """A string in English that a `Translator` can render in another language."""

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Callable[..., str], tuple[object, ...]]:
        from tocsin.translation.stored_text import from_data, to_data

        return from_data, (to_data(self),)


class Message(Text):
    """A template of the catalogue with its values.

    Attributes:
        template: the English words, with `{name}` for each value.
        several: the English words for any count but 1; empty if the message has no plural.
        context: tells apart messages of the same English words; may be empty.
        values: value by name.
    """

    template: str
    several: str
    context: str
    values: Mapping[str, Value]

    def __new__(cls, template: str, values: Mapping[str, Value], *, several: str = "", context: str = "") -> Self:
        """Compose the English text."""
        made = super().__new__(cls, _for_count(template, several, values).format_map(values))
        made.template, made.several, made.context, made.values = template, several, context, dict(values)
        return made

    @property
    def english(self) -> str:
        """Return the English template for the message's count."""
        return _for_count(self.template, self.several, self.values)


def _for_count(template: str, several: str, values: Mapping[str, Value]) -> str:
    return several if several and str(values["count"]) != "1" else template


class Joined(Text):
    """Several texts as one: a list in prose, sentences one after the other, or lines."""

    items: tuple[str, ...]
    kind: Kind

    def __new__(cls, items: Iterable[str], kind: Kind) -> Self:
        """Join the English texts."""
        texts = tuple(items)
        made = super().__new__(cls, join(texts, kind, lambda message: str(message)))
        made.items, made.kind = texts, kind
        return made


class Sentence(Text):
    """A text with a capital letter and a full stop."""

    inner: str

    def __new__(cls, inner: str) -> Self:
        """Complete the English text."""
        text = inner.strip()
        ended = text.endswith((".", "!", "?", "…"))
        made = super().__new__(cls, f"{text[:1].upper()}{text[1:]}{'' if ended else '.'}" if text else "")
        made.inner = inner
        return made


class Shortened(Text):
    """A text of at most so many words, cut with an ellipsis, and without its full stop.

    Attributes:
        inner: the whole text.
        words: its largest number of words.
        at_clause: whether it is cut at the end of a clause where one ends early enough.
    """

    inner: str
    words: int
    at_clause: bool

    def __new__(cls, inner: str, words: int, *, at_clause: bool) -> Self:
        """Shorten the English text."""
        made = super().__new__(cls, (cut_clause if at_clause else cut_words)(inner, words))
        made.inner, made.words, made.at_clause = inner, words, at_clause
        return made


class Key(Text):
    """A key of a case as words."""

    key: str

    def __new__(cls, key: str) -> Self:
        """Read the key as English words."""
        made = super().__new__(cls, key.replace("_", " "))
        made.key = key
        return made


class Day(Text):
    """A day in words: "7 January 2026"."""

    date: datetime.date

    def __new__(cls, date: datetime.date) -> Self:
        """Write the day in English."""
        made = super().__new__(cls, f"{date.day} {_MONTHS[date.month - 1]} {date.year}")
        made.date = date
        return made


class Scaled(Text):
    """A large number: "9.04 trillion", which is 9조 400억 in Korean.

    Attributes:
        digits: the number as printed in English before its word.
        exponent: of the power of ten that the word stands for: 6, 9 or 12.
    """

    digits: str
    exponent: int

    def __new__(cls, digits: str, exponent: int) -> Self:
        """Write the number in English."""
        made = super().__new__(cls, scaled_words(digits, exponent, "en"))
        made.digits, made.exponent = digits, exponent
        return made


class Row(Text):
    """A line of a terminal: cells on one line without control characters, filled with spaces to their width.

    Attributes:
        indent: spaces before the first cell.
        cells: texts with the number of character cells that each fills at least; Korean and Japanese characters fill two.
    """

    indent: int
    cells: tuple[tuple[str, int], ...]

    def __new__(cls, indent: int, cells: Iterable[tuple[str, int]]) -> Self:
        """Compose the English line."""
        laid = tuple(cells)
        made = super().__new__(cls, laid_out(indent, laid))
        made.indent, made.cells = indent, laid
        return made


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def template(words: str) -> str:
    """Return words unchanged; mark them for the catalogue where they stand in a table and become a message later."""
    return words


def message(template: str, /, **values: Value) -> Message:
    """Return a message of the catalogue.

    Args:
        template: English words, with `{name}` for each value. Write them here, since the catalogue is extracted from the source.
        values: texts, which are translated as well, or numbers that are already formatted.
    """
    return Message(template, values)


def message_in(context: str, template: str, /, **values: Value) -> Message:
    """Return a message whose English words mean different things in different contexts, such as "holds"."""
    return Message(template, values, context=context)


def plural(one: str, several: str, /, count: int, **values: Value) -> Message:
    """Return a message that depends on a number: `plural("{count} claim", "{count} claims", 3)`."""
    return Message(one, {"count": f"{count:,}", **values}, several=several)


def listed(items: Iterable[str]) -> Text:
    """Return items as a list in prose: "a", "a and b", "a, b and c"."""
    return Joined(items, "and")


def either(items: Iterable[str]) -> Text:
    """Return items as alternatives: "a", "a or b", "a or b or c"."""
    return Joined(items, "or")


def in_commas(items: Iterable[str]) -> Text:
    """Return items with commas between them."""
    return Joined(items, "commas")


def in_semicolons(items: Iterable[str]) -> Text:
    """Return items with semicolons between them."""
    return Joined(items, "semicolons")


def in_sentences(*texts: str) -> Text:
    """Return sentences one after the other, without the empty ones."""
    return Joined((text for text in texts if text), "sentences")


def sentence(text: str) -> Text:
    """Return a text with a capital letter and a full stop; empty if it is empty."""
    return Sentence(text)


def clip(text: str, max_words: int) -> Text:
    """Return a text without its full stop, cut to so many words with an ellipsis."""
    return Shortened(text, max_words, at_clause=False)


def clause(text: str, max_words: int) -> Text:
    """Return a text as `clip` does, but cut at the end of a clause where one ends early enough."""
    return Shortened(text, max_words, at_clause=True)


def key_words(key: str) -> Text:
    """Return a key of a case as words; another language takes them from the case's own translations."""
    return Key(key)


def day(date: datetime.date) -> Text:
    """Return a day in words."""
    return Day(date)


def scaled(digits: str, exponent: int) -> Text:
    """Return a large number, see `Scaled`."""
    return Scaled(digits, exponent)


def in_words(texts: Iterable[str]) -> Text:
    """Return words one after the other, such as the parts of a name."""
    return Joined(texts, "words")


def in_lines(texts: Iterable[str]) -> Text:
    """Return lines of a terminal."""
    return Joined(texts, "lines")


def row(indent: int, *cells: str | tuple[str, int]) -> Text:
    """Return a line of a terminal; a cell is a text, or a text with its width."""
    return Row(indent, ((cell, 0) if isinstance(cell, str) else cell for cell in cells))


def laid_out(indent: int, cells: Iterable[tuple[str, int]]) -> str:
    """Return cells as a line: a space between two of them, none at the end."""
    return " " * indent + " ".join(_filled(printable(text), width) for text, width in cells).rstrip()


def _filled(text: str, width: int) -> str:
    if not any(east_asian_width(letter) in "WF" or combining(letter) for letter in text):
        return text.ljust(width)
    from rich.cells import cell_len

    return text + " " * (width - cell_len(text))


def join(items: Iterable[str], kind: Kind, render: Callable[[Message], str]) -> str:
    """Return rendered items as one text; `render` words the links between two of them, which differ by language."""
    texts = list(items)
    if kind in ("words", "lines"):
        return (" " if kind == "words" else "\n").join(texts)
    if not texts:
        return ""
    joined = texts[0]
    for index, text in enumerate(texts[1:], start=2):
        joined = render(_link(kind, joined, text, last=index == len(texts)))
    return joined


def _link(kind: Kind, first: str, after: str, *, last: bool) -> Message:
    if kind == "and" and last:
        return message_in("list", "{first} and {after}", first=first, after=after)
    if kind == "or":
        return message_in("list", "{first} or {after}", first=first, after=after)
    if kind in ("and", "commas"):
        return message_in("list", "{first}, {after}", first=first, after=after)
    if kind == "semicolons":
        return message_in("list", "{first}; {after}", first=first, after=after)
    return message_in("sentences", "{first} {after}", first=first, after=after)
