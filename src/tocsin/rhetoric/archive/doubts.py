"""Check rows before they are stored: a file that loses its days or folds up was probably misread.

The pages of one import count together, as if they were the rows of one file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from tocsin.errors import InputError
from tocsin.rhetoric.archive.reading import IGNORED_COLUMNS, Parsed, Remark
from tocsin.rhetoric.archive.writing import CHUNK, CHUNK_LETTERS
from tocsin.translation import Text, listed, message

MIN_ROWS = 5
"""Fewest rows without a day, or the same as another, that make a file doubtful."""
MAX_SHARE = 0.05
"""Largest share of such rows in a file that is stored without asking."""
FOLDED = message("same as an earlier row of its file; stored once")

Item = Parsed | Remark


@dataclass(frozen=True)
class Doubt:
    """Why a file was probably misread.

    Attributes:
        file: file or address, or the folder of several pages.
        rows: number of its statements.
        undated: how many have no day.
        folded: how many are the same as an earlier one.
        ignored: the remark on columns that were not read; may be empty.
        pages: the pages that are doubtful together; empty if it is one file.
    """

    file: str
    rows: int
    undated: int
    folded: int
    ignored: str
    pages: tuple[str, ...] = ()

    @property
    def message(self) -> Text:
        """Return one sentence that says what is doubtful."""
        rows, pages = f"{self.rows:,}", f"{len(self.pages):,}"
        undated, folded = f"{self.undated:,}", f"{self.folded:,}"
        counts = [message("{count} have no day", count=undated)] if self.undated else []
        if self.folded and self.pages:
            counts.append(message("{count} are the same as an earlier one", count=folded))
        elif self.folded:
            counts.append(message("{count} are the same as an earlier row", count=folded))
        doubt = (
            message("of {pages} pages with {rows} statements {counts}", pages=pages, rows=rows, counts=listed(counts))
            if self.pages
            else message("of {rows} rows {counts}", rows=rows, counts=listed(counts))
        )
        return message("{text} ({remark})", text=doubt, remark=self.ignored) if self.ignored else doubt

    @property
    def remedy(self) -> Text:
        """Return what the user can do."""
        if self.pages:
            return message("save pages that state their day, or accept them (--yes; accept_doubtful=True in Python)")
        return message("rename its columns or correct its dates, or accept it (--yes; accept_doubtful=True in Python)")

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the files or addresses that are doubtful."""
        return self.pages or (self.file,)


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


def examine_pages(
    pages: Sequence[str], reader: Callable[[str], Callable[[], Iterator[Item]]]
) -> tuple[Doubt | None, Mapping[str, list[Item]]]:
    """Return what is doubtful in pages taken together, and the items of the first pages, as many as fit into one transaction.

    Pages that are doubtful by themselves, or cannot be read, do not count.

    Args:
        pages: files, at least one.
        reader: returns a function that starts to read a page.
    """
    held: dict[str, list[Item]] = {}

    def statements() -> Iterator[Item]:
        letters = 0
        for page in pages:
            try:
                items = list(reader(page)())
            except InputError:
                continue  # the import reports it
            own = [item for item in items if isinstance(item, Parsed)]
            letters += sum(len(item.statement.text) for item in own)
            if len(held) < CHUNK and letters <= CHUNK_LETTERS:
                held[page] = items
            if _doubt(page, with_folds(page, items)) is None:
                yield from own

    folder = os.path.commonpath([Path(page).absolute().parent for page in pages])
    shown = os.path.relpath(folder) if not Path(pages[0]).is_absolute() else folder
    doubt = _doubt(shown, with_folds(shown, statements()))
    return doubt and replace(doubt, pages=tuple(pages)), held


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
