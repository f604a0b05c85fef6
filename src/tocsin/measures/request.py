"""Check a request for a measure: states, years and inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tocsin.errors import InputError
from tocsin.measures.definition import SUBJECTS, Input, Measure, Request
from tocsin.translation import in_commas, message


def make_request(
    measure: Measure,
    groups: Sequence[Sequence[int]],
    years: tuple[int, int] | None,
    inputs: Mapping[str, float | str],
) -> Request:
    """Check a request, and return it with its years limited to those that the measure covers.

    Args:
        measure: an entry of the catalogue.
        groups: COW numbers of states, grouped by side; empty for all states.
        years: first and last year; None for all that the measure covers.
        inputs: values of the measure's inputs, as numbers or text; defaults for the others.

    Raises:
        InputError: if the states do not fit the measure, it has no data for the years, or an input is unknown or out of
            range.
    """
    requested = tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups))
    single = all(len(group) == 1 for group in requested)
    fits = {
        "states": single,
        "pairs": len(requested) != 1 and single,
        "sides": len(requested) == 2,
        "three": len(requested) == 3 and single,
    }
    if not fits[measure.subject]:
        raise InputError(
            message("these states do not fit the measure"),
            remedy=message("name {states}", states=message(SUBJECTS[measure.subject])),
        )
    first, last = years or measure.years
    start, end = max(first, measure.years[0]), min(last, measure.years[1])
    if start > end:
        raise InputError(
            message("no data for {years}", years=format_years(first, last)),
            remedy=message("choose years from {years}", years=format_years(*measure.years)),
        )
    return Request(start, end, requested, dict(_values(measure.inputs, inputs)))


def _values(known: Mapping[str, Input], given: Mapping[str, float | str]) -> Iterator[tuple[str, float]]:
    yield from ((name, known_input.default) for name, known_input in known.items())
    for name, text in given.items():
        if name not in known:
            raise InputError(
                message("{name}={text}: unknown input `{name}`", name=name, text=str(text)),
                remedy=message("use one of {names}", names=in_commas(known))
                if known
                else message("this measure has no inputs: leave it out"),
            )
        try:
            value = float(text)
        except ValueError:
            raise InputError(
                message("{name}={text}: {shown} is not a number", name=name, text=str(text), shown=repr(text)),
                remedy=message("write {name}=NUMBER", name=name),
            ) from None
        if not known[name].low <= value <= known[name].high:
            raise InputError(
                message("{name}={text} is out of range", name=name, text=str(text)),
                remedy=message(
                    "give a number from {low} to {high}", low=f"{known[name].low:g}", high=f"{known[name].high:g}"
                ),
            )
        yield name, value


def parse_years(text: str) -> tuple[int, int]:
    """Return the first and last year of a text `FIRST:LAST` or `YEAR`.

    Raises:
        InputError: if it is neither, or the last year precedes the first.
    """
    match = re.fullmatch(r"(\d{4})(?::(\d{4}))?", text.strip())
    if match is None or int(match[1]) > int(match[2] or match[1]):
        raise InputError(
            message("{text} is not a span of years", text=repr(text)),
            remedy=message("write FIRST:LAST, such as 1990:2022, or a year"),
        )
    return int(match[1]), int(match[2] or match[1])


def format_years(first: int, last: int) -> str:
    """Return a span of years as text: "1990-2022", or "1990" for one year."""
    return str(first) if first == last else f"{first}-{last}"
