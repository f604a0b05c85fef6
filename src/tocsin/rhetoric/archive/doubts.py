"""Check the rows of a file before they are stored: a file that loses its days or folds up was probably misread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from tocsin.rhetoric.archive.reading import IGNORED_COLUMNS, Parsed, Remark
from tocsin.rhetoric.archive.writing import CHUNK, CHUNK_LETTERS

MIN_ROWS = 5
"""Fewest rows without a day, or the same as another, that make a file doubtful."""
MAX_SHARE = 0.05
"""Largest share of such rows in a file that is stored without asking."""
FOLDED = "same as an earlier row of its file; stored once"

Item = Parsed | Remark


@dataclass(frozen=True)
class Doubt:
    """Why a file was probably misread.

    Attributes:
        file: file or address.
        rows: number of its statements.
        undated: how many have no day.
        folded: how many are the same as an earlier one.
        ignored: the remark on columns that were not read; may be empty.
    """

    file: str
    rows: int
    undated: int
    folded: int
    ignored: str

    @property
    def message(self) -> str:
        """Return one sentence that says what is doubtful."""
        counts = [f"{self.undated:,} have no day"] if self.undated else []
        counts += [f"{self.folded:,} are the same as an earlier row"] if self.folded else []
        return f"of {self.rows:,} rows {' and '.join(counts)}" + (f" ({self.ignored})" if self.ignored else "")


class _Seen:
    """The statements of a file so far. Statements with different addresses are different."""

    def __init__(self) -> None:
        self._addresses: dict[str, set[str | None]] = {}

    def has(self, item: Parsed) -> bool:
        """Return whether the same statement came before, and remember it."""
        address = item.statement.address
        stored = self._addresses.setdefault(item.statement.hash, set())
        is_same = bool(stored) and (address is None or None in stored or address in stored)
        stored.add(address)
        return is_same


def examine(name: str, read: Callable[[], Iterator[Item]]) -> tuple[Doubt | None, Iterator[Item]]:
    """Return what is doubtful in a source, and its items with a remark on every row that is the same as an earlier one.

    Args:
        name: file or address.
        read: starts to read the source. It is called again if the source is larger than one transaction.

    Raises:
        InputError: if the source cannot be read.
    """
    items = with_folds(name, read())
    head: list[Item] = []
    letters = 0
    for item in items:
        head.append(item)
        letters += len(item.statement.text) if isinstance(item, Parsed) else len(item.why)
        if len(head) == CHUNK or letters >= CHUNK_LETTERS:
            return _doubt(name, chain(head, items)), with_folds(name, read())
    return _doubt(name, head), iter(head)


def with_folds(name: str, items: Iterable[Item]) -> Iterator[Item]:
    """Yield items, and after every statement that is the same as an earlier one a remark."""
    seen = _Seen()
    for item in items:
        yield item
        if isinstance(item, Parsed) and seen.has(item):
            yield Remark(name, item.row, FOLDED)


def _doubt(name: str, items: Iterable[Item]) -> Doubt | None:
    rows = undated = folded = either = 0
    ignored, was_undated = "", False
    for item in items:
        if isinstance(item, Parsed):
            rows += 1
            was_undated = item.statement.date is None
            undated += was_undated
            either += was_undated
        elif item.why == FOLDED:
            folded += 1
            either += not was_undated
        elif item.why.startswith(IGNORED_COLUMNS):
            ignored = item.why
    if either < MIN_ROWS or either <= MAX_SHARE * rows:
        return None
    return Doubt(name, rows, undated, folded, ignored)
