"""Measures as pictures: lines over years with what they may be off by, and spells as bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.errors import InputError
from tocsin.report.marks import SOFT
from tocsin.report.vector import as_svg, clean, dash, hue, style, width

MAX_LINES, MAX_ROWS = 15, 20
"""Lines, and rows of spells, that one picture shows."""

SIZE, WIDE = 8.0, 7.4
"""Points of the letters; inches."""

LOOSE = 1.2
"""How much wider `width` takes a line of prose to be than it is."""

MAX_KINDS = 6
"""Kinds of spell up to which a key tells them apart."""


@dataclass(frozen=True)
class Picture:
    """What is written about a picture.

    Attributes:
        title: what is measured.
        value: what the upright axis shows; empty for spells.
        foot: lines below: sources, years, inputs.
    """

    title: str
    value: str
    foot: tuple[str, ...]


def lines_svg(table: pl.DataFrame, picture: Picture, *, value: str, span: tuple[str, str] | None = None) -> str:
    """A line for each name over years, broken where a year is missing; a band where a span is known.

    Args:
        table: columns name, year, `value` and those of the span; one row a name and year.
        picture: what is written about it.
        value: column drawn.
        span: columns of the lowest and highest value.

    Raises:
        InputError: if there is nothing to draw or too much for one picture.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    names = table["name"].unique(maintain_order=True).to_list()
    drawn = [value, *(span or ())]
    if not names or table.select(drawn).null_count().sum_horizontal()[0] == len(drawn) * table.height:
        raise InputError("there is nothing to draw: no value is known", remedy="ask about other states or years")
    _check_room(len(names), MAX_LINES, "lines")
    with style():
        figure, axis = empty(Figure, picture, 3.6)
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
        axis.set_ylabel(picture.value)
        axis.margins(y=0.08)
        _name_ends(axis, ends, last + 0.5)
        return as_svg(figure, picture.title)


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
        axis.fill_between(whole, low, high, where=wide, color=hue(place), alpha=0.3, lw=0, step="mid", zorder=1)
    held = spread(value)
    axis.plot(whole, held, color=hue(place), ls=dash(place), lw=1.4, zorder=2)
    known = np.isfinite(np.concatenate([[np.nan], held, [np.nan]]))
    alone = known[1:-1] & ~known[:-2] & ~known[2:]
    axis.plot(whole[alone], held[alone], "o", color=hue(place), ms=3, zorder=3)


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
            clean(name, 30), (x, at), xytext=(4, 0), textcoords="offset points", va="center", color=hue(place),
            fontsize=SIZE, annotation_clip=False,
        )  # fmt: skip


def spells_svg(table: pl.DataFrame, picture: Picture, *, label: str, years: tuple[int, int]) -> str:
    """A row of bars for each name: from start to end, open where a spell runs on.

    Args:
        table: columns name, start, end (null where it runs on), until (the last day known) and `label`, what each spell is.
        picture: what is written about it.
        label: that column.
        years: first and last drawn.

    Raises:
        InputError: as `lines_svg`.
    """
    from matplotlib.figure import Figure

    names = table["name"].unique(maintain_order=True).to_list()
    if not names:
        raise InputError("there is nothing to draw: no spell is known", remedy="ask about other states or years")
    _check_room(len(names), MAX_ROWS, "rows")
    kinds = table[label].unique(maintain_order=True).to_list()
    first = max(years[0], table["start"].min().year)  # type: ignore[union-attr]
    bounds = (_year(date(first, 1, 1)), _year(date(years[1], 12, 31)))
    with style():
        figure, axis = empty(Figure, picture, 0.5 + 0.42 * len(names))
        for row, name in enumerate(names):
            for spell in table.filter(pl.col("name") == name).iter_rows(named=True):
                start = max(_year(spell["start"]), bounds[0])
                end = min(_year(spell["end"] or spell["until"]), bounds[1])
                place = kinds.index(spell[label])
                axis.barh(row, end - start, left=start, height=0.62, color=hue(place), alpha=0.85, ec="white", lw=0.8)
                if spell["end"] is None and end < bounds[1] + 1:
                    axis.annotate("▸", (end, row), va="center", ha="left", color=hue(place), fontsize=SIZE)
                text = clean(str(spell[label]), 30)
                room = (end - start) / (bounds[1] - bounds[0]) * (WIDE - 1.2)
                if width(text, SIZE - 1) < room:
                    axis.text((start + end) / 2, row, text, ha="center", va="center", color="white", fontsize=SIZE - 1)
        if len(kinds) <= MAX_KINDS:
            _key(axis, kinds)
        axis.set_yticks(range(len(names)), names)
        axis.invert_yaxis()
        axis.set_xlim(*bounds)
        axis.grid(axis="x")
        return as_svg(figure, picture.title)


def _key(axis: Any, kinds: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    patches = [Patch(color=hue(place), alpha=0.85, label=clean(str(kind), 30)) for place, kind in enumerate(kinds)]
    axis.legend(
        handles=patches, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(kinds), frameon=False, fontsize=SIZE - 0.5,
        handlelength=1, borderpad=0, columnspacing=1.2,
    )  # fmt: skip


def _year(day: date) -> float:
    return day.year + (day.timetuple().tm_yday - 1) / 365.25


def empty(figure_type: Any, picture: Picture, high: float) -> tuple[Any, Any]:
    """A figure with the title and the foot of a picture, and its axes, about so many inches high without them."""
    foot = [line for text in picture.foot for line in _wrapped(text)]
    figure = figure_type(figsize=(WIDE, high + 0.5 + 0.15 * len(foot)), layout="constrained")
    figure.suptitle("\n".join(_wrapped(picture.title, 11)), x=0.01, ha="left", fontsize=11, fontweight="bold")
    figure.supxlabel("\n".join(foot), x=0.01, ha="left", fontsize=SIZE - 0.5, color=SOFT)
    return figure, figure.subplots()


def _wrapped(text: str, size: float = SIZE - 0.5) -> list[str]:
    """A text on as many lines as its letters need."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) > (WIDE - 0.2) * LOOSE and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
