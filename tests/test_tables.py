"""Tables as text and in notebooks."""

from __future__ import annotations

import polars as pl

from tocsin.tables import html_table, text_table


def test_columns_are_aligned_and_nothing_is_read_as_markup() -> None:
    shown = text_table(("name", "n"), [("[bold]a[/bold]", 1), ("한국", None), (":smile:", 1000)], right=[1])
    lines = shown.splitlines()
    assert lines[0].startswith("name") and lines[0].endswith("   n")
    assert lines[2].startswith("[bold]a[/bold]") and lines[2].endswith("   1")
    assert lines[3] == "한국" and lines[4].startswith(":smile:") and lines[4].endswith("1000")
    assert text_table(("", ""), [("a", "b")]).split() == ["a", "b"]


def test_a_title_is_escaped_in_a_notebook() -> None:
    shown = html_table("<script>", pl.DataFrame({"a": [1]}))
    assert "&lt;script&gt;" in shown and "<table" in shown
