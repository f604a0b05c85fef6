"""Check a sentence: match it with a form, and let the checker of its kind answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tocsin.checking import amounts, disputes, events, exchange, leaders, standing, treaties, turning, votes
from tocsin.checking.answer import Answer, Finding, decide, unknown
from tocsin.checking.forms import Match, match_sentence
from tocsin.checking.library import Library, MissingDataError

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
    try:
        finding = CHECKERS[match.kind](match, library or Library())
    except MissingDataError as error:
        finding = Finding((unknown("data sets are missing", needs=error.names),))
    return Answer(
        sentence=match.clauses.sentence,
        kind=match.kind,
        verdict=decide(finding.readings),
        readings=finding.readings,
        data_end=finding.data_end,
        left_open=finding.left_open,
        chart=finding.chart,
    )
