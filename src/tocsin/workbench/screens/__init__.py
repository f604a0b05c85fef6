"""The screens of the workbench, in their order; each module has the requests and the words of one."""

from __future__ import annotations

from tocsin.workbench.screens import (
    actors,
    argument,
    beliefs,
    challenge,
    compare,
    events,
    facts,
    media,
    printing,
    runs,
    shared,
    start,
    tour,
    verdicts,
    yaml,
)

FRAME = (shared.SCREEN, start.SCREEN, tour.SCREEN)
"""What stands around every screen."""
SCREENS = (
    verdicts.SCREEN,
    argument.SCREEN,
    actors.SCREEN,
    facts.SCREEN,
    beliefs.SCREEN,
    events.SCREEN,
    compare.SCREEN,
    challenge.SCREEN,
    runs.SCREEN,
    media.SCREEN,
    printing.SCREEN,
    yaml.SCREEN,
)
