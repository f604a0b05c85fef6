"""Turn the rows of a table into facts; every cell is read, or named in a remark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from tocsin.case.blocks import Confidence
from tocsin.case.values import is_missing, parse_value
from tocsin.errors import InputError
from tocsin.importing.cells import Value, number_in, read_value, without_marks
from tocsin.importing.dates import Dated, Order, order_shown, read_date
from tocsin.importing.keys import key_of
from tocsin.importing.layout import Table
from tocsin.importing.mapping import ColumnMap
from tocsin.importing.numbers import Decimal, Form, form_of, plain_number
from tocsin.importing.remarks import CellError, Remark
from tocsin.importing.sources import NewSource, SourceBook
from tocsin.importing.units import combined_unit, unit_of_title
from tocsin.translation import message
from tocsin.translation.text import Message

_LONGEST = 2_000
"""Largest number of characters of a value."""
_RANGE = re.compile(r"([-+\u2212]?\s*\d[\d.,'’ ]*)\s*(?:-|–|—|\bto\b)\s*([-+\u2212]?\s*\d[\d.,'’ ]*)(.*)\Z")


@dataclass(frozen=True)
class ImportedFact:
    """A fact read from a row, with the row and the cell that it was read from."""

    key: str
    value: str
    unit: str
    date: str
    kind: str
    source: tuple[str, ...]
    confidence: str
    note: str
    range: str
    flag: str
    expected: str
    row: int
    cell: str


@dataclass(frozen=True)
class Conversion:
    """The facts of a table, the sources that they add, remarks on cells that were read or left out, and on those that cannot be read."""

    facts: tuple[ImportedFact, ...]
    sources: tuple[NewSource, ...]
    remarks: tuple[Remark, ...]
    errors: tuple[Remark, ...]
    decimal: Decimal | None
    dates: Order | None


def convert(table: Table, columns: ColumnMap, known_sources: Mapping[str, str], stem: str) -> Conversion:
    """Return the facts of a table.

    Args:
        table: the table.
        columns: which column is what; with a key, a value, a source and a confidence.
        known_sources: citations of the case's sources, by key.
        stem: name of the table, for keys that would begin with a digit.
    """
    converter = _Converter(table, columns, SourceBook(known_sources), stem)
    facts = tuple(converter.facts())
    errors = [*table.errors, *converter.errors, *converter.duplicates(facts)]
    remarks = [*table.remarks, *converter.unread(), *converter.remarks]
    new = tuple(converter.book.new.values())
    return Conversion(facts, new, tuple(remarks), tuple(errors), converter.decimal, converter.dates)


@dataclass
class _Converter:
    table: Table
    map: ColumnMap
    book: SourceBook
    stem: str
    remarks: list[Remark] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)
    above: dict[int, str] = field(default_factory=dict)
    used_marks: set[str] = field(default_factory=set)
    marks: set[Form] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.indices = {
            part: [self.table.columns.index(name) for name in names] for part, names in self.map.columns.items()
        }
        self.decimal = self.map.decimal or self._decimal()
        self.dates = self.map.dates or self._dates()

    # --- conventions of the whole table ----------------------------------------------------------------------------

    def _cells(self, parts: Iterable[str]) -> Iterator[str]:
        for part in parts:
            for column in self.indices.get(part, ()):
                for row in self.table.rows:
                    if (row, column) not in self.table.grid.typed:
                        yield self.table.cell(row, column)

    def _decimal(self) -> Decimal | None:
        """Return the decimal mark that all numbers of the table agree on; None if they show none, or both."""
        numbers = (digits for cell in self._cells(("value",)) if (digits := number_in(cell)) is not None)
        self.marks = {form_of(digits) for digits in numbers} & {".", ","}
        if len(self.marks) != 1:
            return None
        return "," if "," in self.marks else "."

    def _dates(self) -> Order | None:
        orders = {order for cell in self._cells(("date", "expected")) if (order := order_shown(cell)) is not None}
        return orders.pop() if len(orders) == 1 else None

    # --- rows ------------------------------------------------------------------------------------------------------

    def facts(self) -> Iterator[ImportedFact]:
        """Yield the facts of all rows; append remarks and errors."""
        for row in self.table.rows:
            for column in self.indices["value"]:
                cell = self.table.cell(row, column)
                try:
                    fact = self._fact(row, column, cell)
                except CellError as error:
                    self._add(self.errors, error.cause, row, cell if error.cell is None else error.cell, error.remedy)
                    continue
                if fact is not None:
                    yield fact

    def _add(self, remarks: list[Remark], cause: str, row: int, cell: str, remedy: str = "") -> None:
        remarks.append(Remark(cause, remedy, self.table.grid.lines[row], cell))

    def _fact(self, row: int, column: int, cell: str) -> ImportedFact | None:
        value = self._value(row, column, cell)
        if value is None:
            names = " ".join(self.table.cell(row, index) for index in self.indices["key"])
            self._add(self.remarks, message("a missing value, left out"), row, f"{names}: {cell or 'blank'}")
            return None
        confidence = self._confidence(row)
        weak = confidence in ("low", "recalled")
        # a flag for all rows is the reason to use those that need one
        flag = self._text(row, "flag") if weak or "flag" in self.indices else ""
        span = self._range(row, value.unit)
        if weak and not (span or flag):
            raise CellError(
                message("a low or recalled value without a range or a flag"),
                message('map a column to range or flag, or give --set flag="why it is used anyway"'),
                confidence,
            )
        dated = self._dated(row, "date", self.table.columns[column])
        return ImportedFact(
            key=self._key(row, column),
            value=value.text,
            unit="" if value.unit == "truth" and not self._text(row, "unit") else value.unit,
            date=dated.text,
            kind=self._text(row, "kind"),
            source=self._sources(row),
            confidence=confidence,
            note=self._note(row, value, dated),
            range=span,
            flag=flag,
            expected=self._dated(row, "expected", "").text,
            row=self.table.grid.lines[row],
            cell=cell,
        )

    def _text(self, row: int, part: str) -> str:
        """Return what the columns of a part say in a row, else what it is in every row."""
        cells = [cell for column in self.indices.get(part, ()) if (cell := self.table.cell(row, column))]
        return "; ".join(cells) or self.map.texts.get(part, "")

    def _cells_of(self, row: int, part: str) -> Iterator[str]:
        for column in self.indices.get(part, ()):
            yield self.table.cell(row, column)

    # --- parts of a fact -------------------------------------------------------------------------------------------

    def _value(self, row: int, column: int, cell: str) -> Value | None:
        position = (row, column)
        if position in self.table.grid.formulas:
            if cell.startswith("="):
                raise CellError(
                    message("a formula without a stored result"),
                    message("open the workbook in a spreadsheet, and save it"),
                )
            self._add(self.remarks, message("a formula; its stored result is used"), row, cell)
        if position in self.table.grid.merged:
            self._add(self.remarks, message("a merged cell, whose value each of its rows takes"), row, cell)
        if len(cell) > _LONGEST:
            raise CellError(
                message("a cell of more than {most} characters", most=f"{_LONGEST:,}"),
                message("shorten it, or map it to the note"),
            )
        unit = combined_unit(self._text(row, "unit"), unit_of_title(self.table.columns[column]))
        value = read_value(cell, unit, self.decimal, typed=position in self.table.grid.typed)
        if value is None:
            return None
        try:
            parse_value(value.text, value.unit)
        except InputError as error:
            raise CellError(
                _about_any(error.message, repr(value.text)), error.remedy or message("correct it")
            ) from None
        if not unit and value.reading is not None and value.reading.text == "1":
            cause = message("a number without a unit, so a plain number")
            self._add(self.remarks, cause, row, cell, message("write its unit, or 1 if it has none"))
        self._say_how(row, cell, value)
        return value

    def _say_how(self, row: int, cell: str, value: Value) -> None:
        """Remark on what was read in one of several possible ways."""
        if value.unit == "text":
            remedy = message("write digits and a unit if it is a number")
            self._add(self.remarks, message("a text as a value"), row, cell, remedy)
        if len(self.marks) > 1 and form_of(number_in(cell) or "") == ",":
            self._add(self.remarks, message("a decimal comma, where other cells have a decimal point"), row, cell)
        if value.reading is not None and value.reading.counted:
            cause = message("`{unit}` is no unit of money or measure, so it is a count", unit=value.reading.counted)
            self._add(self.remarks, cause, row, cell)
        if value.reading is not None and value.reading.guessed:
            self._add(
                self.remarks,
                value.reading.guessed,
                row,
                cell,
                message("name another currency in the unit: --set unit=..."),
            )
        if value.unit == "truth" and cell.lower() in ("yes", "no"):
            self._add(self.remarks, message("yes and no as true and false"), row, cell)

    def _key(self, row: int, column: int) -> str:
        """Return the key of a fact: the cells of its columns, and the name of the value's column if there are several."""
        parts = []
        columns = self.indices["key"]
        for index in columns:
            cell = without_marks(self.table.cell(row, index))[0]
            if cell:
                self.above[index] = cell
            elif index in self.above and any(self.table.cell(row, other) for other in columns if other != index):
                cell = self.above[index]
                self._add(self.remarks, message("a blank cell of the key, taken from the row above"), row, cell)
            else:
                raise CellError(
                    message("a row without a key"),
                    message("fill in the cell, or name other columns with --map key=..."),
                    "",
                )
            parts.append(cell)
        if len(self.indices["value"]) > 1:
            parts.append(re.sub(r"\s*[(\[].*?[)\]]", "", self.table.columns[column]))
        key = key_of(parts, self.stem)
        if not key:
            raise CellError(
                message("a key without a Latin letter or digit"),
                message("add a column with keys, and name it with --map key=..."),
                " ".join(parts),
            )
        if any(char.isalpha() and not char.isascii() for part in parts for char in part):
            self._add(
                self.remarks,
                message("a key in other letters, written in Latin ones"),
                row,
                f"{' '.join(parts)} → {key}",
            )
        return key

    def _dated(self, row: int, part: str, column: str) -> Dated:
        """Return a date of a row; one of several columns of values may have it in its name."""
        cell = without_marks(self._text(row, part))[0]
        if is_missing(cell):
            if (
                part == "date"
                and len(self.indices["value"]) > 1
                and (year := re.search(r"\b(?:1[5-9]|20)\d{2}\b", column))
            ):
                return Dated(year[0])
            return Dated("")
        try:
            return read_date(cell, self.dates)
        except CellError as error:
            raise CellError(error.cause, error.remedy, cell) from None

    def _confidence(self, row: int) -> str:
        text = self._text(row, "confidence")
        if text.lower() not in get_args(Confidence):
            raise CellError(
                message("no level of confidence"),
                message("write {levels}", levels=", ".join(get_args(Confidence))),
                text,
            )
        return text.lower()

    def _sources(self, row: int) -> tuple[str, ...]:
        text = self._text(row, "source") or self.table.source
        if not any(char.isalnum() for char in text):
            raise CellError(
                message("a row without a source"),
                message('fill in the cell, or give one for such rows: --set source="..."'),
                text,
            )
        return self.book.keys(text)

    def _range(self, row: int, unit: str) -> str:
        text = self._text(row, "range")
        if is_missing(text):
            return ""
        match = _RANGE.match(text.strip(" []()"))
        ends = (
            [
                plain_number(end.strip().replace("\u2212", "-").lstrip("+"), self.decimal or ".")
                for end in match.groups()[:2]
            ]
            if match
            else []
        )
        if None in ends or not ends:
            raise CellError(message("a range that cannot be read"), message("write it as: 10 to 15"), text)
        return f"{ends[0]} to {ends[1]}" + ("" if unit in ("", "1") else f" {unit}")

    def _note(self, row: int, value: Value, dated: Dated) -> str:
        known = self.table.footnotes
        parts = (part for name in ("key", "date", "note") for part in self._cells_of(row, name))
        elsewhere = [mark for part in parts for mark in without_marks(part)[1] if mark in known]
        marks = [
            f"{mark}: {known[mark]}" if mark in known else f"marked {mark}"
            for mark in dict.fromkeys((*value.marks, *elsewhere))
        ]
        self.used_marks.update(value.marks, elsewhere)
        return "; ".join(
            dict.fromkeys(part for part in (self._text(row, "note"), value.note, *marks, dated.note) if part)
        )

    # --- the whole table -------------------------------------------------------------------------------------------

    def unread(self) -> list[Remark]:
        """Return a remark on each column with cells that no part of a fact reads."""
        read = {index for indices in self.indices.values() for index in indices}
        remarks = []
        for index, name in enumerate(self.table.columns):
            first = next((row for row in self.table.rows if self.table.cell(row, index)), None)
            if index not in read and first is not None:
                remedy = message('keep it with --map "note={column}"', column=name)
                remarks.append(
                    Remark(
                        message("column `{column}` is not read", column=name),
                        remedy,
                        self.table.grid.lines[first],
                        self.table.cell(first, index),
                    )
                )
        for mark, note in self.table.footnotes.items():
            if mark not in self.used_marks:
                row = self.table.footnote_rows[mark]
                remarks.append(Remark(message("a note whose mark no fact has, left out"), "", row, f"{mark} {note}"))
        return remarks

    def duplicates(self, facts: Sequence[ImportedFact]) -> Iterator[Remark]:
        """Yield the facts whose key another row of the same source, or of another year, already has.

        Other rows with one key are what several sources say of one fact; a remark names them.
        """
        seen: dict[str, tuple[ImportedFact, set[str]]] = {}
        for fact in facts:
            first, sources = seen.setdefault(fact.key, (fact, set()))
            years = first.date != fact.date and len(first.date) == len(fact.date) == 4
            if sources & set(fact.source):
                yield Remark(
                    message("a key that another row of the same source has"), self._longer_key(), fact.row, fact.key
                )
            elif years:
                yield Remark(message("a key that a row of another year has"), self._longer_key(), fact.row, fact.key)
            elif first is not fact:
                self.remarks.append(
                    Remark(
                        message("what another source says of the same fact"), "", fact.row, f"{fact.key}: {fact.cell}"
                    )
                )
            sources |= set(fact.source)

    def _longer_key(self) -> str:
        """Return the remedy for keys that do not tell rows apart: a further column that does."""
        used = self.map.columns["key"]
        for index, name in enumerate(self.table.columns):
            cells = [tuple(self.table.cell(row, i) for i in (*self.indices["key"], index)) for row in self.table.rows]
            if name not in used and index not in self.indices["value"] and len(set(cells)) == len(cells):
                return message('add a column to the key: --map "key={columns}"', columns="+".join((*used, name)))
        return message("remove one of the rows, or add a column that tells them apart")


def _about_any(text: str, value: str) -> str:
    """Return what is wrong with one value in words that fit any value, so that equal causes read alike."""
    if not isinstance(text, Message):
        return text.replace(value, "the value")
    values = {name: message("the value") if shown == value else shown for name, shown in text.values.items()}
    return Message(text.template, values, several=text.several, context=text.context)
