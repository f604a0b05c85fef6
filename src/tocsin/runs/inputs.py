"""What differs between the inputs of two runs: every block of their cases, with the settings of the runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.case.schema import Case, CaseFile

WORDS = {
    "asks", "cite", "colour", "format", "flag", "language", "meaning", "means", "name", "note", "outlet", "read", "says",
    "summary", "terms", "title", "url", "why", "by", "author", "article", "aim", "against", "mechanism", "sentence",
}  # fmt: skip
"""Keys and blocks that no computation reads."""
UNTESTED = ("id", "article", "sentences", "arguments", "questions", "forecasts", "outcomes", "variants", "fact_tables")
"""Blocks on which no verdict and no confidence depends."""
TABLES = ("spending_rows", "power_rows", "rates")
"""What the tables of a case hold, beside its blocks."""
MAX_SHOWN = 160
"""Characters of a value."""


@dataclass(frozen=True, kw_only=True)
class InputChange:
    """A value of a case that differs.

    Attributes:
        block: of the case, such as "beliefs".
        name: of the item in the block; empty if the block is one item.
        field: path inside the item; empty for a whole item that only one run has.
        before, after: the values as text; None if a run does not have it.
        tested: whether a verdict may depend on it.
        by_setting: whether a setting of a run gives the value.
    """

    block: str
    name: str
    field: str
    before: str | None
    after: str | None
    tested: bool
    by_setting: bool = False

    @property
    def label(self) -> str:
        """Return what changed: `stake.KOR` for a belief, else with its block: `regimes.JPN.posture`."""
        named = ".".join(filter(None, (self.block, self.name)))
        return self.name if self.block == "beliefs" else named


def input_changes(before: Case, after: Case) -> tuple[InputChange, ...]:
    """Return what differs between two cases, each with the settings of its run, in the order of the blocks."""
    first, second = _dump(before), _dump(after)
    named = {name for case in (before, after) for name, _ in case.settings}
    return tuple(change for block in first for change in _block(block, first[block], second[block], named))


def _dump(case: Case) -> dict[str, Any]:
    data = case.model_dump(mode="json", by_alias=True, include={*CaseFile.model_fields, *TABLES})
    data["spending_rows"] = {f"{row['actor']} {row['year']} {row['path']}": row for row in data["spending_rows"]}
    return data


def _block(block: str, before: Any, after: Any, named: set[str]) -> Iterator[InputChange]:
    """Yield the changes of a block; its items are compared by their names, and their values by their paths."""
    items = isinstance(before, dict) and isinstance(after, dict)
    names = dict.fromkeys([*before, *after]) if items else [""]
    for name in names:
        one, other = (data.get(name) if items else data for data in (before, after))
        if one == other:
            continue
        by_setting = not {name, f"{block}.{name}", f"pressure.{name}", f"spending.{name}"}.isdisjoint(named)
        if one is None or other is None:
            yield _change(block, name, (), (one, other), by_setting)
            continue
        first, second = dict(_flat(one, ())), dict(_flat(other, ()))
        for path in dict.fromkeys([*first, *second]):
            values = first.get(path), second.get(path)
            if values[0] != values[1]:
                yield _change(block, name, path, values, by_setting)


def _change(block: str, name: str, path: tuple[str, ...], values: tuple[Any, Any], by_setting: bool) -> InputChange:
    named = block == "explanations" and path == (
        "article",
    )  # the explanation that the article gives is a key, not a text
    words = block in WORDS or block in UNTESTED or bool(path and path[-1] in WORDS and not named)
    before, after = map(_text, values)
    return InputChange(
        block=block,
        name=name,
        field=".".join(path),
        before=before,
        after=after,
        tested=not words,
        by_setting=by_setting,
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the values of nested mappings with their paths; a list is one value."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _flat(item, (*path, str(key)))
    else:
        yield path, value
