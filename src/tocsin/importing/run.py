"""Prepare an import: read the table, settle the mapping, convert the rows, and check that the case loads with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.errors import InputError
from tocsin.importing import mapping
from tocsin.importing.cells import AMBIGUOUS as AMBIGUOUS_NUMBER
from tocsin.importing.convert import Conversion, convert
from tocsin.importing.dates import AMBIGUOUS as AMBIGUOUS_DATE
from tocsin.importing.dates import Order
from tocsin.importing.grid import Grid
from tocsin.importing.keys import slug
from tocsin.importing.layout import Table, read_layout
from tocsin.importing.numbers import Decimal
from tocsin.importing.plan import Target, outputs, read_target
from tocsin.importing.remarks import grouped
from tocsin.translation import in_lines, message, plural


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the user says about a table.

    Attributes:
        maps: PART=COLUMN.
        texts: PART=TEXT.
        decimal: the decimal mark.
        dates: the order of day and month.
        name: of the table in the case; None for that of the file.
    """

    maps: Sequence[str] = ()
    texts: Sequence[str] = ()
    decimal: Decimal | None = None
    dates: Order | None = None
    name: str | None = None


@dataclass(frozen=True)
class Prepared:
    """An import that is ready to be written: facts, mapping and files by path, `names` within the folder of the case."""

    conversion: Conversion
    columns: mapping.ColumnMap
    files: Mapping[Path, str]
    names: tuple[str, ...]


def prepare(grid: Grid, case: Path, options: Options, stem: str, ask: mapping.Ask | None) -> Prepared:
    """Return an import that is ready to be written.

    Args:
        grid: cells of the table.
        case: folder of the case, or its file.
        options: what the user says.
        stem: name of the file of the table.
        ask: asks a person; None if nobody can answer.

    Raises:
        InputError: if the table has no header, key or value, a cell cannot be read, or the case would not load with the facts.
    """
    target = read_target(case)
    stem = slug(options.name or stem).lower() or "table"
    table = read_layout(grid)
    columns = _settled(table, target, options, stem, ask)
    known = {key: source.cite for key, source in target.parsed.sources.items()}
    conversion = convert(table, columns, known, stem)
    if ask is not None:
        columns = _clarified(columns, conversion, ask)
        conversion = convert(table, columns, known, stem)
    if conversion.errors:
        raise _refused(conversion, grid.shown)
    if not conversion.facts:
        raise InputError(
            message("no fact: every value is missing"),
            file=grid.shown,
            remedy=message("check which column is the value"),
        )
    columns = replace(columns, decimal=conversion.decimal, dates=conversion.dates)
    files = outputs(target, stem, conversion, columns)
    names = tuple(str(file.relative_to(target.folder)) for file in files)
    return Prepared(conversion, columns, files, names)


def _settled(table: Table, target: Target, options: Options, stem: str, ask: mapping.Ask | None) -> mapping.ColumnMap:
    """Return the mapping: what is given comes first, then what the case remembers, what names show, and answers."""
    given = mapping.given_map(options.maps, options.texts, table.columns, options.decimal, options.dates)
    known = given.over(mapping.fitting(target.stored, stem, table.columns))
    known = known.over(mapping.guessed(table, known, may_ask=ask is not None))
    return mapping.completed(table, known, ask)


def _clarified(columns: mapping.ColumnMap, conversion: Conversion, ask: mapping.Ask) -> mapping.ColumnMap:
    """Return the mapping with the decimal mark and the order of dates that a person gives, where cells leave them open."""
    causes = {remark.cause: remark.cell for remark in reversed(conversion.errors)}
    if AMBIGUOUS_NUMBER[0] in causes and columns.decimal is None:
        mark = ask(f"The decimal mark, as in {causes[AMBIGUOUS_NUMBER[0]]!r}", (".", ","))
        columns = replace(columns, decimal="," if mark == "," else ".")
    if AMBIGUOUS_DATE[0] in causes and columns.dates is None:
        order = ask(f"The order of day and month, as in {causes[AMBIGUOUS_DATE[0]]!r}", ("dmy", "mdy"))
        columns = replace(columns, dates="mdy" if order == "mdy" else "dmy")
    return columns


def _refused(conversion: Conversion, shown: str) -> InputError:
    """Return the error for cells that cannot be read, by cause."""
    count = len({(remark.row, remark.cell) for remark in conversion.errors})
    causes = in_lines(grouped(dict.fromkeys(conversion.errors)))
    problem = plural(
        "{count} cell cannot be read; nothing is written\n{causes}",
        "{count} cells cannot be read; nothing is written\n{causes}",
        count,
        causes=causes,
    )
    return InputError(problem, file=shown)
