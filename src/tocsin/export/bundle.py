"""The tables of a run as one zip."""

from __future__ import annotations

from tocsin.export.archive import zipped
from tocsin.export.delimited import to_csv
from tocsin.export.run import Run
from tocsin.export.tables import tables


def csv_zip(run: Run) -> bytes:
    """Return a zip with each table of a run as CSV; the same run gives the same bytes."""
    return zipped({f"{table.name}.csv": to_csv(table.frame) for table in tables(run)})
