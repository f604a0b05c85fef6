"""What was foretold of past cases against what happened, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tocsin.backtest.baselines import FULL, MODEL, RATIO
from tocsin.plots.style import SOFT, colour_of, marker_of, plot_style
from tocsin.plots.svg import to_svg

SHOWN: Mapping[str, str] = {
    MODEL: "the coercion model",
    FULL: "a well-specified logit",
    RATIO: "a logit on the capability ratio",
}
TITLES: Mapping[tuple[str, str], str] = {
    ("general", "press"): "A rival begins a dispute",
    ("general", "war"): "It begins one that comes to war",
    ("immediate", "resist"): "The other acts in return",
    ("immediate", "war"): "The dispute comes to war",
}


def calibration_svg(found: Mapping[str, Any]) -> str:
    """A panel an outcome: for fifths of the past cases, the mean probability foretold and the share in which it happened.

    Args:
        found: what `backtest.run` gave.

    Returns:
        SVG.
    """
    from matplotlib.figure import Figure

    panels = [(part["kind"], outcome) for part in found["kinds"] for outcome in part["outcomes"]]
    with plot_style():
        figure = Figure(figsize=(7.4, 6.8), layout="constrained")
        axes = figure.subplots(2, 2).ravel()
        for axis, (kind, outcome) in zip(axes, panels, strict=True):
            scores = {score["teller"]: score for score in outcome["scores"]}
            most = 0.0
            for place, (teller, name) in enumerate(SHOWN.items()):
                told, happened, _ = zip(*scores[teller]["calibration"], strict=True)
                most = max(most, *told, *happened)
                axis.plot(told, happened, marker=marker_of(place), color=colour_of(place), lw=1.0, ms=4.5, label=name)
            axis.plot([0, most * 1.06], [0, most * 1.06], color=SOFT, lw=0.8, ls=(0, (4, 3)), label="both agree")
            axis.set_xlim(0, most * 1.06)
            axis.set_ylim(0, most * 1.06)
            axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
            axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
            axis.set_title(
                f"{TITLES[kind, outcome['outcome']]}\n{outcome['happened']:,} of {outcome['foretold']:,} cases",
                loc="left",
                fontsize=8.5,
            )
            axis.set_xlabel("foretold")
            axis.set_ylabel("happened")
            axis.grid()
        figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=4, frameon=False)
        return to_svg(
            figure,
            "What was foretold of past cases against what happened, fifths of the cases; on the dashed line both agree",
        )
