"""Ensembles of worlds, claims, attribution, flips: from a case to an assessment.

What solves is imported when it is asked for, so that `tocsin.assess.words` stays light. The room itself can be called:
`tocsin.assess(case)` is `tocsin.assess.assess(case)`, since Python knows one thing of one name.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.assess.record import to_json
    from tocsin.assess.result import Assessment
    from tocsin.assess.run import assess

__all__ = ["Assessment", "assess", "to_json"]

_HOMES = {"Assessment": "result", "assess": "run", "to_json": "record"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tocsin.assess' has no attribute {name!r}")
    return getattr(import_module(f"tocsin.assess.{_HOMES[name]}"), name)


class _Room(ModuleType):
    """A module that is called for what it is for."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """See `tocsin.assess.run.assess`."""
        return self.assess(*arguments, **named)


sys.modules[__name__].__class__ = _Room
