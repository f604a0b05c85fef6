"""What a verification found in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tocsin.runs.change_words import claim_lines, quantity_lines, version_line
from tocsin.translation import Text, listed, message, plural, row

if TYPE_CHECKING:
    from tocsin.runs.verifying import Verification

MAX_OTHERS = 5
"""Other values that are listed."""


def lines(result: Verification, day: str = "") -> Iterator[Text]:
    """Yield the run, whether its numbers are the same, and what differs.

    Args:
        result: the verification.
        day: when the run was made; by default the day in UTC.
    """
    origin, run = result.run.about.origin, result.run
    known: dict[str, str | int] = {"run": run.name, "day": day or run.last[:10], "seed": origin.seed}
    if drawn := run.about.drawn:
        yield message("{run} of {day}: seed {seed}, {draws} draws", **known, draws=f"{drawn:,}")
    else:
        yield message("{run} of {day}: seed {seed}, nothing is drawn", **known)
    claims = plural("{count} claim", "{count} claims", result.claims_compared)
    quantities = plural("{count} quantity", "{count} quantities", result.quantities_compared)
    if result.same:
        yield message("The same numbers: {claims}, {quantities}.", claims=claims, quantities=quantities)
    else:
        yield message("Other numbers ({claims}, {quantities} compared):", claims=claims, quantities=quantities)
    for change in result.claims:
        yield from claim_lines(change)
    yield from quantity_lines(result.quantities, result.quantities_compared)
    if result.others:
        where = listed([leaf.where for leaf in result.others[:MAX_OTHERS]])
        yield row(
            0,
            plural(
                "{count} other value differs: {where}",
                "{count} other values differ, first {where}",
                len(result.others),
                where=where,
            ),
        )
    if result.texts:
        yield row(0, plural("{count} text differs.", "{count} texts differ.", len(result.texts)))
    if result.measured:
        names = listed(result.measured)
        yield row(0, message("Data sets in the cache give other values than in the run: {names}.", names=names))
    if result.versions:
        yield version_line(result.versions)
