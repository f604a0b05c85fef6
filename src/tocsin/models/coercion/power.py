"""The power of the actors in past years, relative to today's, from the table of a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tocsin.case.record_blocks import History
    from tocsin.case.schema import JoinedCase


def power(case: JoinedCase, history: History, actors: Sequence[str]) -> np.ndarray:
    """Return each actor's power, relative to the last index in the table, from the first recorded year to the last before `as_of`.

    Between two rows the index grows at a constant rate; after the last row it stays. Shape (actors, years).
    """
    assert history.power is not None
    years = np.arange(history.span[0], case.as_of.year)
    lines = []
    for actor in actors:
        rows = sorted((row.year, np.log(row.value)) for row in case.power_rows[history.power] if row.actor == actor)
        known, logs = zip(*rows, strict=True)
        lines.append(np.exp(np.interp(years, known, logs) - logs[-1]))
    return np.stack(lines)
