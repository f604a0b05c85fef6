"""The screens of the workbench, in their order; each module has the requests and the words of one."""

from __future__ import annotations

from tocsin.workbench.screens import argument, beliefs, facts, media, shared, verdicts, yaml

SHARED = shared.SCREEN
SCREENS = (verdicts.SCREEN, argument.SCREEN, facts.SCREEN, beliefs.SCREEN, media.SCREEN, yaml.SCREEN)
