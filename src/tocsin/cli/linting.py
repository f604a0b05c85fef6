"""Format the output of `tocsin lint`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tocsin.case.reasons import GROUNDS, counted
from tocsin.translation import Text, in_commas, in_lines, message, plural

if TYPE_CHECKING:
    from tocsin.assessment.settled_worlds import SettledWorlds
    from tocsin.case.lint import Notice
    from tocsin.case.schema import Case
    from tocsin.errors import InputError


def summary(case: Case, notices: tuple[Notice, ...], settled: Sequence[SettledWorlds] = ()) -> Text:
    """Return the notices, one on each line, the size of the case, what its inputs rest on, and how often its games settle."""
    counts = in_commas(
        [
            plural("{count} claim", "{count} claims", len(case.claims)),
            plural("{count} input", "{count} inputs", len(case.beliefs)),
            plural("{count} fact", "{count} facts", len(case.facts)),
        ]
    )
    last = plural(
        "{case}: no errors, {count} notice; {counts}",
        "{case}: no errors, {count} notices; {counts}",
        len(notices),
        case=case.id,
        counts=counts,
    )
    return in_lines([*(notice.text() for notice in notices), last, *_inputs(case), *(row.text for row in settled)])


def _inputs(case: Case) -> list[Text]:
    """Return a line with the number of inputs by what they rest on; nothing for a case without inputs."""
    if not case.beliefs:
        return []
    shown = {ground: count for ground, count in counted(case).items() if count or ground != "no reason"}
    counts = in_commas(message(GROUNDS[ground], number=count) for ground, count in shown.items())
    return [message("inputs: {counts}", counts=counts)]


def to_json(
    errors: Iterable[InputError],
    notices: Iterable[Notice],
    case: Case | None = None,
    settled: Sequence[SettledWorlds] = (),
) -> str:
    """Return errors and notices as JSON, each with `message`, `file`, `line`, `column` and `remedy`; for a case also its inputs.

    `inputs` has the number of inputs by what they rest on. `settled`, if games were solved, says how often they settle.
    """
    listed: dict[str, Any] = {"errors": [_item(e) for e in errors], "notices": [_item(n) for n in notices]}
    if case is not None:
        listed["inputs"] = counted(case)
    if settled:
        listed["settled"] = [asdict(row) for row in settled]
    return json.dumps(listed, indent=1)


def _item(item: InputError | Notice) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ("message", "file", "line", "column", "remedy")}
