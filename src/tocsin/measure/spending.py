"""Military spending in comparable terms, from what budgets and accounts say in native money.

Three things make such figures differ before any rate is applied, and each is settled first and said: fiscal years that are
no calendar years, drafts that outturns later replace, and sources that disagree. Then native money becomes real money by the
state's own deflator, and dollars by three rates: the market's, purchasing power parity, and one between them for what a force
buys at home and abroad (see `tocsin.measure.money`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from tocsin.errors import InputError
from tocsin.measure.money import Rates

STAGES = ("estimate", "draft", "enacted", "revised", "reported", "outturn")
"""What a figure is, the less final first; a more final one of the same year replaces it. `reported` is what an institute gives,
accounts where it could have them, budgets else."""


@dataclass(frozen=True)
class Amount:
    """What a source says that a state spends in a fiscal year.

    Attributes:
        state: ISO code.
        year: calendar year in which the fiscal year begins.
        value: native money, not negative.
        stage: one of `STAGES`.
        source: who says it.
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
            raise InputError(f"`{self.stage}` is no stage of a budget", remedy="use one of " + ", ".join(STAGES))
        if not 1 <= self.begins <= 12 or not (self.value >= 0 and math.isfinite(self.value)):
            raise InputError(
                f"spending of {self.state} in {self.year} has no such month or value: {self.begins}, {self.value}",
                remedy="give a month from 1 to 12 and money that is not negative",
            )


@dataclass(frozen=True)
class Settled:
    """A state's spending in a calendar year, in native money: what the sources agree on, and between what they differ."""

    state: str
    year: int
    low: float
    value: float
    high: float
    stage: str
    steps: tuple[str, ...]


def settled(amounts: Iterable[Amount]) -> list[Settled]:
    """Calendar years out of fiscal ones, the most final stage of each, and the span of the sources that give it.

    The value is the geometric mean of the sources' least and greatest. A calendar year takes its months from two fiscal years;
    where one of them is not known, nor is the calendar year. A state's fiscal year begins in one month throughout.
    """
    found: list[Settled] = []
    for state, group in groupby(
        sorted(amounts, key=lambda amount: (amount.state, amount.year)), lambda amount: amount.state
    ):
        listed = list(group)
        if len(begins := {amount.begins for amount in listed}) > 1:
            raise InputError(
                f"fiscal years of {state} begin in several months: {sorted(begins)}",
                remedy="turn them into one kind first",
            )
        years = {year: _final(list(some)) for year, some in groupby(listed, lambda amount: amount.year)}
        month = begins.pop()
        found += list(years.values()) if month == 1 else _calendar(years, month)
    return found


def _final(amounts: Sequence[Amount]) -> Settled:
    """The most final stage of a fiscal year, over the sources that give it."""
    stage = max((amount.stage for amount in amounts), key=STAGES.index)
    given = [amount for amount in amounts if amount.stage == stage]
    low, high = min(amount.value for amount in given), max(amount.value for amount in given)
    first = given[0]
    said = f"{stage} of {first.year}: " + ", ".join(f"{amount.value:.6g} ({amount.source})" for amount in given)
    dropped = [
        f"left out, less final: {amount.stage} {amount.value:.6g}" for amount in amounts if amount.stage != stage
    ]
    return Settled(first.state, first.year, low, math.sqrt(low * high), high, stage, (said, *dropped))


def _calendar(fiscal: dict[int, Settled], month: int) -> list[Settled]:
    """Calendar years from fiscal years that begin in a later month."""
    share = (13 - month) / 12
    found = []
    for year, now in fiscal.items():
        if (before := fiscal.get(year - 1)) is not None:
            low, value, high = (
                share * getattr(now, name) + (1 - share) * getattr(before, name) for name in ("low", "value", "high")
            )
            stage = min((now.stage, before.stage), key=STAGES.index)
            step = f"calendar year {year}: {share:.3g} of fiscal {year} and {1 - share:.3g} of fiscal {year - 1}"
            found.append(Settled(now.state, year, low, value, high, stage, (*before.steps, *now.steps, step)))
    return found


def spending(amounts: Iterable[Amount], rates: Rates, *, home_share: float) -> pl.DataFrame:
    """Spending of states and calendar years in four terms, each step recorded.

    Args:
        amounts: what sources say.
        rates: by ISO code of the state, with the price year.
        home_share: share of a force that is bought at home prices, in [0, 1].

    Returns:
        Columns iso, year; `native` (current native money), `real` (native money of the price year), `market`, `ppp` and `military`
        (dollars of the price year) with `low` and `high` of the last; `stage`; `steps`. What the rates do not cover is null,
        and the last step says so; nothing is carried forward.
    """
    rows = [_priced(each, rates, home_share) for each in settled(amounts)]
    money = dict.fromkeys(("native", "real", "market", "ppp", "military", "low", "high"), pl.Float64)
    schema: Mapping[str, Any] = (
        {"iso": pl.String, "year": pl.Int32} | money | {"stage": pl.String, "steps": pl.List(pl.String)}
    )
    return pl.DataFrame(rows, schema=schema, orient="row")


def _priced(each: Settled, rates: Rates, home_share: float) -> tuple[object, ...]:
    start = (each.state, each.year, each.value)
    try:
        real = rates.to_real(each.value, each.state, each.year)
        market, ppp = rates.market(real.amount, each.state), rates.ppp(real.amount, each.state)
        military = rates.military(real.amount, each.state, home_share)
    except InputError as error:
        return (*start, *[None] * 6, each.stage, [*each.steps, f"missing: {error.message}"])
    span = [military.amount * bound / each.value if each.value else 0.0 for bound in (each.low, each.high)]
    steps = [*each.steps, *(str(step) for money in (real, market, ppp, military) for step in money.steps)]
    return (*start, real.amount, market.amount, ppp.amount, military.amount, *span, each.stage, steps)
