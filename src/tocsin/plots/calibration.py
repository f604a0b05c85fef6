"""Draw the calibration of the back-test: predicted probabilities against observed shares."""

from __future__ import annotations

from collections.abc import Mapping

from tocsin.backtest.names import FULL, POOL, RECORD, WEIGHED
from tocsin.backtest.results import Backtest
from tocsin.evidence.past.kinds import GENERAL, IMMEDIATE
from tocsin.plots.style import SOFT, colour_of, marker_of, plot_style
from tocsin.plots.svg import to_svg

SHOWN: Mapping[str, str] = {
    WEIGHED: "the coercion model",
    FULL: "a well-specified logit",
    RECORD: "the pair's record",
    POOL: "all pooled",
}
TITLES: Mapping[tuple[str, str], str] = {
    (GENERAL, "press"): "A rival begins a dispute",
    (GENERAL, "war"): "A rival begins a dispute\nthat becomes war",
    (IMMEDIATE, "reciprocate"): "The target acts in return",
    (IMMEDIATE, "firm"): "The target stands firm",
    (IMMEDIATE, "war"): "The dispute becomes war",
}


def calibration_svg(result: Backtest) -> str:
    """Return SVG with a panel for each outcome of `TITLES`: predicted against observed shares, in fifths of the cases."""
    from matplotlib.figure import Figure

    with plot_style():
        figure = Figure(figsize=(7.4, 6.0), layout="constrained")
        axes = figure.subplots(2, 3).ravel()
        axes[-1].axis("off")
        for axis, (kind, name) in zip(axes, TITLES, strict=False):
            outcome = result.outcome(kind, name)
            largest = 0.0
            for index, (forecaster, label) in enumerate(SHOWN.items()):
                predicted, observed, _ = zip(*outcome.score(forecaster).calibration, strict=True)
                largest = max(largest, *predicted, *observed)
                colour, marker = colour_of(index), marker_of(index)
                axis.plot(predicted, observed, marker=marker, color=colour, lw=1.0, ms=4.0, label=label)
            end = largest * 1.06
            axis.plot([0, end], [0, end], color=SOFT, lw=0.8, ls=(0, (4, 3)), label="perfect calibration")
            axis.set_xlim(0, end)
            axis.set_ylim(0, end)
            axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
            axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
            title = f"{TITLES[kind, name]}\n{outcome.observed:,} of {outcome.cases:,} cases"
            axis.locator_params(axis="x", nbins=4)
            axis.set_title(title, loc="left", fontsize=8.5)
            axis.set_xlabel("predicted")
            axis.set_ylabel("observed")
            axis.grid()
        axes[-1].legend(*axes[0].get_legend_handles_labels(), loc="center left", frameon=False)
        return to_svg(
            figure,
            "Predicted probability against observed share in past cases, in fifths of the cases; on the dashed line "
            "both are equal",
        )
