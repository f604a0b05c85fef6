"""An account of rhetoric as pictures: its shares by year, the effects of events, the calendar, week after week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tocsin.plots.captions import SIZE, Caption, blank_figure
from tocsin.plots.style import ACCENT, INK, SOFT, colour_of, plot_style
from tocsin.plots.svg import one_line, to_svg
from tocsin.rhetoric.accounts.account import Account

WIDEST = 60
"""Characters of a row's name."""
YEARS_TALL, WEEKS_TALL = 3.4, 3.0


def account_figures(account: Account, told: Mapping[str, Any]) -> dict[str, str]:
    """Every picture of an account as SVG, by name.

    Args:
        account: the account; told: the same as a plain value.
    """
    span = "{first} to {last}".format(**told["span"])
    foot = (f"{told['items']:,} critical items about {told['target']}, {span}",)
    rows = (*foot, "Whiskers are 90 % intervals; a filled point is clear of 1 with a probability above 95 %.")
    return {
        "years": _years(told, foot),
        "weeks": _weeks(account, told, foot),
        "events": _forest(
            Caption("What events do to the number of items", "items multiplied by (log scale)", rows),
            [(f"{each['says']}: {_when(each['weeks'])}", each) for each in told["effects"]]
            + [(f"{each['class']}: a step larger by one standard deviation", each) for each in told["dose"]],
        ),
        "calendar": _forest(
            Caption(
                "What the calendar does to the number of items",
                "items multiplied by in a week that lies wholly in it",
                foot,
            ),
            [(each["occasion"], each) for each in told["occasions"]],
        ),
    }


def _when(weeks: Sequence[int]) -> str:
    first, last = weeks
    if last < 0:
        return f"{-last} to {-first} weeks before"
    return f"week {first} to {last}"


def _years(told: Mapping[str, Any], foot: tuple[str, ...]) -> str:
    """Bars of items a week by part, a year each: what lowers the number hangs below the line."""
    from matplotlib.ticker import MaxNLocator

    years = [each for each in told["by_year"] if each["items"]]
    middle = [{part["part"]: part["p50"] * each["items"] / each["weeks"] for part in each["shares"]} for each in years]
    with plot_style():
        figure, axis = blank_figure(Caption("Where the items of each year come from", "items a week", foot), YEARS_TALL)
        at = np.array([each["year"] for each in years])
        up, down = np.zeros(at.size), np.zeros(at.size)
        for place, part in enumerate(("baseline", "calendar", "response", "unexplained")):
            size = np.array([each[part] for each in middle])
            axis.bar(
                at,
                size,
                0.7,
                np.where(size >= 0, up, down),
                color=colour_of(place),
                label=part,
                hatch="" if place < 2 else "///",
                ec="white",
                lw=0.4,
            )
            up, down = up + np.maximum(size, 0), down + np.minimum(size, 0)
        seen = [each["items"] / each["weeks"] for each in years]
        axis.plot(at, seen, "o", color=INK, ms=3.5, label="items seen")
        axis.axhline(0, color=SOFT, lw=0.7)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_ylabel("items a week")
        axis.grid(axis="y")
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, fontsize=SIZE - 0.5, borderpad=0)
        return to_svg(figure, "Where the items of each year come from")


def _weeks(account: Account, told: Mapping[str, Any], foot: tuple[str, ...]) -> str:
    """Items seen and foreseen week by week, the hardest to foresee marked."""

    title = "Week by week: seen, foreseen, and what was hardest to foresee"
    weeks = account.design.weeks
    low, middle, high = np.quantile(account.weekly.expected, [0.05, 0.5, 0.95], axis=0)
    seen = account.design.counts.sum(axis=1)
    with plot_style():
        figure, axis = blank_figure(Caption(title, "items a week", foot), WEEKS_TALL)
        axis.plot(weeks, seen, ".", color=SOFT, ms=2.2, label="seen")
        axis.fill_between(weeks, low, high, color=colour_of(0), alpha=0.25, lw=0)
        axis.plot(weeks, middle, color=colour_of(0), lw=0.8, label="foreseen")
        for each in told["unusual"]:
            at = np.datetime64(each["week"])
            axis.plot([at], [each["items"]], "D", color=ACCENT, ms=4)
            axis.annotate(
                each["week"],
                (at, each["items"]),
                xytext=(4, 2),
                textcoords="offset points",
                fontsize=SIZE - 2,
                color=ACCENT,
            )
        axis.set_ylabel("items a week")
        axis.set_ylim(bottom=0)
        axis.grid(axis="y")
        axis.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=SIZE - 0.5, borderpad=0)
        return to_svg(figure, title)


def _forest(caption: Caption, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """A ratio and its interval a row, on a log scale; filled where it is clear."""
    from matplotlib.ticker import FuncFormatter, NullLocator

    with plot_style():
        figure, axis = blank_figure(caption, 0.6 + 0.2 * len(rows))
        for place, (_, each) in enumerate(rows):
            colour = colour_of(0) if each["clear"] else SOFT
            axis.plot([each["p05"], each["p95"]], [place, place], color=colour, lw=1.4, solid_capstyle="butt")
            axis.plot([each["p50"]], [place], "o", color=colour, mfc=colour if each["clear"] else "white", ms=4.5)
        axis.axvline(1, color=INK, lw=0.8)
        axis.set_xscale("log")
        marks = [tick for tick in (0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4) if _within(tick, rows)]
        axis.set_xticks(marks)
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"×{value:g}"))
        axis.xaxis.set_minor_locator(NullLocator())
        axis.set_yticks(range(len(rows)), [one_line(name, WIDEST) for name, _ in rows])
        axis.set_ylim(len(rows) - 0.4, -0.6)
        axis.set_xlabel(caption.axis_label)
        axis.grid(axis="x")
        return to_svg(figure, caption.title)


def _within(tick: float, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    """Whether a mark of the scale lies where something is drawn."""
    return tick == 1 or min(each["p05"] for _, each in rows) * 0.9 <= tick <= max(each["p95"] for _, each in rows) * 1.1
