"""The options `--set INPUT=VALUE` and `--variant NAME`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from tocsin.errors import InputError
from tocsin.translation import message

_Command = TypeVar("_Command", bound=Callable[..., Any])


def settings_options(command: _Command) -> _Command:
    """Add `--set` and `--variant` to a command, as `settings` and `variants`."""
    command = click.option(
        "--variant",
        "variants",
        multiple=True,
        metavar="NAME",
        help="Set the inputs that a variant or an argument of the case names. Repeatable; --set overrides it.",
    )(command)
    return click.option(
        "--set", "settings", multiple=True, metavar="INPUT=VALUE", help="Override an input for this run. Repeatable."
    )(command)


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
            raise InputError(
                message("cannot read --set {text}", text=repr(pair)), remedy=message("write --set INPUT=VALUE")
            )
        if settings.setdefault(name, value) != value:
            raise InputError(message("--set {name} has two values", name=name), remedy=message("set it once"))
    return settings
