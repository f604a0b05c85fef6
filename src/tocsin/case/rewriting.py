"""Rewrite single values of a case file's text: put one, add one, take one away. Every other character stays, comments too.

A value is any JSON value. A new mapping or list is written in braces on one line; a new block has a line for each item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tocsin.case.insertion import ORDER, with_block
from tocsin.errors import InputError
from tocsin.reading import Loc, read_yaml
from tocsin.reading.libyaml import composed
from tocsin.translation import message

_PLAIN = re.compile(r"(?!(true|false|null|yes|no|on|off|y|n|nan|inf)\Z)[A-Za-z][A-Za-z0-9_.-]*\Z", re.IGNORECASE)
_BESIDE = re.compile(r"[ \t]+#[^\r\n]*|[ \t]*(?=[\r\n]|\Z)")
"""The comment beside a value, or the spaces at the end of its line."""
Value = str | int | float | bool | None | list[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class _Node:
    """A value in a text.

    Attributes:
        start, end: indices of its first character and after its last one; a comment beside or below it is outside.
        key: index of the first character of its key or of the dash of its list item.
        after_key: index after the colon of its key or after that dash.
        kind: of value.
        flow: whether it is written in brackets or braces.
        parent_flow: whether the value around it is.
    """

    start: int
    end: int
    key: int
    after_key: int
    kind: Literal["scalar", "mapping", "sequence"]
    flow: bool
    parent_flow: bool


def with_value(text: str, shown: str, loc: Loc, value: Value) -> str:
    """Return the text with a value at a path, in place of the one that stands there or as the last item of the mapping or list around it.

    Args:
        text: of a case file.
        shown: its name in errors.
        loc: path of the value. All but its last part must exist, except a block of the file. A list takes its length as the next index.
        value: the new value.

    Raises:
        InputError: if the text is no YAML of this format, or there is no such place.
    """
    nodes = _nodes(text, shown)
    if loc in nodes:
        return _replaced(text, nodes[loc], value)
    if len(loc) == 2 and loc[:1] not in nodes and loc[0] in ORDER and isinstance(loc[1], str):
        return with_block(text, shown, loc[0], _block(loc[0], {loc[1]: value}))
    if len(loc) == 1 and loc[0] in ORDER:
        return with_block(text, shown, str(loc[0]), _block(str(loc[0]), value))
    if loc[:-1] not in nodes:
        raise InputError(
            message("there is no `{key}`", key=_dotted(loc[:-1])), file=shown, remedy=message("add that first")
        )
    return _added(text, shown, nodes, loc, value)


def without_value(text: str, shown: str, loc: Loc) -> str:
    """Return the text without the value at a path; a mapping or list that would be left empty is written `{}` or `[]`.

    Raises:
        InputError: if the text is no YAML of this format, or there is no such value.
    """
    nodes = _nodes(text, shown)
    if loc not in nodes:
        raise InputError(
            message("there is no `{key}`", key=_dotted(loc)), file=shown, remedy=message("read the case again")
        )
    node, siblings = nodes[loc], [other for other in nodes if other[:-1] == loc[:-1] and len(other) == len(loc)]
    if len(siblings) == 1 and len(loc) > 1:
        return _replaced(text, nodes[loc[:-1]], [] if isinstance(loc[-1], int) else {})
    if node.parent_flow:
        after = re.compile(r"\s*,\s*").match(text, node.end)
        if after:
            return text[: node.key] + text[after.end() :]
        comma = text.index(",", nodes[siblings[siblings.index(loc) - 1]].end)
        between = text[comma + 1 : node.key]
        return text[:comma] + (between if "#" in between else "") + text[node.end :]
    line = text.rfind("\n", 0, node.key) + 1
    if text[line : node.key].strip():  # the first key of a list item: the dash stays for the next one
        following = nodes[siblings[siblings.index(loc) + 1]]
        return text[: node.key] + text[following.key :]
    ends = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(text, node.end)
    assert ends is not None  # the pattern matches the empty text too
    return text[:line] + text[ends.end() :]


def written(value: Value) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, str):
        return value if _PLAIN.match(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{written(key)}: {written(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def _block(name: str, value: Value) -> list[str]:
    """Return the lines of a new block: a mapping has a line for each item."""
    if isinstance(value, Mapping) and value:
        return [f"{name}:", *(f"  {written(key)}: {written(item)}" for key, item in value.items())]
    return [f"{name}: {written(value)}"]


def _replaced(text: str, node: _Node, value: Value) -> str:
    if "\n" in text[node.after_key : node.start]:  # a block below its key: what is on one line goes beside the key
        return f"{text[: node.after_key]} {written(value)}{text[node.end :]}"
    lead = " " if text[node.start - 1 : node.start] in (":", "-") else ""
    return f"{text[: node.start]}{lead}{written(value)}{text[node.end :]}"


def _added(text: str, shown: str, nodes: Mapping[Loc, _Node], loc: Loc, value: Value) -> str:
    """Return the text with a further item in a mapping or list that exists."""
    around, last = nodes[loc[:-1]], loc[-1]
    inside = [other for other in nodes if other[:-1] == loc[:-1] and len(other) == len(loc)]
    in_list = around.kind == "sequence"
    is_empty = not inside and (around.kind == "mapping" or text[around.start : around.end] in ("", "~", "null"))
    if is_empty and len(loc) == 2 and isinstance(last, str) and not around.parent_flow:  # the first item of a block
        lines = _block(str(loc[0]), {last: value})
        return f"{text[: around.key]}{_newline(text).join(lines)}{text[max(around.end, around.after_key) :]}"
    if around.kind == "scalar" or in_list != isinstance(last, int) or (in_list and last != len(inside)):
        raise InputError(
            message("`{key}` is no place for a new item", key=_dotted(loc)),
            file=shown,
            remedy=message("read the case again"),
        )
    item = written(value) if in_list else f"{written(str(last))}: {written(value)}"
    if around.flow:
        comma = ", " if inside else ""
        return f"{text[: around.end - 1]}{comma}{item}{text[around.end - 1 :]}"
    if not inside:
        return _replaced(text, around, [value] if in_list else {str(last): value})
    first = nodes[inside[0]]
    indent = " " * (first.key - text.rfind("\n", 0, first.key) - 1)
    beside = _BESIDE.match(text, around.end)
    end = beside.end() if beside else around.end
    return f"{text[:end]}{_newline(text)}{indent}{'- ' if in_list else ''}{item}{text[end:]}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _nodes(text: str, shown: str) -> dict[Loc, _Node]:
    """Return the values of a text by path, the whole under the empty path."""
    read_yaml(text, shown)  # it refuses what is no YAML of this format
    root = composed(text)
    return dict(_walk(text, root, (), (0, 0), parent_flow=False))


def _walk(text: str, node: Any, loc: Loc, key: tuple[int, int], *, parent_flow: bool) -> Iterator[tuple[Loc, _Node]]:
    flow = bool(getattr(node, "flow_style", False))
    yield loc, _Node(node.start_mark.index, _end(text, node), *key, node.id, flow, parent_flow)
    if node.id == "scalar":
        return
    for index, item in enumerate(node.value):
        if node.id == "mapping":
            name, value = item
            after = text.index(":", name.end_mark.index) + 1
            yield from _walk(text, value, (*loc, name.value), (name.start_mark.index, after), parent_flow=flow)
        else:
            dash = _dash(text, node, index) if not flow else (item.start_mark.index,) * 2
            yield from _walk(text, item, (*loc, index), dash, parent_flow=flow)


def _end(text: str, node: Any) -> int:
    """Return the index after the last character of a value. The parser ends a block only where the next value begins."""
    if node.id != "scalar" and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if node.id == "mapping" else last)
    start, end = node.start_mark.index, int(node.end_mark.index)
    if node.id == "scalar" and node.style in ("|", ">"):
        return start + len(text[start:end].rstrip())
    return end


def _dash(text: str, items: Any, index: int) -> tuple[int, int]:
    """Return where the dash of an item of a list begins and ends."""
    at = items.start_mark.index
    if index:
        first = items.value[index].start_mark.index
        *_, last = re.finditer(rf"^ {{{items.start_mark.column}}}(?=-)", text[:first], re.MULTILINE)
        at = last.end()
    return at, at + 1


def _dotted(loc: Loc) -> str:
    return ".".join(map(str, loc))
