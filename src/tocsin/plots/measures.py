"""Measures as pictures: lines over years with what they may be off by, and spells as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.plots.captions import SIZE, WIDTH, Caption, blank_figure
from tocsin.plots.style import colour_of, dash_of, plot_style
from tocsin.plots.svg import one_line, text_width, to_svg

MAX_LINES, MAX_ROWS = 15, 20
"""Lines, and rows of spells, that one picture shows."""

MAX_KINDS = 6
"""Kinds of spell up to which a key tells them apart."""


def lines_svg(table: pl.DataFrame, caption: Caption, *, value: str, span: tuple[str, str] | None = None) -> str:
    """A line for each name over years, broken where a year is missing; a band where a span is known.

    Args:
        table: columns name, year, `value` and those of the span; one row a name and year.
        caption: title, axis label and notes.
        value: column drawn.
        span: columns of the lowest and highest value.

    Raises:
        InputError: if there is nothing to draw or too much for one picture.
    """
    from matplotlib.ticker import MaxNLocator

    names = table["name"].unique(maintain_order=True).to_list()
    drawn = [value, *(span or ())]
    if not names or table.select(drawn).null_count().sum_horizontal()[0] == len(drawn) * table.height:
        raise InputError("there is nothing to draw: no value is known", remedy="ask about other states or years")
    _check_room(len(names), MAX_LINES, "lines")
    with plot_style():
        figure, axis = blank_figure(caption, 3.6)
        ends = []
        for place, name in enumerate(names):
            rows = table.filter(pl.col("name") == name).sort("year")
            _line(axis, rows, place, value, span)
            known = rows.drop_nulls(value)
            if known.height:
                ends.append((float(known[value][-1]), float(known["year"][-1]), name, place))
        first, last = (int(year) for year in (table["year"].min(), table["year"].max()))  # type: ignore[arg-type]
        axis.set_xlim(first - 0.5, last + 0.5)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        axis.grid(axis="y")
        axis.set_ylabel(caption.axis_label)
        axis.margins(y=0.08)
        _name_ends(axis, ends, last + 0.5)
        return to_svg(figure, caption.title)


def _check_room(count: int, most: int, what: str) -> None:
    if count > most:
        raise InputError(
            f"{count} {what} are too many for one picture, which shows {most}",
            remedy="name fewer with --states, or write a .csv or .parquet file",
        )


def _line(axis: Any, rows: pl.DataFrame, place: int, value: str, span: tuple[str, str] | None) -> None:
    years = rows["year"].to_numpy()
    whole = np.arange(years[0], years[-1] + 1)
    at = years - years[0]

    def spread(column: str) -> np.ndarray:
        found = np.full(len(whole), np.nan)
        found[at] = rows[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return found

    if span is not None:
        low, high = (spread(name) for name in span)
        wide = high > low
        axis.fill_between(whole, low, high, where=wide, color=colour_of(place), alpha=0.3, lw=0, step="mid", zorder=1)
    held = spread(value)
    axis.plot(whole, held, color=colour_of(place), ls=dash_of(place), lw=1.4, zorder=2)
    known = np.isfinite(np.concatenate([[np.nan], held, [np.nan]]))
    alone = known[1:-1] & ~known[:-2] & ~known[2:]
    axis.plot(whole[alone], held[alone], "o", color=colour_of(place), ms=3, zorder=3)


def _name_ends(axis: Any, ends: Sequence[tuple[float, float, str, int]], x: float) -> None:
    """Names at the ends of their lines, moved apart where they would overlap."""
    low, high = axis.get_ylim()
    least = (high - low) * SIZE * 1.3 / 72 / 2.6
    ordered = sorted(ends)
    at = -math.inf
    for rank, (value, _, name, place) in enumerate(ordered):
        most = high - least * (len(ordered) - 1 - rank)
        at = max(min(value, most), at + least)
        axis.annotate(
            one_line(name, 30), (x, at), xytext=(4, 0), textcoords="offset points", va="center", color=colour_of(place),
            fontsize=SIZE, annotation_clip=False,
        )  # fmt: skip


def spells_svg(table: pl.DataFrame, caption: Caption, *, label: str, years: tuple[int, int]) -> str:
    """A row of bars for each name: from start to end, open where a spell runs on.

    Args:
        table: columns name, start, end (null where it runs on), until (the last day known) and `label`, what each spell is.
        caption: title, axis label and notes.
        label: that column.
        years: first and last drawn.

    Raises:
        InputError: as `lines_svg`.
    """

    names = table["name"].unique(maintain_order=True).to_list()
    if not names:
        raise InputError("there is nothing to draw: no spell is known", remedy="ask about other states or years")
    _check_room(len(names), MAX_ROWS, "rows")
    kinds = table[label].unique(maintain_order=True).to_list()
    first = max(years[0], table["start"].min().year)  # type: ignore[union-attr]
    bounds = (_year(date(first, 1, 1)), _year(date(years[1], 12, 31)))
    with plot_style():
        figure, axis = blank_figure(caption, 0.5 + 0.42 * len(names))
        for row, name in enumerate(names):
            for spell in table.filter(pl.col("name") == name).iter_rows(named=True):
                start = max(_year(spell["start"]), bounds[0])
                end = min(_year(spell["end"] or spell["until"]), bounds[1])
                place = kinds.index(spell[label])
                axis.barh(
                    row, end - start, left=start, height=0.62, color=colour_of(place), alpha=0.85, ec="white", lw=0.8
                )
                if spell["end"] is None and end < bounds[1] + 1:
                    axis.annotate("▸", (end, row), va="center", ha="left", color=colour_of(place), fontsize=SIZE)
                text = one_line(str(spell[label]), 30)
                room = (end - start) / (bounds[1] - bounds[0]) * (WIDTH - 1.2)
                if text_width(text, SIZE - 1) < room:
                    axis.text((start + end) / 2, row, text, ha="center", va="center", color="white", fontsize=SIZE - 1)
        if len(kinds) <= MAX_KINDS:
            _key(axis, kinds)
        axis.set_yticks(range(len(names)), names)
        axis.invert_yaxis()
        axis.set_xlim(*bounds)
        axis.grid(axis="x")
        return to_svg(figure, caption.title)


def _key(axis: Any, kinds: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    patches = [
        Patch(color=colour_of(place), alpha=0.85, label=one_line(str(kind), 30)) for place, kind in enumerate(kinds)
    ]
    axis.legend(
        handles=patches, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(kinds), frameon=False, fontsize=SIZE - 0.5,
        handlelength=1, borderpad=0, columnspacing=1.2,
    )  # fmt: skip


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25
