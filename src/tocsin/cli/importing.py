"""`tocsin facts import`: bring a table of facts into a case."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.output import say

if TYPE_CHECKING:
    from tocsin.importing.grid import Grid
    from tocsin.importing.run import Prepared

PREVIEW = 20
"""Facts that are shown without --all."""
SHOWN_SOURCES = 8
"""New sources that are named."""
WIDEST = 40
"""Characters of a cell that are shown."""
PASTED = "pasted"
"""Name of a table that comes from standard input."""


@click.group()
def facts() -> None:
    """Bring facts into a case."""


@facts.command("import")
@click.argument("table", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--case", required=True, type=click.Path(path_type=Path), help="Folder of the case, or its case.yaml.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="PART=COLUMN",
    help="The column of a part of a fact: key, value, unit, date, kind, source, confidence, note, range, flag or expected. Repeatable."
    " Join columns of a key with +. Several columns of values are facts of their own.",
)
@click.option(
    "--set", "texts", multiple=True, metavar="PART=TEXT", help="A part that is the same in every row. Repeatable."
)
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal mark, where the numbers do not show it.")
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), help="Order of day and month in 03/05/2024, where no date shows it."
)
@click.option("--sheet", help="The sheet of a workbook, if several have cells.")
@click.option("--name", help="Name of the table in the case [default: that of the file].")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--all", "show_all", is_flag=True, help="Show all facts, and not only the first 20.")
def import_(table: Path, case: Path, sheet: str | None, *, dry_run: bool, show_all: bool, **given: Any) -> None:
    """Import TABLE into a case. TABLE is CSV in any dialect, a workbook (.xlsx), or pasted text; - reads standard input.

    Columns are known by their names (key, value, unit, date, source, ...), by --map, or from the last import of the table, which the case
    remembers. On a terminal the command asks for what is missing. Free-text sources become sources of the case.

    Every cell is read, or named in a message. If a cell cannot be read, nothing is written.

    \b
    tocsin facts import budgets.xlsx --case my-case --dry-run
    tocsin facts import patrols.csv --case my-case --map key=Area+Year --map value=Entries --set confidence=medium
    """
    from tocsin.files import write_all
    from tocsin.importing.run import Options, prepare

    ready = prepare(_grid(table, sheet), case, Options(**given), _stem(table, sheet), _asker(table))
    say(report(ready, dry_run=dry_run, most=None if show_all else PREVIEW))
    if not dry_run:
        write_all(dict(ready.files))


def _grid(table: Path, sheet: str | None) -> Grid:
    from tocsin.importing.grid import grid_of, read_grid
    from tocsin.reading.delimited import MAX_TABLE

    return grid_of(sys.stdin.buffer.read(MAX_TABLE), PASTED) if str(table) == "-" else read_grid(table, sheet)


def _stem(table: Path, sheet: str | None) -> str:
    return PASTED if str(table) == "-" else f"{table.stem}_{sheet}" if sheet else table.stem


def _asker(table: Path) -> Callable[[str, Sequence[str]], str] | None:
    """Return what asks the user; None if no terminal can answer."""
    if str(table) == "-" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    return lambda question, choices: str(click.prompt(question, type=click.Choice(choices) if choices else str))


def report(ready: Prepared, *, dry_run: bool, most: int | None) -> str:
    """Return what an import does: the mapping, facts, new sources, remarks by cause, and the files.

    Args:
        ready: the import.
        dry_run: whether nothing is written.
        most: how many facts are shown; None for all.
    """
    from tocsin.importing.remarks import grouped
    from tocsin.importing.sources import UNGRADED
    from tocsin.tables import text_table

    facts, sources = ready.conversion.facts, ready.conversion.sources
    rows = [
        (fact.key, fact.value, fact.unit, fact.date, ";".join(fact.source), fact.confidence) for fact in facts[:most]
    ]
    shown = [[cell if len(cell) <= WIDEST else f"{cell[: WIDEST - 3]}..." for cell in row] for row in rows]
    lines = [
        f"columns: {ready.columns.words}",
        text_table(("key", "value", "unit", "date", "source", "confidence"), shown),
    ]
    if len(facts) > len(rows):
        lines.append(f"and {len(facts) - len(rows)} more; --all shows them")
    if sources:
        names = ", ".join(source.key for source in sources[:SHOWN_SOURCES]) + (
            ", ..." if len(sources) > SHOWN_SOURCES else ""
        )
        lines.append(f"{_counted(len(sources), 'new source')} of grade {UNGRADED}; grade them in case.yaml: {names}")
    lines += grouped(ready.conversion.remarks)
    verb = "would write" if dry_run else "wrote"
    lines.append(f"{verb} {_counted(len(facts), 'fact')} to {', '.join(ready.names)}")
    return "\n".join(lines)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
