"""The option `--set INPUT=VALUE`."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.errors import InputError


def settings_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return the settings of a run by input.

    Args:
        pairs: texts `INPUT=VALUE`.

    Raises:
        InputError: for another text, or an input with two values.
    """
    settings: dict[str, str] = {}
    for pair in pairs:
        name, _, value = (part.strip() for part in pair.partition("="))
        if not name or not value:
            raise InputError(f"cannot read --set {pair!r}", remedy="write --set INPUT=VALUE")
        if settings.setdefault(name, value) != value:
            raise InputError(f"--set {name} has two values", remedy="set it once")
    return settings
