"""The brief: one self-contained page that can be read offline and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.report.brief import write_brief

__all__ = ["write_brief"]


def __getattr__(name: str) -> Any:
    """Import the brief and its template engine when they are first used."""
    if name not in __all__:
        raise AttributeError(f"module 'tocsin.report' has no attribute {name!r}")
    from tocsin.report import brief

    return getattr(brief, name)
