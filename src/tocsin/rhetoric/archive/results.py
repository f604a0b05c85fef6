"""Results of a search, as records, a data frame or a table in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.rhetoric.archive.snippets import text_snippet
from tocsin.rhetoric.archive.statement import COLUMNS, Statement, to_frame

if TYPE_CHECKING:
    import polars as pl

_SHOWN = ("number", "date", "outlet", "rung", "title", "snippet")


@dataclass(frozen=True)
class SearchResult:
    """The statements that match a query, the latest first.

    Attributes:
        words: the query.
        statements: the matches.
        variants: whether all spellings of the words were searched.
        notes: what the user should know about the query, such as signs that are not operators.
    """

    words: str
    statements: tuple[Statement, ...]
    variants: bool = True
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    def __len__(self) -> int:
        return len(self.statements)

    def __getitem__(self, index: int) -> Statement:
        return self.statements[index]

    def to_dicts(self) -> list[dict[str, str | int | None]]:
        """Return a JSON-ready dict for each statement: its columns, and an excerpt with brackets around every match."""
        result = []
        for statement in self.statements:
            piece = text_snippet(statement, self.words, variants=self.variants)
            result.append({**statement.to_dict(), "snippet": piece.bracketed() if piece else None})
        return result

    def frame(self) -> pl.DataFrame:
        """Return a data frame with the columns of `to_dicts`."""
        return to_frame(self.to_dicts(), (*COLUMNS, "snippet"))

    def _repr_html_(self) -> str:
        from tocsin.tables import html_table

        return html_table(f"{len(self)} statements: {self.words}", self.frame().select(_SHOWN))
