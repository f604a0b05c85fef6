"""Two edits of one text: what differs, item by item, and both edits in one text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from tocsin.errors import InputError
from tocsin.reading import read_yaml

MAX_ITEMS = 200
"""Items that are shown."""
MAX_SHOWN = 500
"""Characters of a value that are shown."""
Path = tuple[str, ...]
Edit = tuple[int, int, list[str]]
"""Lines from the first up to the second of a text, and what stands there after the edit."""


def differences(base: str, theirs: str, mine: str) -> list[dict[str, Any]] | None:
    """Return the items of a case file that either edit changed: path, the value before, in the other text and in mine; None is no value.

    Items that both changed, to different values, come first. None instead of a list if a text is no YAML.
    """
    try:
        values, other, edited = (dict(_items(read_yaml(text, "case.yaml").data)) for text in (base, theirs, mine))
    except InputError:
        return None
    paths = dict.fromkeys((*values, *other, *edited))
    items = [(path, values.get(path), other.get(path), edited.get(path)) for path in paths]
    changed = [item for item in items if not item[1] == item[2] == item[3]]
    changed.sort(key=lambda item: item[1] in item[2:] or item[2] == item[3])
    return [
        {"path": list(path), "base": value, "theirs": other, "mine": own}
        for path, value, other, own in changed[:MAX_ITEMS]
    ]


def _items(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield each value that is no mapping as text, with its path; lists of mappings are taken apart, too."""
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _items(part, (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
        for index, part in enumerate(value):
            yield from _items(part, (*path, str(index + 1)))
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        yield path, text[:MAX_SHOWN]


def merged(base: str, theirs: str, mine: str) -> str:
    """Return the other text with my edit on it, by lines; where both changed the same lines, mine stands."""
    lines = base.splitlines(keepends=True)
    ours = list(_edits(lines, mine.splitlines(keepends=True)))
    other = [
        edit for edit in _edits(lines, theirs.splitlines(keepends=True)) if not any(_meet(edit, mine) for mine in ours)
    ]
    for start, end, new in sorted((*ours, *other), key=lambda edit: edit[:2], reverse=True):
        lines[start:end] = new
    return "".join(lines)


def _edits(old: list[str], new: list[str]) -> Iterator[Edit]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    yield from ((a, b, new[c:d]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal")


def _meet(one: Edit, other: Edit) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
