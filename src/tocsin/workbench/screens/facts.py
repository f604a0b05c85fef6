"""The screen of facts: the grid, a new fact, a pasted table, and facts from measures."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tocsin.translation import template
from tocsin.workbench.opened import Opened, Screen, answered, case_after, read_body

MAX_NAME = 500
"""Characters of a key or of a `from`."""


class Named(BaseModel):
    """A fact by its key."""

    model_config = ConfigDict(extra="forbid", strict=True)

    key: str = Field(max_length=MAX_NAME)


class Wanted(BaseModel):
    """A figure of a measure, as the `from` of a fact names it."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    from_: str = Field(alias="from", max_length=MAX_NAME)


def routes(opened: Opened) -> list[Route]:
    """Return the requests for facts. What reads a case is imported where it is used, so that the page appears first."""
    return [*_fact_routes(opened), *_table_routes(opened)]


def _fact_routes(opened: Opened) -> list[Route]:
    """Return the requests for what reads a fact, and for facts from measures."""

    async def uses(request: Request) -> Response:
        from tocsin.workbench.screens.fact_views import uses_view

        named = await read_body(Named, request)
        return await answered(lambda: uses_view(opened.desk, named.key))

    async def measures(_request: Request) -> Response:
        from tocsin.workbench.screens.fact_views import measures_view

        return await answered(lambda: measures_view(opened.language))

    async def measured(request: Request) -> Response:
        from tocsin.workbench.screens.fact_views import measured_view

        wanted = await read_body(Wanted, request)
        return await answered(lambda: measured_view(opened.desk, wanted.from_))

    async def units(_request: Request) -> Response:
        from tocsin.workbench.screens.fact_views import units_view

        return await answered(units_view)

    return [
        Route("/api/facts/units", units),
        Route("/api/facts/uses", uses, methods=["POST"]),
        Route("/api/facts/measures", measures),
        Route("/api/facts/measured", measured, methods=["POST"]),
    ]


def _table_routes(opened: Opened) -> list[Route]:
    """Return the requests for a table that becomes facts: what it would become, and the edit."""
    desk = opened.desk

    async def preview(request: Request) -> Response:
        from tocsin.workbench.screens.fact_tables import TableSent, preview

        sent = await read_body(TableSent, request)
        return await answered(lambda: preview(desk, sent))

    async def add(request: Request) -> Response:
        from tocsin.workbench.screens.fact_tables import TableAdded, with_table

        sent = await read_body(TableAdded, request)
        return await case_after(opened, lambda: desk.edit(sent.base, lambda text: with_table(desk, text, sent.table)))

    return [
        Route("/api/facts/preview", preview, methods=["POST"]),
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
    template("Add {count} fact"),
    template("Add {count} facts"),
    template("An observation of the rival explanations"),
    template(
        "Arrow keys move between the cells. Typing replaces a cell, F2 edits it, Enter saves it, Escape restores it. Cells of a spreadsheet can be pasted here."
    ),
    template("Cells of a spreadsheet, pasted with the names of their columns"),
    template("Change it in {file}, line {line}."),
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
)
SCREEN = Screen(WORDS, routes, key="facts")
