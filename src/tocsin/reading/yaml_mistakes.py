"""Say in plain words what is wrong with a text that is no YAML, and on which line to mend it.

The parser names the place where it could not go on. The mistake often stands before it: where a quote or a bracket opens that nobody
closes, or on the line above. Each function here looks for one kind of mistake, and returns None if it is another.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tocsin.translation import Text, message, plural

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

CHECK = message("check brackets, quotes and indentation; quote texts that contain , : # & * {{ }} [ ]")
"""The remedy where the mistake is not known."""
_CLOSING = {"[": "]", "{": "}"}
_SHOWN = 40
"""Characters of the text that a message repeats."""
_WITHOUT_SPACE = re.compile(r"\s*(?:- )*([^\W\d][^\s:：]*)(?::(?=[^\s/])|：)\s*(.*)")
_WITHOUT_SPACE_AFTER_DASH = re.compile(r"\s*-([^\s-].*)")
_NAME_WITH_VALUE = re.compile(r"\s*(?:- )*([^:]+?):\s+(\S.*)")


@dataclass(frozen=True)
class Mistake:
    """What is wrong, where it is mended (character of the text, from 0), and how."""

    index: int
    message: Text
    remedy: Text


@dataclass(frozen=True)
class _Stop:
    """Where the parser could not go on.

    Attributes:
        text: the whole text.
        problem: what the parser says.
        index: the character at which it stopped.
        start: where begins what it was reading; None if it does not say.
    """

    text: str
    problem: str
    index: int
    start: int | None

    def character(self, index: int | None) -> str:
        """Return the character at a place; empty for the end of the text and where there is none."""
        return "" if index is None else self.text[index : index + 1]

    def line(self, index: int) -> int:
        """Return the number of a character's line, from 1."""
        return self.text.count("\n", 0, index) + 1

    @property
    def last_line(self) -> int:
        """Return the number of the last line that is not empty."""
        return self.line(len(self.text.rstrip()))

    def line_at(self, index: int) -> str:
        """Return the whole line of a character."""
        end = self.text.find("\n", index)
        return self.text[self.text.rfind("\n", 0, index) + 1 : None if end < 0 else end].rstrip("\r")

    def rest(self, index: int) -> str:
        """Return a line from a character on, shortened."""
        return shortened(self.text[index:].split("\n", 1)[0])


_Finder: TypeAlias = Callable[[_Stop], Mistake | None]


def shortened(text: str) -> str:
    """Return a part of the reader's text as a message repeats it."""
    text = text.strip()
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def mistake_of(text: str, error: MarkedYAMLError) -> Mistake:
    """Return the mistake behind an error of the parser."""
    context, problem = error.context_mark, error.problem_mark
    mark = problem or context
    said = ", ".join(str(part) for part in (error.context, error.problem) if part)
    stop = _Stop(text, said, mark.index if mark else 0, context.index if context else None)
    for find in _FINDERS:
        if (mistake := find(stop)) is not None:
            return mistake
    return Mistake(
        stop.index, message("this cannot be read as YAML; its parser says: “{problem}”", problem=said), CHECK
    )


def _open_quote(stop: _Stop) -> Mistake | None:
    quote = stop.character(stop.start)
    if stop.start is None or quote == "" or "scanning a quoted scalar" not in stop.problem:
        return None
    return Mistake(
        stop.start,
        message(
            "the quote {quote} that opens here is not closed by the end of the file, line {line}",
            quote=quote,
            line=stop.last_line,
        ),
        message("write {quote} where the text ends", quote=quote),
    )


def _more_after_end(stop: _Stop) -> Mistake | None:
    """Find what follows the end of a text in quotes, of a text of several lines, or of a bracket."""
    if "expected <block end>" not in stop.problem:
        return None
    token = _token_before(stop.text, stop.index)
    style = getattr(token, "style", None)
    if token is None:
        return None
    begin, end = token.start_mark.index, token.end_mark.index
    if style in ("|", ">"):
        return Mistake(
            stop.index,
            message("this line is indented less than the text that begins on line {line}", line=stop.line(begin)),
            message("indent all lines of the text alike"),
        )
    if stop.line(end - 1) != stop.line(stop.index):
        return None
    if style in ("'", '"'):
        return _more_after_quote(stop, begin, end, style)
    bracket = stop.character(end - 1)
    if bracket not in _CLOSING.values():
        return None
    return Mistake(
        stop.index,
        message("text follows the closing bracket {bracket}: {text}", bracket=bracket, text=stop.rest(end)),
        message("put a text that begins with a bracket in quotes"),
    )


def _more_after_quote(stop: _Stop, begin: int, end: int, quote: str) -> Mistake:
    after = stop.rest(end)
    first, last = stop.line(begin), stop.line(end - 1)
    if first != last:
        return Mistake(
            begin,
            message(
                "the quote {quote} that opens here is closed only on line {line}, before: {text}",
                quote=quote,
                line=last,
                text=after,
            ),
            message("write {quote} where the text ends", quote=quote),
        )
    return Mistake(
        end - 1,
        message("text follows the closing quote {quote}: {text}", quote=quote, text=after),
        message(
            "put the whole text in quotes, and write {code} for each {quote} inside it",
            code="''" if quote == "'" else '\\"',
            quote=quote,
        ),
    )


def _token_before(text: str, index: int) -> Any:
    """Return the last token of content that ends before a character; None if there is none."""
    last = None
    for token in _tokens(text):
        if token.end_mark.index > index:
            break
        if type(token).__name__ in ("ScalarToken", "FlowSequenceEndToken", "FlowMappingEndToken"):
            last = token
    return last


def _tokens(text: str) -> Iterator[Any]:
    """Yield the tokens of a text as far as it has any."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    with suppress(YAMLError, ValueError, OverflowError, AssertionError):  # what the parser did not come to may be worse
        yield from YAML(typ="safe", pure=True).scan(io.StringIO(text))


def _bracket(stop: _Stop) -> Mistake | None:
    """Find a bracket that is not closed, or closed by another, and what a comma should part inside it."""
    if "while parsing a flow" not in stop.problem:
        return None
    start = stop.start if stop.character(stop.start) in _CLOSING else _open_bracket(stop)
    if start is None:
        return None
    opening = stop.text[start]
    closing = _CLOSING[opening]
    if (comment := _comment_with(stop, start, closing)) is not None:
        return Mistake(
            comment,
            message("# begins a comment here, so the bracket {bracket} after it is not read", bracket=closing),
            message("put a text that contains # in quotes, or close the bracket before the comment"),
        )
    found = stop.character(stop.index)
    if found in _CLOSING.values() and found != closing:
        return Mistake(
            stop.index,
            message(
                "the bracket {opening} that opens on line {line} is closed by {found}",
                opening=opening,
                line=stop.line(start),
                found=found,
            ),
            message("write {bracket}", bracket=closing),
        )
    return _not_closed(stop, start, opening) or _no_comma(stop, start, opening)


def _open_bracket(stop: _Stop) -> int | None:
    """Return where the last bracket opens that the end of the text leaves open; None if the parser did not reach the end."""
    if stop.text[stop.index :].strip():
        return None
    opened: list[int] = []
    for token in _tokens(stop.text):
        name = type(token).__name__
        if name in ("FlowSequenceStartToken", "FlowMappingStartToken"):
            opened.append(token.start_mark.index)
        elif name in ("FlowSequenceEndToken", "FlowMappingEndToken") and opened:
            opened.pop()
    return opened[-1] if opened else None


def _not_closed(stop: _Stop, start: int, opening: str) -> Mistake | None:
    line = stop.line(stop.index)
    if not stop.text[stop.index :].strip():
        wrong = message(
            "the bracket {bracket} that opens here is not closed by the end of the file, line {line}",
            bracket=opening,
            line=stop.last_line,
        )
    elif line > stop.line(start) and _indent(stop.line_at(stop.index)) <= _indent(stop.line_at(start)):
        wrong = message(
            "the bracket {bracket} that opens here is not closed before line {line}", bracket=opening, line=line
        )
    else:
        return None
    return Mistake(start, wrong, message("write {bracket} after its last entry", bracket=_CLOSING[opening]))


def _no_comma(stop: _Stop, start: int, opening: str) -> Mistake:
    line = stop.line(start)
    if stop.character(stop.index) == ":":
        return Mistake(
            stop.index,
            message(
                "a second colon before the next comma, in the bracket {bracket} of line {line}",
                bracket=opening,
                line=line,
            ),
            message("write a comma between two entries; put a text that contains a colon in quotes"),
        )
    return Mistake(
        stop.index,
        message(
            "no comma before {text}, in the bracket {bracket} of line {line}",
            text=stop.rest(stop.index),
            bracket=opening,
            line=line,
        ),
        message("write a comma between two entries; put a text that contains a quote or a bracket in quotes"),
    )


def _comment_with(stop: _Stop, start: int, closing: str) -> int | None:
    """Return where a comment begins that hides a closing bracket, after the bracket opened; None if there is none."""
    for found in re.finditer(r"(?<=\s)#[^\n]*", stop.text[start : stop.index]):
        if closing in found[0]:
            return start + found.start()
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _no_colon(stop: _Stop) -> Mistake | None:
    if stop.start is None or "could not find expected ':'" not in stop.problem:
        return None
    return _without_colon(stop, stop.start)


def _without_colon(stop: _Stop, index: int) -> Mistake:
    """Return what is wrong with a line that has no colon, or no space after it."""
    line = stop.line_at(index)
    if near := _WITHOUT_SPACE.fullmatch(line):
        return Mistake(
            index,
            message("no colon with a space after {name}", name=near[1]),
            message("write {text}", text=shortened(f"{near[1]}: {near[2]}")),
        )
    if near := _WITHOUT_SPACE_AFTER_DASH.fullmatch(line):
        return Mistake(
            index,
            message("no space after the dash of a list"),
            message("write {text}", text=shortened(f"- {near[1]}")),
        )
    return Mistake(
        index,
        message("this line has no colon: {text}", text=shortened(line)),
        message(
            "write a name, a colon, a space and a value; indent the line further if it continues the text above it"
        ),
    )


def _colon(stop: _Stop) -> Mistake | None:
    """Find why a colon may not stand where it does: in a text without quotes, below such a line, or too far to the right."""
    if "mapping values are not allowed here" not in stop.problem:
        return None
    line = stop.line_at(stop.index)
    column = stop.index - stop.text.rfind("\n", 0, stop.index) - 1
    if (named := _NAME_WITH_VALUE.fullmatch(line)) and column > named.start(2):
        quote = "'" if '"' in named[2] else '"'
        inside = named[2].replace("'", "''") if quote == "'" else named[2]
        return Mistake(
            stop.index,
            message("the text after {name} contains a colon and has no quotes", name=f"{shortened(named[1])}:"),
            message("put the whole text in quotes: {text}", text=f"{quote}{shortened(inside)}{quote}"),
        )
    above = _line_above(stop.text, stop.index)
    if above is None:
        return None
    first = _first_line(stop.text, above)
    if first is not None and (first < above or " " in line[:column].strip()):
        return Mistake(
            stop.index,
            message(
                "the text that begins on line {line} contains a colon here and has no quotes", line=stop.line(first)
            ),
            message("put the whole text in quotes, or indent this line less if it is no part of it"),
        )
    if first is None:
        return None if stop.line_at(above).rstrip().endswith(":") else _without_colon(stop, above)
    return Mistake(
        stop.index,
        message("this line is indented further than line {line}, which has a value", line=stop.line(above)),
        message("indent both lines alike, or leave line {line} without a value", line=stop.line(above)),
    )


def _first_line(text: str, index: int) -> int | None:
    """Return where the line begins whose value the line of a character is or continues; None if there is none."""
    start: int | None = index
    while start is not None:
        line = text[start:].split("\n", 1)[0]
        if _NAME_WITH_VALUE.fullmatch(line):
            return start
        if line.rstrip().endswith(":"):
            return None
        start = _line_above(text, start)
    return None


def _line_above(text: str, index: int) -> int | None:
    """Return where the text of the last line above begins that is neither empty nor a comment."""
    end = text.rfind("\n", 0, index)
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end]
        if line.strip() and not line.lstrip().startswith("#"):
            return start + len(line) - len(line.lstrip())
        end = start - 1
    return None


def _indentation(stop: _Stop) -> Mistake | None:
    """Find a line whose indentation or kind does not fit the entries before it."""
    if stop.start is None or "expected <block end>" not in stop.problem:
        return None
    is_first = not stop.text[stop.text.rfind("\n", 0, stop.index) + 1 : stop.index].strip()
    if stop.problem.endswith(" start>'") or (is_first and stop.problem.endswith("'<scalar>'")):
        return Mistake(
            stop.index,
            plural(
                "this line has {count} space before it, which fits no line above",
                "this line has {count} spaces before it, which fits no line above",
                _indent(stop.line_at(stop.index)),
            ),
            message("indent the entries of one list or mapping alike, with spaces"),
        )
    first = stop.line(stop.start)
    if stop.problem.endswith("'-'"):
        return Mistake(
            stop.index,
            message("a list entry (-) stands among names with values, which begin on line {line}", line=first),
            message("indent the list below its name, or write a name, a colon and a value"),
        )
    if stop.problem.endswith("'?'"):
        return Mistake(
            stop.index,
            message("a name stands among list entries (-), which begin on line {line}", line=first),
            message("begin the line with a dash and a space, or indent it like the name of the list"),
        )
    return None


def _tab(stop: _Stop) -> Mistake | None:
    if stop.character(stop.index) != "\t" or "cannot start any token" not in stop.problem:
        return None
    return Mistake(stop.index, message("a tab stands where only spaces may"), message("indent with spaces, not tabs"))


def _start_of_text(stop: _Stop) -> Mistake | None:
    """Find a value that begins with a character that YAML keeps for itself."""
    kept = ("cannot start any token", "expected the node content", "mapping keys are not allowed here")
    character = stop.character(stop.index)
    if not character.strip() or not any(part in stop.problem for part in kept):
        return None
    return Mistake(
        stop.index,
        message("a text without quotes may not begin with {character}", character=character),
        message("put the whole text in quotes"),
    )


def _list_beside_name(stop: _Stop) -> Mistake | None:
    if "sequence entries are not allowed here" not in stop.problem:
        return None
    return Mistake(
        stop.index,
        message("a list begins on the line of its name"),
        message("write each entry on a line below the name; put a text that begins with a dash in quotes"),
    )


def _block_text(stop: _Stop) -> Mistake | None:
    if (
        stop.start is None
        or "scanning a block scalar" not in stop.problem
        or stop.line(stop.start) != stop.line(stop.index)
    ):
        return None
    return Mistake(
        stop.start,
        message("text follows {character} on the same line", character=stop.character(stop.start)),
        message("begin the text on the next line, indented, or put it in quotes"),
    )


def _backslash(stop: _Stop) -> Mistake | None:
    if "scanning a double-quoted scalar" not in stop.problem:
        return None
    begin = stop.text.rfind("\\", 0, stop.index + 1)
    return Mistake(
        max(begin, 0),
        message(
            "a backslash between double quotes begins a code, and {code} is none",
            code=stop.text[max(begin, 0) : stop.index + 1],
        ),
        message("write two backslashes, or put the text between single quotes (')"),
    )


_FINDERS: tuple[_Finder, ...] = (
    _open_quote, _more_after_end, _bracket, _no_colon, _colon, _indentation, _tab, _start_of_text, _list_beside_name, _block_text, _backslash,
)  # fmt: skip
