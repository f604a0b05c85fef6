"""The screen of facts."""

from __future__ import annotations

from tocsin.translation import template
from tocsin.workbench.opened import Screen

WORDS = (
    template("Facts"),
    template("{found} of {all} facts"),
    template("Key"),
    template("Value"),
    template("Unit"),
    template("Date"),
)
SCREEN = Screen(WORDS, key="facts")
