"""Sources of a claim in words, for notes."""

from __future__ import annotations

from tocsin.assessment.result import Assessment
from tocsin.report.table_rows import SourceRow, source_rows
from tocsin.tables import printable


def source_note(assessment: Assessment, claim: str) -> str:
    """Return the sources of a claim as one note; empty if it names none."""
    rows = {row.key: row for row in source_rows(assessment.case)}
    named = dict.fromkeys(assessment.claim(claim).sources)
    return printable(" ".join(_cited(rows[key]) for key in named if key in rows))


def _cited(row: SourceRow) -> str:
    """Return a source with its address and its grade."""
    text = row.cite.strip().rstrip(".")
    return f"{text}{f', {row.url}' if row.url else ''} [{row.grade}]."
