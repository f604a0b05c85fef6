"""Estimates from history: strategic interaction, who prevails, how firm alliances are, how often governments turn.

`tocsin.evidence.fit` estimates a model from a specification and data. Heavy libraries are imported on its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.evidence.fitting import fit
    from tocsin.evidence.signalling.results import SignallingResult
    from tocsin.evidence.strategic.results import StrategicResult

__all__ = ["SignallingResult", "StrategicResult", "fit"]

_HOMES = {"fit": "fitting", "SignallingResult": "signalling.results", "StrategicResult": "strategic.results"}


def __getattr__(name: str) -> Any:
    """Import a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'tocsin.evidence' has no attribute {name!r}")
    return getattr(import_module(f"tocsin.evidence.{_HOMES[name]}"), name)
