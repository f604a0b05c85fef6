"""Types of columns: numbers, texts, booleans or days, and which of their values mean that one is missing.

Texts lose the blanks around them. A column of texts that are all numbers is a column of numbers. A column that is mostly numbers is
never a factor by accident: its other values must be missing values, or it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import polars as pl

from tocsin.errors import InputError
from tocsin.evidence.tables import ROW, check_columns

Kind: TypeAlias = Literal["number", "text", "boolean", "day"]
Code: TypeAlias = float | str

WORDS = ("", "na", "n/a", "#n/a", "null", "nan", ".")
"""Texts that mean missing in every column, in small letters. So do `.a` to `.z`, as Stata writes them."""
WORDS_AMONG_NUMBERS = ("none", "n.a.", "..", "-", "--", "#value!", "#div/0!")
"""Further texts that mean missing in a column of numbers."""
CODES = (-9.0, -99.0, -999.0, -9999.0, -99999.0, -66.0, -77.0, -88.0)
"""Numbers that data sets on conflict use for missing."""
MAX_NAMED = 3
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_LIKE_NUMBER = r"^[^\w]{0,2}\d[\d.,' \u00a0%]*$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_STATA = r"^\.[a-z]$"


@dataclass(frozen=True)
class Missing:
    """Values that mean missing by the specification's key `missing`.

    Attributes:
        everywhere: values in all columns, in addition to those that are recognised.
        columns: values by column; they replace the recognised ones there.
    """

    everywhere: tuple[Code, ...] = ()
    columns: Mapping[str, tuple[Code, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """How a column is read.

    Attributes:
        kind: type of its values.
        codes: values that mean missing, besides `WORDS`.
    """

    kind: Kind
    codes: tuple[Code, ...]


@dataclass(frozen=True)
class Typed:
    """A table with typed columns.

    Attributes:
        table: numbers are float64; missing values are null.
        readings: how its columns were read.
        notes: what was read as missing, a sentence a column.
    """

    table: pl.DataFrame
    readings: Mapping[str, Reading]
    notes: tuple[str, ...]


def typed(
    table: pl.DataFrame, names: Iterable[str], *, mixed: Collection[str] = (), missing: Missing | None = None
) -> Typed:
    """Return a table whose columns of these names have a type that is inferred from their values.

    Args:
        table: with row numbers.
        names: of the columns; all others stay as they are.
        mixed: columns that may hold numbers and other texts; they become texts.
        missing: the specification's missing values.

    Raises:
        InputError: for an unknown column, values that are neither numbers, texts, truth values nor days, or a column that is mostly
            numbers but has other values that are not known to mean missing.
    """
    codes = missing or Missing()
    check_columns(table, codes.columns, "missing")
    readings: dict[str, Reading] = {}
    notes: list[str] = []
    for name in dict.fromkeys(names):
        check_columns(table, [name], "specification")
        plain = _plain(table[name])
        reading, doubtful = _inferred(plain, table[ROW], codes, mixed=name in mixed)
        readings[name] = reading
        table = table.with_columns(_read(plain, reading, table[ROW]))
        notes += _notes(plain, table[name], doubtful)
    return Typed(table, readings, tuple(notes))


def typed_as(table: pl.DataFrame, readings: Mapping[str, Reading], user: str) -> pl.DataFrame:
    """Return another table with the columns of these readings, read in the same way.

    Args:
        table: with row numbers.
        readings: by column.
        user: who needs the columns, in errors.

    Raises:
        InputError: for an unknown column or a value of another type.
    """
    check_columns(table, readings, user)
    columns = [_read(_plain(table[name]), reading, table[ROW]) for name, reading in readings.items()]
    return table.with_columns(columns)


def _plain(column: pl.Series) -> pl.Series:
    """Return a column as float64, stripped text, boolean or date."""
    kind = column.dtype
    if kind.is_numeric():
        return column.cast(pl.Float64).fill_nan(None)
    if isinstance(kind, pl.String | pl.Categorical | pl.Enum):
        return column.cast(pl.String).str.strip_chars()
    if isinstance(kind, pl.Null):
        return column.cast(pl.Float64)
    if isinstance(kind, pl.Boolean):
        return column
    if isinstance(kind, pl.Date | pl.Datetime):
        return column.cast(pl.Date) if isinstance(kind, pl.Date) else column.dt.date()
    raise InputError(f"`{column.name}` holds values of type {kind}", remedy="make a column of numbers or texts of it")


def _inferred(
    column: pl.Series, rows: pl.Series, missing: Missing, *, mixed: bool
) -> tuple[Reading, tuple[float, ...]]:
    """Return how a plain column is read, and the numbers that may mean missing but are used."""
    named = missing.columns.get(column.name)
    codes = missing.everywhere if named is None else named
    if isinstance(column.dtype, pl.Boolean):
        return Reading("boolean", codes), ()
    if isinstance(column.dtype, pl.Date):
        return Reading("day", codes), ()
    if isinstance(column.dtype, pl.String):
        kind = _kind_of_texts(column, rows, codes, mixed=mixed)
        if kind != "number":
            return Reading(kind, codes), ()
    numbers = _read(column, Reading("number", codes), rows)
    recognised, doubtful = _recognised(numbers) if named is None else ((), ())
    return Reading("number", (*codes, *recognised)), doubtful


def _kind_of_texts(column: pl.Series, rows: pl.Series, codes: Sequence[Code], *, mixed: bool) -> Kind:
    values = column.filter(~_is_missing(column, codes)).drop_nulls()
    if values.str.contains(_DAY).all() and len(values):
        return "day"
    if values.str.to_lowercase().is_in(["true", "false"]).all() and len(values):
        return "boolean"
    among = values.filter(~values.str.to_lowercase().is_in(WORDS_AMONG_NUMBERS))
    numeric = _signs(among).str.contains(_NUMBER)
    if numeric.all() and (len(among) or not len(values)):
        return "number"
    like = numeric | among.str.contains(_LIKE_NUMBER)
    if mixed or int(like.sum()) * 2 < len(among):
        return "text"
    raise _mostly_numbers(column.name, among.filter(~numeric), column, rows)


def _mostly_numbers(name: str, others: pl.Series, column: pl.Series, rows: pl.Series) -> InputError:
    words = others.unique(maintain_order=True)
    shown = ", ".join(
        f"{word!r} (row {rows.filter((column == word).fill_null(False))[0]})" for word in words[:MAX_NAMED]
    )
    more = f" and {len(words) - MAX_NAMED} other texts" if len(words) > MAX_NAMED else ""
    marked = others.str.contains(_LIKE_NUMBER).any()
    return InputError(
        f"`{name}` is mostly numbers but also holds {shown}{more}",
        remedy="write numbers like 1234.5, without other marks"
        if marked
        else f'if they mean missing, write `missing: ["{words[0]}"]`; for a factor write C({name})',
    )


def _recognised(numbers: pl.Series) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the codes that mean missing in a column of numbers, and those that may do so but are used.

    A code means missing if the other values are not negative, or if it lies below them by more than their range.
    """
    present = [code for code in CODES if (numbers == code).any()]
    others = numbers.filter(~numbers.is_in(CODES)).drop_nulls()
    if not present or not len(others):
        return tuple(present), ()
    low, high = float(others.min()), float(others.max())  # type: ignore[arg-type]
    recognised = tuple(code for code in present if low >= 0 or code < low - (high - low))
    return recognised, tuple(code for code in present if code not in recognised and code < low)


def _read(column: pl.Series, reading: Reading, rows: pl.Series) -> pl.Series:
    """Return a plain column as float64, text, boolean or date; missing values are null.

    Raises:
        InputError: for a value of another type.
    """
    absent = _is_missing(column, reading.codes)
    if reading.kind == "number" and isinstance(column.dtype, pl.String):
        absent |= column.str.to_lowercase().is_in(WORDS_AMONG_NUMBERS)
    present = column.set(absent.fill_null(False), None)
    result = _converted(present, reading.kind)
    wrong = present.is_not_null() & result.is_null()
    if wrong.any():
        noun = {"number": "a number", "text": "a text", "boolean": "true or false", "day": "a day (YYYY-MM-DD)"}
        raise InputError(
            f"row {rows.filter(wrong)[0]}: `{column.name}` is {present.filter(wrong)[0]!r}, not {noun[reading.kind]}",
            remedy="write the values of a column in one way, and list those that mean missing in `missing:`",
        )
    return result


def _converted(column: pl.Series, kind: Kind) -> pl.Series:
    """Return a plain column in a type; null for values of another type."""
    text = isinstance(column.dtype, pl.String)
    empty = pl.Series(column.name, [None] * len(column))
    match kind:
        case "number" if text:
            numbers = _signs(column)
            return numbers.set(~numbers.str.contains(_NUMBER), None).cast(pl.Float64)
        case "number":
            return column if column.dtype.is_float() else empty.cast(pl.Float64)
        case "boolean" if text:
            lower = column.str.to_lowercase()
            return (lower == "true").set(~lower.is_in(["true", "false"]), None)
        case "boolean":
            return column if isinstance(column.dtype, pl.Boolean) else empty.cast(pl.Boolean)
        case "day" if text:
            return column.str.to_date("%Y-%m-%d", strict=False)
        case "day":
            return column if isinstance(column.dtype, pl.Date) else empty.cast(pl.Date)
    return column if text else pl.Series(column.name, [as_text(value) for value in column], pl.String)


def as_text(value: object) -> str | None:
    """Return a value as a text: `1` for 1.0."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _signs(column: pl.Series) -> pl.Series:
    """Return texts with hyphens for minus signs."""
    return column.str.replace_all("\u2212", "-")


def _is_missing(column: pl.Series, codes: Sequence[Code]) -> pl.Series:
    """Return which values of a plain column mean missing; null where one is missing already."""
    if isinstance(column.dtype, pl.String):
        numbers = [code for code in codes if not isinstance(code, str)]
        texts = [str(code) for code in codes if isinstance(code, str)]
        numeric = _signs(column).set(~_signs(column).str.contains(_NUMBER), None).cast(pl.Float64)
        lower = column.str.to_lowercase()
        return (
            lower.is_in(WORDS)
            | lower.str.contains(_STATA)
            | column.is_in(texts)
            | numeric.is_in(numbers).fill_null(False)
        )
    if column.dtype.is_float():
        return column.is_in([number for code in codes if (number := _as_number(code)) is not None])
    return pl.Series([False] * len(column), dtype=pl.Boolean)


def _as_number(code: Code) -> float | None:
    if isinstance(code, str):
        return float(code) if re.match(_NUMBER, code) else None
    return float(code)


def _notes(plain: pl.Series, result: pl.Series, doubtful: Sequence[float]) -> list[str]:
    name = plain.name
    lost = plain.filter(plain.is_not_null() & result.is_null())
    notes = []
    if len(lost):
        counts = lost.value_counts(sort=True, name="count")
        words = ", ".join(f"{as_text(value) or 'blank'!s} in {number}" for value, number in counts.iter_rows())
        notes.append(
            f"`{name}` is read as missing where it is {words}; `missing: {{{name}: [...]}}` sets what means missing"
        )
    for code in doubtful:
        number = int((result == code).sum())
        notes.append(
            f"`{name}` is {as_text(code)} in {number}, which is used as a number; if it means missing, write `missing: [{as_text(code)}]`"
        )
    return notes
