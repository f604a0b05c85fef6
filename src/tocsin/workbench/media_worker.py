"""Work on an archive in a process of its own: `python -m tocsin.workbench.media_worker week|learn ARCHIVE [CODER LANGUAGE]`.

It prints a line of JSON for each step, `{"stage", "done", "left"}`, then `{"result"}`, or `{"message", "remedy"}`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tocsin.workbench.link import SEED, Reports, linked

RATE = 0.02
"""Share of uneventful weeks in which the bell may ring, as in `tocsin watch`."""


def week(report: Reports, archive: str, coder: str, language: str) -> dict[str, Any]:
    """Return the latest weeks of an archive as the screen shows them; for errors see `watch.weeks.latest_weeks`."""
    from tocsin.rhetoric.archive import Defaults
    from tocsin.rhetoric.watch.bell import Settings, pyongyang_today
    from tocsin.rhetoric.watch.events import watch_events
    from tocsin.rhetoric.watch.weeks import latest_weeks
    from tocsin.workbench.screens.media_views import coder_named, weeks_view

    file = Path(archive)
    settings = Settings(file, (), watch_events(), RATE, Defaults(), pyongyang_today(), seed=SEED)
    weeks = latest_weeks(settings, coder_named(file, coder), report)
    return weeks_view(file, weeks, language)


def learn(report: Reports, archive: str) -> dict[str, Any]:
    """Learn the reader's codes, store the coder, and return how it compares; for errors see `adapting.adapted`."""
    from tocsin.rhetoric.adapting import adapted, store
    from tocsin.rhetoric.coder import coder
    from tocsin.rhetoric.corrections import read_corrections

    file = Path(archive)
    learned = adapted(coder(), read_corrections(file), progress=lambda done: report("", done), seed=SEED)
    store(file, learned)
    return learned.to_dict()


TASKS: Mapping[str, Callable[..., dict[str, Any]]] = MappingProxyType({"week": week, "learn": learn})

if __name__ == "__main__":
    with linked() as link:
        link.say(result=TASKS[sys.argv[1]](Reports(link.say), *sys.argv[2:]))
