"""Figures of measures: lines over years with bands of uncertainty, and spells as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.plots.captions import SIZE, WIDTH, Caption, blank_figure
from tocsin.plots.labels import label_ends
from tocsin.plots.style import colour_of, dash_of, plot_style
from tocsin.plots.svg import one_line, text_width, to_svg
from tocsin.translation import message, template

MAX_LINES, MAX_ROWS = 15, 20
"""Lines, and rows of spells, that one figure shows."""

MAX_KINDS = 6
"""Kinds of spells for which a legend is drawn."""

MAX_LABEL = 30
"""Characters of a label."""


def lines_svg(table: pl.DataFrame, caption: Caption, *, value: str, span: tuple[str, str] | None = None) -> str:
    """Return a line per name over the years, broken at missing years, with a band where a span is known.

    Args:
        table: columns name, year, `value` and those of `span`; one row per name and year.
        caption: title, axis label and notes.
        value: the column to draw.
        span: the columns of the lowest and highest possible value.

    Raises:
        InputError: if there is nothing to draw or too much for one figure.
    """
    from matplotlib.ticker import MaxNLocator

    names = table["name"].unique(maintain_order=True).to_list()
    columns = [value, *(span or ())]
    if not names or table.select(columns).null_count().sum_horizontal()[0] == len(columns) * table.height:
        raise InputError(
            message("nothing to draw: all values are missing"), remedy=message("choose other states or years")
        )
    _check_count(len(names), MAX_LINES, template("{count} lines, but a figure shows at most {limit}"))
    with plot_style():
        figure, axis = blank_figure(caption, 3.6)
        ends = []
        for index, name in enumerate(names):
            rows = table.filter(pl.col("name") == name).sort("year")
            _line(axis, rows, index, value, span)
            known = rows.drop_nulls(value)
            if known.height:
                ends.append((float(known[value][-1]), one_line(name, MAX_LABEL), colour_of(index)))
        first, last = (int(year) for year in (table["year"].min(), table["year"].max()))  # type: ignore[arg-type]
        axis.set_xlim(first - 0.5, last + 0.5)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        axis.grid(axis="y")
        axis.set_ylabel(caption.axis_label)
        axis.margins(y=0.08)
        low, high = axis.get_ylim()
        label_ends(axis, ends, last + 0.5, gap=(high - low) * SIZE * 1.3 / 72 / 2.6, top=high, size=SIZE)
        return to_svg(figure, caption.title)


def _check_count(count: int, limit: int, wrong: str) -> None:
    if count > limit:
        raise InputError(
            message(wrong, count=count, limit=limit),
            remedy=message("name fewer with --states, or write a .csv or .parquet file"),
        )


def _line(axis: Any, rows: pl.DataFrame, index: int, value: str, span: tuple[str, str] | None) -> None:
    known_years = rows["year"].to_numpy()
    years = np.arange(known_years[0], known_years[-1] + 1)

    def with_gaps(column: str) -> np.ndarray:
        values = np.full(len(years), np.nan)
        values[known_years - years[0]] = rows[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return values

    colour = colour_of(index)
    if span is not None:
        low, high = (with_gaps(name) for name in span)
        axis.fill_between(years, low, high, where=high > low, color=colour, alpha=0.3, lw=0, step="mid", zorder=1)
    values = with_gaps(value)
    axis.plot(years, values, color=colour, ls=dash_of(index), lw=1.4, zorder=2)
    known = np.isfinite(np.concatenate([[np.nan], values, [np.nan]]))
    alone = known[1:-1] & ~known[:-2] & ~known[2:]  # a line through one point is invisible
    axis.plot(years[alone], values[alone], "o", color=colour, ms=3, zorder=3)


def spells_svg(table: pl.DataFrame, caption: Caption, *, label: str, years: tuple[int, int]) -> str:
    """Return a row of bars per name, from start to end; an arrow marks a spell that has not ended.

    Args:
        table: columns name, start, end (null if it has not ended), until (last day known) and `label`.
        caption: title, axis label and notes.
        label: the column that says what a spell is.
        years: first and last year drawn.

    Raises:
        InputError: if there is nothing to draw or too much for one figure.
    """
    names = table["name"].unique(maintain_order=True).to_list()
    if not names:
        raise InputError(message("nothing to draw: no spell is known"), remedy=message("choose other states or years"))
    _check_count(len(names), MAX_ROWS, template("{count} rows, but a figure shows at most {limit}"))
    kinds = table[label].unique(maintain_order=True).to_list()
    first = max(years[0], table["start"].min().year)  # type: ignore[union-attr]
    bounds = (_decimal_year(date(first, 1, 1)), _decimal_year(date(years[1], 12, 31)))
    with plot_style():
        figure, axis = blank_figure(caption, 0.5 + 0.42 * len(names))
        for row, name in enumerate(names):
            for spell in table.filter(pl.col("name") == name).iter_rows(named=True):
                start = max(_decimal_year(spell["start"]), bounds[0])
                end = min(_decimal_year(spell["end"] or spell["until"]), bounds[1])
                colour = colour_of(kinds.index(spell[label]))
                _bar(axis, row, (start, end), bounds, str(spell[label]), colour)
                if spell["end"] is None and end < bounds[1] + 1:
                    axis.annotate("▸", (end, row), va="center", ha="left", color=colour, fontsize=SIZE)
        if len(kinds) <= MAX_KINDS:
            _legend(axis, kinds)
        axis.set_yticks(range(len(names)), names)
        axis.invert_yaxis()
        axis.set_xlim(*bounds)
        axis.grid(axis="x")
        return to_svg(figure, caption.title)


def _bar(axis: Any, row: int, ends: tuple[float, float], bounds: tuple[float, float], label: str, colour: str) -> None:
    """Draw a bar, with its label inside if there is room."""
    start, end = ends
    axis.barh(row, end - start, left=start, height=0.62, color=colour, alpha=0.85, ec="white", lw=0.8)
    text = one_line(label, MAX_LABEL)
    if text_width(text, SIZE - 1) < (end - start) / (bounds[1] - bounds[0]) * (WIDTH - 1.2):
        axis.text((start + end) / 2, row, text, ha="center", va="center", color="white", fontsize=SIZE - 1)


def _legend(axis: Any, kinds: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(color=colour_of(index), alpha=0.85, label=one_line(str(kind), MAX_LABEL))
        for index, kind in enumerate(kinds)
    ]
    axis.legend(
        handles=patches, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(kinds), frameon=False, fontsize=SIZE - 0.5,
        handlelength=1, borderpad=0, columnspacing=1.2,
    )  # fmt: skip


def _decimal_year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25
