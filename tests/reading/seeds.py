"""Small valid files of every kind that the readers take, and mutations of their bytes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

KOREAN = "일본은 군국주의 책동을 걷어치워야 한다"
ENGLISH = "Japan’s Record Military Budget Denounced"
HEADER = ("id", "date", "title", "text")
ROWS = [
    ("1", "2025-12-26", KOREAN, "a"),
    ("2", "2025-12-27", ENGLISH, "b, c"),
    ("3", "2025-12-28", "KCNA Commentary", ""),
]
CASES = pl.DataFrame({"o": [1, 3, 4] * 3, "x": [0.5, None, 2.0] * 3, "g": ["A", "B", "A"] * 3})
GAME = """EFG 2 R "entry" { "entrant" "incumbent" }
p "" 1 1 "market" { "out" "in" } 0
t "" 1 "" { 0 2 }
c "" 1 "" { "good" 1/2 "bad" 0.5 } 0
p "" 2 1 "" { "accept" "fight" } 0
t "" 2 "" { 1 1 }
t "" 3 "" { -1 -1 }
t "" 3
"""
YAML = """format: tocsin/1
title: "A case \\u00e9"
facts:
  - {key: a, value: 8.47, unit: JPY trn, range: "8 to 9"}
  - key: b
    note: >
      folded
      text
"""
PAGE = f"<html><head><meta charset='{{}}'><title>{KOREAN}</title></head><body><h1>{KOREAN}</h1><p>{KOREAN * 9}</p></body></html>"
FEED = f"<?xml version='1.0' encoding='{{}}'?><rss version='2.0'><channel><title>c</title><item><title>{KOREAN}</title></item></channel></rss>"
TOKENS = (
    b"\xff", b"\0", b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"<", b">", b"{", b"}", b"[", b"]", b"\\", b"\\ud800", b"1e999", b"-", b"NaN",
    b"sep=;\n", b"Infinity", b"\xef\xbb\xbf", b"\xff\xfe", b"\x0e", b"\x1b$)C", b"\xb0", b"&#55296;", b"&j;", b"<!--", b"%TAG", b"&a ", b"*a", b"!!",
    b"9" * 400, b"(" * 200, b"[" * 2_000,
)  # fmt: skip
"""Pieces that have broken readers of these formats."""


def delimited(separator: str) -> str:
    """Return the rows as delimited text."""
    frame = pl.DataFrame(ROWS, schema=HEADER, orient="row")
    return frame.write_csv(separator=separator)


def json_text() -> str:
    """Return the rows as a list of objects."""
    return pl.DataFrame(ROWS, schema=HEADER, orient="row").write_json()


def lines_text() -> str:
    """Return the rows as an object on each line."""
    return pl.DataFrame(ROWS, schema=HEADER, orient="row").write_ndjson()


def parquet() -> bytes:
    """Return the rows as a Parquet file."""
    buffer = io.BytesIO()
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_parquet(buffer)
    return buffer.getvalue()


def workbook() -> bytes:
    """Return the cases as a workbook."""
    import openpyxl

    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in (CASES.columns, *CASES.iter_rows()):
        book.active.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def stata(folder: Path) -> bytes:
    """Return the cases as a Stata file, written through a folder."""
    import pandas as pd
    import pyreadstat

    pyreadstat.write_dta(pd.DataFrame(CASES.to_dict(as_series=False)), str(folder / "seed.dta"))
    return (folder / "seed.dta").read_bytes()


def archive_seeds() -> Mapping[str, list[bytes]]:
    """Return valid files for `rhetoric add`, by ending."""
    tables = [delimited(",").encode(), delimited(";").encode("utf-16"), delimited("\t").encode("cp949", "replace")]
    pages = [
        PAGE.format("utf-8").encode(),
        PAGE.format("euc-kr").encode("cp949"),
        PAGE.format("iso-8859-1").encode("cp949"),
    ]
    feeds = [
        FEED.format("utf-8").encode(),
        FEED.format("utf-8").encode("cp949"),
        FEED.format("utf-16").encode("utf-16"),
    ]
    return {
        ".csv": tables, ".tsv": [delimited("\t").encode()], ".json": [json_text().encode()], ".jsonl": [lines_text().encode()],
        ".parquet": [parquet()], ".html": pages, ".xml": feeds,
    }  # fmt: skip


def table_seeds(folder: Path) -> Mapping[str, list[bytes]]:
    """Return valid tables for fits and codings, by ending."""
    text = [CASES.write_csv().encode(), CASES.write_csv(separator=";").encode("utf-16")]
    return {".csv": text, ".xlsx": [workbook()], ".dta": [stata(folder)], ".parquet": [parquet()]}


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with one to four random changes."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(changed) + 1)
        stop = min(len(changed), start + chance.choice((1, 1, 2, 8, 64)))
        changes: list[Callable[[], bytes]] = [
            lambda: bytes([chance.randrange(256)]),
            lambda: chance.choice(TOKENS),
            lambda: b"",
            lambda a=start, b=stop: bytes(changed[a:b]) * chance.choice((2, 3, 100)),  # type: ignore[misc]
            lambda: chance.randbytes(chance.choice((1, 4, 8))),
        ]
        changed[start:stop] = chance.choice(changes)()
    return bytes(changed[: chance.choice((len(changed), len(changed), len(changed) // 2))])
