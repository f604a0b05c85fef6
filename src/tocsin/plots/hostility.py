"""Draw the hostility of one state towards another through the years."""

from __future__ import annotations

import numpy as np

from tocsin.evidence.hostility.series import Series
from tocsin.plots.style import INK, colour_of, plot_style, show_chances
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
        explained = (
            "at each 1 January, from earlier years only; 90 % interval shaded; a tick for each year with one begun"
        )
        show_chances(axis, f"{title}\n{explained}", bottom=-0.06)
        return to_svg(figure, title)
