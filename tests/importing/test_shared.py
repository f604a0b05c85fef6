"""Tables that somebody else made from public sources are read right, row by row, or named."""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import pytest

from tocsin.importing.convert import convert
from tocsin.importing.grid import read_grid
from tocsin.importing.layout import read_layout
from tocsin.importing.mapping import ColumnMap

TABLES = ("estimates", "forces", "japan_defense_budget", "milex", "opinion_and_votes")
COLUMNS = ColumnMap(
    {part: (part,) for part in ("key", "value", "unit", "date", "source", "confidence", "note")},
    {"flag": "the only figure"},
)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_number_or_is_named(name: str, shared: Path) -> None:
    file = shared / "case" / f"{name}.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        written = {row["key"]: row["value"] for row in csv.DictReader(stream)}
    conversion = convert(read_layout(read_grid(file)), COLUMNS, {}, name)
    facts = {fact.key: fact for fact in conversion.facts}
    left = {
        remark.row
        for remark in (*conversion.errors, *conversion.remarks)
        if remark in conversion.errors or "left out" in remark.cause
    }
    assert len(facts) + len(left) >= len(written)
    numbers = {}
    for key, text in written.items():
        with contextlib.suppress(ValueError):
            numbers[key] = float(text)
    assert {key: float(facts[key].value) for key in numbers if key in facts} == {
        key: value for key, value in numbers.items() if key in facts
    }
    assert len(numbers.keys() & facts.keys()) > 0.7 * len(numbers)
