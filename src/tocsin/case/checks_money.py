"""Check money and spending: currencies with rates, paths with rows, years without gaps."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.inputs import members
from tocsin.case.problem import Problem, unknown
from tocsin.case.schema import RECORD, JoinedCase
from tocsin.case.spending import conversions, path_rows
from tocsin.case.units import parse_unit
from tocsin.errors import InputError
from tocsin.translation import message


def money_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield every problem of the money and spending of a case."""
    if case.spending is None:
        return
    if case.money is None:
        yield Problem(
            ("spending",),
            message("`spending` needs a `money` block"),
            message("add money: {{price_year, rates}}"),
            at_key=True,
        )
        return
    problems = [*_rows(case), *_paths(case)]
    yield from problems
    if not problems:
        yield from _conversions(case)


def _rows(case: JoinedCase) -> Iterator[Problem]:
    seen: set[tuple[str, int, str]] = set()
    currencies = case.rates.currencies()
    for index, row in enumerate(case.spending_rows):
        loc = ("spending_rows", index)
        if row.actor not in case.actors:
            yield unknown(loc, message("actor"), row.actor, case.actors)
            continue
        if row.path not in _known_paths(case, row.actor):
            yield unknown(
                loc, message("spending path of {actor}", actor=row.actor), row.path, _known_paths(case, row.actor)
            )
        if (row.actor, row.year, row.path) in seen:
            yield Problem(
                loc,
                message("two rows for {actor} {year} {path}", actor=row.actor, year=row.year, path=row.path),
                message("keep one row"),
            )
        seen.add((row.actor, row.year, row.path))
        currency = parse_unit(row.unit).currency or ""
        if currency not in currencies:
            yield unknown(loc, message("currency of the rates table"), currency, currencies)


def _known_paths(case: JoinedCase, actor: str) -> tuple[str, ...]:
    paths = case.spending.paths if case.spending else {}
    return (RECORD, *paths[actor].options) if actor in paths else (RECORD,)


def _paths(case: JoinedCase) -> Iterator[Problem]:
    assert case.spending is not None
    for actor, paths in case.spending.paths.items():
        loc = ("spending", "paths", actor)
        if actor not in case.actors:
            yield unknown(loc, message("actor"), actor, case.actors, at_key=True)
            continue
        if paths.now not in paths.options:
            yield unknown((*loc, "now"), message("spending path of {actor}", actor=actor), paths.now, paths.options)
        for name in paths.blows:
            if name not in paths.options:
                yield unknown(
                    (*loc, "blows", name),
                    message("spending path of {actor}", actor=actor),
                    name,
                    paths.options,
                    at_key=True,
                )
        for index, name in enumerate(paths.options):
            if not any(row.actor == actor and row.path == name for row in case.spending_rows):
                yield Problem(
                    (*loc, "options", index),
                    message(
                        "path `{name}` of {actor} has no rows in {table}",
                        name=name,
                        actor=actor,
                        table=case.spending.table,
                    ),
                    message("add its rows or remove it"),
                )


def _conversions(case: JoinedCase) -> Iterator[Problem]:
    """Yield paths that have a gap, begin after the present or cannot be converted."""
    playing = {actor for theatre in case.theatres.values() for actor in members(theatre)}
    for actor in dict.fromkeys(row.actor for row in case.spending_rows):
        for path in _known_paths(case, actor):
            rows = path_rows(case, actor, path)
            if not rows:
                continue
            loc = ("spending_rows", rows[0][0])
            years = [row.year for _, row in rows]
            gap = next((year for year in range(years[0], years[-1]) if year not in years), None)
            if gap is not None:
                yield Problem(
                    loc,
                    message("path `{path}` of {actor} has no value for {year}", path=path, actor=actor, year=gap),
                    message("add the row: gaps are not filled"),
                )
                continue
            if actor in playing and years[0] > case.as_of.year:
                yield Problem(
                    loc,
                    message("path `{path}` of {actor} begins after as_of", path=path, actor=actor),
                    message("add rows up to the present"),
                )
            try:
                conversions(case, actor, path)
            except InputError as error:
                yield Problem(loc, error.message, error.remedy)
