"""Tocsin takes a strategic argument as a case, runs it as a model, and gives each of its claims a verdict.

    import tocsin

    case = tocsin.load("cases/japan-buildup")
    assessment = tocsin.assess(case, seed=1, draws=2048)
    assessment.frame("claims")

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.assessment.run import assess
    from tocsin.case import load
    from tocsin.report import write_brief

__version__ = "0.1.0"
__all__ = ["__version__", "assess", "load", "write_brief"]

_HOMES = {"load": "tocsin.case", "assess": "tocsin.assessment.run", "write_brief": "tocsin.report"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
