"""Read YAML 1.2 as plain values with the place of every key.

The reader works on parser events, so that it refuses excessive size, depth, aliases and tags before it builds anything. It also
refuses duplicate keys, merge keys, and values that an unquoted comma cuts in two. Scalars follow the core schema of YAML 1.2: `NO`,
`yes` and `on` are strings.
"""

from __future__ import annotations

import io
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tocsin.errors import InputError
from tocsin.reading.libyaml import NotPlainError, plain_events
from tocsin.reading.place import LIMIT, Loc, Place
from tocsin.reading.yaml_mistakes import CHECK, mistake_of, shortened
from tocsin.translation import message

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

MAX_DEPTH = 30
MAX_NODES = 200_000
_QUOTE_OR_WRITE_OUT = message("put a text that begins with * or & in quotes; aliases and anchors are not allowed")
_CUT = re.compile(r":?[ \t]+(#[^\s#][^\r\n]*)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONG_ESCAPE = re.compile(r"\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Document:
    """A YAML file as plain values.

    Attributes:
        data: the mapping.
        keys: place of each key or list item, by path.
        values: place of each value, by path.
        inline: for each scalar on a single line, the width of its opening quote (0 or 1), by path.
        spans: start and end of each scalar as character indices in the file, the end exclusive, by path.
    """

    data: Any
    keys: dict[Loc, Place]
    values: dict[Loc, Place]
    inline: dict[Loc, int]
    spans: dict[Loc, tuple[int, int]]


def read_yaml(text: str, shown: str) -> Document:
    """Return the mapping in a YAML file's text, with the places of its keys and values.

    Raises:
        InputError: if the text is not valid YAML of this format, with line and column.
    """
    try:
        return _Reader(shown, text).document(plain_events(text))
    except (NotPlainError, InputError):
        return _read_pure(text, shown)


def _read_pure(text: str, shown: str) -> Document:
    """Read with the pure parser, which alone decides about what is refused, so that its errors are the same everywhere."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        reader = YAML(typ="safe", pure=True)
        return _Reader(shown, text).document(reader.parse(io.StringIO(text)))
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(
            message("character U+{code} is not allowed", code=f"{ord(text[error.position]):04X}"),
            file=shown,
            line=line,
            remedy=message("remove it"),
        ) from None
    except MarkedYAMLError as error:
        raise _mistaken(text, shown, error) from None
    # the parser asserts that the version is 1.1 or 1.2, and fails on characters beyond Unicode
    except (YAMLError, RecursionError, ValueError, OverflowError, AssertionError) as error:
        escape = next((escape for escape in _LONG_ESCAPE.finditer(text) if int(escape[1], 16) > sys.maxunicode), None)
        if escape is not None:
            line = text.count("\n", 0, escape.start()) + 1
            raise InputError(
                message("{code} is no character", code=escape[0]),
                file=shown,
                line=line,
                remedy=message("correct it"),
            ) from None
        raise InputError(
            message("this cannot be read as YAML; its parser says: “{problem}”", problem=str(error)),
            file=shown,
            remedy=CHECK,
        ) from None


def _mistaken(text: str, shown: str, error: MarkedYAMLError) -> InputError:
    """Return the mistake behind an error of the parser, with its place."""
    mistake = mistake_of(text, error)
    line, start = text.count("\n", 0, mistake.index) + 1, text.rfind("\n", 0, mistake.index)
    return InputError(mistake.message, file=shown, line=line, column=mistake.index - start, remedy=mistake.remedy)


@dataclass
class _Box:
    """A mapping or list whose end has not been read."""

    value: Any
    loc: Loc
    flow: bool
    key: str | None = None
    key_end: int = 0


@dataclass
class _Reader:
    """Builds a document from parser events."""

    shown: str
    text: str
    keys: dict[Loc, Place] = field(default_factory=dict)
    values: dict[Loc, Place] = field(default_factory=dict)
    inline: dict[Loc, int] = field(default_factory=dict)
    spans: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    boxes: list[_Box] = field(default_factory=list)
    root: Any = None
    nodes: int = 0

    def document(self, events: Iterator[Any]) -> Document:
        documents = 0
        for event in events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                documents += 1
                self._start_document(event, documents)
            elif name in ("MappingStartEvent", "SequenceStartEvent"):
                self._open(event, {} if name == "MappingStartEvent" else [])
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self._close()
            elif name == "ScalarEvent":
                self._scalar(event)
            elif name == "AliasEvent":
                raise self._error(
                    event,
                    message("an alias (*name)"),
                    _QUOTE_OR_WRITE_OUT,
                )
        if not isinstance(self.root, dict):
            raise InputError(
                message("not a mapping of keys to values"),
                file=self.shown,
                line=1,
                remedy=message("begin with a key, such as `format: tocsin/1` in a case"),
            )
        return Document(self.root, self.keys, self.values, self.inline, self.spans)

    def _start_document(self, event: Any, count: int) -> None:
        if count > 1:
            raise self._error(event, message("a second document (---)"), message("write one document per file"))
        if getattr(event, "tags", None):
            raise self._error(event, message("a %TAG line"), message("remove it"))
        if event.version and tuple(event.version) != (1, 2):
            version = f"{event.version[0]}.{event.version[1]}"
            raise self._error(event, message("YAML {version}", version=version), message("use YAML 1.2"))

    def _open(self, event: Any, value: Any) -> None:
        self._guard(event)
        if len(self.boxes) >= MAX_DEPTH:
            raise self._error(event, message("nesting deeper than {most}", most=MAX_DEPTH), message("flatten the file"))
        loc = self._put(event, value)
        self.boxes.append(_Box(value, loc, bool(event.flow_style)))

    def _close(self) -> None:
        self.boxes.pop()
        if self.boxes:
            self.boxes[-1].key = None

    def _scalar(self, event: Any) -> None:
        self._guard(event)
        if half := _SURROGATE.search(event.value):
            raise self._error(
                event,
                message("U+{code} is half a character", code=f"{ord(half[0]):04X}"),
                message("write the character itself, or eight digits after \\U"),
            )
        box = self.boxes[-1] if self.boxes else None
        unquoted = event.style in (None, "")
        if box is not None and box.flow and unquoted and event.value.count("(") != event.value.count(")"):
            raise self._error(
                event,
                message("unbalanced bracket in {value}: an unquoted comma ended the value", value=repr(event.value)),
                message('quote it: "beta(18, 3)"'),
            )
        if box is not None and isinstance(box.value, dict) and box.key is None:
            self._key(event, box)
            return
        value = self._resolve(event) if unquoted else event.value
        if unquoted and (value is None or isinstance(value, str)):
            self._check_comment(event, box)
        loc = self._put(event, value)
        if event.style in (None, "", "'", '"') and event.start_mark.line == event.end_mark.line:
            self.inline[loc] = 0 if unquoted else 1
        self.spans[loc] = (event.start_mark.index, event.end_mark.index)
        if box is not None:
            box.key = None

    def _check_comment(self, event: Any, box: _Box | None) -> None:
        """Refuse a text that "#" cuts, such as `says: the #1 party`. A comment has a space after its "#"."""
        end = event.end_mark.index if event.value or box is None else box.key_end
        if cut := _CUT.match(self.text, end):
            place = self._place(event) if event.value or box is None else self.keys[*box.loc, box.key or 0]
            raise InputError(
                message("# begins a comment, so the text ends before: {text}", text=shortened(cut[1])),
                file=place.file,
                line=place.line,
                column=place.column,
                remedy=message("put the whole text in quotes; if it is a comment, write a space after #"),
            )

    def _key(self, event: Any, box: _Box) -> None:
        key = event.value
        if key == "<<":
            raise self._error(event, message("a merge key (<<)"), message("write the values out"))
        if not key:
            raise self._error(event, message("an empty key"), message("name it"))
        if key in box.value:
            first = self.keys[(*box.loc, key)]
            raise self._error(
                event,
                message("duplicate key `{key}` (first on line {line})", key=key, line=first.line),
                message("keep one of them"),
            )
        box.key, box.key_end = key, event.end_mark.index
        self.keys[(*box.loc, key)] = self._place(event)

    def _put(self, event: Any, value: Any) -> Loc:
        """Add a value to the open mapping or list, and return its path."""
        if not self.boxes:
            self.root = value
            self.keys[()] = self.values[()] = self._place(event)
            return ()
        box = self.boxes[-1]
        if isinstance(box.value, list):
            loc: Loc = (*box.loc, len(box.value))
            box.value.append(value)
            self.keys[loc] = self._place(event)
        elif box.key is None:
            raise self._error(
                event,
                message("a key that is not a text"),
                message("write a plain key; put a text that begins with {{ or [ in quotes"),
            )
        else:
            loc = (*box.loc, box.key)
            box.value[box.key] = value
        self.values[loc] = self._place(event)
        return loc

    def _guard(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._error(
                event,
                message("more than {most} values", most=MAX_NODES),
                message("move tables into CSV files"),
            )
        if event.anchor is not None:
            raise self._error(event, message("an anchor (&name)"), _QUOTE_OR_WRITE_OUT)
        tag = getattr(event, "tag", None) or getattr(event, "ctag", None)
        if (tag is not None and str(tag) not in ("", "None", "!")) or str(tag) == "!":
            raise self._error(
                event,
                message("a tag ({tag})", tag=str(tag)),
                message(
                    "remove it, or put a text that begins with ! in quotes; the format decides the types of values"
                ),
            )

    def _resolve(self, event: Any) -> str | float | int | bool | None:
        text = event.value
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return bool(text.lower() == "true")
        if re.fullmatch(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", text):
            raise self._error(
                event, message("{number} is not a finite number", number=text), message("write a finite number")
            )
        if re.fullmatch(r"0[ox][0-9A-Fa-f]+", text):
            raise self._error(
                event,
                message("{number} is not a decimal number", number=text),
                message("write it in decimal, or quote it"),
            )
        if not re.fullmatch(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", text):
            return str(text)
        number = float(text)
        if not math.isfinite(number) or abs(number) > LIMIT:
            raise self._error(
                event,
                message("{number} exceeds {limit}", number=text[:40], limit=f"{LIMIT:g}"),
                message("check the digits"),
            )
        return int(text) if re.fullmatch(r"[-+]?\d+", text) else number

    def _place(self, event: Any) -> Place:
        return Place(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)

    def _error(self, event: Any, what: str, remedy: str) -> InputError:
        place = self._place(event)
        return InputError(what, file=place.file, line=place.line, column=place.column, remedy=remedy)
