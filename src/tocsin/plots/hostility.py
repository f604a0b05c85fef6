"""Draw the hostility of one state towards another through the years."""

from __future__ import annotations

import numpy as np

from tocsin.evidence.hostility.series import Series
from tocsin.plots.style import INK, colour_of, plot_style
from tocsin.plots.svg import to_svg


def hostility_svg(series: Series) -> str:
    """Return SVG of the chance of a dispute within each year, with a tick for every year in which one was begun."""
    from matplotlib.figure import Figure

    title = f"Chance that {series.challenger} begins a dispute with {series.target}"
    with plot_style():
        figure = Figure(figsize=(7.4, 3.2), layout="constrained")
        axis = figure.subplots()
        low, high = -np.expm1(-series.low), -np.expm1(-series.high)
        axis.fill_between(series.years, low, high, step="mid", color=colour_of(0), alpha=0.18, lw=0)
        axis.step(series.years, series.chance, where="mid", color=colour_of(0), lw=1.4)
        axis.plot(sorted(series.began), np.full(len(series.began), -0.03), "|", color=INK, ms=6)
        axis.set_ylim(-0.06, 1)
        axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
        axis.set_title(
            f"{title}\nat each 1 January, from earlier years only; 90 % interval shaded; a tick for each year with one begun",
            loc="left",
            fontsize=8.5,
        )
        axis.grid(axis="y")
        return to_svg(figure, title)
