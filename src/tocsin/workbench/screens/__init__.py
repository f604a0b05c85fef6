"""The screens of the workbench, in their order; each module has the requests and the words of one."""

from __future__ import annotations

from tocsin.workbench.screens import argument, beliefs, facts, shared, start, tour, verdicts, yaml

FRAME = (shared.SCREEN, start.SCREEN, tour.SCREEN)
"""What stands around every screen."""
SCREENS = (verdicts.SCREEN, argument.SCREEN, facts.SCREEN, beliefs.SCREEN, yaml.SCREEN)
