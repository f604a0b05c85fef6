"""Statements written out: as tables that can be read in again, as a page, and on a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tocsin.errors import InputError
from tocsin.rhetoric.archive.statement import COLUMNS, Statement

AROUND = 70
"""Letters of a text that are shown on either side of what was found in it."""


def as_row(statement: Statement) -> dict[str, Any]:
    """A statement by its columns, its day as text; its number in the archive under `number`."""
    named = {name: getattr(statement, name) for name in COLUMNS if name not in ("id", "date")}
    day = statement.date.isoformat() if statement.date else None
    return {"number": statement.id, "date": day, **named, "hash": statement.hash}


def exported(statements: Sequence[Statement], file: Path) -> str | bytes:
    """Statements in the form that the ending of a file asks for.

    Texts are written as they are, also those that a spreadsheet would take for a formula: changing them would lose what was said.

    Raises:
        InputError: if the ending is none of .csv, .json, .jsonl, .parquet, .html.
    """
    rows = [as_row(each) for each in statements]
    match file.suffix.lower():
        case ".csv":
            buffer = io.StringIO()
            table = csv.DictWriter(buffer, list(rows[0]) if rows else ["title", "text"], lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
            return buffer.getvalue()
        case ".json":
            return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
        case ".jsonl":
            return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        case ".parquet":
            import polars as pl

            parquet = io.BytesIO()
            pl.DataFrame(rows, infer_schema_length=None).write_parquet(parquet)
            return parquet.getvalue()
        case ".html":
            return _page(statements)
    raise InputError(
        "no form that can be written", file=str(file), remedy="end it in .csv, .json, .jsonl, .parquet or .html"
    )


def _page(statements: Sequence[Statement]) -> str:
    """A page by itself, every text escaped, no script, and nothing fetched or run even if one slipped in."""
    from jinja2 import Environment

    return Environment(autoescape=True).from_string(_PAGE).render(statements=statements)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Statements</title>
<style>body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}small{color:#555}pre{white-space:pre-wrap;font:inherit}</style>
</head><body><h1>{{ statements|length }} statements</h1>
{% for each in statements %}<article{% if each.language %} lang="{{ each.language }}"{% endif %}>
<h2>{{ each.title }}</h2>
<p><small>{{ each.date or "no day" }} · {{ each.outlet or "outlet not known" }} · {{ each.rung or "rung not known" }} · {{ each.id }}{% if each.address %} · {{ each.address }}{% endif %}</small></p>
<pre>{{ each.text }}</pre>{% if each.translation %}<pre lang="en">{{ each.translation }}</pre>{% endif %}
</article>
{% endfor %}</body></html>
"""


def printable(text: str, *, lines: bool = False) -> str:
    """A text for a terminal: without control characters that could move the cursor or change colours; on one line unless `lines`."""
    kept = "".join(char if char.isprintable() or (lines and char == "\n") else " " for char in text)
    return kept if lines else " ".join(kept.split())


def snippet(text: str, words: str) -> str:
    """The place of a text at which one of the words asked for first stands, marked; its beginning where none does as written."""
    asked = [re.escape(word) for word in re.findall(r"[^\s\"]+", words)]
    found = re.search("|".join(asked), text, re.IGNORECASE) if asked else None
    if not found:
        return text[: 2 * AROUND] + ("…" if len(text) > 2 * AROUND else "")
    first, last = max(found.start() - AROUND, 0), min(found.end() + AROUND, len(text))
    inside = f"{text[first : found.start()]}[{found[0]}]{text[found.end() : last]}"
    return f"{'…' if first else ''}{inside}{'…' if last < len(text) else ''}"
