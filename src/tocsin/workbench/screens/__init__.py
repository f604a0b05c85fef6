"""The screens of the workbench, in their order; each module has the requests and the words of one."""

from __future__ import annotations

from tocsin.workbench.screens import actors, argument, beliefs, events, facts, shared, verdicts, yaml

SHARED = shared.SCREEN
SCREENS = (verdicts.SCREEN, argument.SCREEN, actors.SCREEN, facts.SCREEN, beliefs.SCREEN, events.SCREEN, yaml.SCREEN)
