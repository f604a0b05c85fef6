"""Compare results with stored ones: structure, names and numbers, but not prose."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

IGNORED = {"seconds", "seconds_compiling", "made", "version", "versions", "sha256", "specification"}
"""Keys whose values differ from run to run or with a reworded text; `specification` repeats the input."""
MAX_NAME_LENGTH = 24
"""A longer text, or one with a space, is prose."""
TOLERANCE = 1e-4
"""Relative and absolute. Rounding differs between processors, and a fit or a share of worlds amplifies it."""


def read(file: Path) -> Any:
    """Return the rows of a CSV file with numbers as floats, or the value of a JSON file."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        return json.loads(text)
    return [{name: _number(value) for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _is_prose(value: Any) -> bool:
    return isinstance(value, str) and (" " in value.strip() or len(value) > MAX_NAME_LENGTH)


def differences(new: Any, stored: Any, *, exact: bool, where: str = "") -> Iterator[str]:
    """Yield a line for each difference of two results; with `exact`, numbers must be equal to the last digit."""
    if isinstance(stored, dict) and isinstance(new, dict):
        if list(new) != list(stored):
            yield f"{where}: keys {list(new)} instead of {list(stored)}"
            return
        for key, value in stored.items():
            if key not in IGNORED:
                yield from differences(new[key], value, exact=exact, where=f"{where}.{key}")
    elif isinstance(stored, list) and isinstance(new, list):
        if len(new) != len(stored):
            yield f"{where}: {len(new)} items instead of {len(stored)}"
            return
        for index, (item, other) in enumerate(zip(new, stored, strict=True)):
            yield from differences(item, other, exact=exact, where=f"{where}[{index}]")
    elif _is_prose(stored) and isinstance(new, str):
        return
    elif isinstance(stored, float) and isinstance(new, float) and not exact:
        if new != pytest.approx(stored, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True):
            yield f"{where}: {new} instead of {stored}"
    elif repr(new) != repr(stored):
        yield f"{where}: {new!r} instead of {stored!r}"
