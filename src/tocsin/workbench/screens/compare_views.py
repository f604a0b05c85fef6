"""What the screen of comparison shows: what can be compared, and a comparison in words and numbers.

An item has a key: `case` is the case as it stands, `variant:NAME` a variant of it, `run:HASH` a stored run, and `beside:FOLDER` the case in another
folder beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tocsin.assessment.comparing.naming import item_of
from tocsin.assessment.comparing.result import Cell, Comparison, Difference, Item, Row
from tocsin.assessment.comparing.words import case_lines, cell_text, method_lines, other_words, rest_lines
from tocsin.assessment.words import VERDICT_WORDS
from tocsin.case.loader import load
from tocsin.case.override import override
from tocsin.case.translations import translator_for
from tocsin.case.variants import variants_of
from tocsin.errors import InputError
from tocsin.runs.items import item_of_run
from tocsin.runs.names import resolve
from tocsin.runs.store import stored_runs
from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk

MAX_BESIDE = 50
"""Other cases that are offered."""


def items_view(desk: Desk, language: str) -> list[dict[str, Any]]:
    """Return what can be compared: for each item its key, kind, name, what it is for, and its moment if it is a run.

    Raises:
        CaseErrors: if the case has errors.
    """
    case = desk.case()
    translator = translator_for(case, language)
    itself = {"key": "case", "kind": "case", "name": case.id, "why": "", "moment": ""}
    variants = [
        {
            "key": f"variant:{name}",
            "kind": "variant",
            "name": name,
            "why": translator.plain(_why(case, name)),
            "moment": "",
        }
        for name in variants_of(case)
    ]
    runs = [
        {"key": f"run:{run.hash}", "kind": "run", "name": run.name, "why": run.note, "moment": run.moment}
        for run in stored_runs(case.id)
    ]
    beside = [
        {"key": f"beside:{name}", "kind": "beside", "name": name, "why": "", "moment": ""}
        for name in _beside(desk.file)
    ]
    return [itself, *variants, *runs, *beside]


def _why(case: Any, name: str) -> str:
    return case.variants[name].why if name in case.variants else case.arguments[name].says


def _beside(file: Path) -> list[str]:
    """Return the names of other folders with a case beside that of a case file."""
    around = file.resolve().parent.parent
    names = (path.parent.name for path in sorted(around.glob("*/case.yaml")) if path.resolve() != file.resolve())
    return [name for name, _ in zip(names, range(MAX_BESIDE), strict=False)]


def item_of_key(file: Path, key: str) -> Item:
    """Return the item of a key.

    Raises:
        CaseErrors: if its case has errors.
        InputError: if there is no such item any more.
    """
    kind, _, name = key.partition(":")
    case = load(file)
    if kind == "run":
        return item_of_run(resolve(f"{case.id}@{name}"))
    if kind == "variant" and name in variants_of(case):
        return replace(item_of(f"{file}:{name}"), name=f"{case.id}:{name}")
    if kind == "beside" and name in _beside(file):
        beside = load(file.resolve().parent.parent / name)
        return Item(name=name if name != case.id else f"{name} ({beside.title})", case=beside)
    if key == "case":
        return Item(name=case.id, case=case)
    raise InputError(
        message("there is no item {key} to compare", key=repr(key)), remedy=message("choose from the list again")
    )


def check_variant(desk: Desk, settings: Mapping[str, str]) -> None:
    """Raise InputError unless a run of the case can set these inputs, as `--set` does."""
    override(desk.case(), settings)


def comparison_view(result: Comparison, translator: Translator) -> dict[str, Any]:
    """Return a comparison: its items, the claims with a cell for each item, and how to read it."""
    plain = translator.plain
    return {
        "items": [
            {
                "name": item.name,
                "why": plain(item.why),
                "settings": [f"{name}={value}" for name, value in item.settings],
            }
            for item in result.items
        ],
        "rows": [_row(row, translator) for row in result.rows],
        "notices": [plain(line) for line in case_lines(result)],
        "notes": [plain(line) for line in _notes(result)],
    }


def _notes(result: Comparison) -> Iterator[str]:
    yield from rest_lines(result)
    yield from method_lines(result)


def _row(row: Row, translator: Translator) -> dict[str, Any]:
    return {
        "name": row.name,
        "part": row.part,
        "says": translator.plain(row.says),
        "others": [translator.plain(text) for text in other_words(row)],
        "kind": row.kind,
        "largest": row.largest if any(row.differences) else None,
        "bearing": list(row.bearing),
        "cells": [_cell(cell, difference, translator) for cell, difference in row.pairs],
    }


def _cell(cell: Cell | None, difference: Difference | None, translator: Translator) -> dict[str, Any]:
    return {
        "text": translator.plain(cell_text(cell, difference)),
        "verdict": cell.verdict if cell else "",
        "verdictWords": translator.plain(VERDICT_WORDS[cell.verdict]) if cell else "",
        "probability": cell.probability if cell else None,
        "error": cell.error if cell else None,
        "noticeable": bool(difference and difference.noticeable),
    }
