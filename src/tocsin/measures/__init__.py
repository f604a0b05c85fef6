"""Measures: numbers about states, computed from public data sets.

`measure` computes a measure of the catalogue by name:

    from tocsin.measures import measure

    measure("cinc", states="JPN,KOR", years="1990:2022").frame
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.measures.result import MeasureResult, measure

__all__ = ["MeasureResult", "measure"]


def __getattr__(name: str) -> Any:
    """Import `tocsin.measures.result`, and with it Polars, on first use."""
    if name not in __all__:
        raise AttributeError(f"module 'tocsin.measures' has no attribute {name!r}")
    from tocsin.measures import result

    return getattr(result, name)
