"""Sources of a claim in words, for notes."""

from __future__ import annotations

from tocsin.assessment.confidence import sources_behind
from tocsin.assessment.result import Assessment
from tocsin.report.table_rows import SourceRow, source_rows
from tocsin.tables import printable


def source_note(assessment: Assessment, claim: str) -> str:
    """Return the sources behind a claim as one note; empty if there are none."""
    rows = {row.key: row for row in source_rows(assessment.case)}
    keys = sources_behind(assessment.claim(claim))
    cited = dict.fromkeys(_cited(rows[key]) for key in keys if key in rows)
    return printable(" ".join(cited))


def _cited(row: SourceRow) -> str:
    """Return a source with its address and its grade."""
    text = row.cite.strip().rstrip(".")
    return f"{text}{f', {row.url}' if row.url else ''} [{row.grade}]."
