"""What the screen of facts shows beside the facts: what reads one, and what the measures of public data give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tocsin.case.blocks import Confidence
from tocsin.case.checks import sources_only_of
from tocsin.case.distributions import fact_of
from tocsin.case.nodes import facts
from tocsin.case.origin import MeasureReader, bind_fact, reference
from tocsin.case.rivals import facts_observed
from tocsin.case.schema import Case, Fact, WrittenFact
from tocsin.case.types import last_ended_year
from tocsin.case.units import BASES, COUNT_OF
from tocsin.data.codes import codes
from tocsin.data.names import TODAY, find_code, name_in
from tocsin.errors import InputError, SolveError
from tocsin.measures.catalogue import MEASURES
from tocsin.measures.definition import SUBJECTS
from tocsin.translation import Translator, message
from tocsin.workbench.desk import Desk

CURRENCIES = ("USD", "EUR", "JPY", "KRW", "CNY")
"""Currencies of the offered units; any other may be written."""
MEASURED: Confidence = "confirmed"
"""Confidence of a measured fact: anyone can read the same figure from the same data."""
_CODE = re.compile("[A-Z0-9]+")


def uses_view(desk: Desk, key: str) -> dict[str, Any]:
    """Return what reads a fact, and the sources that only this fact uses.

    Raises:
        CaseErrors: if the case has errors.
        InputError: if it has no such fact.
    """
    case = desk.case()
    if key not in case.facts:
        raise InputError(message("there is no fact `{key}`", key=key), remedy=message("read the case again"))
    return {
        "claims": [{"id": claim, "says": case.claims[claim].says} for claim in _claims(case, key)],
        "beliefs": [name for name, belief in case.beliefs.items() if fact_of(belief.is_) == key],
        "observed": key in facts_observed(case),
        "sources": sources_only_of(case, "facts", key),
    }


def _claims(case: Case, key: str) -> Iterator[str]:
    for claim, tests in case.tests.items():
        if any(key in facts(test.node) for test in tests.values()):
            yield claim


def units_view() -> list[str]:
    """Return the units that a fact may have, the common ones of the endless many: counts, times, shares and money."""
    return [
        *BASES,
        "per year",
        *(f"{currency} {prefix}" for currency in CURRENCIES for prefix in ("m", "bn")),
        COUNT_OF,
    ]


def measures_view(translator: Translator) -> dict[str, Any]:
    """Return the measures that a fact may take its value from, and the states of today, in the translator's language."""
    return {
        "measures": [
            {
                "name": name,
                "title": translator.plain(message(measure.title)),
                "subject": measure.subject,
                "states": translator.plain(message(SUBJECTS[measure.subject])),
                "years": list(measure.years),
                "column": measure.main_column,
                "needs": list(measure.sources),
                "columns": list(dict.fromkeys(filter(None, (measure.main_column, *measure.units)))),
                "inputs": [
                    {
                        "name": key,
                        "default": item.default,
                        "low": item.low,
                        "high": item.high,
                        "meaning": translator.plain(message(item.meaning)),
                    }
                    for key, item in measure.inputs.items()
                ],
            }
            for name, measure in MEASURES.items()
            if measure.rate is None
        ],
        "states": [
            {"code": code, "name": name_in(code, translator.language)}
            for code in sorted({code.text for code in codes() if code.iso2 and code.holds(TODAY, TODAY)})
        ],
    }


def measured_view(desk: Desk, text: str, translator: Translator) -> dict[str, Any]:
    """Return the fact that a measure gives, as a block of the case, and what it is measured from.

    Args:
        desk: the case, whose day says what `latest` means.
        text: what the `from` of the fact would be; its states may be names in place of codes.
        translator: of what it is measured from.

    Raises:
        InputError: if the measure gives no single value for these states and years, or its data are not on this machine.
    """
    text = _with_codes(text)
    wanted = reference(text)
    written = WrittenFact.model_validate({"from": text, "confidence": MEASURED})
    try:
        fact = bind_fact(written, MeasureReader(last_ended_year(_as_of(desk))))
    except SolveError as error:
        raise InputError(error.message, remedy=error.remedy) from None
    return {"block": _block(fact), "about": translator.plain(wanted.describe())}


def _with_codes(text: str) -> str:
    """Return a reference to a measure with codes for the states that it names."""
    parts = text.split("/")
    if len(parts) > 2:
        parts[2] = re.sub("[^,+]+", lambda name: name[0] if _CODE.fullmatch(name[0]) else find_code(name[0]), parts[2])
    return "/".join(parts)


def _as_of(desk: Desk) -> date:
    """Return the day of the case; today if its errors hide it."""
    try:
        return desk.case().as_of
    except InputError:
        return date.today()


def _block(fact: Fact) -> dict[str, Any]:
    """Return the fact as the case writes it. Its value stands in it, so that the case loads where the data are not."""
    block = fact.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {key: value for key, value in block.items() if value not in (None, "", [])}
