"""Check that a case without games has no block that only games read, and check the blocks that all games share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain

from tocsin.case.problem import Problem
from tocsin.case.schema import CaseFile, JoinedCase
from tocsin.translation import message

ONLY_FOR_GAMES = ("money", "spending", "types", "discount", "history", "events", "controls", "published", "alike")
"""Blocks that nothing reads in a case without `theatres`."""


def game_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the blocks that only games would read, in a case without any, and problems of types and discount."""
    return chain(() if case.theatres else _without_games(case), _types(case), _discount(case))


def _without_games(case: JoinedCase) -> Iterator[Problem]:
    unread = [block for block in ONLY_FOR_GAMES if _given(case, block)]
    if case.regimes and not case.beliefs:
        unread.append("regimes")
    for block in unread:
        wrong = message("the case has `{block}` but no `theatres`, and only a game reads `{block}`", block=block)
        yield Problem(
            (block,),
            wrong,
            message("add `theatres`, or remove `{block}` to check facts only", block=block),
            at_key=True,
        )


def _given(case: JoinedCase, block: str) -> bool:
    return bool(getattr(case, block) != CaseFile.model_fields[block].get_default(call_default_factory=True))


def _types(case: JoinedCase) -> Iterator[Problem]:
    for key, kind in case.types.items():
        if kind.weight == 0:
            yield Problem(
                ("types", key, "weight"),
                message("type `{key}` has weight 0, but a verdict also asks whether the types agree", key=key),
                message("leave the type out, or give it a weight above 0"),
            )
    total = math.fsum(kind.weight for kind in case.types.values())
    if case.types and abs(total - 1) > 1e-9:
        yield Problem(
            ("types",),
            message("the weights of the types sum to {total}, not 1", total=f"{total:g}"),
            message("make them sum to 1"),
            at_key=True,
        )


def _discount(case: JoinedCase) -> Iterator[Problem]:
    discount = case.discount
    if discount is None:
        return
    if len(set(discount.swept)) < len(discount.swept):
        yield Problem(("discount", "swept"), message("`swept` lists a discount factor twice"), message("list it once"))
    if discount.central not in discount.swept:
        wrong = message("`swept` lacks the central discount factor, {central}", central=f"{discount.central:g}")
        yield Problem(("discount", "swept"), wrong, message("add it, or choose a central value among them"))
