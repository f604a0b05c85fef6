"""Facts and beliefs that say `from`: their values out of measures and kept estimates, and what is to be said of where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tocsin.case.schema import Belief, Fact, JoinedCase, WrittenBelief, WrittenFact
from tocsin.case.units import Quantity, parse_unit
from tocsin.errors import InputError
from tocsin.reading import Loc

if TYPE_CHECKING:
    from tocsin.evidence.reference import Estimate
    from tocsin.measures.reference import Reading, Readings, Reference


def reference(text: str) -> Reference:
    """The measure's figure that a `from` names.

    Raises:
        InputError: if it names none.
    """
    # the data frames behind measures are loaded only for cases that name one
    from tocsin.measures.reference import parse

    return parse(text)


def is_estimate(text: str) -> bool:
    """Whether a `from` names an estimate from history, and not a measure."""
    return text.strip().startswith("evidence/")


def check_reference(loc: Loc, text: str) -> None:
    """Raises InputError if a `from` names nothing, or an estimate stands where none can."""
    if not is_estimate(text):
        reference(text)
        return
    _estimate(text)
    if loc[0] != "beliefs":
        raise InputError("an estimate is uncertain and no fact", remedy="take it `from` a belief")


def _estimate(text: str) -> Estimate:
    from tocsin.evidence.reference import estimate

    return estimate(text)


def origins(case: JoinedCase) -> Iterator[tuple[Loc, str]]:
    """Every `from` of a case, with the path of what it stands in."""
    for block, items in (("facts", case.facts), ("beliefs", case.beliefs)):
        for key, item in items.items():
            if item.from_ is not None:
                yield (block, key), item.from_
    for at, row in enumerate(case.spending_rows):
        if row.from_ is not None:
            yield ("spending_rows", at), row.from_


def rests_on(text: str) -> tuple[str, ...]:
    """Names of the data sets on which a `from` rests.

    Raises:
        InputError: if it names none.
    """
    if not is_estimate(text):
        return tuple(reference(text).measure.sources)
    from tocsin.evidence.store import KINDS

    return KINDS[_estimate(text).name].sources


def describe(text: str | None) -> str:
    """What a `from` is, whose data it rests on, what these cover and the years asked for; nothing where there is none."""
    if text is None:
        return ""
    if is_estimate(text):
        return _estimate(text).describe()
    found = reference(text)
    return f"Measured for {found.years_text}: {found.describe()}"


def differing_estimate(text: str | None, distribution: str) -> str:
    """The estimate that a belief names in its `from`, where its own distribution is another one; else nothing."""
    if text is None or not is_estimate(text):
        return ""
    found = as_distribution(_estimate(text))
    return "" if distribution.replace(" ", "") == found.replace(" ", "") else found


class MeasureReader:
    """Reads what a `from` names out of the cache, up to the case's year; what it takes to read is loaded at the first."""

    def __init__(self, until: int) -> None:
        self.until = until

    @cached_property
    def _readings(self) -> Readings:
        from tocsin.measures.reference import Readings

        return Readings()

    def read(self, text: str) -> Reading:
        """The figure. Raises InputError and SolveError as `Readings.read`."""
        return self._readings.read(reference(text), until=self.until)

    def read_later(self, text: str) -> Reading | None:
        """The same of the last year known, if that is later than the year named."""
        return self._readings.read_later(reference(text), until=self.until)


def bind_fact(fact: WrittenFact, reader: MeasureReader) -> Fact:
    """The fact with its value: what is written, else what is measured.

    Raises:
        InputError: if neither is given, or the measure gives no one figure or one of another unit.
        SolveError: if a data set is not in the cache.
    """
    fields = {name: getattr(fact, name) for name in WrittenFact.model_fields}
    if fact.value is None:
        if fact.from_ is not None and is_estimate(fact.from_):
            raise InputError("an estimate is uncertain and no fact", remedy="take it `from` a belief")
        if fact.from_ is None:
            raise InputError(
                "a fact without a value", remedy="give a value, or `from`; what is missing is missing: leave it out"
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
    """The belief with its distribution: what is written, else what is measured: a record's rate; between bounds a flat one; a
    figure without bounds fixed.

    Raises:
        InputError, SolveError: as `bind_fact`.
    """
    fields = {name: getattr(belief, name) for name in WrittenBelief.model_fields}
    if belief.is_ is None:
        if belief.from_ is None:
            raise InputError("a belief without a distribution", remedy="give `is`, or `from`")
        if is_estimate(belief.from_):
            found = _estimate(belief.from_)
            if parse_unit(belief.unit) != parse_unit(found.unit):
                raise InputError(f"the estimate is in `{found.unit}`", remedy=f'write `unit: "{found.unit}"`')
            fields["is_"] = as_distribution(found)
        else:
            fields["is_"] = _distribution(reader.read(belief.from_), belief.unit)
    return Belief.model_validate(_by_key(fields))


def as_distribution(found: Estimate) -> str:
    """The distribution that stands for an estimate."""
    return f"{found.family}({found.low!r} to {found.high!r})"


def _by_key(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields by the keys of the file: `is` and `from` are words of Python and bear an underscore there."""
    return {name.rstrip("_"): value for name, value in fields.items()}


def _distribution(reading: Reading, unit: str) -> str:
    if reading.at_risk is not None:
        return f"rate({reading.value:g} in {reading.at_risk:.2f})"
    if not isinstance(reading.value, float):
        raise InputError("the measure gives no number", remedy="name a column of numbers")
    if reading.low is not None and reading.high is not None and reading.low < reading.high:
        return f"uniform({in_unit(reading.low, reading, unit)!r}, {in_unit(reading.high, reading, unit)!r})"
    return f"fixed({in_unit(reading.value, reading, unit)!r})"


def measured(reading: Reading, unit: str) -> str | float | bool:
    """A reading as a fact's value, in the fact's unit."""
    if reading.at_risk is not None:
        raise InputError(
            "the measure gives how often something happened", remedy="name a column, or use it in a belief"
        )
    if isinstance(reading.value, date):
        return reading.value.isoformat()
    if isinstance(reading.value, float):
        return in_unit(reading.value, reading, unit)
    return reading.value


def in_unit(value: float, reading: Reading, unit: str) -> float:
    """A number of a reading in another unit of its kind."""
    return Quantity(value, parse_unit(reading.unit)).to(parse_unit(unit)).value
