"""A case to import into, and twelve tables of the kinds people keep, each with the facts that it holds.

The figures are drawn at random and written by this module's own formatters, so the expected values do not come from the reader under test.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

CASE = """\
format: tocsin/1
id: sea
title: Are the patrols as busy as the article says?
as_of: 2025-06-30
summary: A made-up article on patrols.
# sources of the author
sources:
  # read in print
  authority: {cite: "Coast guard, yearbook 2024", grade: A1}   # kept
facts:
  base: {value: "10 ships", source: authority, confidence: medium}
claims:
  C1: {says: Ten ships., kind: fact, sentence: 1, sources: [authority], holds: "fact(base) >= 10 ships"}
questions:
  busy: {asks: Busy?, claims: [C1]}
"""
MISSING = ("n/a", "..", "-", "N/A", "")


def write_case(folder: Path, text: str = CASE) -> Path:
    """Write a case into a folder and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Expected:
    """A fact that a table holds."""

    value: str
    unit: str
    date: str = ""
    note: str = ""


@dataclass(frozen=True)
class Kept:
    """A table as somebody keeps it.

    Attributes:
        file: where it is.
        facts: what it holds, by key.
        cells: every cell of its rows that is not blank.
        maps, texts: options of the import.
    """

    file: Path
    facts: Mapping[str, Expected]
    cells: Sequence[str]
    maps: Sequence[str] = ()
    texts: Sequence[str] = field(default=("source=authority", "confidence=medium"))


def number(chance: random.Random, places: int = 1, top: int = 9_000_000) -> Decimal:
    """Return a number of at least 10,000 with some digits after the point, the last of them not 0."""
    whole = chance.randrange(10_000, top)
    return Decimal(whole) + Decimal(chance.randrange(1, 10)).scaleb(-places)


def grouped(value: Decimal, group: str, mark: str) -> str:
    """Return a number with grouped thousands and a decimal mark, written digit by digit."""
    whole, _, part = f"{value:f}".partition(".")
    digits = list(whole)
    for index in range(len(digits) - 3, 0, -3):
        digits.insert(index, group)
    return "".join(digits) + (mark + part if part else "")


def _rows(header: Sequence[str], body: Sequence[Sequence[str]], mark: str) -> str:
    def cell(text: str) -> str:
        return f'"{text}"' if mark in text or '"' in text or "\n" in text else text

    return "\r\n".join(mark.join(map(cell, row)) for row in (header, *body)) + "\r\n"


def _cells(body: Sequence[Sequence[str]]) -> list[str]:
    return [cell for row in body for cell in row if cell]


def semicolons(folder: Path, chance: random.Random) -> Kept:
    """A German export: semicolons, decimal commas, points between thousands."""
    values = {f"Gebiet_{i}": number(chance) for i in range(12)}
    body = [[f"Gebiet {i}", grouped(value, ".", ","), "EUR"] for i, value in enumerate(values.values())]
    file = folder / "ausgaben.csv"
    file.write_bytes(_rows(("Name", "Betrag", "Einheit"), body, ";").encode("cp1252"))
    facts = {key: Expected(f"{value:f}", "EUR") for key, value in values.items()}
    return Kept(file, facts, _cells(body), ("key=Name", "value=Betrag", "unit=Einheit"))


def with_bom(folder: Path, chance: random.Random) -> Kept:
    """An export in UTF-8 with a byte order mark and points in the header."""
    values = {f"unit.{i}": number(chance, 2) for i in range(10)}
    body = [[key, f"{value:f}", "USD m of 2023"] for key, value in values.items()]
    file = folder / "bom.csv"
    file.write_bytes(b"\xef\xbb\xbf" + _rows(("Key", "Value", "Unit"), body, ",").encode())
    return Kept(file, {key: Expected(f"{value:f}", "USD m of 2023") for key, value in values.items()}, _cells(body))


def utf16(folder: Path, chance: random.Random) -> Kept:
    """Unicode text of a spreadsheet: UTF-16 with tabs."""
    values = {f"Zone.{2000 + i}": chance.randrange(1, 999) for i in range(10)}
    body = [["Zone", str(2000 + i), str(value), "incursions"] for i, value in enumerate(values.values())]
    file = folder / "unicode.txt"
    file.write_bytes(_rows(("Area", "Year", "Number", "Unit"), body, "\t").encode("utf-16"))
    facts = {key: Expected(str(value), "count of incursions", key[-4:]) for key, value in values.items()}
    return Kept(file, facts, _cells(body), ("key=Area+Year",))


def korean(folder: Path, chance: random.Random) -> Kept:
    """A Korean table in CP949 with Hangul keys, units and days."""
    names = {
        "국방비": "gukbangbi",
        "병력": "byeongryeok",
        "함정": "hamjeong",
        "전투기": "jeontugi",
        "미사일": "misail",
        "예산": "yesan",
    }
    values = {name: number(chance, 1, 90_000) for name in names}
    days = {name: date(2024, 1, 1) + timedelta(days=chance.randrange(360)) for name in names}
    body = [
        [
            name,
            f"{values[name]:f}",
            "조원",
            f"{days[name].year}년 {days[name].month}월 {days[name].day}일",
            "국방부의 자료에 따른 것이다",
        ]
        for name in names
    ]
    file = folder / "kr.csv"
    file.write_bytes(_rows(("항목", "값", "단위", "날짜", "비고"), body, ",").encode("cp949"))
    facts = {
        spelled: Expected(f"{values[name]:f}", "KRW trn", days[name].isoformat(), "국방부의")
        for name, spelled in names.items()
    }
    return Kept(file, facts, _cells(body))


def merged_header(folder: Path, chance: random.Random) -> Kept:
    """A workbook with a title, a header of two rows with merged cells, and a column of merged names."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Forces and money, by country", None, None, None, None])
    sheet.append(["Country", "Spending (USD bn)", None, "Personnel (k persons)", None])
    sheet.append([None, 2023, 2024, 2023, 2024])
    facts, cells = {}, []
    for name in ("Aland", "Borland", "Cland"):
        row = [float(number(chance, 1, 20_000)) for _ in range(4)]
        sheet.append([name, *row])
        cells += [name, *map(repr, row)]
        for group, unit, pair in (("Spending", "USD bn", row[:2]), ("Personnel", "k persons", row[2:])):
            for year, value in zip(("2023", "2024"), pair, strict=True):
                facts[f"{name}.{group}_{year}"] = Expected(repr(value), unit, year)
    for area in ("A1:E1", "A2:A3", "B2:C2", "D2:E2"):
        sheet.merge_cells(area)
    file = folder / "forces.xlsx"
    book.save(file)
    names = [f"{group} {year}" for group in ("Spending (USD bn)", "Personnel (k persons)") for year in (2023, 2024)]
    return Kept(file, facts, cells, ("key=Country", f"value={'+'.join(names)}"))


def thousands(folder: Path, chance: random.Random) -> Kept:
    """A table by several hands: thousands grouped by commas, spaces, thin spaces and apostrophes."""
    signs = (",", " ", "\u202f", "'", "’", "\u00a0")
    values = [number(chance) for _ in range(18)]
    body = [[f"row{i}", grouped(value, signs[i % len(signs)], "."), "USD"] for i, value in enumerate(values)]
    file = folder / "thousands.csv"
    file.write_bytes(_rows(("id", "amount", "unit"), body, ",").encode())
    return Kept(file, {f"row{i}": Expected(f"{value:f}", "USD") for i, value in enumerate(values)}, _cells(body))


def per_cent(folder: Path, chance: random.Random) -> Kept:
    """A workbook that shows fractions as per cent, and others that typed the sign."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Indicator", "Value", "Note"])
    facts, cells = {}, []
    for i in range(10):
        tenths = chance.randrange(1, 999)
        shown = f"{Decimal(tenths) / 10:f}".removesuffix(".0")
        sheet.append([f"share{i}", tenths / 1000 if i % 2 else f"{shown} %", f"remark {i}"])
        if i % 2:
            sheet.cell(row=i + 2, column=2).number_format = "0.0%"
        facts[f"share{i}"] = Expected(shown, "%", note=f"remark {i}")
        cells += [f"share{i}", f"{shown}%" if i % 2 else f"{shown} %", f"remark {i}"]
    file = folder / "shares.xlsx"
    book.save(file)
    return Kept(file, facts, cells)


def footnotes(folder: Path, chance: random.Random) -> Kept:
    """A table with footnote marks of every kind, notes below it, and its source in the last line."""
    marks = {"*": "provisional", "†": "without the army", "¹": "revised in May", "[a]": "fiscal year"}
    signs = list(marks)
    values = [chance.randrange(2, 900) for _ in range(12)]
    body = [[f"line{i}", f"{value}{signs[i % 4] if i % 3 else ''}", "sorties"] for i, value in enumerate(values)]
    below = [[f"{mark} {text}", "", ""] for mark, text in marks.items()] + [
        ["Source: Coast guard, yearbook 2024", "", ""]
    ]
    file = folder / "notes.csv"
    file.write_bytes(_rows(("Name", "Count", "Unit"), [*body, *below], ",").encode())
    facts = {
        f"line{i}": Expected(str(value), "count of sorties", note=marks[signs[i % 4]] if i % 3 else "")
        for i, value in enumerate(values)
    }
    return Kept(file, facts, _cells(body), texts=("confidence=medium",))


def missing(folder: Path, chance: random.Random) -> Kept:
    """A table in which every third value is missing, in all the ways people say so."""
    values = [number(chance, 2) for _ in range(15)]
    body = [[f"m{i}", MISSING[i // 3] if i % 3 == 0 else f"{value:f}", "km"] for i, value in enumerate(values)]
    file = folder / "missing.csv"
    file.write_bytes(_rows(("key", "value", "unit"), body, ",").encode())
    facts = {f"m{i}": Expected(f"{value:f}", "km") for i, value in enumerate(values) if i % 3}
    return Kept(file, facts, _cells(body))


def mixed_dates(folder: Path, chance: random.Random) -> Kept:
    """A table in which each row writes its date in another way; one day above 12 shows the order of the rest."""
    months = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    styles: list[tuple[Callable[[date], str], Callable[[date], str]]] = [
        (lambda d: d.isoformat(), lambda d: d.isoformat()),
        (lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}", lambda d: d.isoformat()),
        (lambda d: f"{d.day} {months[d.month - 1]} {d.year}", lambda d: d.isoformat()),
        (lambda d: f"{months[d.month - 1]} {d.day}, {d.year}", lambda d: d.isoformat()),
        (lambda d: f"{d.day}.{d.month}.{d.year}", lambda d: d.isoformat()),
        (lambda d: f"{months[d.month - 1][:3]} {d.year}", lambda d: d.isoformat()[:7]),
        (lambda d: str(d.year), lambda d: d.isoformat()[:4]),
        (lambda d: f"FY{d.year}", lambda d: d.isoformat()[:4]),
        (lambda d: f"{d.year - 9}/{d.year}", lambda d: f"{d.year - 9}/{d.year}"),
        (lambda d: f"Q{(d.month + 2) // 3} {d.year}", _quarter),
        (lambda d: f"{d.year}/{d.month:02d}/{d.day:02d}", lambda d: d.isoformat()),
    ]
    days = [date(2000, 1, 1) + timedelta(days=chance.randrange(9000)) for _ in range(2 * len(styles))] + [
        date(2020, 5, 31)
    ]
    body, facts = [], {}
    for i, day in enumerate(days):
        write, expect = styles[i % len(styles)] if i < len(days) - 1 else styles[1]
        body.append([f"d{i}", str(i + 1), "ships", write(day)])
        facts[f"d{i}"] = Expected(str(i + 1), "ships", expect(day))
    file = folder / "dates.csv"
    file.write_bytes(_rows(("key", "value", "unit", "as of"), body, ",").encode())
    return Kept(file, facts, _cells(body))


def _quarter(day: date) -> str:
    first = (day.month + 2) // 3 * 3 - 2
    return f"{day.year}-{first:02d}/{day.year}-{first + 2:02d}"


def markdown(folder: Path, chance: random.Random) -> Kept:
    """A table pasted from a note: vertical bars, a bar inside a cell, amounts with their units, truth values, texts and days."""
    money = number(chance, 1, 20_000)
    day = date(2020, 1, 1) + timedelta(days=chance.randrange(1500))
    rows = [
        ("plan", f"${money:f}bn", f"{money:f}", "USD bn"),
        ("fleet", "12 frigates", "12", "count of frigates"),
        ("range", "200 nm", "200", "count of nm"),
        ("agreed", "yes", "true", ""),
        ("mood", "calm at sea", "calm at sea", "text"),
        ("signed", day.isoformat(), day.isoformat(), "date"),
        ("constant", "7.5 million USD of 2023", "7.5", "USD m of 2023"),
    ]
    lines = ["Pasted on a Monday", "", "| Name | Value | Remark |", "|:--|--:|---|"]
    lines += [f"| {name} | {cell} | a\\|b |" for name, cell, _, _ in rows]
    file = folder / "pasted.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    facts = {name: Expected(value, unit, note="a|b") for name, _, value, unit in rows}
    return Kept(file, facts, [cell for name, cell, _, _ in rows for cell in (name, cell, "a|b")])


def unit_row(folder: Path, chance: random.Random) -> Kept:
    """An export with a row of units below the names, headings between the rows, and names given once for several rows."""
    body: list[list[str]] = []
    facts = {}
    for area in ("North", "South"):
        body.append([f"The {area}", "", "", ""])
        for index, year in enumerate((2022, 2023, 2024)):
            value = number(chance, 1, 30_000)
            body.append([area if index == 0 else "", str(year), f"{value:f}", "enacted"])
            facts[f"{area}.{year}"] = Expected(f"{value:f}", "JPY bn", str(year))
    file = folder / "units.csv"
    file.write_bytes(_rows(("Region", "Year", "Amount", "Status"), [["", "", "(JPY bn)", ""], *body], ",").encode())
    return Kept(file, facts, _cells(body), ("key=Region+Year",))


KINDS = (
    semicolons, with_bom, utf16, korean, merged_header, thousands, per_cent, footnotes, missing, mixed_dates, markdown, unit_row,
)  # fmt: skip
