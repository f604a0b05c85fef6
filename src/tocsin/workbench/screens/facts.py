"""The screen of facts: the grid, a new fact, a pasted table, and facts from measures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.body import Body
from tocsin.workbench.desk import Draft
from tocsin.workbench.opened import Opened, Screen, View, case_after, get_route, post_route, read_body
from tocsin.workbench.screens import data_sets

MAX_CELL = 10_000
"""Characters of a cell of a table."""
MAX_NAME = 500
"""Characters of a key or of a `from`."""
MAX_TEXT = 3_000_000
"""Characters of a table in Base64."""
Cell = Annotated[str, Field(max_length=2_000)]
Same = Literal["unit", "date", "kind", "source", "confidence", "note", "range", "flag", "expected"]
"""Parts that may be the same in every row."""
Part = Literal["", "key", "value"] | Same
"""Parts that a column may be; the empty text for none."""


class Named(Body):
    """A fact by its key."""

    key: str = Field(max_length=MAX_NAME)


class Wanted(Body):
    """A figure of a measure, as the `from` of a fact names it."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from", max_length=MAX_NAME)


class TableSent(Body):
    """A table as a page sends it.

    Attributes:
        name: of the file; its ending says whether it is a workbook.
        content: the bytes of the file in Base64.
        sheet: of a workbook; empty for the only one.
        named: whether a row has the names of the columns.
        parts: the part of a fact that each column is, empty for none; None to guess them from the names.
        texts: what a part is in every row, by part.
        decimal, dates: the decimal mark, and the order of day and month; None if the cells show them.
    """

    name: str = Field(max_length=250)
    content: str = Field(max_length=MAX_TEXT)
    sheet: str = Field(default="", max_length=100)
    named: bool = True
    parts: list[Part] | None = Field(default=None, max_length=500)
    texts: dict[Same, Cell] = Field(default_factory=dict)
    decimal: Literal[".", ","] | None = None
    dates: Literal["dmy", "mdy"] | None = None


class TableAdded(Body):
    """A table to add to the version of the case file that the reader saw."""

    base: str
    table: TableSent


class CellOfTable(Body):
    """A new text of a cell of a table of facts, on the versions of the case file and of the table that the reader saw."""

    base: str
    seen: str
    file: str = Field(min_length=1, max_length=MAX_NAME)
    line: int = Field(ge=2)
    key: str = Field(max_length=MAX_NAME)
    column: Literal["value", "unit", "date", "source", "confidence", "note"]
    text: str = Field(max_length=MAX_CELL)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for facts. What reads a case is imported where it is used, so that the page appears first."""
    return [*_fact_routes(opened), *_table_routes(opened), *data_sets.routes(opened)]


def _fact_routes(opened: Opened) -> list[Route]:
    """Return the requests for what reads a fact, and for facts from measures."""

    def uses(fact: Named) -> View:
        from tocsin.workbench.screens.fact_views import uses_view

        return uses_view(opened.desk, fact.key)

    def measures() -> View:
        from tocsin.workbench.screens.fact_views import measures_view

        return measures_view(opened.translator)

    def measured(figure: Wanted) -> View:
        from tocsin.workbench.screens.fact_views import measured_view

        return measured_view(opened.desk, figure.from_, opened.translator)

    def units() -> View:
        from tocsin.workbench.screens.fact_views import units_view

        return units_view()

    return [
        get_route("/api/facts/units", units),
        post_route("/api/facts/uses", Named, uses),
        get_route("/api/facts/measures", measures),
        post_route("/api/facts/measured", Wanted, measured),
    ]


def _table_routes(opened: Opened) -> list[Route]:
    """Return the requests for a table that becomes facts: what it would become, and the edit."""
    desk = opened.desk

    def preview(sent: TableSent) -> View:
        from tocsin.workbench.screens.fact_tables import preview

        return preview(desk, sent, opened.translator)

    async def add(request: Request) -> Response:
        sent = await read_body(TableAdded, request)

        def added() -> Draft:
            from tocsin.workbench.screens.fact_tables import with_table

            return desk.edit(sent.base, lambda text: with_table(desk, text, sent.table))

        return await case_after(opened, added)

    async def cell(request: Request) -> Response:
        sent = await read_body(CellOfTable, request)

        def change(text: str) -> str:
            from tocsin.workbench.screens.fact_tables import with_cell_of

            place = (sent.line, sent.key, sent.column)
            return with_cell_of(desk, text, sent.file, place, sent.text)

        return await case_after(opened, lambda: desk.edit_table(sent.base, sent.file, sent.seen, change))

    return [
        Route("/api/facts/cell", cell, methods=["POST"]),
        post_route("/api/facts/preview", TableSent, preview),
        Route("/api/facts/add", add, methods=["POST"]),
    ]


WORDS = (
    template("Country"),
    template("Facts"),
    template("{found} of {count} fact"),
    template("{found} of {count} facts"),
    template("Key"),
    template("Unit"),
    template("A row has the names of the columns"),
    template("Add a fact"),
    template("Add the fact"),
    template("Added: {names}"),
    template("Add {count} fact"),
    template("Add {count} facts"),
    template("An observation of the rival explanations"),
    template(
        "Arrow keys move between the cells. Typing replaces a cell, F2 edits it, Enter saves it, Escape restores it. Cells of a spreadsheet can be pasted here."
    ),
    template("Cells of a spreadsheet, pasted with the names of their columns"),
    template("In {file}, line {line}"),
    template("Choose a column, or write what is the same in every row: {names}"),
    template("Column"),
    template("confirmed"),
    template("medium"),
    template("low"),
    template("recalled"),
    template("Decimal mark"),
    template("Due on"),
    template("First rows of the table"),
    template("First side, joined by +"),
    template("First state"),
    template("How cells were read: {count} remark"),
    template("How cells were read: {count} remarks"),
    template("Look up the figure"),
    template("New source {name}"),
    template("New sources of grade F6, which you grade in the case: {names}"),
    template("No claim and no belief reads this fact."),
    template("Nothing else uses these sources, so they are removed too: {names}"),
    template("Or a file: CSV or a workbook (.xlsx)"),
    template("Order of dates"),
    template("Partner"),
    template("Paste or open a table"),
    template("Remove it"),
    template("Remove {name}?"),
    template("Rival"),
    template("Row {row}"),
    template("Second side, joined by +"),
    template("Second state"),
    template("Sheet"),
    template("Take a fact from public data"),
    template("The case has a fact with this key."),
    template("Write another key."),
    template("Begin with a letter; then letters, digits, dots, - and _ may follow, without spaces."),
    template("Write it as 2024-03-01, 2024-03 or 2024."),
    template("Write a letter from A to F and a digit from 1 to 6."),
    template("This number has no unit."),
    template("Write its unit, or 1 for a plain number."),
    template("This would be read as a text, not as a number."),
    template("Write the word text as its unit if it is one; else write a number and its unit."),
    template("Write a name or code without / ? or a comma."),
    template("Write a year of four digits, or the word latest."),
    template("Choose a column from the list."),
    template("Change these first. Without the fact they have errors:"),
    template("The case has errors, so what reads this fact is not known."),
    template("The file is larger than 2 MB. Use the command tocsin facts import."),
    template("A short name, such as fish.share: letters, digits, dots and _. Tests use it."),
    template("A day, month or year: YYYY-MM-DD, YYYY-MM or YYYY."),
    template("The key of a source of the case, or the name of a new one. A comma separates several."),
    template("For a thing that is counted, write “count of” and its name, such as count of tonnes."),
    template(
        "Letter: how reliable the source is, A (official) to E (weak), F (cannot be judged). Digit: how likely the report is, 1 (seen in two places) to 5 (improbable), 6 (not seen)."
    ),
    template("The measures are being read …"),
    template("These rows have one cell only and become no facts. Complete those that are no headings or notes."),
    template("The same in every row"),
    template("Web address"),
    template("What each column is"),
    template("Why it is used although it is weak"),
    template("Year ({first} to {last}), or latest"),
    template("as the cells show"),
    template("day, month, year"),
    template("month, day, year"),
    template("not read"),
    template("{count} cell cannot be read. Correct it, or choose other columns."),
    template("{count} cells cannot be read. Correct them, or choose other columns."),
    template("{found} of {all} rows are shown."),
    *data_sets.WORDS,
)
SCREEN = Screen(WORDS, routes, key="facts")
