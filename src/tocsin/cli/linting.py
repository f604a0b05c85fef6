"""What `tocsin lint` prints."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.case.lint import Notice
    from tocsin.case.schema import Case
    from tocsin.errors import InputError


def summary(case: Case, notices: tuple[Notice, ...]) -> str:
    """Notices, one after the other, then how large the case is."""
    counts = f"{len(case.claims)} claims, {len(case.beliefs)} inputs, {len(case.facts)} facts"
    plural = "" if len(notices) == 1 else "s"
    last = f"{case.id}: no errors, {len(notices)} notice{plural}; {counts}"
    return "\n".join([*(str(notice) for notice in notices), last])


def as_data(errors: Iterable[InputError], notices: Iterable[Notice]) -> str:
    """Errors and notices as JSON: `message`, `file`, `line`, `column` and `remedy` of each."""
    return json.dumps({"errors": [_item(e) for e in errors], "notices": [_item(n) for n in notices]}, indent=1)


def _item(item: InputError | Notice) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("message", "file", "line", "column", "remedy")}
