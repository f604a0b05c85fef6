"""A comparison as JSON and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tocsin.assessment.claim_record import Record, rounded
from tocsin.assessment.comparing.result import Cell, Comparison, Difference
from tocsin.assessment.comparing.words import case_lines

if TYPE_CHECKING:
    import polars as pl

FORMAT = "tocsin-comparison/1"
COLUMNS = {
    "claim": str, "part": str, "item": str, "verdict": str, "probability": float, "error": float,
    "difference": float, "difference_error": float, "paired": bool, "hangs_on": str,
}  # fmt: skip
"""Columns of a comparison as a table, with their types."""


class ItemRecord(Record):
    """What was compared."""

    name: str
    case: str
    set: dict[str, str]
    sha256: str
    stored: bool


class CellRecord(Record):
    """A claim in one item; missing is null."""

    verdict: str
    words: str
    probability: float | None
    error: float | None


class DifferenceRecord(Record):
    """The probability minus that of the first item."""

    value: float | None
    error: float | None
    paired: bool


class RowRecord(Record):
    """One claim in all items, in their order; `others` is what it says in items that say something else, by their number from 1."""

    claim: str
    part: str
    says: str
    others: dict[int, str]
    differ_in: str
    items: tuple[CellRecord | None, ...]
    differences: tuple[DifferenceRecord | None, ...]
    hangs_on: tuple[tuple[str, ...], ...]


class ComparisonRecord(Record):
    """The JSON of a comparison, `tocsin-comparison/1`."""

    format: str
    items: tuple[ItemRecord, ...]
    rows: tuple[RowRecord, ...]
    notices: tuple[str, ...]
    seed: int
    draws: int
    effective_draws: float | None
    seconds: float

    @classmethod
    def of(cls, comparison: Comparison) -> ComparisonRecord:
        """Return the record of a comparison."""
        effective = comparison.effective_draws
        return cls(
            format=FORMAT,
            items=tuple(
                ItemRecord(
                    name=item.name, case=item.case, set=dict(item.settings), sha256=item.sha256, stored=item.stored
                )
                for item in comparison.items
            ),
            rows=tuple(
                RowRecord(
                    claim=row.claim,
                    part=row.part,
                    says=str(row.says),
                    others={number: str(text) for number, text in row.others},
                    differ_in=row.kind,
                    items=tuple(_cell(cell) for cell in row.cells),
                    differences=tuple(_difference(item) for item in row.differences),
                    hangs_on=row.hangs_on,
                )
                for row in comparison.rows
            ),
            notices=tuple(str(line) for line in case_lines(comparison)),
            seed=comparison.seed,
            draws=comparison.draws,
            effective_draws=None if effective is None else rounded(effective),
            seconds=round(comparison.seconds, 3),
        )

    def to_json(self) -> str:
        """Return the JSON."""
        return self.model_dump_json(indent=1) + "\n"

    def frame(self) -> pl.DataFrame:
        """Return a table with a row for each claim or part and item that has it: the columns of `COLUMNS`; missing is null."""
        import polars as pl

        rows = [
            self._cells(row, index) for row in self.rows for index, cell in enumerate(row.items) if cell is not None
        ]
        return pl.DataFrame(rows, schema=COLUMNS, orient="row")

    def _cells(self, row: RowRecord, index: int) -> tuple[object, ...]:
        cell, change = row.items[index], row.differences[index]
        assert cell is not None
        difference = (change.value, change.error, change.paired) if change else (None, None, None)
        bearing = " ".join(row.hangs_on[index])
        return (
            row.claim,
            row.part,
            self.items[index].name,
            cell.verdict,
            cell.probability,
            cell.error,
            *difference,
            bearing,
        )


def _cell(cell: Cell | None) -> CellRecord | None:
    if cell is None:
        return None
    numbers = [None if value is None else rounded(value) for value in (cell.probability, cell.error)]
    return CellRecord(verdict=cell.verdict, words=str(cell.words), probability=numbers[0], error=numbers[1])


def _difference(item: Difference | None) -> DifferenceRecord | None:
    if item is None:
        return None
    return DifferenceRecord(value=rounded(item.value), error=rounded(item.error), paired=item.paired)
