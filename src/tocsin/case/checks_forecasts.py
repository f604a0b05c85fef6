"""Check the questions about dated events: their days, what answers them, and how their probabilities are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tocsin.case.claim_blocks import Claim
from tocsin.case.distributions import parse
from tocsin.case.forecast_blocks import Assessed, Forecast, Made, Resolves, opening_day, parse_count
from tocsin.case.problem import Problem, unknown
from tocsin.case.schema import JoinedCase
from tocsin.case.units import parse_unit
from tocsin.data.dated import DATED
from tocsin.errors import InputError
from tocsin.reading import Loc

YEARLY = "per year"
EVENTS = ("war", "press", "concede", "clash")
"""Events of a theatre's record whose yearly probability an assessment gives."""


def forecast_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield every problem of the block `forecasts`."""
    for key, forecast in case.forecasts.items():
        loc: Loc = ("forecasts", key)
        yield from _days(case, loc, forecast)
        yield from _resolves((*loc, "resolves"), forecast.resolves)
        yield from _made(case, (*loc, "probability"), forecast)
        if forecast.base is not None:
            yield from _count((*loc, "base", "count"), forecast.base.count)


def _days(case: JoinedCase, loc: Loc, forecast: Forecast) -> Iterator[Problem]:
    opens = opening_day(forecast, case.as_of)
    if opens < case.as_of:
        message = f"it opens on {opens}, before as_of ({case.as_of}): the case knows what has happened since"
        yield Problem((*loc, "opens"), message, "let it open at as_of or later")
    if forecast.due <= opens:
        message = f"it is due on {forecast.due}, not after its opening day ({opens})"
        yield Problem((*loc, "due"), message, "give a later day; the opening day itself does not count")


def _resolves(loc: Loc, resolves: Resolves) -> Iterator[Problem]:
    options = {"register": resolves.register_, "table": resolves.table, "manual": resolves.manual}
    yield from _exactly_one(loc, options)
    if resolves.register_ is not None:
        if resolves.register_ not in DATED:
            yield unknown((*loc, "register"), "register of dated events", resolves.register_, DATED)
            return
        for column in resolves.where:
            if column not in DATED[resolves.register_]:
                columns = DATED[resolves.register_]
                yield unknown((*loc, "where", column), f"column of {resolves.register_}", column, columns, at_key=True)
    elif resolves.where and resolves.table is None:
        yield Problem((*loc, "where"), "`where` selects rows of a register or table", "remove it", at_key=True)


def _exactly_one(loc: Loc, options: Mapping[str, object]) -> Iterator[Problem]:
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        message = f"it has {' and '.join(given) if given else 'none'} of {', '.join(options)}"
        yield Problem(loc, message, "give exactly one of them", at_key=True)


def _made(case: JoinedCase, loc: Loc, forecast: Forecast) -> Iterator[Problem]:
    made = forecast.probability
    yield from _exactly_one(loc, {name: getattr(made, name) for name in Made.model_fields})
    if made.rate is not None and forecast.resolves.register_ is None and forecast.resolves.table is None:
        message = "a rate needs dated events, and this question is answered by hand"
        yield Problem(
            (*loc, "rate"), message, "name a register or table, or make the probability otherwise", at_key=True
        )
    if made.share is not None:
        yield from _count((*loc, "share", "count"), made.share.count)
    if made.judged is not None:
        try:
            parse(made.judged.is_, low=0.0, high=1.0)
        except InputError as error:
            yield Problem((*loc, "judged", "is"), error.message, error.remedy)
    if made.estimate is not None:
        yield from _estimate((*loc, "estimate"), made.estimate)
    if made.assessed is not None:
        yield from _assessed(case, (*loc, "assessed"), made.assessed)


def _estimate(loc: Loc, text: str) -> Iterator[Problem]:
    # imported here: stored estimates load numerical libraries, and few cases name one
    from tocsin.evidence.reference import START, estimate

    if not text.strip().startswith(START):
        yield Problem(loc, f"{text!r} is not a stored estimate", f"write {START}NAME/KEY, see `tocsin evidence list`")
        return
    try:
        unit = estimate(text).unit
    except InputError as error:
        yield Problem(loc, error.message, error.remedy)
        return
    if parse_unit(unit) != parse_unit(YEARLY):
        yield Problem(loc, f"the estimate is in `{unit}`, not {YEARLY}", "name an estimate of a yearly rate")


def _count(loc: Loc, text: str) -> Iterator[Problem]:
    try:
        parse_count(text)
    except InputError as error:
        yield Problem(loc, error.message, error.remedy)


def _assessed(case: JoinedCase, loc: Loc, assessed: Assessed) -> Iterator[Problem]:
    if assessed.claim is not None:
        if assessed.theatre is not None or assessed.event is not None:
            yield Problem(loc, "it has both a claim and an event", "give a claim, or theatre and event", at_key=True)
        claim: Claim | None = case.claims.get(assessed.claim)
        if claim is None:
            yield unknown((*loc, "claim"), "claim", assessed.claim, case.claims)
        elif claim.kind != "forecast":
            message = f"claim `{assessed.claim}` is not a forecast ({claim.kind})"
            yield Problem((*loc, "claim"), message, "name a claim of kind forecast")
        return
    if assessed.theatre is None or assessed.event is None:
        yield Problem(loc, "it has neither a claim nor an event", "give claim, or theatre and event", at_key=True)
        return
    if assessed.theatre not in case.history:
        yield unknown((*loc, "theatre"), "theatre with a record", assessed.theatre, case.history)
    if assessed.event not in EVENTS:
        yield unknown((*loc, "event"), "event of a record", assessed.event, EVENTS)
