"""Facts and beliefs with a `from`: their values from measures and stored estimates, and descriptions of their origin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tocsin.case.schema import Belief, Fact, JoinedCase, WrittenBelief, WrittenFact
from tocsin.case.units import PER_YEAR, Quantity, Unit, exact, parse_unit
from tocsin.errors import InputError
from tocsin.reading import Loc
from tocsin.translation import Text, message

if TYPE_CHECKING:
    from tocsin.evidence.reference import Estimate
    from tocsin.measures.readings import Readings
    from tocsin.measures.reference import Reading, Reference


def reference(text: str) -> Reference:
    """Return the reference to a measure that a `from` contains.

    Raises:
        InputError: if it is not such a reference.
    """
    # imported here: measures load data frames, and only cases that name a measure need them
    from tocsin.measures.reference import parse

    return parse(text)


def is_estimate(text: str) -> bool:
    """Return whether a `from` names a stored estimate and not a measure."""
    return text.strip().startswith("evidence/")


def check_reference(loc: Loc, text: str) -> None:
    """Raise InputError if a `from` names nothing known, or names an estimate outside the beliefs."""
    if not is_estimate(text):
        reference(text)
        return
    _estimate(text)
    if loc[0] != "beliefs":
        raise InputError(
            message("an estimate is uncertain, so it cannot be a fact"),
            remedy=message("use it in the `from` of a belief"),
        )


def _estimate(text: str) -> Estimate:
    from tocsin.evidence.reference import estimate

    return estimate(text)


def has_estimate(text: str) -> bool:
    """Return whether the stored results have an estimate."""
    try:
        _estimate(text)
    except InputError:
        return False
    return True


def estimated(text: str) -> str:
    """Return the distribution of a stored estimate, in the notation of a belief; raises InputError if there is none."""
    return as_distribution(_estimate(text))


def estimate_reaches(text: str) -> int:
    """Return the last year to which a stored estimate was fitted, as far as all its data go."""
    from tocsin.evidence.reference import reaches

    return reaches(text)


def origins(case: JoinedCase) -> Iterator[tuple[Loc, str]]:
    """Yield every `from` of a case, with the path of its item."""
    for block, items in (("facts", case.facts), ("beliefs", case.beliefs)):
        for key, item in items.items():
            if item.from_ is not None:
                yield (block, key), item.from_
    for index, row in enumerate(case.spending_rows):
        if row.from_ is not None:
            yield ("spending_rows", index), row.from_


def rests_on(text: str) -> tuple[str, ...]:
    """Return the names of the data sets behind a `from`.

    Raises:
        InputError: if the `from` names nothing known.
    """
    if not is_estimate(text):
        return tuple(reference(text).measure.sources)
    from tocsin.evidence.store import KINDS

    return KINDS[_estimate(text).name].sources


def describe(text: str | None) -> Text:
    """Return a description of a `from`: measure or estimate, data, coverage and years; "" for None."""
    if text is None:
        return Text()
    if is_estimate(text):
        return _estimate(text).describe()
    measure = reference(text)
    return message("Measured for {years}: {measure}", years=measure.years_text, measure=measure.describe())


def differing_estimate(text: str | None, distribution: str) -> str:
    """Return the estimate of a belief's `from` if it differs from the belief's own distribution, else ""."""
    if text is None or not is_estimate(text):
        return ""
    estimated = as_distribution(_estimate(text))
    return "" if distribution.replace(" ", "") == estimated.replace(" ", "") else estimated


class MeasureReader:
    """Reads measures from the cache; data are loaded at the first reading.

    Args:
        until: the last year that `latest` may mean, and that counts as a later one.
    """

    def __init__(self, until: int) -> None:
        self.until = until

    @cached_property
    def _readings(self) -> Readings:
        from tocsin.measures.readings import Readings

        return Readings()

    def read(self, text: str) -> Reading:
        """Return the reading; raises InputError and SolveError as `Readings.read` does."""
        from tocsin.measures.own_exits import own_rate

        named = reference(text)
        own = own_rate(named)
        return self._readings.read(named, until=self.until) if own is None else own

    def read_later(self, text: str) -> Reading | None:
        """Return the reading of the last known year if it is later than the named year, else None."""
        return self._readings.read_later(reference(text), until=self.until)


def bind_fact(fact: WrittenFact, reader: MeasureReader) -> Fact:
    """Return the fact with its value: the written one, else the measured one.

    Raises:
        InputError: if there is neither, or the measure gives no single value or another unit.
        SolveError: if a data set is not in the cache.
    """
    fields = {name: getattr(fact, name) for name in WrittenFact.model_fields}
    if fact.value is None:
        if fact.from_ is not None and is_estimate(fact.from_):
            raise InputError(
                message("an estimate is uncertain, so it cannot be a fact"),
                remedy=message("use it in the `from` of a belief"),
            )
        if fact.from_ is None:
            raise InputError(
                message("a fact without a value"),
                remedy=message("give a value or `from`; if the value is missing, leave the fact out"),
            )
        reading = reader.read(fact.from_)
        fields |= {"unit": fact.unit or reading.unit, "date": fact.date or str(reading.year)}
        fields["value"] = measured(reading, str(fields["unit"]))
        if fact.range is None and reading.low is not None and reading.high is not None and reading.low < reading.high:
            fields["range"] = " to ".join(
                repr(in_unit(end, reading, fields["unit"])) for end in (reading.low, reading.high)
            )
    return Fact.model_validate(_by_key(fields))


def bind_belief(belief: WrittenBelief, reader: MeasureReader) -> Belief:
    """Return the belief with its distribution: the written one, else that of its measure or estimate.

    A count of events becomes a rate, a value with bounds a uniform distribution, a value without bounds a fixed one.

    Raises:
        InputError, SolveError: as `bind_fact`.
    """
    fields = {name: getattr(belief, name) for name in WrittenBelief.model_fields}
    if belief.is_ is None:
        if belief.from_ is None:
            raise InputError(message("a belief without a distribution"), remedy=message("give `is` or `from`"))
        if is_estimate(belief.from_):
            estimate = _estimate(belief.from_)
            if parse_unit(belief.unit) != parse_unit(estimate.unit):
                raise InputError(
                    message("the estimate is in `{unit}`", unit=estimate.unit),
                    remedy=message('write `unit: "{unit}"`', unit=estimate.unit),
                )
            fields["is_"] = as_distribution(estimate)
        else:
            fields["is_"] = _distribution(reader.read(belief.from_), belief.unit)
    return Belief.model_validate(_by_key(fields))


def as_distribution(estimate: Estimate) -> str:
    """Return an estimate as a distribution in the notation of a belief."""
    return f"{estimate.family}({estimate.low!r} to {estimate.high!r})"


def _by_key(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields by the keys of the file, without the underscore that Python needs in `is_` and `from_`."""
    return {name.rstrip("_"): value for name, value in fields.items()}


def _distribution(reading: Reading, unit: str) -> str:
    if reading.at_risk is not None:
        return f"rate({reading.value:g} in {reading.at_risk:.2f})"
    if not isinstance(reading.value, float):
        raise InputError(message("the measure does not give a number"), remedy=message("name a column of numbers"))
    if reading.low is not None and reading.high is not None and reading.low < reading.high:
        return f"uniform({flow(reading.low, reading, unit)!r}, {flow(reading.high, reading, unit)!r})"
    return f"fixed({flow(reading.value, reading, unit)!r})"


def measured(reading: Reading, unit: str) -> str | float | bool:
    """Return a reading as the value of a fact, in the unit of the fact."""
    if reading.at_risk is not None:
        raise InputError(
            message("the measure gives a count of events in years"),
            remedy=message("name a column, or use it in a belief"),
        )
    if isinstance(reading.value, date):
        return reading.value.isoformat()
    if isinstance(reading.value, float):
        return in_unit(reading.value, reading, unit)
    return reading.value


def in_unit(value: float, reading: Reading, unit: str) -> float:
    """Return a number of a reading in another unit of its kind."""
    return Quantity(exact(value), parse_unit(reading.unit)).to(parse_unit(unit)).value


def flow(value: float, reading: Reading, unit: str) -> float:
    """Return a number of a reading in the unit of a belief.

    Money of one year is money per year. Money per year in a belief has no price year of its own, so that of the
    reading is left out.
    """
    stated, wanted = parse_unit(reading.unit), parse_unit(unit)
    currency = wanted.currency
    if currency is not None and wanted.base == Unit(((currency, 1),)) * PER_YEAR:
        priced = reading.unit.partition(" of ")[0] if stated.currency is None else reading.unit
        stated = parse_unit(priced)
        if stated.currency == currency and stated.base == Unit(((currency, 1),)):
            stated = stated * PER_YEAR
    return Quantity(exact(value), stated).to(wanted).value
