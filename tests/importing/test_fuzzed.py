"""Whatever a table holds, its rows are read or named, digits are never invented, and no error is a fault of the program."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.importing.support import write_case

from tocsin.errors import InputError
from tocsin.importing.convert import convert
from tocsin.importing.grid import grid_of
from tocsin.importing.layout import read_layout
from tocsin.importing.mapping import ColumnMap
from tocsin.importing.run import Options, prepare

PIECES = (
    "1", "12", "1,234", "1.234", "12.5", "0", "%", " ", "-", "–", "~", "(", ")", "*", "¹", "[a]", "$", "€", "USD", "bn", "m", "ships", "frigates",
    "of 2023", "per year", "n/a", "yes", "2024-03-05", "5 March 2024", "text", "=", "#REF!", "e", "E5", "'", "’", "/", "일", "\u00a0", "½", "true", ";",
)  # fmt: skip
cells = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


def table(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([["key", "value", "unit", "as of", "remark"], *rows])
    return stream.getvalue().encode()


COLUMNS = ColumnMap(
    {"key": ("key",), "value": ("value",), "unit": ("unit",), "date": ("as of",), "note": ("remark",)},
    {"source": "a book", "confidence": "medium"},
)


@given(
    st.lists(
        st.tuples(cells, st.sampled_from(("", "ships", "USD m", "%", "text", "nm")), cells), min_size=1, max_size=8
    )
)
@settings(max_examples=150, deadline=None)
def test_every_row_is_a_fact_or_named_and_no_digit_is_invented(rows: list[tuple[str, str, str]]) -> None:
    layout = read_layout(
        grid_of(table([[f"k{i}", value, unit, date, "r"] for i, (value, unit, date) in enumerate(rows)]), "t")
    )
    conversion = convert(layout, COLUMNS, {}, "t")
    named = {remark.row for remark in conversion.errors} | {
        remark.row for remark in conversion.remarks if "left out" in remark.cause
    }
    read = {fact.row for fact in conversion.facts}
    assert read | named == set(range(2, len(rows) + 2))
    assert not read & named
    for fact in conversion.facts:
        digits = "".join(filter(str.isdigit, fact.cell.translate(str.maketrans("", "", "¹"))))
        if fact.unit not in ("date", "text"):
            assert "".join(filter(str.isdigit, fact.value)) in digits.replace(" ", "") or fact.value.startswith("0")


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_bytes_of_any_kind_are_a_table_or_are_refused(data: bytes) -> None:
    try:
        read_layout(grid_of(data, "t"))
    except InputError as error:
        assert error.remedy


@pytest.mark.parametrize(
    "cell",
    [
        "\x1b[31mred",
        'a"b',
        "a\\b",
        "{x: y}",
        "# no comment",
        "a: b",
        "- a",
        "\u2028",
        "‮evil",
        "a" * 3000,
        "😀",
        "null",
        "'",
        "%s",
    ],
)
def test_hostile_texts_end_as_texts_of_the_case(cell: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = write_case(tmp_path_factory.mktemp("case"))
    grid = grid_of(table([["k", "5", "ships", "", cell]]), "t")
    ready = prepare(grid, folder, Options(texts=[f"source=A book {cell[:50]}", "confidence=medium"]), "t", None)
    assert len(ready.conversion.sources) == 1


@example(text="\n/")
@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_citation_becomes_a_source_of_a_case_that_loads(text: str, tmp_path: Path) -> None:
    folder = write_case(tmp_path / "case")
    grid = grid_of(b"key,value\nk,5\n", "t")
    try:
        prepare(grid, folder, Options(texts=[f"source=x{text}", "confidence=medium"]), "t", None)
    except InputError as error:
        assert error.remedy
