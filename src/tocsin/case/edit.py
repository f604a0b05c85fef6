"""Edit a case file in place: change one value, or add sources and tables of facts, and no other character."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tocsin.case.insertion import with_block
from tocsin.case.loader import FILE, load_file
from tocsin.case.rewriting import written
from tocsin.case.schema import CaseFile
from tocsin.case.validating import validate
from tocsin.errors import InputError, did_you_mean
from tocsin.files import replacing
from tocsin.reading import Loc, Place, decode, read_bytes, read_yaml
from tocsin.translation import message

_LINE_END = re.compile(r"\r\n|\n|\r")


def set_value(path: Path, key: str, value: str | float | bool) -> None:
    """Set the single value at a dotted key ("beliefs.loosens.KOR.alignment.is") of a case file.

    Keys may contain dots themselves: the longest match comes first. Items of a list count from 0. Comments and
    layout do not change. A text is quoted if YAML might read it as something else. The file is replaced in one
    step, and only if the case then loads.

    Raises:
        InputError: if the key does not exist or holds a mapping or list.
        CaseErrors: if the case would not load with the new value.
    """
    file = (path / FILE if path.is_dir() else path).resolve()
    text = decode(read_bytes(file, file.name), file.name)
    document = read_yaml(text, file.name)
    loc = _search(document.data, key)
    if loc is None:
        raise InputError(message("there is no key `{key}`", key=key), remedy=did_you_mean(key, _keys(document.data)))
    if loc not in document.spans:
        raise InputError(message("`{key}` is not a single value", key=key), remedy=message("name a key inside it"))
    start, end = document.spans[loc]
    old = text[start:end]
    written = _written(old, value) + ("\n" if old[:1] in ("|", ">") else "")
    before = text[:start] + (" " if text[start - 1 : start] == ":" else "")
    _replace(file, before + written + text[end:])


def _search(data: Any, key: str) -> Loc | None:
    """Return the path of a dotted key, if it exists."""
    if isinstance(data, list):
        head, _, rest = key.partition(".")
        if not head.isdecimal() or int(head) >= len(data):
            return None
        return _under(int(head), data[int(head)], rest) if rest else (int(head),)
    if not isinstance(data, dict):
        return None
    if key in data:
        return (key,)
    heads = [name for name in data if key.startswith(name + ".")]
    matches = (_under(name, data[name], key[len(name) + 1 :]) for name in sorted(heads, key=len, reverse=True))
    return next((loc for loc in matches if loc is not None), None)


def _under(head: str | int, data: Any, rest: str) -> Loc | None:
    loc = _search(data, rest)
    return None if loc is None else (head, *loc)


def _keys(data: Any, before: str = "") -> list[str]:
    if not isinstance(data, dict):
        return [before]
    dot = f"{before}." if before else ""
    return [key for name, value in data.items() for key in _keys(value, f"{dot}{name}")]


def _written(old: str, value: str | float | bool) -> str:
    if isinstance(value, str) and old[:1] in ("'", '"'):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(
            message("{number} is not a finite number", number=str(value)), remedy=message("write a finite number")
        )
    return written(value)


def _replace(file: Path, text: str) -> None:
    """Write a case's file if the new text loads."""
    with replacing(file) as trial:
        trial.write_text(text, encoding="utf-8", newline="")
        load_file(trial, file.name)


# --- add items -----------------------------------------------------------------------------------------------------


def read_case_file(file: Path) -> tuple[str, CaseFile]:
    """Return the text of a case file and its blocks; the case need not load.

    Raises:
        InputError: if the file cannot be read.
        CaseErrors: if its keys or types are wrong.
    """
    text = decode(read_bytes(file, file.name), file.name)
    return text, validate(read_yaml(text, file.name))


def with_items(text: str, shown: str, sources: Mapping[str, Mapping[str, str]], tables: Sequence[str]) -> str:
    """Return the text of a case file with further sources and tables of facts; nothing else changes.

    Args:
        text: the case file.
        shown: its name in errors.
        sources: blocks of `sources`, by key; none of the keys exists.
        tables: names of tables of facts to list under `fact_tables`.
    """
    for key, block in reversed([*sources.items()]):
        inside = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in block.items())
        text = _with_item(text, shown, "sources", f"{key}: {{{inside}}}")
    for name in tables:
        text = _with_item(text, shown, "fact_tables", json.dumps(name, ensure_ascii=False))
    return text


def _with_item(text: str, shown: str, block: str, item: str) -> str:
    """Return the text with an item as the first of a block, which is a mapping or a list."""
    document = read_yaml(text, shown)
    if block not in document.data:
        if text.lstrip().startswith("{"):
            start = _index(text, document.values[()]) + 1
            return f"{text[:start]}{block}: [{item}], {text[start:]}"
        return with_block(text, shown, block, [f"{block}: [{item}]"])
    start = _index(text, document.values[(block,)])
    if text[start : start + 1] in ("[", "{"):
        comma = ", " if document.data[block] else ""
        return f"{text[: start + 1]}{item}{comma}{text[start + 1 :]}"
    indent = " " * ((document.values[(block,)].column or 1) - 1)
    dash = "- " if isinstance(document.data[block], list) else ""
    after = _LINE_END.search(text, _index(text, document.keys[(block,)]))
    assert after is not None  # the block begins on a line below its key
    return f"{text[: after.end()]}{indent}{dash}{item}{after[0]}{text[after.end() :]}"


def _index(text: str, place: Place) -> int:
    """Return the index of the character at a place."""
    ends = [0, *(end.end() for end in _LINE_END.finditer(text))]
    return ends[place.line - 1] + (place.column or 1) - 1
