"""Parse rows of a case's tables into typed records. Errors name file, line and column of the cell."""

from __future__ import annotations

import re
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from tocsin.case.blocks import Confidence
from tocsin.case.currencies import check_currency
from tocsin.case.record_blocks import PowerRow
from tocsin.case.schema import SpendingRow, WrittenFact
from tocsin.case.types import check_year
from tocsin.case.units import parse_number, parse_unit
from tocsin.case.validating import told
from tocsin.case.values import parse_value
from tocsin.errors import InputError, did_you_mean
from tocsin.measures.money import RateRow
from tocsin.reading import Row
from tocsin.translation import message

FACTS = ("key", "value", "unit", "date", "kind", "source", "confidence", "note")
FACTS_OPTIONAL = ("range", "flag", "from", "expected")
RATES = ("currency", "year", "per_usd", "deflator", "ppp", "source")
SPENDING = ("actor", "year", "path", "value", "unit", "kind", "source", "confidence", "note")
SPENDING_OPTIONAL = ("from",)
POWER = ("actor", "year", "value", "source", "confidence", "note")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,119}\Z")
_CONFIDENCE = get_args(Confidence)
_Model = TypeVar("_Model", bound=BaseModel)


def fact_row(row: Row) -> tuple[str, WrittenFact]:
    """Return the key and the fact of a row of a fact table."""
    cells = row.cells
    if not _KEY.match(cells["key"]):
        raise row.error(
            "key",
            message("{text} is not the id of a fact", text=repr(cells["key"])),
            message("use letters, digits, dots and hyphens, beginning with a letter"),
        )
    if not cells["value"] and not cells.get("from"):
        raise row.error("value", message("empty value"), message("leave out the row of a missing value"))
    try:
        if cells["value"]:
            parse_value(cells["value"], cells["unit"])
    except InputError as error:
        raise row.error("value", error.message, error.remedy) from None
    values = {
        "value": cells["value"] or None,
        "from": cells.get("from") or None,
        "unit": cells["unit"],
        "date": cells["date"] or None,
        "kind": cells["kind"] or None,
        "source": _sources(row) if cells["source"] or not cells.get("from") else (),
        "confidence": _confidence(row),
        "note": cells["note"],
        "range": cells.get("range") or None,
        "flag": cells.get("flag") or None,
        "expected": cells.get("expected") or None,
    }
    return cells["key"], _validated(WrittenFact, values, row)


def _validated(model: type[_Model], values: dict[str, Any], row: Row) -> _Model:
    """Return the record of a row; raises InputError at the cell of its first problem."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = str(first["loc"][0]) if first["loc"] else "value"
        remedy = first.get("ctx", {}).get("remedy", message("see the tables in the documentation of the case file"))
        wrong = message("{column}: {reason}", column=column, reason=told(first))
        raise row.error(column, wrong, remedy) from None


def rate_row(row: Row) -> RateRow:
    """Return a row of the rates table."""
    currency = row.cells["currency"]
    try:
        check_currency(currency)
    except InputError as error:
        raise row.error("currency", error.message, error.remedy) from None
    source = row.cells["source"]
    if not source:
        raise row.error("source", message("a row without a source"), message("name a key of `sources`"))
    return RateRow(currency, _year(row), _rate(row, "per_usd"), _rate(row, "deflator"), _rate(row, "ppp"), source)


def spending_row(row: Row) -> SpendingRow:
    """Return a row of the spending table."""
    value = _number(row, "value")
    if value < 0:
        raise row.error(
            "value", message("negative spending: {value}", value=row.cells["value"]), message("spending is 0 or more")
        )
    try:
        unit = parse_unit(row.cells["unit"])
    except InputError as error:
        raise row.error("unit", error.message, error.remedy) from None
    if unit.currency is None or unit.powers != ((unit.currency, 1),):
        raise row.error(
            "unit",
            message("`{unit}` is not money", unit=row.cells["unit"]),
            message('write a currency with its prefix, "JPY bn"'),
        )
    _check_names(row, "actor", "path")
    values = {
        "actor": row.cells["actor"],
        "year": _year(row),
        "path": row.cells["path"],
        "value": value,
        "unit": row.cells["unit"],
        "kind": row.cells["kind"],
        "source": _sources(row),
        "confidence": _confidence(row),
        "note": row.cells["note"],
        "from": row.cells.get("from") or None,
    }
    return _validated(SpendingRow, values, row)


def power_row(row: Row) -> PowerRow:
    """Return a row of a table of relative power."""
    value = _number(row, "value")
    if value <= 0:
        raise row.error(
            "value",
            message("{column}: {value} is not above 0", column="value", value=f"{value:g}"),
            message("leave out the row of a missing value"),
        )
    _check_names(row, "actor")
    values = {
        "actor": row.cells["actor"],
        "year": _year(row),
        "value": value,
        "source": _sources(row),
        "confidence": _confidence(row),
        "note": row.cells["note"],
    }
    return _validated(PowerRow, values, row)


def _check_names(row: Row, *columns: str) -> None:
    for column in columns:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,79}", row.cells[column]):
            raise row.error(
                column,
                message("{text} is not a name", text=repr(row.cells[column])),
                message("use letters, digits and underscores"),
            )


def _number(row: Row, column: str) -> float:
    try:
        return parse_number(row.cells[column])
    except InputError as error:
        wrong = message("{column}: {reason}", column=column, reason=error.message)
        raise row.error(column, wrong, error.remedy) from None


def _rate(row: Row, column: str) -> float | None:
    if not row.cells[column]:
        return None
    value = _number(row, column)
    if value <= 0:
        raise row.error(
            column,
            message("{column}: {value} is not above 0", column=column, value=f"{value:g}"),
            message("leave the cell empty if the rate is missing"),
        )
    return value


def _year(row: Row) -> int:
    text = row.cells["year"]
    if not re.fullmatch(r"[0-9]{4}", text):
        raise row.error(
            "year",
            message("{text} is not a year", text=repr(text)),
            message("write the (fiscal) year in which it begins, e.g. 2026"),
        )
    try:
        return check_year(int(text))
    except InputError as error:
        raise row.error("year", error.message, error.remedy) from None


def _confidence(row: Row) -> str:
    text = row.cells["confidence"]
    if text not in _CONFIDENCE:
        raise row.error(
            "confidence",
            message("{text} is not a level of confidence", text=repr(text)),
            did_you_mean(text, _CONFIDENCE),
        )
    return text


def _sources(row: Row) -> tuple[str, ...]:
    """Return the keys of sources, separated by spaces or semicolons."""
    names = tuple(re.split(r"[;\s]+", row.cells["source"])) if row.cells["source"] else ()
    if not names:
        raise row.error("source", message("a row without a source"), message("name a key of `sources`"))
    return names
