"""Convert military spending from budgets and accounts in local currency into comparable terms.

Figures in local currency differ for three reasons: fiscal years are not calendar years, outturns replace drafts, and
sources disagree. This module first reconciles these differences and records each step. The state's own deflator then
gives real local currency. Three rates give dollars: the market rate, purchasing power parity, and the
military rate. The military rate lies between the other two, for a force that buys at home and abroad (see
`tocsin.measures.money`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from tocsin.errors import InputError, use_one_of
from tocsin.measures.money import Rates
from tocsin.translation import in_commas, message

STAGES = ("estimate", "draft", "enacted", "revised", "reported", "outturn")
"""Stages of a figure, the least final first; a more final figure for the same year replaces it.

`reported` is the figure of a research institute, from accounts if available, else from budgets."""


@dataclass(frozen=True)
class Amount:
    """A source's figure for a state's spending in a fiscal year.

    Attributes:
        state: ISO code.
        year: calendar year in which the fiscal year begins.
        value: local currency, not negative.
        stage: one of `STAGES`.
        source: where the figure comes from.
        begins: month in which the fiscal year begins, 1 to 12; 1 is the calendar year.
    """

    state: str
    year: int
    value: float
    stage: str
    source: str
    begins: int = 1

    def __post_init__(self) -> None:
        if self.stage not in STAGES:
            raise InputError(message("unknown budget stage `{stage}`", stage=self.stage), remedy=use_one_of(STAGES))
        if not 1 <= self.begins <= 12 or not (self.value >= 0 and math.isfinite(self.value)):
            raise InputError(
                message(
                    "invalid month or value for spending of {state} in {year}: {month}, {value}",
                    state=self.state,
                    year=self.year,
                    month=self.begins,
                    value=str(self.value),
                ),
                remedy=message("give a month from 1 to 12 and a finite value that is not negative"),
            )


@dataclass(frozen=True)
class Reconciled:
    """A state's spending in a calendar year in local currency.

    Attributes:
        state: ISO code.
        year: the calendar year; inside `reconcile`, first the fiscal year.
        low, value, high: the value, and the lowest and highest figure of its sources.
        stage: one of `STAGES`.
        steps: how the value was computed.
    """

    state: str
    year: int
    low: float
    value: float
    high: float
    stage: str
    steps: tuple[str, ...]


def reconcile(amounts: Iterable[Amount]) -> list[Reconciled]:
    """Return spending by calendar year: the most final stage, with the lowest and highest figure of its sources.

    The value is the geometric mean of the lowest and highest figure. A calendar year takes its months from two fiscal
    years, and is missing if one of them is missing.

    Raises:
        InputError: if fiscal years of a state begin in different months.
    """
    reconciled: list[Reconciled] = []
    for state, group in groupby(
        sorted(amounts, key=lambda amount: (amount.state, amount.year)), lambda amount: amount.state
    ):
        listed = list(group)
        if len(begins := {amount.begins for amount in listed}) > 1:
            raise InputError(
                message(
                    "fiscal years of {state} begin in different months: {months}",
                    state=state,
                    months=in_commas(map(str, sorted(begins))),
                ),
                remedy=message("convert them to fiscal years that begin in the same month"),
            )
        years = {year: _final(list(figures)) for year, figures in groupby(listed, lambda amount: amount.year)}
        month = begins.pop()
        reconciled += list(years.values()) if month == 1 else _calendar(years, month)
    return reconciled


def _final(amounts: Sequence[Amount]) -> Reconciled:
    """Return the figures of a fiscal year at its most final stage, over all sources."""
    stage = max((amount.stage for amount in amounts), key=STAGES.index)
    given = [amount for amount in amounts if amount.stage == stage]
    low, high = min(amount.value for amount in given), max(amount.value for amount in given)
    first = given[0]
    step = f"{stage} of {first.year}: " + ", ".join(f"{amount.value:.6g} ({amount.source})" for amount in given)
    dropped = [
        f"replaced, less final: {amount.stage} {amount.value:.6g}" for amount in amounts if amount.stage != stage
    ]
    return Reconciled(first.state, first.year, low, math.sqrt(low * high), high, stage, (step, *dropped))


def _calendar(fiscal: Mapping[int, Reconciled], month: int) -> list[Reconciled]:
    """Return calendar years from fiscal years that begin after January."""
    share = (13 - month) / 12
    calendar = []
    for year, now in fiscal.items():
        if (before := fiscal.get(year - 1)) is not None:
            low, value, high = (
                share * getattr(now, name) + (1 - share) * getattr(before, name) for name in ("low", "value", "high")
            )
            stage = min((now.stage, before.stage), key=STAGES.index)
            step = f"calendar year {year}: {share:.3g} of fiscal {year} and {1 - share:.3g} of fiscal {year - 1}"
            calendar.append(Reconciled(now.state, year, low, value, high, stage, (*before.steps, *now.steps, step)))
    return calendar


def spending(amounts: Iterable[Amount], rates: Rates, *, home_share: float) -> pl.DataFrame:
    """Return spending by state and calendar year in comparable terms, with each step recorded.

    Args:
        amounts: figures of all sources.
        rates: rates of the states, by ISO code, with the price year.
        home_share: share of a force bought at domestic prices, in [0, 1].

    Returns:
        Columns iso, year; `native` (current local currency), `real` (local currency at prices of the price year),
        `market`, `ppp` and `military` (dollars of the price year), `low` and `high` (bounds of `military`), `stage`,
        `steps`. A value outside the coverage of the rates is null, and the last step says so; no rate is carried
        forward.
    """
    rows = [_priced(figure, rates, home_share) for figure in reconcile(amounts)]
    money = dict.fromkeys(("native", "real", "market", "ppp", "military", "low", "high"), pl.Float64())
    schema = pl.Schema(
        {"iso": pl.String(), "year": pl.Int32(), **money, "stage": pl.String(), "steps": pl.List(pl.String)}
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def _priced(figure: Reconciled, rates: Rates, home_share: float) -> tuple[object, ...]:
    start = (figure.state, figure.year, figure.value)
    try:
        real = rates.to_real(figure.value, figure.state, figure.year)
        market, ppp = rates.market(real.amount, figure.state), rates.ppp(real.amount, figure.state)
        military = rates.military(real.amount, figure.state, home_share)
    except InputError as error:
        return (*start, *[None] * 6, figure.stage, [*figure.steps, f"missing: {error.message}"])
    span = [military.amount * bound / figure.value if figure.value else 0.0 for bound in (figure.low, figure.high)]
    steps = [*figure.steps, *(str(step) for money in (real, market, ppp, military) for step in money.steps)]
    return (*start, real.amount, market.amount, ppp.amount, military.amount, *span, figure.stage, steps)
