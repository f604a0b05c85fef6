"""A pasted or opened table on its way into the facts of the case: what each column is, and the facts that its rows give."""

from __future__ import annotations

import base64
import binascii
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tocsin.case import edit
from tocsin.case.cell_rewriting import with_cell
from tocsin.case.insertion import with_block, with_items
from tocsin.case.rewriting import Value, without_value, written
from tocsin.errors import CaseErrors, InputError
from tocsin.importing import mapping
from tocsin.importing.convert import Conversion, ImportedFact, convert
from tocsin.importing.grid import Grid, read_grid
from tocsin.importing.layout import BELOW, HEADING, Table, read_layout
from tocsin.importing.mapping import MANY, ColumnMap
from tocsin.importing.remarks import Remark
from tocsin.reading import read_yaml
from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk
from tocsin.workbench.saying import said
from tocsin.workbench.screens.facts import TableSent
from tocsin.workbench.soundness import check_table

MAX_FACTS = 2_000
"""Facts that one edit of the case file adds; larger tables belong into a file of their own."""
SHOWN = 20
"""Rows and remarks of a preview."""
REQUIRED = ("key", "value", "source", "confidence")
"""Parts that every fact has."""
FIELDS = ("value", "unit", "date", "kind", "confidence", "range", "flag", "expected", "note")
"""Parts of a block of a fact beside its source, in their order."""
STEM = "table"
"""Comes first in a key that would begin with a digit."""


@dataclass(frozen=True)
class _Read:
    """A table with what its columns are; `conversion` is None while parts are missing that every fact has."""

    table: Table
    columns: ColumnMap
    missing: tuple[str, ...]
    conversion: Conversion | None


def preview(desk: Desk, sent: TableSent, translator: Translator) -> dict[str, Any]:
    """Return what a table would become: its columns with their parts, its first rows, the facts, and what cannot be read.

    `alone` names rows with one cell: headings and notes, or rows that lost their other cells. They are no facts.

    Raises:
        InputError: if it is no table, or several columns are one part that takes a single one.
    """
    text = desk.draft().text
    read = _read(desk, text, sent)
    table, conversion = read.table, read.conversion
    errors = _errors(desk, text, conversion) if conversion else table.errors
    alone = [remark for remark in table.remarks if remark.cause in (HEADING, BELOW)]
    remarks = [remark for remark in conversion.remarks if remark not in alone] if conversion else []
    return {
        "columns": [{"name": name, "part": _part_of(read.columns, name)} for name in table.columns],
        "rows": [
            {"line": table.grid.lines[row], "cells": [table.cell(row, index) for index in range(len(table.columns))]}
            for row in table.rows[:SHOWN]
        ],
        "total": len(table.rows),
        "missing": list(read.missing),
        "facts": len({fact.key for fact in conversion.facts}) if conversion else 0,
        "sources": [{"key": source.key, "cite": source.cite} for source in conversion.sources] if conversion else [],
        "errors": [_remark(remark, translator) for remark in errors[:SHOWN]],
        "wrong": len(errors),
        "alone": [_remark(remark, translator) for remark in alone[:SHOWN]],
        "remarks": [_remark(remark, translator) for remark in remarks[:SHOWN]],
    }


def with_table(desk: Desk, text: str, sent: TableSent) -> str:
    """Return the case file with the facts of a table, and the sources that they add.

    Raises:
        InputError: if a cell cannot be read, a part is missing, or there are no or too many facts.
    """
    shown = desk.file.name
    read = _read(desk, text, sent)
    if read.conversion is None:
        raise InputError(
            message("no {part}", part=read.missing[0]),
            remedy=message("choose its column, or write what it is in every row"),
        )
    if errors := _errors(desk, text, read.conversion):
        raise InputError(
            message("row {row}: {cause}; nothing is written", row=errors[0].row, cause=errors[0].cause),
            remedy=message("correct the table first"),
        )
    facts = read.conversion.facts
    if not 0 < len(facts) <= MAX_FACTS:
        raise InputError(
            message("{count} facts; one edit adds 1 to {most}", count=f"{len(facts):,}", most=f"{MAX_FACTS:,}"),
            remedy=message("check the values; `tocsin facts import` takes larger tables"),
        )
    sources = {source.key: source.to_dict() for source in read.conversion.sources}
    text = edit.with_items(text, shown, sources, ())
    lines = {key: [f"  {_key(key)}: {written(block)}"] for key, block in _blocks(facts).items()}
    if not read_yaml(text, shown).data.get("facts"):
        return _with_first_facts(text, shown, lines)
    return with_items(text, shown, "facts", lines)


def _key(key: str) -> str:
    """Return a key as YAML; one with a dot is never another word of YAML."""
    return key if "." in key else written(key)


def _with_first_facts(text: str, shown: str, lines: Mapping[str, list[str]]) -> str:
    """Return a case file that has no fact yet with a block of facts."""
    if "facts" in read_yaml(text, shown).data:
        text = without_value(text, shown, ("facts",))
    return with_block(text, shown, "facts", ["facts:", *(line for item in lines.values() for line in item)])


def _read(desk: Desk, text: str, sent: TableSent) -> _Read:
    """Return a table with its mapping: what is given comes first, then what the case remembers, then what names show."""
    table = read_layout(_grid(sent))
    known = _given(table, sent)
    if sent.parts is None:
        known = known.over(mapping.fitting(mapping.remembered(desk.file.parent), "", table.columns))
        known = known.over(mapping.guessed(table, known, may_ask=True))
    given = {*known.columns, *known.texts, *(["source"] if table.source else [])}
    missing = tuple(part for part in REQUIRED if part not in given)
    if missing:
        return _Read(table, known, missing, None)
    sources = read_yaml(text, desk.file.name).data.get("sources") or {}
    cites = {key: str(source.get("cite", "")) for key, source in sources.items() if isinstance(source, dict)}
    return _Read(table, known, (), convert(table, known, cites, STEM))


def _grid(sent: TableSent) -> Grid:
    """Return the cells of a table, below names of columns if it has none."""
    try:
        content = base64.b64decode(sent.content, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(message("the table did not arrive whole"), remedy=message("open or paste it again")) from None
    ending = re.search(r"\.[a-z0-9]{1,8}\Z", sent.name.lower())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"table{ending[0] if ending else ''}"
        file.write_bytes(content)
        try:
            grid = read_grid(file, sent.sheet or None)
        except InputError as error:
            remedy = message("write the name of one sheet") if "--sheet" in (error.remedy or "") else error.remedy
            raise InputError(error.message, line=error.line, remedy=remedy) from None
    if sent.named:
        return replace(grid, shown=sent.name)
    width = max(map(len, grid.rows))
    return Grid([[f"column {index + 1}" for index in range(width)], *grid.rows], [0, *grid.lines], sent.name)


def _given(table: Table, sent: TableSent) -> ColumnMap:
    """Return the mapping that the reader chose."""
    columns: dict[str, list[str]] = {}
    for name, part in zip(table.columns, sent.parts or (), strict=False):
        if part:
            columns.setdefault(part, []).append(name)
    for several, names in columns.items():
        if len(names) > 1 and several not in MANY:
            raise InputError(
                message("{count} columns are the {part}", count=len(names), part=several),
                remedy=message("choose one; only {parts} may join several", parts=", ".join(MANY)),
            )
    texts: dict[str, str] = {part: text.strip() for part, text in sent.texts.items() if text.strip()}
    texts = {part: text for part, text in texts.items() if part not in columns}
    return ColumnMap({part: tuple(names) for part, names in columns.items()}, texts, sent.decimal, sent.dates)


def _part_of(columns: ColumnMap, name: str) -> str:
    return next((part for part, names in columns.columns.items() if name in names), "")


def _errors(desk: Desk, text: str, conversion: Conversion) -> list[Remark]:
    """Return the cells that cannot be read, and the facts that the case has already."""
    known = set(read_yaml(text, desk.file.name).data.get("facts") or {})
    with suppress(CaseErrors):  # what tables have is known only of a case without errors
        known |= set(desk.case().facts)
    again = (
        Remark(
            message("the case has this fact already"),
            message("change the key, or remove the fact first"),
            fact.row,
            fact.key,
        )
        for fact in conversion.facts
        if fact.key in known
    )
    return [*dict.fromkeys((*conversion.errors, *again))]


def _remark(remark: Remark, translator: Translator) -> dict[str, Any]:
    """Return a remark for the page; a remedy that names options of the command is left out."""
    shown = replace(remark, remedy="" if "--" in remark.remedy else remark.remedy)
    return said(asdict(shown), translator)


def _blocks(facts: Sequence[ImportedFact]) -> dict[str, dict[str, Value]]:
    """Return the facts as blocks of a case, by key; what further sources say of a fact stands under `others`."""
    blocks: dict[str, dict[str, Value]] = {}
    for fact in facts:
        block = {name: " ".join(str(getattr(fact, name)).split()) for name in FIELDS if getattr(fact, name)}
        whole: dict[str, Value] = {**block, "source": fact.source[0] if len(fact.source) == 1 else list(fact.source)}
        if fact.key in blocks:
            others = blocks[fact.key].setdefault("others", [])
            assert isinstance(others, list)
            others.append(whole)
        else:
            blocks[fact.key] = whole
    return blocks


def with_cell_of(desk: Desk, text: str, file: str, place: tuple[int, str, str], value: str) -> str:
    """Return the text of a table of facts with another value in a cell.

    Args:
        desk: the case.
        text: of the table.
        file: its name.
        place: line of the row, its key, and the column.
        value: the new value; commas separate sources.

    Raises:
        InputError: if there is no such table or cell.
        CaseErrors: if the edit brings errors.
    """
    case = desk.case()
    if file not in case.fact_tables:
        raise InputError(
            message("{file} is no table of facts of this case", file=file), remedy=message("read the case again")
        )
    line, key, column = place
    written = ";".join(filter(None, re.split(r"[,;\s]+", value))) if column == "source" else value.strip()
    changed = with_cell(text, file, line=line, key=key, column=column, value=written)
    check_table(case, desk.file.name, file, changed)
    return changed
