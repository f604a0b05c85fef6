"""Series of what states have and spend, each in the kinds of money that a sentence may mean.

Military spending comes from SIPRI's workbook if it is in the cache and covers the states and years, else from National Material
Capabilities. With N and D, a state's gross domestic product in local currency and in dollars, R the product at constant prices and
P the purchasing power parity (World Bank), spending of x dollars in year t is

    x N(t) / D(t)                        in local currency
    x R(t) / D(t) * N(b) / R(b)          in local currency at prices of year b (GDP deflator)
    x R(t) / D(t) * N(b) / R(b) / P(b)   in international dollars of year b

so that purchasing power of one year and real local currency change in the same proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType

import polars as pl

from tocsin.checking.clauses import Money
from tocsin.checking.data_sets import Library, State
from tocsin.checking.forms import QUANTITY_WORDS
from tocsin.data.codes import with_state
from tocsin.errors import InputError
from tocsin.translation import message, template

BANK = ("wb_product_dollars", "wb_product_native", "wb_product_real", "wb_ppp")
NAMES = {
    "spending": template("military spending"), "personnel": template("military personnel"),
    "population": template("population"), "urban": template("urban population"),
    "energy": template("energy consumption"), "steel": template("iron and steel production"),
    "capability": template("share of world capability (CINC)"), "product": template("gross domestic product"),
}  # fmt: skip
MONEY_LABELS = MappingProxyType(
    {
        "dollars": "current dollars",
        "native": "current local currency",
        "real": "real local currency",
        "ppp": "purchasing power",
        "stated real": "constant dollars",
    }
)
_NMC: Mapping[str, tuple[str, float, str]] = MappingProxyType(
    {
        "personnel": ("milper", 1000.0, "persons"), "population": ("tpop", 1000.0, "persons"),
        "urban": ("upop", 1000.0, "persons"), "energy": ("pec", 1000.0, "tons of coal equivalent"),
        "steel": ("irst", 1000.0, "tons"), "capability": ("published", 100.0, "%"),
    }
)  # fmt: skip
MONEY: tuple[Money, ...] = ("dollars", "native", "real")
"""Kinds of money in which a change of one state is read; purchasing power changes as real local currency does."""
FIRST_DOLLARS = 1914
"""Before this year National Material Capabilities states spending in pounds."""
STATED_REAL_YEAR = 2023
"""Price year of the sheet of constant dollars that the reader of SIPRI's workbook expects."""


@dataclass(frozen=True)
class Table:
    """A quantity of all states in one kind of money.

    Attributes:
        key: dollars, native, real, ppp, stated real; "" if the quantity is not money.
        frame: columns state, year, value, without missing values.
        unit: of the values.
        sources: names of data sets.
        basis: for money, rates, base year and deflator.
    """

    key: str
    frame: pl.DataFrame
    unit: str
    sources: tuple[str, ...]
    basis: str = ""

    @property
    def name(self) -> str:
        """Return what separates the table from others of the quantity."""
        return MONEY_LABELS.get(self.key, "as measured")

    def values(self, state: State) -> dict[int, float]:
        """Return a state's values by year; of two numbers that a state had in turn, the later one counts.

        Of a group it is the sum over the members that have one; see `lacking`.
        """
        if state.members:
            sums = state.rows(self.frame).group_by("year").agg(pl.col("value").sum())
            return {int(year): float(value) for year, value in sums.select("year", "value").rows()}
        rows = state.rows(self.frame)
        order = {number: index for index, number in enumerate(state.numbers)}
        ranked = rows.with_columns(order=pl.col("state").replace_strict(order, return_dtype=pl.Int32)).sort(
            "year", "order"
        )
        return {int(year): float(value) for year, value in ranked.select("year", "value").rows()}

    def lacking(self, state: State, year: int) -> tuple[str, ...]:
        """Return the names of the members of a group that have no value in a year; none for a state."""
        known = set(self.frame.filter(pl.col("year") == year)["state"])
        return tuple(member.name for member in state.members if not known & set(member.numbers))


@dataclass(frozen=True)
class Lacking:
    """A kind of money that cannot be computed, and the data sets that it needs."""

    key: str
    needs: tuple[str, ...]

    @property
    def name(self) -> str:
        """Return the kind of money in words."""
        return MONEY_LABELS[self.key]


@dataclass(frozen=True)
class Request:
    """What a checker needs: kinds of money, the base year of prices, and the states and years that must be covered."""

    keys: tuple[str, ...]
    base: int
    states: tuple[State, ...] = ()
    years: tuple[int, ...] = ()


def find_quantity(text: str) -> str:
    """Return the name of the quantity that a sentence names; spending for an empty text, as in "spends more than".

    Raises:
        InputError: if the text names none.
    """
    if not text:
        return "spending"
    for name in ("spending", "urban", "energy", "steel", "capability", "product", "personnel", "population"):
        if QUANTITY_WORDS[name].fullmatch(text):
            return name
    raise InputError(
        message("unknown quantity {text}", text=repr(text)),
        remedy=message('name one, such as "defence spending", "soldiers" or "population"'),
    )


def is_money(quantity: str) -> bool:
    """Return whether a quantity is an amount of money."""
    return quantity in ("spending", "product")


def tables(library: Library, quantity: str, request: Request) -> tuple[list[Table], list[Lacking]]:
    """Return a quantity in the requested kinds of money, and the kinds for which data sets are missing.

    Raises:
        MissingDataError: if none can be computed.
    """
    if not is_money(quantity):
        column, factor, unit = _NMC[quantity]
        frame = _values(library.read("nmc"), pl.col(column) * factor)
        return [Table("", frame, unit, ("nmc",))], []
    if quantity == "product":
        return _product(library, request)
    return _spending(library, request)


def _values(frame: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    return frame.select("state", "year", value=value.cast(pl.Float64)).drop_nulls()


def _product(library: Library, request: Request) -> tuple[list[Table], list[Lacking]]:
    library.read(*BANK)
    dollars = Table("dollars", _values(bank(library), pl.col("D")), "USD", BANK[:1], "market rates of the World Bank")
    return _converted(library, request, dollars, None), []


def _spending(library: Library, request: Request) -> tuple[list[Table], list[Lacking]]:
    dollars, native = _spending_dollars(library, request)
    if not library.has(*BANK):
        made = [dollars, *([native] if native else []), *_stated_real(library, request, native is not None)]
        known = {table.key for table in made} | (
            {"real"} if any(table.key == "stated real" for table in made) else set()
        )
        lacking = [Lacking(key, BANK) for key in request.keys if key not in known]
        return [table for table in made if table.key in request.keys or table.key == "stated real"], lacking
    made = _converted(library, request, dollars, native)
    return [*made, *_stated_real(library, request, native is not None)], []


def _spending_dollars(library: Library, request: Request) -> tuple[Table, Table | None]:
    """Return spending in current dollars, and in local currency where SIPRI states it, from the set that covers the request."""
    choices: list[Callable[[], tuple[Table, Table | None]]] = []
    if library.has("sipri_spending"):
        choices.append(_sipri)
    if library.has("nmc") or not choices:
        choices.append(lambda: (_nmc_dollars(library), None))
    made = [choice() for choice in choices]
    return max(made, key=lambda pair: _covered(pair[0], request))  # the first of equals


def _sipri() -> tuple[Table, Table]:
    from tocsin.measures.published_spending import sipri_measure

    dollars = _values(sipri_measure("dollars"), pl.col("value") * 1e6)
    return (
        Table("dollars", dollars, "USD", ("sipri_spending",), "market rates of SIPRI"),
        Table(
            "native",
            _values(sipri_measure("native"), pl.col("value")),
            "local currency",
            ("sipri_spending",),
            "as SIPRI states it",
        ),
    )


def _nmc_dollars(library: Library) -> Table:
    rows = library.read("nmc").filter(pl.col("year") >= FIRST_DOLLARS)
    basis = "converted by National Material Capabilities"
    return Table("dollars", _values(rows, pl.col("milex") * 1000.0), "USD", ("nmc",), basis)


def _covered(table: Table, request: Request) -> int:
    """Return how many of the requested values a table has; without states, how many states it has in the years."""
    rows = table.frame.filter(pl.col("year").is_in(request.years)) if request.years else table.frame
    if not request.states:
        return rows.height
    return sum(len(Table("", rows, "", ()).values(state)) for state in request.states)


def _stated_real(library: Library, request: Request, from_sipri: bool) -> list[Table]:
    """Return SIPRI's constant dollars if real money is requested and SIPRI is the source."""
    if not from_sipri or "real" not in request.keys or not library.has("sipri_spending"):
        return []
    from tocsin.measures.published_spending import sipri_measure

    frame = _values(sipri_measure("real_dollars"), pl.col("value") * 1e6)
    basis = f"prices and market rates of {STATED_REAL_YEAR}, consumer prices (SIPRI)"
    return [Table("stated real", frame, "USD", ("sipri_spending",), basis)] if frame.height else []


def _converted(library: Library, request: Request, dollars: Table, native: Table | None) -> list[Table]:
    """Return the requested kinds of money of an amount in current dollars, or in local currency where that is stated."""
    rates = bank(library).with_columns(rate=pl.col("N") / pl.col("D"), price=pl.col("N") / pl.col("R"))
    base = rates.filter(pl.col("year") == request.base).select("state", price_base="price", ppp_base="P")
    rates = rates.join(base, on="state", how="left")
    if native is None:
        rows = dollars.frame.join(rates, on=["state", "year"]).with_columns(native=pl.col("value") * pl.col("rate"))
        origin = "dollars times the World Bank's rate (its GDP in local currency over that in dollars)"
    else:
        rows = native.frame.join(rates, on=["state", "year"], how="left").with_columns(native=pl.col("value"))
        origin = native.basis
    sources = (*dollars.sources, *(name for name in BANK if name not in dollars.sources))
    local = tuple(dict.fromkeys((*dollars.sources, *BANK[:2])))
    real = pl.col("native") / pl.col("price") * pl.col("price_base")
    prices = f"prices of {request.base}, GDP deflator (World Bank)"
    made = {
        "dollars": dollars,
        "native": Table("native", _values(rows, pl.col("native")), "local currency", local if native is None else native.sources, origin),
        "real": Table("real", _values(rows, real), f"local currency at {request.base} prices", sources[:-1], prices),
        "ppp": Table(
            "ppp", _values(rows, real / pl.col("ppp_base")), f"international dollars at {request.base} prices", sources,
            f"{prices}; purchasing power parity of {request.base} (World Bank)",
        ),
    }  # fmt: skip
    return [made[key] for key in request.keys if key in made]


def bank(library: Library) -> pl.DataFrame:
    """Return the World Bank's columns D, N, R and P by state and year.

    Raises:
        MissingDataError: if a data set is missing.
    """
    library.read(*BANK)
    frames = [
        library.read(name).rename({"value": column}) for name, column in zip(BANK, ("D", "N", "R", "P"), strict=True)
    ]
    joined = reduce(lambda left, right: left.join(right, on=["iso", "year"], how="full", coalesce=True), frames)
    numbered = with_state(joined, code="iso", year="year").drop_nulls("state")
    return numbered.select("state", pl.col("year").cast(pl.Int32), "D", "N", "R", "P").unique(["state", "year"])


def product_share(library: Library, request: Request) -> list[Table]:
    """Return military spending in per cent of gross domestic product: as SIPRI states it, or dollars over the World Bank's dollars.

    Raises:
        MissingDataError: if neither can be computed.
    """
    made: list[Table] = []
    if library.has("sipri_spending"):
        from tocsin.measures.published_spending import sipri_measure

        frame = _values(sipri_measure("share_of_product"), pl.col("value") * 100.0)
        made.append(Table("", frame, "%", ("sipri_spending",), "as SIPRI states it"))
    if (library.has(BANK[0]) and library.has("nmc")) or not made:
        library.read(BANK[0])
        product = with_state(library.read(BANK[0]), code="iso", year="year").drop_nulls("state")
        product = product.select("state", pl.col("year").cast(pl.Int32), D="value").unique(["state", "year"])
        rows = _nmc_dollars(library).frame.join(product, on=["state", "year"])
        basis = "current dollars over the World Bank's GDP in current dollars"
        made.append(Table("", _values(rows, 100.0 * pl.col("value") / pl.col("D")), "%", ("nmc", BANK[0]), basis))
    return sorted(made, key=lambda table: -_covered(table, request))[:1]
