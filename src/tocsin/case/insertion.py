"""Add whole blocks, or items of blocks, to the text of a case file; every other character stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.case.schema import CaseFile
from tocsin.errors import InputError
from tocsin.reading import Document, Place, read_yaml
from tocsin.translation import message

ORDER = tuple(info.alias or name for name, info in CaseFile.model_fields.items())
"""Blocks of a case file, in the order in which a new block takes its place."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_BLANK = re.compile(r"\s*(?:\.\.\.\s*)?\Z")
"""A line without content: blank, or the end of the document."""


@dataclass(frozen=True)
class Block:
    """A block in a case file that is not written in braces as a whole.

    Attributes:
        lines: of the block, from its key on, without comments and blank lines at its end.
        comments: the lines of comments directly above its key.
        items: the lines of each item, by key; empty if the items are in braces or there are none.
        first, end: index of the first line of the comments, and of the line after the block.
    """

    lines: tuple[str, ...]
    comments: tuple[str, ...]
    items: Mapping[str, tuple[str, ...]]
    first: int
    end: int


def blocks_of(text: str, shown: str) -> dict[str, Block]:
    """Return the blocks of a case file's text, in the order of the text. There are none if the file is one pair of braces.

    Raises:
        InputError: if the text is not valid YAML of this format.
    """
    document = read_yaml(text, shown)
    if _begins_with_brace(text, document.values[()]):
        return {}
    lines = _LINE.findall(text)
    starts = {name: document.keys[(name,)].line - 1 for name in document.data}
    ends = _ends(lines, list(starts.values()))
    return {
        name: Block(
            tuple(lines[start : ends[start]]),
            tuple(lines[_comments_above(lines, start) : start]),
            _items(document, name, lines[: ends[start]]),
            _comments_above(lines, start),
            ends[start],
        )
        for name, start in starts.items()
    }


def with_block(text: str, shown: str, name: str, lines: Sequence[str]) -> str:
    """Return a case file's text with a block that it does not have, beside the block that comes before it in `ORDER`.

    Args:
        text: the case file, whose blocks are not in one pair of braces.
        shown: its name in errors.
        name: of the block.
        lines: of the block, with their line ends.
    """
    blocks = blocks_of(text, shown)
    before = [blocks[other].end for other in ORDER[: ORDER.index(name)] if other in blocks]
    at = before[-1] if before else 0
    return _with_lines(text, at, lines)


def with_items(
    text: str, shown: str, name: str, items: Mapping[str, Sequence[str]], comments: Sequence[str] = ()
) -> str:
    """Return a case file's text with further items at the end of a block that it has.

    Args:
        text: the case file.
        shown: its name in errors.
        name: of the block, a mapping.
        items: lines of each new item, indented by two spaces, by key.
        comments: lines above the first item; left out if the block is in braces, or where the file has them already.
    """
    if not items:
        return text
    document = read_yaml(text, shown)
    place = document.values[(name,)]
    if _begins_with_brace(text, place):
        index = _index(text, place)
        comma = ", " if document.data[name] else ""
        added = ", ".join(" ".join(line.strip() for line in lines) for lines in items.values())
        return f"{text[: index + 1]}{added}{comma}{text[index + 1 :]}"
    indent = " " * ((place.column or 1) - 1)
    known = {line.strip() for line in _LINE.findall(text)}
    added_lines = [f"{indent}{line}" for line in comments if line.strip() not in known]
    added_lines += [f"{indent}{line[2:]}" for lines in items.values() for line in lines]
    return _with_lines(text, blocks_of(text, shown)[name].end, added_lines)


def check_nothing_lost(before: str, after: str, shown: str) -> None:
    """Check that a case file still says all that it said before.

    Raises:
        InputError: if a value changed or is gone.
    """
    if not _contains(read_yaml(after, shown).data, read_yaml(before, shown).data):
        raise InputError(
            message("the layout of this file does not allow additions"),
            file=shown,
            remedy=message("write each block from a line of its own"),
        )


def _contains(whole: Any, part: Any) -> bool:
    """Return whether a value has all that another has, and in mappings perhaps more."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(key in whole and _contains(whole[key], value) for key, value in part.items())
    return type(whole) is type(part) and bool(whole == part)


def _begins_with_brace(text: str, place: Place) -> bool:
    index = _index(text, place)
    return text[index : index + 1] == "{"


def _index(text: str, place: Place) -> int:
    """Return the index of the character at a place."""
    return sum(map(len, _LINE.findall(text)[: place.line - 1])) + (place.column or 1) - 1


def _ends(lines: Sequence[str], starts: Sequence[int]) -> dict[int, int]:
    """Return the index of the line after each block: what follows are blank lines and the comments of the next block."""
    ends = {}
    for start, following in zip(starts, [*starts[1:], len(lines)], strict=True):
        end = _comments_above(lines, following)
        while end > start + 1 and _BLANK.match(lines[end - 1]):
            end -= 1
        ends[start] = end
    return ends


def _comments_above(lines: Sequence[str], index: int) -> int:
    """Return the index of the first of the lines of comments that stand directly above a line."""
    while index > 0 and lines[index - 1].startswith("#"):
        index -= 1
    return index


def _items(document: Document, name: str, lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the lines of each item of a block; comments between two belong to the first. `lines` end with the block."""
    data, own = document.data[name], document.keys[(name,)].line
    starts = [document.keys[(name, key)].line - 1 for key in data] if isinstance(data, dict) else []
    if not starts or starts[0] < own or len(set(starts)) < len(starts):
        return {}
    firsts = [own, *starts[1:], len(lines)]
    return {key: tuple(lines[firsts[i] : firsts[i + 1]]) for i, key in enumerate(data)}


def _with_lines(text: str, at: int, lines: Sequence[str]) -> str:
    """Return a text with further lines before the line with an index, with the line ends of the text."""
    old = _LINE.findall(text)
    line_end = next((match[0] for line in old if (match := re.search(r"[\r\n]+\Z", line))), "\n")
    new = [line.rstrip("\r\n") + line_end for line in lines]
    if at and not old[at - 1].endswith(("\n", "\r")):
        old[at - 1] += line_end
    return "".join([*old[:at], *new, *old[at:]])
