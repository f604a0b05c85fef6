"""The screen of the argument: the claims with their tests."""

from __future__ import annotations

from tocsin.translation import template
from tocsin.workbench.opened import Screen

WORDS = (
    template("Argument"),
    template("Claim"),
    template("It holds if"),
    template("Nothing tests it yet."),
)
SCREEN = Screen(WORDS, key="argument")
