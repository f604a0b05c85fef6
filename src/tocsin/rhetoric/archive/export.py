"""Export statements as CSV, JSON, JSONL or Parquet, which can be imported again, or as an HTML page."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from tocsin.errors import InputError
from tocsin.files import replacing
from tocsin.rhetoric.archive.statement import COLUMNS, Statement, to_frame
from tocsin.rhetoric.archive.tables import escape_cell
from tocsin.translation import in_commas, message

_CHUNK = 20_000


class _Counted:
    """An iterator of statements that counts them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._statements = iter(statements)
        self.count = 0

    def __iter__(self) -> Iterator[Statement]:
        return self

    def __next__(self) -> Statement:
        statement = next(self._statements)
        self.count += 1
        return statement


def export(statements: Iterable[Statement], file: Path) -> int:
    """Write statements in the format of the file's suffix, and return how many. A failed export leaves the file unchanged.

    A CSV cell that a spreadsheet would take for a formula gets an apostrophe in front. An import removes it if the hash of the row
    shows that an export put it there.

    Raises:
        InputError: if the suffix is unknown, or the file cannot be written.
    """
    suffix = file.suffix.lower()
    if suffix not in _WRITERS:
        raise InputError(
            message("unknown format {suffix}", suffix=suffix) if suffix else message("the file name has no ending"),
            file=str(file),
            remedy=message("use {names}", names=in_commas(_WRITERS)),
        )
    counted = _Counted(statements)
    with replacing(file) as temporary:
        _WRITERS[suffix](counted, temporary)
    return counted.count


def _write_csv(statements: _Counted, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, COLUMNS)  # ends lines with CR LF, so it quotes a cell that contains either
        table.writeheader()
        for statement in statements:
            row = statement.to_dict()
            table.writerow(
                {name: escape_cell(value) if isinstance(value, str) else value for name, value in row.items()}
            )


def _write_json(statements: _Counted, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("[")
        for statement in statements:
            separator = "," if statements.count > 1 else ""
            stream.write(f"{separator}\n{json.dumps(statement.to_dict(), ensure_ascii=False)}")
        stream.write("\n]\n")


def _write_jsonl(statements: _Counted, file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        for statement in statements:
            stream.write(json.dumps(statement.to_dict(), ensure_ascii=False) + "\n")


def _write_parquet(statements: _Counted, file: Path) -> None:
    import polars as pl

    frames = [to_frame([])]
    while chunk := list(islice(statements, _CHUNK)):
        frames.append(to_frame([statement.to_dict() for statement in chunk]))
    pl.concat(frames).write_parquet(file)


def _write_html(statements: _Counted, file: Path) -> None:
    """Write a page in which all texts are escaped; its security policy forbids scripts and downloads."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tocsin.rhetoric.archive"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["web_address"] = _is_web_address
    page = environment.get_template("statements.html.jinja").generate(statements=statements)
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(page)


def _is_web_address(address: str | None) -> bool:
    try:
        return urlsplit(address or "").scheme in ("http", "https")
    except ValueError:
        return False


_WRITERS: Mapping[str, Callable[[_Counted, Path], None]] = MappingProxyType(
    {
        ".csv": _write_csv,
        ".json": _write_json,
        ".jsonl": _write_jsonl,
        ".parquet": _write_parquet,
        ".html": _write_html,
    }
)
