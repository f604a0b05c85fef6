"""Military spending of an actor in comparable money: price-year dollars of force.

A row is nominal native money of its (fiscal) year. The GDP deflator converts it to the prices of the price year py. It then
becomes dollars at market(py)^(1-w) * PPP(py)^w native per dollar, where w is the share of the force that is bought at home
prices (0: all at market rates, 1: all at purchasing power).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tocsin.case.schema import RECORD, JoinedCase, SpendingRow
from tocsin.case.units import parse_unit
from tocsin.errors import InputError, did_you_mean
from tocsin.measures.money import Conversion, Rates
from tocsin.translation import message

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

BILLION = 1e9


def real_path(
    case: JoinedCase, actor: str, path: str | None, ppp_weight: ArrayLike, *, rates: Rates | None = None
) -> tuple[tuple[int, ...], Floats]:
    """Return the years of a path, without a gap, and the actor's real spending in them.

    Args:
        case: a loaded case whose spending table has rows of the actor.
        actor: key of the actor.
        path: a path of the actor, or None for the path of the base world (`record` if none is listed).
        ppp_weight: share w of the force that is bought at home prices, in [0, 1], shape (D,).
        rates: rates that replace those of the case.

    Returns:
        Years, and billions of price-year dollars of the force, float64 of shape (years, D).

    Raises:
        InputError: if there are no such rows, the path has a gap, or a rate is missing before or inside the coverage of
            the rates table. The last deflator is carried forward, which `conversions` marks.
    """
    years, dollars = in_dollars(case, actor, path, rates=rates)
    return years, in_force(dollars, ppp_weight)


def in_dollars(
    case: JoinedCase, actor: str, path: str | None, *, rates: Rates | None = None
) -> tuple[tuple[int, ...], tuple[tuple[float, float], ...]]:
    """Return the years of a path, and the actor's spending in each at market rates and at purchasing power, in price-year dollars.

    Arguments and errors are those of `real_path`.
    """
    rows = _complete(case, actor, path)
    dollars = (_converted(case, row, rates or case.rates) for row in rows)
    return tuple(row.year for row in rows), tuple((market, ppp) for market, ppp, _ in dollars)


def in_force(dollars: Sequence[tuple[float, float]], ppp_weight: ArrayLike) -> Floats:
    """Return billions of price-year dollars of the force, (years, D), from what `in_dollars` returns; weights (D,) as for `real_path`."""
    import numpy as np

    weight = np.asarray(ppp_weight, dtype=np.float64)
    market, ppp = np.array(dollars)[:, :1], np.array(dollars)[:, 1:]
    safe = np.where(market > 0, market, 1.0)
    return np.where(market > 0, safe * (np.where(ppp > 0, ppp, 1.0) / safe) ** weight, 0.0) / BILLION


def market_path(case: JoinedCase, actor: str, path: str) -> tuple[float, ...]:
    """Return an actor's real spending on a path at market rates, in billions of price-year dollars, by year.

    It is `real_path` for a force that is bought abroad, without NumPy, which takes a tenth of a second to load.

    Raises:
        InputError: as `real_path` does.
    """
    converted = (_converted(case, row, case.rates)[0] for row in _complete(case, actor, path))
    return tuple(max(market, 0.0) / BILLION for market in converted)


def conversions(
    case: JoinedCase, actor: str, path: str | None = None, *, rates: Rates | None = None
) -> tuple[Conversion, ...]:
    """Return every conversion of a path to market and PPP dollars of the price year, by year."""
    steps: list[Conversion] = []
    for row in _complete(case, actor, path):
        steps.extend(_converted(case, row, rates or case.rates)[2])
    return tuple(steps)


def path_now(case: JoinedCase, actor: str) -> str:
    """Return the actor's path in the base world."""
    paths = case.spending.paths if case.spending else {}
    return paths[actor].now if actor in paths else RECORD


def path_rows(case: JoinedCase, actor: str, path: str) -> list[tuple[int, SpendingRow]]:
    """Return the rows of a path by year, with their indices in `case.spending_rows`.

    Years before the first row of the path come from the record.
    """
    own = [(index, row) for index, row in enumerate(case.spending_rows) if row.actor == actor and row.path == path]
    first = min((row.year for _, row in own), default=None)
    if path != RECORD and first is not None:
        own += [
            (index, row)
            for index, row in enumerate(case.spending_rows)
            if row.actor == actor and row.path == RECORD and row.year < first
        ]
    return sorted(own, key=lambda item: item[1].year)


def _complete(case: JoinedCase, actor: str, path: str | None) -> list[SpendingRow]:
    chosen = path or path_now(case, actor)
    rows = [row for _, row in path_rows(case, actor, chosen)]
    if not rows:
        known = {row.path for row in case.spending_rows if row.actor == actor}
        raise InputError(
            message("no spending of {actor} on path `{path}`", actor=actor, path=chosen),
            remedy=did_you_mean(chosen, known),
        )
    for before, after in pairwise(rows):
        if after.year != before.year + 1:
            raise InputError(
                message(
                    "path `{path}` of {actor} has no value for {year}",
                    path=chosen,
                    actor=actor,
                    year=before.year + 1,
                ),
                remedy=message("add the row: gaps are not filled"),
            )
    return rows


def _converted(case: JoinedCase, row: SpendingRow, rates: Rates) -> tuple[float, float, tuple[Conversion, ...]]:
    """Return a row in market and in PPP dollars of the price year, with the conversions."""
    unit = parse_unit(row.unit)
    currency = unit.currency
    assert currency is not None
    amount, steps = row.value * float(unit.scale), []
    home = case.actors[row.actor].currency
    if home is not None and home != currency:
        dollars = rates.to_usd(amount, currency, row.year, carry=True)
        native = rates.from_usd(dollars.amount, home, row.year, carry=True)
        steps += [*dollars.steps, *native.steps]
        amount, currency = native.amount, home
    real = rates.to_real(amount, currency, row.year, carry=True)
    market, ppp = rates.market(real.amount, currency), rates.ppp(real.amount, currency)
    return market.amount, ppp.amount, (*steps, *real.steps, *market.steps, *ppp.steps)
