"""Personnel and spending of the states of a new case: the last figures that the data sets in the cache have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.cli.new_pacts import is_cached
from tocsin.data.codes import code_of
from tocsin.translation import Text, message, template

if TYPE_CHECKING:
    import polars as pl

MAX_AGE = 5
"""A figure that is more years behind the day, or behind the end of its data set, is old: it is then not known."""
UNCERTAIN = "highly uncertain"
"""The quality of figures that SIPRI itself marks so; they count as unknown."""
GROWTH = (-0.04, 0.11)
"""Yearly real growth of the military spending of nine in ten states over fifteen years: SIPRI 1949-2024, 5,584 spans, -4.1 to 11.5 %."""
DIFFERENT = (0.6, 2.0)
"""Ratio of the spending of a state in one data set to that in another, in nine of ten: SIPRI's current dollars over those of the National
Material Capabilities, 2010 to 2022, 1,828 state-years: 0.63 to 1.74; in real dollars 0.65 to 2.12."""
BILLION = 1e9


@dataclass(frozen=True)
class Series:
    """A series of spending: a measure and its column, and what it is in words.

    Attributes:
        measure, column: its name and column in the catalogue.
        words: the price of the money, for the reason of an input.
        says: the same as a sentence for the user.
    """

    measure: str
    column: str
    words: str
    says: str


SERIES = (
    Series(
        "spending", "military", template("in real dollars, between market rates and purchasing power"),
        template("Spending is SIPRI's, in real dollars between market rates and purchasing power."),
    ),
    Series(
        "spending_stated", "real_dollars",
        template("in dollars of 2023 at market rates"),
        template("Spending is SIPRI's, in dollars of 2023 at market rates: these understate what it buys in poorer states."),
    ),
    Series(
        "spending_stated", "dollars",
        template("in dollars of that year at market rates"),
        template("Spending is SIPRI's, in current dollars at market rates: these understate what it buys in poorer states."),
    ),
    Series(
        "components", "spending",
        template("in dollars of that year at market rates"),
        template("Spending is that of the National Material Capabilities, at market rates: these understate what it buys in poorer states."),
    ),
)  # fmt: skip
"""Series of military spending, the preferred one first."""


@dataclass(frozen=True)
class Last:
    """The last figure of a state.

    Attributes:
        value: the figure; of spending in billions of dollars.
        year: its year.
        reference: the `from` that names it.
        is_old: whether it is more than `MAX_AGE` years behind what is known.
        low, high: bounds; None if the measure gives none.
    """

    value: float
    year: int
    reference: str
    is_old: bool
    low: float | None = None
    high: float | None = None

    @property
    def distribution(self) -> str:
        """Return the figure in the notation of a belief: uniform between its bounds, else fixed."""
        if self.low is not None and self.high is not None and self.low < self.high:
            return f"uniform({self.low:.4g}, {self.high:.4g})"
        return f"fixed({self.value:.4g})"


@dataclass(frozen=True)
class Wide:
    """A wide range for a figure that is not known: the distribution, and what it rests on in words."""

    distribution: str
    why: Text


@dataclass(frozen=True)
class Money:
    """The last spending of states, all of one series.

    Attributes:
        series: the series.
        last: the last figure by state, in billions of dollars per year.
        elsewhere: the last figure by state in any other series.
        known_year: the last year that ended before the day of the case.
    """

    series: Series
    last: Mapping[int, Last]
    elsewhere: Mapping[int, Last]
    known_year: int

    @property
    def words(self) -> Text:
        """Return the price of the money in words."""
        return message(self.series.words)

    @property
    def says(self) -> Text:
        """Return what the figures are, in a sentence."""
        return message(self.series.says)

    def wide(self, state: int, soldiers: Last | None) -> Wide | None:
        """Return a wide range for a state without a figure.

        The last figure moves by as much a year as the spending of nine in ten states does. One of another series may also differ as much
        as two data sets do. Without any, each soldier costs as much as in nine of ten states. None if nothing is known.

        Args:
            state: its number.
            soldiers: its last known personnel; None if it has none.
        """
        known = [figures[state] for figures in (self.last, self.elsewhere) if state in figures]
        if known:
            last = max(known, key=lambda one: one.year)
            years, same = self.known_year - last.year, last is self.last.get(state)
            low, high = (
                last.value * (1.0 if same else ratio) * (1 + rate) ** years
                for ratio, rate in zip(DIFFERENT, GROWTH, strict=True)
            )
            values = {"value": f"{last.value:.2g}", "year": str(last.year)}
            why = (
                message(
                    "the last figure is {value} USD bn in {year}, moved by -4 to 11 % a year since, as in nine of ten states",
                    **values,
                )
                if same
                else message(
                    "the last figure in another data set is {value} USD bn in {year}, moved by -4 to 11 % a year since, as in nine of ten states",
                    **values,
                )
            )
            return Wide(_lognormal(low, high), why)
        costs = _cost_of_a_soldier(self.known_year)
        if soldiers is None or costs is None:
            return None
        low, high = (cost * soldiers.value / BILLION for cost in costs)
        return Wide(
            _lognormal(low, high),
            message("no data set in the cache has it, and each soldier costs as much as in nine of ten states"),
        )


def _lognormal(low: float, high: float) -> str:
    return f"lognormal({low:.3g} to {high:.3g})"


def personnel_of(states: Collection[int], known_year: int) -> Mapping[int, Last]:
    """Return the last known active personnel of states, by number; none if the data set is not in the cache."""
    table = _table("components", states, known_year)
    return {} if table is None else _last(table, "components", "personnel", known_year)


def money_of(states: Collection[int], known_year: int) -> Money | None:
    """Return the last known spending of states, from the series that has figures of most of them; None if none is in the cache.

    All figures come from one series, since series differ in what they count and in their prices.
    """
    tables = {name: _table(name, states, known_year) for name in dict.fromkeys(series.measure for series in SERIES)}
    by_series: dict[Series, Mapping[int, Last]] = {}
    for series in SERIES:
        table = tables[series.measure]
        if table is not None and (rows := _last(table, series.measure, series.column, known_year)):
            by_series[series] = {state: _in_billions(last) for state, last in rows.items()}
    if not by_series:
        return None
    best = max(by_series, key=lambda series: sum(not last.is_old for last in by_series[series].values()))
    elsewhere: dict[int, Last] = {}
    for series, figures in by_series.items():
        for state, last in figures.items():
            if series is not best and (state not in elsewhere or elsewhere[state].year < last.year):
                elsewhere[state] = last
    return Money(best, by_series[best], elsewhere, known_year)


def _in_billions(last: Last) -> Last:
    low, high = (None if bound is None else bound / BILLION for bound in (last.low, last.high))
    return Last(last.value / BILLION, last.year, last.reference, last.is_old, low, high)


def _table(name: str, states: Collection[int], until: int) -> pl.DataFrame | None:
    """Return the table of a measure for states up to a year; None if it covers no such year or a data set is not in the cache."""
    from tocsin.measures.catalogue import MEASURES
    from tocsin.measures.definition import Request

    measure = MEASURES[name]
    if not states or until < measure.years[0] or not is_cached(measure.sources):
        return None
    inputs = {key: given.default for key, given in measure.inputs.items()}
    return measure.compute(Request(measure.years[0], until, tuple((state,) for state in sorted(states)), inputs))


def _last(table: pl.DataFrame, name: str, column: str, until: int) -> dict[int, Last]:
    """Return the last figure above 0 of each state in a column of the table of a measure, by number."""
    import polars as pl

    from tocsin.measures.catalogue import MEASURES

    measure = MEASURES[name]
    known = table.drop_nulls(column).filter(pl.col(column) > 0, pl.col("year") <= until)
    if "quality" in known.columns:
        known = known.filter(pl.col("quality") != UNCERTAIN)
    newest = known.sort("year").group_by("state").last()
    bounded = ("low", "high") if measure.bounded and column == measure.main_column else ()
    end = min(until, measure.years[1])
    return {
        row["state"]: Last(
            float(row[column]),
            row["year"],
            f"measure/{name}/{code_of(row['state'], row['year'])}/{row['year']}/{column}",
            end - row["year"] > MAX_AGE,
            *(row[bound] for bound in bounded),
        )
        for row in newest.iter_rows(named=True)
    }


def _cost_of_a_soldier(until: int) -> tuple[float, float] | None:
    """Return the 5 % and 95 % points over states of spending per soldier in dollars, in the last year up to `until` with data."""
    import polars as pl

    from tocsin.measures.catalogue import MEASURES
    from tocsin.measures.definition import Request

    measure = MEASURES["components"]
    year = min(until, measure.years[1])
    if not is_cached(measure.sources) or year < measure.years[0]:
        return None
    table = measure.compute(Request(year, year)).filter(
        pl.col("year") == year, pl.col("spending") > 0, pl.col("personnel") > 0
    )
    costs = table["spending"] / table["personnel"]
    low, high = costs.quantile(0.05, "linear"), costs.quantile(0.95, "linear")
    return None if low is None or high is None else (low, high)
