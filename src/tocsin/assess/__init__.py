"""Ensembles of worlds, claims, attribution, flips: from a case to an assessment.

What solves is imported when it is asked for, so that `tocsin.assess.words` stays light.
"""

from __future__ import annotations

from importlib import import_module
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
