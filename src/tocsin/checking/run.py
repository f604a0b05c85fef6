"""Check a sentence: match it with a form, and let the checker of its kind answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from tocsin.checking import amounts, disputes, events, exchange, leaders, standing, treaties, turning, votes
from tocsin.checking.answer import Answer, Finding, decide, unknown
from tocsin.checking.data_sets import Library, MissingDataError, OutsideDataError
from tocsin.checking.forms import Match, match_sentence
from tocsin.checking.quantities import find_quantity, is_money
from tocsin.errors import InputError
from tocsin.translation import message

CHECKERS: Mapping[str, Callable[[Match, Library], Finding]] = MappingProxyType(
    {
        "growth": amounts.growth,
        "product share": amounts.product_share_of,
        "level": amounts.level,
        "record": amounts.record,
        "world share": standing.world_share,
        "comparison": standing.comparison,
        "rank": standing.rank,
        "turning point": turning.turning_point,
        "exchange": exchange.exchange,
        "treaty": treaties.treaty,
        "treaty date": treaties.treaty_date,
        "disputes": disputes.disputes,
        "events": events.events,
        "stationed troops": events.stationed_troops,
        "leaders": leaders.leaders,
        "office": leaders.office,
        "parties": leaders.parties,
        "votes": votes.votes,
    }
)
"""The checker of each kind."""
OF_QUANTITIES = ("growth", "level", "record", "world share", "comparison", "rank", "turning point")
"""Kinds that may measure amounts of money."""


def check(sentence: str, library: Library | None = None) -> Answer:
    """Check a sentence in a controlled form against the data sets in the cache; nothing is downloaded.

    Args:
        sentence: one sentence in English; `tocsin.checking.forms.FORMS` lists the forms.
        library: data sets already read; a new one if None.

    Raises:
        InputError: if no form fits, or a state, year, number or currency is unknown or ambiguous.
        SolveError: if a data set in the cache is unreadable.
    """
    match = match_sentence(sentence)
    _check_clauses(match)
    try:
        finding = CHECKERS[match.kind](match, library or Library())
    except MissingDataError as error:
        finding = Finding((unknown("data sets are missing", needs=error.names),))
    except OutsideDataError as error:
        finding = Finding((unknown(error.reason),), error.end)
    if match.negated:
        finding = _denied(finding)
    return Answer(
        sentence=match.clauses.sentence,
        kind=match.kind,
        verdict=decide(finding.readings),
        readings=finding.readings,
        data_end=finding.data_end,
        left_open=finding.left_open,
        chart=finding.chart,
    )


def _denied(finding: Finding) -> Finding:
    """Return the finding for a sentence that denies what was checked: each reading holds where the denied one fails."""
    readings = tuple(
        reading if reading.holds is None else replace(reading, holds=not reading.holds, test=_negated(reading.test))
        for reading in finding.readings
    )
    note = "The sentence denies something: it is true where the data contradict what it denies."
    return replace(finding, readings=readings, left_open=(*finding.left_open, note))


def _negated(test: str) -> str:
    return f"not ({test})" if test else ""


def _check_clauses(match: Match) -> None:
    """Refuse times and kinds of money that the answer would not use.

    Raises:
        InputError: if there are any.
    """
    kinds = sorted(time.kind for time in match.clauses.times)
    two_years = match.kind == "growth" and match.slot("more") and kinds == ["in", "in"]
    if len(kinds) > 1 and not two_years and not (match.kind == "record" and kinds == ["in", "since"]):
        raise InputError(
            message("the sentence names more times than its form has"),
            remedy=message("write one sentence for each time"),
        )
    quantity = find_quantity(match.slot("quantity")) if match.kind in OF_QUANTITIES else ""
    if match.clauses.money and not (quantity and is_money(quantity)):
        raise InputError(
            message("the sentence names a kind of money, but measures no amount of money"),
            remedy=message("leave out the kind of money"),
        )
