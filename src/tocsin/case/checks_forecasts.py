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
from tocsin.translation import in_commas, listed, message, message_in, template

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
        wrong = message(
            "it opens on {opens}, before as_of ({as_of}): the case knows what has happened since",
            opens=str(opens),
            as_of=str(case.as_of),
        )
        yield Problem((*loc, "opens"), wrong, message("let it open at as_of or later"))
    if forecast.due <= opens:
        wrong = message(
            "it is due on {due}, not after its opening day ({opens})", due=str(forecast.due), opens=str(opens)
        )
        yield Problem((*loc, "due"), wrong, message("give a later day; the opening day itself does not count"))


def _resolves(loc: Loc, resolves: Resolves) -> Iterator[Problem]:
    options = {"register": resolves.register_, "table": resolves.table, "manual": resolves.manual}
    yield from _exactly_one(loc, options)
    if resolves.register_ is not None:
        if resolves.register_ not in DATED:
            yield unknown((*loc, "register"), message("register of dated events"), resolves.register_, DATED)
            return
        for column in resolves.where:
            if column not in DATED[resolves.register_]:
                columns = DATED[resolves.register_]
                yield unknown(
                    (*loc, "where", column),
                    message("column of {register}", register=resolves.register_),
                    column,
                    columns,
                    at_key=True,
                )
    elif resolves.where and resolves.table is None:
        yield Problem(
            (*loc, "where"), message("`where` selects rows of a register or table"), message("remove it"), at_key=True
        )


_NONE = template("it has none of {options}")
_SEVERAL = template("it has {given} of {options}")


def _exactly_one(loc: Loc, options: Mapping[str, object]) -> Iterator[Problem]:
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        wrong = message(_SEVERAL if given else _NONE, given=listed(given), options=in_commas(options))
        yield Problem(loc, wrong, message("give exactly one of them"), at_key=True)


def _made(case: JoinedCase, loc: Loc, forecast: Forecast) -> Iterator[Problem]:
    made = forecast.probability
    yield from _exactly_one(loc, {name: getattr(made, name) for name in Made.model_fields})
    if made.rate is not None and forecast.resolves.register_ is None and forecast.resolves.table is None:
        wrong = message("a rate needs dated events, and this question is answered by hand")
        yield Problem(
            (*loc, "rate"), wrong, message("name a register or table, or make the probability otherwise"), at_key=True
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
        yield Problem(
            loc,
            message("{text} is not a stored estimate", text=repr(text)),
            message("write {start}NAME/KEY, see `tocsin evidence list`", start=START),
        )
        return
    try:
        unit = estimate(text).unit
    except InputError as error:
        yield Problem(loc, error.message, error.remedy)
        return
    if parse_unit(unit) != parse_unit(YEARLY):
        yield Problem(
            loc,
            message("the estimate is in `{unit}`, not {wanted}", unit=unit, wanted=YEARLY),
            message("name an estimate of a yearly rate"),
        )


def _count(loc: Loc, text: str) -> Iterator[Problem]:
    try:
        parse_count(text)
    except InputError as error:
        yield Problem(loc, error.message, error.remedy)


def _assessed(case: JoinedCase, loc: Loc, assessed: Assessed) -> Iterator[Problem]:
    if assessed.claim is not None:
        if assessed.theatre is not None or assessed.event is not None:
            yield Problem(
                loc,
                message("it has both a claim and an event"),
                message("give a claim, or theatre and event"),
                at_key=True,
            )
        claim: Claim | None = case.claims.get(assessed.claim)
        if claim is None:
            yield unknown((*loc, "claim"), message("claim"), assessed.claim, case.claims)
        elif claim.kind != "forecast":
            wrong = message(
                "claim `{claim}` is not a forecast ({kind})", claim=assessed.claim, kind=message_in("claim", claim.kind)
            )
            yield Problem((*loc, "claim"), wrong, message("name a claim of kind forecast"))
        return
    if assessed.theatre is None or assessed.event is None:
        yield Problem(
            loc,
            message("it has neither a claim nor an event"),
            message("give claim, or theatre and event"),
            at_key=True,
        )
        return
    if assessed.theatre not in case.history:
        yield unknown((*loc, "theatre"), message("theatre with a record"), assessed.theatre, case.history)
    if assessed.event not in EVENTS:
        yield unknown((*loc, "event"), message("event of a record"), assessed.event, EVENTS)
