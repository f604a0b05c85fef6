"""The tables of a run as one zip, with a data dictionary and what to cite."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from tocsin.export.archive import zipped
from tocsin.export.citing import how_to_cite, of_run
from tocsin.export.references import to_bibtex, to_csl
from tocsin.export.run import Run
from tocsin.export.table import Table
from tocsin.export.tables import WORLDS, dictionary, tables
from tocsin.report.delimited import to_csv
from tocsin.report.draft import draft_text
from tocsin.tables import printable

TABLES = """\
Each table is a file. The file dictionary.{ending} explains every column: table, column, type, unit, meaning.
The file runs.json is the assessment as `tocsin assess --json` writes it; `tocsin show --from runs.json` reads it.
A missing value is an empty cell, never zero.
"""
APOSTROPHES = """\
A text that a spreadsheet could take for a formula has an apostrophe before it. A control character is a space. Numbers are as they are.
"""
WITH_WORLDS = """\
The table worlds has the solved worlds at the central discount factor, a row for each. Within a set of theatres, the weights of
a challenger type sum to 1. Games at other discount factors and games of controls were solved in other worlds, which are not here.
"""
NO_WORLDS = """\
The table worlds is missing: {why}.
"""
NO_CASE = """\
The tables inputs, sources, spending and other_values are missing, and facts has only what tests read: the case of this run is not
at hand, or has changed since.
"""


def csv_zip(run: Run) -> bytes:
    """Return a zip with each table of a run as CSV; the same run gives the same bytes."""
    return _bundle(run, "csv", APOSTROPHES, lambda table: to_csv(table.frame))


def parquet_zip(run: Run) -> bytes:
    """Return a zip with each table of a run as Parquet, the meaning and unit of each column in its metadata."""
    draft = draft_text(run.record.health.findings)
    return _bundle(run, "parquet", "", lambda table: _parquet(table, draft))


def _parquet(table: Table, draft: str) -> bytes:
    file = BytesIO()
    metadata = {"tocsin.table": table.what, **({"tocsin.draft": draft} if draft else {})}
    metadata |= {f"tocsin.meaning.{column.name}": column.meaning for column in table.columns}
    metadata |= {f"tocsin.unit.{column.name}": column.unit for column in table.columns if column.unit}
    table.frame.write_parquet(file, compression="zstd", metadata=metadata)
    return file.getvalue()


def _bundle(run: Run, ending: str, remark: str, encode: Callable[[Table], bytes]) -> bytes:
    listed = tuple(tables(run))
    words = dictionary(listed)
    explained = Table(name="dictionary", what="The meaning of every column.", columns=(), frame=words)
    members = {"README.txt": printable(_readme(run, ending, remark, listed), lines=True).encode("utf-8")}
    members |= {f"{table.name}.{ending}": encode(table) for table in (explained, *listed)}
    members["runs.json"] = run.record.to_json().encode("utf-8")
    references = tuple(of_run(run))
    members |= {
        "citations.bib": to_bibtex(references).encode("utf-8"),
        "citations.json": to_csl(references).encode("utf-8"),
    }
    return zipped(members)


def _readme(run: Run, ending: str, remark: str, listed: tuple[Table, ...]) -> str:
    case = run.record.case
    worlds = WITH_WORLDS if any(table.name == WORLDS for table in listed) else NO_WORLDS.format(why=_why_no_worlds(run))
    rows = "\n".join(f"  {f'{table.name}.{ending}':<22} {table.frame.height:>7} rows  {table.what}" for table in listed)
    cite = "\n".join(f"  {line}" for line in how_to_cite(run))
    marked = draft_text(run.record.health.findings)
    draft = f"\n{marked}" if marked else ""
    return (
        f"{case.title}\nCase {case.id}, as of {case.as_of}. Tables of one run of Tocsin.{draft}\n\n"
        f"{TABLES.format(ending=ending)}{remark}{worlds}{'' if run.case else NO_CASE}\n{rows}\n\n"
        f"How to cite (also in citations.bib and citations.json):\n{cite}\n"
    )


def _why_no_worlds(run: Run) -> str:
    if run.case is not None and not run.case.theatres:
        return "this case has no game"
    if run.stored is None:
        return "they are stored with the runs of a case, and this is a JSON alone"
    return "the run had too many to store, or their file has gone"
