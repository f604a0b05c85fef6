"""Say which column of a table is which part of a fact: given, remembered in the case, guessed from names, or asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from tocsin.case.blocks import Confidence
from tocsin.case.values import is_missing
from tocsin.errors import InputError, did_you_mean
from tocsin.importing.cells import number_in
from tocsin.importing.dates import Order
from tocsin.importing.layout import Table
from tocsin.importing.numbers import Decimal
from tocsin.reading import decode, read_bytes, read_yaml
from tocsin.translation import message

FILE = "facts/mapping.yaml"
"""Where a case remembers its mappings."""
PARTS = ("key", "value", "unit", "date", "kind", "source", "confidence", "note", "range", "flag", "expected")
MANY = ("key", "value", "note", "source")
"""Parts that several columns may give."""
_NAMES = {
    "key": (
        "key",
        "id",
        "fact",
        "indicator",
        "variable",
        "item",
        "name",
        "series",
        "measure",
        "metric",
        "label",
        "키",
        "항목",
        "지표",
        "キー",
        "項目",
        "指標",
    ),
    "value": (
        "value",
        "amount",
        "figure",
        "number",
        "count",
        "quantity",
        "total",
        "값",
        "금액",
        "수치",
        "値",
        "金額",
        "数値",
    ),
    "unit": ("unit", "units", "unit of measure", "currency", "단위", "単位"),
    "date": (
        "date",
        "year",
        "as of",
        "as_of",
        "period",
        "day",
        "month",
        "fiscal year",
        "fy",
        "연도",
        "날짜",
        "일자",
        "年度",
        "年",
        "日付",
    ),
    "kind": ("kind", "type", "status", "종류", "種類"),
    "source": ("source", "sources", "reference", "references", "citation", "cite", "출처", "出典"),
    "confidence": ("confidence", "certainty", "reliability", "신뢰도", "確信度"),
    "note": ("note", "notes", "remark", "remarks", "comment", "comments", "비고", "備考"),
    "range": ("range", "interval"),
    "flag": ("flag",),
    "expected": ("expected", "due"),
}
"""Names of columns from which their part is guessed."""
_MOSTLY = 0.6
"""Share of the cells of a column that are numbers, from which it may hold the values."""
_DAY = re.compile(r"\d+([-/.])\d+\1\d+")
Ask = Callable[[str, Sequence[str]], str]
"""Asks a person a question, with the answers that are possible (none: any text), and returns the answer."""


@dataclass(frozen=True)
class ColumnMap:
    """How the columns of a table become facts.

    Attributes:
        columns: the columns of each part, by part; several are joined, and several values are facts of their own.
        texts: what a part is in every row, where no column gives it.
        decimal: the decimal mark.
        dates: the order of day and month in dates such as 03/05/2024.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    decimal: Decimal | None = None
    dates: Order | None = None

    def over(self, other: ColumnMap) -> ColumnMap:
        """Return this mapping, with what it does not say taken from another."""
        given = {*self.columns, *self.texts}
        columns = {part: names for part, names in other.columns.items() if part not in given}
        texts = {part: text for part, text in other.texts.items() if part not in given}
        return ColumnMap(
            {**columns, **self.columns},
            {**texts, **self.texts},
            self.decimal or other.decimal,
            self.dates or other.dates,
        )

    @property
    def words(self) -> str:
        """Return the mapping in one line, as options would give it."""
        columns = [f"{part}={'+'.join(self.columns[part])}" for part in PARTS if part in self.columns]
        return ", ".join([*columns, *(f"{part}: {text}" for part, text in self.texts.items())])

    def to_dict(self) -> dict[str, Any]:
        """Return the mapping as a case remembers it."""
        data: dict[str, Any] = {"columns": {part: list(names) for part, names in sorted(self.columns.items())}}
        if self.texts:
            data["set"] = dict(sorted(self.texts.items()))
        if self.decimal:
            data["decimal"] = self.decimal
        if self.dates:
            data["dates"] = self.dates
        return data


# --- what the user gives -------------------------------------------------------------------------------------------


def given_map(
    maps: Sequence[str], texts: Sequence[str], columns: Sequence[str], decimal: Decimal | None, dates: Order | None
) -> ColumnMap:
    """Return the mapping that options give.

    Args:
        maps: PART=COLUMN or PART=COLUMN+COLUMN.
        texts: PART=TEXT.
        columns: of the table.
        decimal: the decimal mark.
        dates: the order of day and month.

    Raises:
        InputError: for an unknown part or column, or a part that is given twice.
    """
    columns_of = {part: _columns(part, text, columns) for part, text in _pairs(maps, "--map", "PART=COLUMN")}
    fixed = dict(_pairs(texts, "--set", "PART=TEXT"))
    for part in ("key", "value"):
        if part in fixed:
            raise InputError(
                message("--set {part}: it differs in each row", part=part),
                remedy=message("write --map {part}=COLUMN", part=part),
            )
    level = fixed.get("confidence")
    if level is not None and level not in get_args(Confidence):
        raise InputError(
            message("{level} is not a level of confidence", level=repr(level)),
            remedy=did_you_mean(level, get_args(Confidence)),
        )
    return ColumnMap(columns_of, fixed, decimal, dates)


def _pairs(texts: Sequence[str], option: str, form: str) -> list[tuple[str, str]]:
    pairs: dict[str, str] = {}
    for text in texts:
        part, mark, value = (item.strip() for item in text.partition("="))
        if not mark or not value:
            raise InputError(
                message("cannot read {option} {text}", option=option, text=repr(text)),
                remedy=message("write {option} {form}", option=option, form=form),
            )
        if part not in PARTS:
            raise InputError(
                message("{option}: a fact has no `{part}`", option=option, part=part), remedy=did_you_mean(part, PARTS)
            )
        if part in pairs:
            raise InputError(
                message("{option} {part} is given twice", option=option, part=part),
                remedy=message("give it once; join columns by +"),
            )
        pairs[part] = value
    return list(pairs.items())


def _columns(part: str, text: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that a text names: one, or several joined by `+` where a part may have several."""
    lower = {name.lower(): name for name in columns}
    if text.lower() in lower:
        return (lower[text.lower()],)
    names = [name.strip() for name in text.split("+")]
    for name in names:
        if name.lower() not in lower:
            raise InputError(message("no column `{name}`", name=name), remedy=did_you_mean(name, columns))
    if len(names) > 1 and part not in MANY:
        raise InputError(
            message("--map {part}: one column only", part=part),
            remedy=message("only {parts} may join several", parts=", ".join(MANY)),
        )
    return tuple(lower[name.lower()] for name in names)


# --- what the case remembers ---------------------------------------------------------------------------------------


def remembered(folder: Path) -> dict[str, ColumnMap]:
    """Return the mappings that a case remembers, by the name of the table.

    Raises:
        InputError: if the file cannot be read or does not have this form.
    """
    file = folder / FILE
    if not file.exists():
        return {}
    data = read_yaml(decode(read_bytes(file, FILE), FILE), FILE).data
    return {str(name): _remembered(item, str(name)) for name, item in data.items()}


def _remembered(item: Any, name: str) -> ColumnMap:
    wrong = InputError(
        message("the mapping `{name}` cannot be read", name=name),
        file=FILE,
        remedy=message("remove it, and give --map again"),
    )
    if not isinstance(item, dict) or not isinstance(item.get("columns"), dict):
        raise wrong
    columns, texts = item["columns"], item.get("set", {})
    lists = all(
        isinstance(names, list) and all(isinstance(entry, str) for entry in names) for names in columns.values()
    )
    if not lists or not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise wrong
    decimal, dates = item.get("decimal"), item.get("dates")
    if {*columns, *texts} - set(PARTS) or decimal not in (None, ".", ",") or dates not in (None, "dmy", "mdy"):
        raise wrong
    return ColumnMap({part: tuple(names) for part, names in columns.items()}, texts, decimal, dates)


def fitting(stored: Mapping[str, ColumnMap], name: str, columns: Sequence[str]) -> ColumnMap:
    """Return the stored mapping of a table: that of its name, or the only one whose columns the table has; else an empty one.

    Raises:
        InputError: if another table was imported under this name.
    """
    fits = [item for item in stored.values() if {*_all_columns(item)} <= set(columns)]
    own = stored.get(name)
    if own is not None and own not in fits:
        gone = next(column for column in _all_columns(own) if column not in columns)
        raise InputError(
            message("a table with other columns was imported as `{name}`: it had `{gone}`", name=name, gone=gone),
            remedy=message(
                "give this one another name with --name, or remove `{name}` from {file}", name=name, file=FILE
            ),
        )
    if own is not None:
        return own
    return fits[0] if len(fits) == 1 else ColumnMap()


def _all_columns(item: ColumnMap) -> list[str]:
    return [name for names in item.columns.values() for name in names]


def mapping_text(stored: Mapping[str, ColumnMap]) -> str:
    """Return the file in which a case remembers its mappings."""
    lines = ["# How `tocsin facts import` reads your tables; --map and --set replace what stands here."]
    for name, item in sorted(stored.items()):
        lines.append(f"{json.dumps(name)}:")
        lines += [f"  {part}: {json.dumps(value, ensure_ascii=False)}" for part, value in item.to_dict().items()]
    return "\n".join(lines) + "\n"


# --- what names of columns show ------------------------------------------------------------------------------------


def guessed(table: Table, known: ColumnMap, *, may_ask: bool) -> ColumnMap:
    """Return what the names of the columns show of the parts that a mapping does not give.

    Args:
        table: the table.
        known: what is given or remembered.
        may_ask: a person can be asked which of several columns is the value.

    Raises:
        InputError: if two columns could be the value and nobody can be asked.
    """
    taken = set(_all_columns(known))
    columns: dict[str, tuple[str, ...]] = {}
    for part in PARTS:
        if part in known.columns or part in known.texts or part == "value":
            continue
        names = _ranked(part, table.columns)
        free = [name for name in names if name not in taken] or [
            name for name in names if part == "date"
        ]  # a key may have the year
        if name := next(iter(free), None):
            columns[part] = (name,)
            taken.add(name)
    if "value" not in known.columns:
        columns |= _value(table, taken, may_ask=may_ask)
    return ColumnMap(columns)


def _ranked(part: str, columns: Sequence[str]) -> list[str]:
    """Return the columns that may be a part by their names, the likeliest first."""
    plain = {name: re.sub(r"\s*[(\[].*?[)\]]", "", name).strip().lower() for name in columns}
    return [name for known in _NAMES[part] for name in columns if plain[name] == known]


def _value(table: Table, taken: set[str], *, may_ask: bool) -> dict[str, tuple[str, ...]]:
    named = [name for name in _ranked("value", table.columns) if name not in taken]
    other = {name for part in PARTS if part != "value" for name in _ranked(part, table.columns)} | taken
    candidates = named or [name for name in table.columns if name not in other and _is_numeric(table, name)]
    if len(candidates) > 1 and may_ask:
        return {}
    if len(candidates) > 1:
        shown = ", ".join(f"`{name}`" for name in candidates[:6]) + (", ..." if len(candidates) > 6 else "")
        raise InputError(
            message("{count} columns could be the value: {columns}", count=len(candidates), columns=shown),
            file=table.grid.shown,
            remedy=message(
                'name one with --map "value={column}", or join columns of facts: --map "value={columns}"',
                column=candidates[0],
                columns="+".join(candidates[:2]),
            ),
        )
    return {"value": tuple(candidates)} if candidates else {}


def _is_numeric(table: Table, name: str) -> bool:
    column = table.columns.index(name)
    cells = [cell for row in table.rows if not is_missing(cell := table.cell(row, column))]
    numbers = [cell for cell in cells if number_in(cell) is not None and not _DAY.match(cell)]
    return bool(cells) and len(numbers) >= _MOSTLY * len(cells)


# --- what is still missing -----------------------------------------------------------------------------------------


def completed(table: Table, known: ColumnMap, ask: Ask | None) -> ColumnMap:
    """Return a mapping with a key, a value, a source and a confidence.

    Args:
        table: the table.
        known: what is given, remembered or guessed.
        ask: asks a person for what is missing; None if nobody can answer.

    Raises:
        InputError: if a part is missing and nobody can be asked.
    """
    for part in ("key", "value", "source", "confidence"):
        if known.columns.get(part) or known.texts.get(part) or (part == "source" and table.source):
            continue
        if ask is None:
            raise _missing(table, part)
        known = _with_answer(table, known, part, ask)
    return known


_QUESTIONS = {
    "key": "Which column names each fact? Join several by +",
    "value": "Which column has the values? Join several by + if each is a fact of its own",
    "source": "Which source do all rows have? A citation, or a key of the case",
    "confidence": "How sure are the values",
}


def _with_answer(table: Table, known: ColumnMap, part: str, ask: Ask) -> ColumnMap:
    if part in ("key", "value"):
        names = _columns(part, ask(f"{_QUESTIONS[part]}. Columns: {', '.join(table.columns)}", ()), table.columns)
        return replace(known, columns={**known.columns, part: names})
    choices = get_args(Confidence) if part == "confidence" else ()
    return replace(known, texts={**known.texts, part: ask(_QUESTIONS[part], choices)})


def _missing(table: Table, part: str) -> InputError:
    texts = {
        "key": (
            message("no column of keys"),
            message('name what tells the rows apart, such as --map "key={columns}"', columns=_distinct(table)),
        ),
        "value": (message("no column of values"), message("name it with --map value=COLUMN")),
        "source": (
            message("no source"),
            message('name a column with --map source=COLUMN, or one for all rows: --set source="Ministry, 2024"'),
        ),
        "confidence": (
            message("no confidence"),
            message(
                "name a column with --map confidence=COLUMN, or one level for all rows: --set confidence=medium ({levels})",
                levels=", ".join(get_args(Confidence)),
            ),
        ),
    }
    problem, remedy = texts[part]
    return InputError(
        message("{problem}; the columns are {columns}", problem=problem, columns=", ".join(table.columns[:12])),
        file=table.grid.shown,
        remedy=remedy,
    )


def _distinct(table: Table) -> str:
    """Return the first column, or two, whose cells tell the rows apart."""
    count = len(table.rows)
    for index, name in enumerate(table.columns):
        cells = [table.cell(row, index) for row in table.rows]
        if all(cells) and len(set(cells)) == count and not _is_numeric(table, name):
            return name
    return "+".join(table.columns[:2])
