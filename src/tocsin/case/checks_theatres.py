"""Check the theatres of a case: roles, arms, promises, regimes and years."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tocsin.case.dated import dated_problems
from tocsin.case.form import OCCASIONS
from tocsin.case.game_blocks import Regime, Theatre
from tocsin.case.inputs import members
from tocsin.case.problem import Problem, unknown
from tocsin.case.schema import JoinedCase
from tocsin.reading import Loc


def theatre_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the problems of every theatre: its roles, what its actors promised, its regimes and its years."""
    for key, theatre in case.theatres.items():
        yield from _roles(case, key, theatre)
        yield from _arms(key, theatre)
        yield from _promises(key, theatre)
        yield from _theatre_regimes(case, key, theatre)
        yield from _years(key, theatre)
    yield from dated_problems(case)


def _years(key: str, theatre: Theatre) -> Iterator[Problem]:
    if theatre.start >= theatre.levels:
        yield Problem(
            ("theatres", key, "start"),
            f"start {theatre.start} is not below levels {theatre.levels}",
            "start below `levels`, where the aim is reached",
        )
    years = theatre.report_years
    if theatre.horizon in years[:-1]:
        yield Problem(
            ("theatres", key, "milestones"),
            f"the milestones include the horizon, {theatre.horizon} years",
            f"leave out {theatre.horizon}: the horizon is always reported",
        )
    elif any(early >= late for early, late in pairwise(years)):
        yield Problem(
            ("theatres", key, "milestones"),
            f"the milestones {', '.join(map(str, years[:-1]))} do not rise towards the horizon of {years[-1]} years",
            "list years from now in rising order, all before the horizon",
        )


def _roles(case: JoinedCase, key: str, theatre: Theatre) -> Iterator[Problem]:
    loc: Loc = ("theatres", key)
    seen: dict[str, str] = {}
    for role, names in (
        ("challenger", (theatre.challenger,)),
        ("target", (theatre.target,)),
        ("protectors", theatre.protectors),
        ("backers", theatre.backers),
    ):
        for index, name in enumerate(names):
            name_loc: Loc = (*loc, role, index) if role.endswith("s") else (*loc, role)
            if name not in case.actors:
                yield unknown(name_loc, "actor", name, case.actors)
            elif name in seen and (seen[name], role) != ("protectors", "backers"):
                message = f"`{name}` is already the {seen[name]} in `{key}`"
                if seen[name].endswith("s"):
                    message = f"`{name}` is already among the {seen[name]} of `{key}`"
                yield Problem(name_loc, message, "give each actor one role; only a protector may also be a backer")
            seen[name] = role
    defenders = (theatre.target, *theatre.protectors)
    for guest, host in theatre.access.items():
        if guest not in theatre.protectors:
            yield unknown((*loc, "access", guest), "protector", guest, theatre.protectors, at_key=True)
        if host not in defenders or host == guest:
            others = [name for name in defenders if name != guest]
            yield unknown((*loc, "access", guest), "defender to give access", host, others)


def _arms(key: str, theatre: Theatre) -> Iterator[Problem]:
    for receiver, supplier in theatre.arms.items():
        loc: Loc = ("theatres", key, "arms", receiver)
        if receiver not in members(theatre):
            yield unknown(loc, f"actor of `{key}`", receiver, members(theatre), at_key=True)
            continue
        others = _may_oppose(theatre, receiver)
        if supplier not in others:
            message = f"`{supplier}` cannot take the other side against `{receiver}` in `{key}`"
            remedy = f"name a helper of the other side: {', '.join(others)}" if others else "leave it out of `arms`"
            yield Problem(loc, message, remedy)


def _may_oppose(theatre: Theatre, actor: str) -> tuple[str, ...]:
    """Return the helpers that may fight an actor."""
    attacks, defends = actor in (theatre.challenger, *theatre.backers), actor in (theatre.target, *theatre.protectors)
    helpers = (*(theatre.protectors if attacks else ()), *(theatre.backers if defends else ()))
    return tuple(dict.fromkeys(helper for helper in helpers if helper != actor))


def _sides(theatre: Theatre) -> dict[str, tuple[str, ...]]:
    """Return the helpers of the target and of the challenger."""
    return {theatre.target: theatre.protectors, theatre.challenger: theatre.backers}


def _promises(key: str, theatre: Theatre) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for index, promise in enumerate(theatre.promises):
        loc: Loc = ("theatres", key, "promises", index)
        sides = _sides(theatre)
        if promise.to not in sides:
            yield unknown((*loc, "to"), "target or challenger", promise.to, sides)
            continue
        side = sides[promise.to]
        if promise.by not in side:
            yield unknown((*loc, "by"), f"helper of {promise.to}", promise.by, side)
            continue
        if (promise.by, promise.to) in seen:
            message = f"a second promise of `{promise.by}` to `{promise.to}`"
            yield Problem(loc, message, "write both as one, with all its occasions under `when`")
        seen.add((promise.by, promise.to))
        earlier = side[: side.index(promise.by)]
        for position, name in enumerate(promise.beside):
            if name not in earlier:
                message = f"`{promise.by}` decides before it can know whether `{name}` stands in"
                remedy = f"name helpers of {promise.to} that stand before {promise.by} in its list"
                yield Problem(
                    (*loc, "beside", position), message, f"{remedy}: {', '.join(earlier)}" if earlier else remedy
                )
        for position, name in enumerate(promise.against):
            if side is not theatre.backers or name not in theatre.protectors:
                message = f"`{name}` is no protector that decides before `{promise.by}`"
                yield Problem(
                    (*loc, "against", position), message, f"name protectors of {theatre.target} in a backer's promise"
                )
        if not promise.beside and not promise.against and set(promise.when or OCCASIONS) == set(OCCASIONS):
            yield Problem(
                loc, "a promise that binds always", "leave it out, or narrow it with `when`, `beside` or `against`"
            )


def _theatre_regimes(case: JoinedCase, key: str, theatre: Theatre) -> Iterator[Problem]:
    postures: dict[str, str] = {}
    for index, name in enumerate(theatre.regimes):
        loc: Loc = ("theatres", key, "regimes", index)
        regime = case.regimes.get(name)
        if regime is None:
            yield unknown(loc, "regime", name, case.regimes)
        elif regime.actor not in members(theatre):
            message = f"regime `{name}` belongs to {regime.actor}, which is not in `{key}`"
            yield Problem(loc, message, "use regimes of actors in this theatre")
        elif regime.kind == "posture" and regime.actor in postures:
            message = f"`{name}` and `{postures[regime.actor]}` are both posture of {regime.actor}"
            yield Problem(loc, message, "keep one posture for an actor")
        elif regime.kind == "alignment" and regime.actor == theatre.challenger and not theatre.backers:
            message = f"the alignment `{name}` of the challenger moves nothing: it has no backers"
            yield Problem(loc, message, "name its backers, or leave the regime out")
        elif regime.kind == "treaty":
            yield from _treaty(loc, key, theatre, name, regime)
        if regime is not None and regime.kind == "posture":
            postures[regime.actor] = name


def _treaty(loc: Loc, key: str, theatre: Theatre, name: str, regime: Regime) -> Iterator[Problem]:
    """Yield the problems of a treaty in a theatre: whose it is, and to whom its promise is made."""
    allowed = [partner for partner, helpers in _sides(theatre).items() if regime.actor in helpers]
    if not allowed:
        message = f"treaty `{name}` belongs to {regime.actor}, which helps nobody in `{key}`"
        yield Problem(loc, message, "use treaties of protectors and backers")
    elif regime.to is None and len(allowed) > 1:
        message = f"treaty `{name}` does not say to which side {regime.actor} promises help"
        yield Problem(loc, message, f"write `to: {theatre.target}` or `to: {theatre.challenger}` in the regime")
    elif regime.to is not None and regime.to not in allowed:
        message = f"in `{key}` {regime.actor} cannot support {regime.to}, as treaty `{name}` says"
        yield Problem(loc, message, f"write `to: {allowed[0]}`, or name {regime.actor} among its helpers")
