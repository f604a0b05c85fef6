"""Draw what words add to forecasts of acts, and the forecasts of one kind of act over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tocsin.plots.style import ACCENT, INK, SOFT, colour_of, plot_style, show_chances
from tocsin.plots.svg import to_svg
from tocsin.rhetoric.foretell.results import Foretelling, Trial

SHOWN = ("any act", 30)
"""Kind of act and horizon of the forecasts over time."""
TITLE = "Do words foretell acts?"


def foretelling_svg(result: Foretelling) -> str:
    """Return SVG with two panels: what words add in each test, and the forecasts of any act over time."""
    from matplotlib.figure import Figure

    with plot_style():
        figure = Figure(figsize=(7.4, 5.6), layout="constrained")
        title = f"{TITLE} {result.verdict.capitalize()}."
        figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
        top, bottom = figure.subplots(2, 1, height_ratios=(1.0, 1.1))
        _gains(top, result)
        _over_time(bottom, result.days, result.trial(*SHOWN))
        return to_svg(figure, title)


def _gains(axis: Any, result: Foretelling) -> None:
    """Draw the gain in log score by words for each test, with one and two standard errors."""
    for index, trial in enumerate(result.trials):
        added, colour = trial.added, colour_of(0) if trial.added.verdict == "clear" else SOFT
        for width, errors in ((0.9, 2), (2.6, 1)):
            ends = [added.gain - errors * added.gain_se, added.gain + errors * added.gain_se]
            axis.plot(ends, [index, index], color=colour, lw=width, solid_capstyle="butt")
        axis.plot([added.gain], [index], "o", color=colour, mfc=colour if added.verdict == "clear" else "white", ms=5)
    axis.axvline(0, color=INK, lw=0.8)
    axis.set_yticks(range(len(result.trials)), [f"{trial.kind} within {trial.horizon} days" for trial in result.trials])
    axis.set_ylim(len(result.trials) - 0.4, -0.6)
    axis.set_xlabel("log score that words add to calendar and record, with one and two standard errors")
    axis.set_title(
        "Right of the line, forecasts with words are better. Filled points are clear.", loc="left", fontsize=8.5
    )
    axis.grid(axis="x")


def _over_time(axis: Any, dates: Sequence[str], trial: Trial) -> None:
    """Draw the probabilities without and with words, and mark the forecasts that an act followed."""
    days = np.array(dates, dtype="datetime64[D]")
    axis.plot(days, trial.without, color=colour_of(0), lw=1.8, alpha=0.7, label="calendar and record")
    axis.plot(days, trial.with_words, color=ACCENT, lw=0.8, label="calendar, record and words")
    hit = np.array(trial.outcomes) == 1
    axis.plot(days[hit], np.full(hit.sum(), -0.04), "|", color=INK, ms=5, label="an act followed")
    title = f"Chance of {trial.kind} within {trial.horizon} days, each year forecast from earlier years"
    show_chances(axis, title, bottom=-0.08)
    axis.legend(loc="upper left", ncols=3, frameon=False)
