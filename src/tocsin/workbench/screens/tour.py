"""The tour: four stops on the screens of the founding case."""

from __future__ import annotations

from tocsin.translation import template
from tocsin.workbench.opened import Screen

WORDS = (
    template("Tour"),
    template("Tour, stop {number} of {all}"),
    template("Next"),
    template("Skip the tour"),
    template("End the tour"),
    template("What the case says"),
    template("A case is an argument as data. These are the questions that it asks, each with the answer of the model."),
    template("A verdict and what it rests on"),
    template(
        "Each claim has a verdict. Open a claim to see its parts, what moves it and what would turn it. Facts, judgements and games decide it."
    ),
    template("Move a belief"),
    template(
        "Choose a claim in focus, then move a belief with its sliders. A guess appears at once, the solved answer a second later. Nothing is stored."
    ),
    template("Challenge it and print it"),
    template(
        "Choose a claim here and challenge it: you see what changes its verdict. The screen “Print” makes a brief for other readers. The button “Your own case” begins a case of your own."
    ),
)
SCREEN = Screen(WORDS)
