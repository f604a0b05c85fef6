"""Parse plain YAML with libyaml, in C: the same events as the pure parser, 15 times as fast.

libyaml and the pure parser part in rare texts: tabs and special line breaks, values that are left out, and block texts that begin
with an empty line or a comment. `plain_events` refuses those, and all that libyaml refuses; the pure parser then decides, and names the error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SPECIAL = re.compile("[\t\x85\u2028\u2029\ufeff]")
_HEADER = re.compile(r"[|>][-+0-9]*(?=[ \r\n]|\Z)")


class NotPlainError(Exception):
    """The pure parser must read the text."""


def plain_events(text: str) -> Iterator[Any]:
    """Yield the parser events of a text, with the marks of the pure parser.

    Raises:
        NotPlainError: if the two parsers may differ, libyaml refuses the text, or PyYAML has no libyaml here.
    """
    try:
        from yaml import YAMLError
        from yaml._yaml import CParser
    except ImportError:
        raise NotPlainError from None
    if _SPECIAL.search(text):
        raise NotPlainError
    try:
        parser = CParser(text)
        while parser.check_event():
            event = parser.get_event()
            if _may_differ(event, text):
                raise NotPlainError
            yield event
    except (YAMLError, ValueError):  # a lone surrogate has no encoding, which is a ValueError
        raise NotPlainError from None


def _may_differ(event: Any, text: str) -> bool:
    """Return whether the parsers place a scalar differently, or only one accepts it."""
    style = getattr(event, "style", None)
    if style in ("|", ">"):
        return event.value[:1] in ("", "\n") or not _HEADER.match(text, event.start_mark.index)
    return style == "" and event.value == ""


def composed(text: str) -> Any:
    """Return the root node of a text, with the marks of every node; the text is valid YAML.

    libyaml composes it, or the pure parser where the two may differ.
    """
    from yaml import SafeLoader, compose

    try:
        for _ in plain_events(text):
            pass
        from yaml import CSafeLoader
    except NotPlainError:
        return compose(text, Loader=SafeLoader)
    return compose(text, Loader=CSafeLoader)
