"""What the screen of files offers for the last run: formats, parts of the brief, languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.assessment.challenging.stored import PART
from tocsin.case.reasons import template_values
from tocsin.export.formats import FORMATS
from tocsin.report.parts import ALL, FIRST_PAGE, ON_SLIDES, PARTS
from tocsin.runs.store import WORLDS, StoredRun, stored_runs
from tocsin.translation import Text, Translator, message
from tocsin.workbench.desk import Desk

FORMAT_WORDS: Mapping[str, Text] = {
    "html": message("Brief for the browser (HTML)"),
    "pdf": message("Brief on paper (PDF)"),
    "docx": message("Brief for Word (DOCX)"),
    "pptx": message("Slides (PPTX)"),
    "csv": message("All tables for a spreadsheet (CSV in a zip)"),
    "parquet": message("All tables for statistics (Parquet in a zip)"),
    "json": message("The whole result (JSON)"),
    "argdown": message("The argument (Argdown)"),
    "netcdf": message("The worlds (NetCDF)"),
    "efg": message("Year 1 of the game in one world, for Gambit (EFG)"),
}
"""The formats that write one file without further choices."""
IN_LANGUAGES = frozenset({"html", "pdf", "docx", "pptx", "argdown"})
OF_WORLDS = frozenset({"netcdf", "efg"})
OF_GAMES = frozenset({"switches", "charts"})
"""Formats whose text is translated; formats and parts that a case without games does not have."""


def print_view(desk: Desk, language: str) -> dict[str, Any] | None:
    """Return what can be made of the latest run of the case on the desk; None if it was never run.

    `stale` says whether the case has changed since; `draft` whether it still has values of the template.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if the stored run cannot be read.
    """
    case = desk.case()
    runs = stored_runs(case.id)
    if not runs:
        return None
    run, translator = runs[0], Translator(language=language)
    games = WORLDS in run.about.parts
    parts = _parts(run, games=games)
    return {
        "run": run.name,
        "moment": run.moment,
        "stale": run.about.origin.sha256 != case.sha256,
        "draft": bool(template_values(case)),
        "language": language,
        "formats": [
            {
                "name": name,
                "title": translator.plain(title),
                "parts": [part for part in parts if part in _offered(name)],
                "languages": name in IN_LANGUAGES,
            }
            for name, title in FORMAT_WORDS.items()
            if games or name not in OF_WORLDS
        ],
        "parts": [{"name": name, "title": translator.plain(title)} for name, title in parts.items()],
    }


def _offered(name: str) -> frozenset[str]:
    """Return the parts of the brief that a reader may choose for a format."""
    if "pages" not in FORMATS[name].options:
        return FIRST_PAGE
    return ON_SLIDES if name == "pptx" else ALL


def _parts(run: StoredRun, *, games: bool) -> dict[str, Text]:
    """Return the parts that the brief of a run has."""
    missing = set() if games else set(OF_GAMES)
    if run.part(PART) is None:
        missing.add("challenge")
    return {name: title for name, title in PARTS.items() if name not in missing}
