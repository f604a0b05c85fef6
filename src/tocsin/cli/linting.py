"""Format the output of `tocsin lint`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.case.lint import Notice
    from tocsin.case.schema import Case
    from tocsin.errors import InputError


def summary(case: Case, notices: tuple[Notice, ...]) -> str:
    """Return the notices, one on each line, and the size of the case."""
    counts = f"{len(case.claims)} claims, {len(case.beliefs)} inputs, {len(case.facts)} facts"
    plural = "" if len(notices) == 1 else "s"
    last = f"{case.id}: no errors, {len(notices)} notice{plural}; {counts}"
    return "\n".join([*(str(notice) for notice in notices), last])


def to_json(errors: Iterable[InputError], notices: Iterable[Notice]) -> str:
    """Return errors and notices as JSON, each with `message`, `file`, `line`, `column` and `remedy`."""
    return json.dumps({"errors": [_item(e) for e in errors], "notices": [_item(n) for n in notices]}, indent=1)


def _item(item: InputError | Notice) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("message", "file", "line", "column", "remedy")}
