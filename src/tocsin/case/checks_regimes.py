"""Check the regimes of a case."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.case.game_blocks import Regime
from tocsin.case.problem import Problem, unknown
from tocsin.case.schema import JoinedCase
from tocsin.reading import Loc
from tocsin.translation import message


def regime_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the problems of the regimes: their actor, their two states, instruments, and the term of a treaty."""
    for key, regime in case.regimes.items():
        loc: Loc = ("regimes", key)
        if regime.actor not in case.actors:
            yield unknown((*loc, "actor"), message("actor"), regime.actor, case.actors)
        if regime.firm == regime.loose:
            yield Problem(
                (*loc, "loose"),
                message("regime `{key}` has the same name for both states", key=key),
                message("give them different names"),
            )
        elif regime.now not in (regime.firm, regime.loose):
            yield unknown((*loc, "now"), message("state of `{key}`", key=key), regime.now, (regime.firm, regime.loose))
        for field in ("loosened_by", "rallied_by"):
            names = getattr(regime, field)
            if len(set(names)) < len(names):
                yield Problem(
                    (*loc, field), message("`{field}` lists an instrument twice", field=field), message("name it once")
                )
        yield from _of_treaty(case, key, regime)


def _of_treaty(case: JoinedCase, key: str, regime: Regime) -> Iterator[Problem]:
    """Yield the problems of `to` and `term`, which only a treaty has."""
    loc: Loc = ("regimes", key)
    for field in ("to", "term"):
        if regime.kind != "treaty" and getattr(regime, field) is not None:
            yield Problem(
                (*loc, field),
                message("`{field}` of `{key}`, which is no treaty", field=field, key=key),
                message("write `kind: treaty`, or leave it out"),
            )
    if regime.to is not None and regime.to not in case.actors:
        yield unknown((*loc, "to"), message("actor"), regime.to, case.actors)
    if regime.term is None:
        return
    if regime.term <= case.as_of:
        wrong = message(
            "the term of `{key}` ended on {term}, before the case's `as_of`", key=key, term=str(regime.term)
        )
        yield Problem(
            (*loc, "term"), wrong, message("say in `now` whether it was renewed, and give its next term or none")
        )
    elif regime.now != regime.firm:
        wrong = message("`{key}` has a term, but is {now} now", key=key, now=regime.now)
        yield Problem((*loc, "now"), wrong, message("write `now: {firm}`, or leave out `term`", firm=regime.firm))
