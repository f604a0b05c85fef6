"""Draw the calibration of the back-test: predicted probabilities against observed shares."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.backtest.baselines import FULL, MODEL, RATIO
from tocsin.backtest.results import Backtest
from tocsin.plots.style import SOFT, colour_of, marker_of, plot_style
from tocsin.plots.svg import to_svg

SHOWN: Mapping[str, str] = {
    MODEL: "the coercion model",
    FULL: "a well-specified logit",
    RATIO: "a logit on the capability ratio",
}
TITLES: Mapping[tuple[str, str], str] = {
    ("general", "press"): "A rival begins a dispute",
    ("general", "war"): "A rival begins a dispute that becomes war",
    ("immediate", "resist"): "The target responds",
    ("immediate", "war"): "The dispute becomes war",
}


def calibration_svg(result: Backtest) -> str:
    """Return SVG with a panel for each outcome: predicted against observed shares, in fifths of the cases."""
    from matplotlib.figure import Figure

    panels = [(kind.name, outcome) for kind in result.kinds for outcome in kind.outcomes]
    with plot_style():
        figure = Figure(figsize=(7.4, 6.8), layout="constrained")
        axes = figure.subplots(2, 2).ravel()
        for axis, (kind, outcome) in zip(axes, panels, strict=True):
            largest = 0.0
            for index, (forecaster, name) in enumerate(SHOWN.items()):
                predicted, observed, _ = zip(*outcome.score(forecaster).calibration, strict=True)
                largest = max(largest, *predicted, *observed)
                colour, marker = colour_of(index), marker_of(index)
                axis.plot(predicted, observed, marker=marker, color=colour, lw=1.0, ms=4.5, label=name)
            end = largest * 1.06
            axis.plot([0, end], [0, end], color=SOFT, lw=0.8, ls=(0, (4, 3)), label="perfect calibration")
            axis.set_xlim(0, end)
            axis.set_ylim(0, end)
            axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
            axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
            title = f"{TITLES[kind, outcome.name]}\n{outcome.observed:,} of {outcome.cases:,} cases"
            axis.locator_params(axis="x", nbins=6)
            axis.set_title(title, loc="left", fontsize=8.5)
            axis.set_xlabel("predicted")
            axis.set_ylabel("observed")
            axis.grid()
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=4, frameon=False)
        return to_svg(
            figure,
            "Predicted probability against observed share in past cases, in fifths of the cases; on the dashed line "
            "both are equal",
        )
