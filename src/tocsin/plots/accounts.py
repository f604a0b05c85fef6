"""Figures of an account of rhetoric: causes by year, weeks, effects of events, effects of the calendar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tocsin.plots.captions import SIZE, Caption, blank_figure
from tocsin.plots.style import ACCENT, INK, SOFT, colour_of, plot_style
from tocsin.plots.svg import one_line, to_svg
from tocsin.rhetoric.accounts.account import Account
from tocsin.rhetoric.accounts.summary import Factor, Summary

MAX_LABEL = 60
"""Characters of a row's label."""

YEARS_HEIGHT, WEEKS_HEIGHT = 3.4, 3.0
"""Inches."""

PARTS = ("baseline", "calendar", "response", "unexplained")
TICKS = (0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4)


def account_figures(account: Account) -> dict[str, str]:
    """Return the figures of an account as SVG: `years`, `weeks`, `events` and `calendar`."""
    summary = account.summary
    note = f"{summary.items:,} critical items about {summary.target}, {summary.first} to {summary.last}"
    events = [(f"{effect.says}: {_window(effect.weeks)}", effect.factor) for effect in summary.effects]
    events += [(f"{dose.trigger_class}: a step larger by one standard deviation", dose.factor) for dose in summary.dose]
    return {
        "years": _years(summary, note),
        "weeks": _weeks(account, note),
        "events": _factors(
            Caption(
                "How events change the number of items",
                "factor on the number of items (log scale)",
                (note, "Bars are 90 % intervals. A filled point differs from 1 with a probability above 95 %."),
            ),
            events,
        ),
        "calendar": _factors(
            Caption(
                "How the calendar changes the number of items",
                "factor on the number of items in a week that the occasion fills",
                (note,),
            ),
            [(occasion.occasion, occasion.factor) for occasion in summary.occasions],
        ),
    }


def _window(weeks: tuple[int, int]) -> str:
    first, last = weeks
    return f"{-last} to {-first} weeks before" if last < 0 else f"weeks {first} to {last}"


def _years(summary: Summary, note: str) -> str:
    """Draw stacked bars of items per week by cause; causes that lower the number hang below zero."""
    from matplotlib.ticker import MaxNLocator

    rows = [row for row in summary.by_year if row.items]
    medians = [{part.part: part.share.p50 * row.items / row.weeks for part in row.shares} for row in rows]
    title = "Causes of the items in each year"
    with plot_style():
        figure, axis = blank_figure(Caption(title, "items per week", (note,)), YEARS_HEIGHT)
        years = np.array([row.year for row in rows])
        up, down = np.zeros(years.size), np.zeros(years.size)
        for index, part in enumerate(PARTS):
            size = np.array([median[part] for median in medians])
            bottom, hatch = np.where(size >= 0, up, down), "" if index < 2 else "///"
            axis.bar(years, size, 0.7, bottom, color=colour_of(index), label=part, hatch=hatch, ec="white", lw=0.4)
            up, down = up + np.maximum(size, 0), down + np.minimum(size, 0)
        observed = [row.items / row.weeks for row in rows]
        axis.plot(years, observed, "o", color=INK, ms=3.5, label="observed")
        axis.axhline(0, color=SOFT, lw=0.7)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_ylabel("items per week")
        axis.grid(axis="y")
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, fontsize=SIZE - 0.5, borderpad=0)
        return to_svg(figure, title)


def _weeks(account: Account, note: str) -> str:
    """Draw observed and expected items by week, with the most surprising weeks marked."""
    title = "Week by week: observed, expected, and the most surprising weeks"
    weeks = account.design.weeks
    low, median, high = np.quantile(account.weekly.expected, [0.05, 0.5, 0.95], axis=0)
    observed = account.design.counts.sum(axis=1)
    with plot_style():
        figure, axis = blank_figure(Caption(title, "items per week", (note,)), WEEKS_HEIGHT)
        axis.plot(weeks, observed, ".", color=SOFT, ms=2.2, label="observed")
        axis.fill_between(weeks, low, high, color=colour_of(0), alpha=0.25, lw=0)
        axis.plot(weeks, median, color=colour_of(0), lw=0.8, label="expected")
        for row in account.summary.unusual:
            point = (np.datetime64(row.week), row.items)
            axis.plot(*point, "D", color=ACCENT, ms=4)
            axis.annotate(
                row.week, point, xytext=(4, 2), textcoords="offset points", fontsize=SIZE - 2, color=ACCENT
            )  # fmt: skip
        axis.set_ylabel("items per week")
        axis.set_ylim(bottom=0)
        axis.grid(axis="y")
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=SIZE - 0.5, borderpad=0)
        return to_svg(figure, title)


def _factors(caption: Caption, rows: Sequence[tuple[str, Factor]]) -> str:
    """Draw a factor with its interval per row, on a log scale; points of clear effects are filled."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    with plot_style():
        figure, axis = blank_figure(caption, 0.6 + 0.2 * len(rows))
        for index, (_, factor) in enumerate(rows):
            colour, band = colour_of(0) if factor.clear else SOFT, factor.interval
            axis.plot([band.p05, band.p95], [index, index], color=colour, lw=1.4, solid_capstyle="butt")
            axis.plot([band.p50], [index], "o", color=colour, mfc=colour if factor.clear else "white", ms=4.5)
        axis.axvline(1, color=INK, lw=0.8)
        axis.set_xscale("log")
        low = min([1.0, *(factor.interval.p05 * 0.9 for _, factor in rows)])
        high = max([1.0, *(factor.interval.p95 * 1.1 for _, factor in rows)])
        axis.set_xticks([tick for tick in TICKS if low <= tick <= high])
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"×{value:g}"))
        axis.xaxis.set_minor_locator(NullLocator())
        axis.set_yticks(range(len(rows)), [one_line(name, MAX_LABEL) for name, _ in rows])
        axis.set_ylim(len(rows) - 0.4, -0.6)
        axis.set_xlabel(caption.axis_label)
        axis.grid(axis="x")
        return to_svg(figure, caption.title)
