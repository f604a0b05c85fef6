"""Code headlines of state media, and account for how much of what they say is ritual and how much answers events.

    from tocsin import rhetoric

    rhetoric.code(["Japan's military expansion under fire"]).frame()
    rhetoric.account("events.csv", target="JPN").frame("effects")

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.rhetoric.accounts.account import account
    from tocsin.rhetoric.coding import code

__all__ = ["account", "code"]

_MODULES = {"account": "tocsin.rhetoric.accounts.account", "code": "tocsin.rhetoric.coding"}


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
