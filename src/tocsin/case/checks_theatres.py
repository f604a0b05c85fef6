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
from tocsin.translation import in_commas, message, template


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
            message("start {start} is not below levels {levels}", start=theatre.start, levels=theatre.levels),
            message("start below `levels`, where the aim is reached"),
        )
    years = theatre.report_years
    if theatre.horizon in years[:-1]:
        yield Problem(
            ("theatres", key, "milestones"),
            message("the milestones include the horizon, {horizon} years", horizon=theatre.horizon),
            message("leave out {horizon}: the horizon is always reported", horizon=theatre.horizon),
        )
    elif any(early >= late for early, late in pairwise(years)):
        yield Problem(
            ("theatres", key, "milestones"),
            message(
                "the milestones {years} do not rise towards the horizon of {horizon} years",
                years=in_commas(map(str, years[:-1])),
                horizon=years[-1],
            ),
            message("list years from now in rising order, all before the horizon"),
        )


_TAKEN = {
    "challenger": template("`{name}` is already the challenger in `{key}`"),
    "target": template("`{name}` is already the target in `{key}`"),
    "protectors": template("`{name}` is already among the protectors of `{key}`"),
    "backers": template("`{name}` is already among the backers of `{key}`"),
}
"""What is wrong with an actor in a second role, by its first."""


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
                yield unknown(name_loc, message("actor"), name, case.actors)
            elif name in seen and (seen[name], role) != ("protectors", "backers"):
                wrong = message(_TAKEN[seen[name]], name=name, key=key)
                yield Problem(
                    name_loc, wrong, message("give each actor one role; only a protector may also be a backer")
                )
            seen[name] = role
    defenders = (theatre.target, *theatre.protectors)
    for guest, host in theatre.access.items():
        if guest not in theatre.protectors:
            yield unknown((*loc, "access", guest), message("protector"), guest, theatre.protectors, at_key=True)
        if host not in defenders or host == guest:
            others = [name for name in defenders if name != guest]
            yield unknown((*loc, "access", guest), message("defender to give access"), host, others)


def _arms(key: str, theatre: Theatre) -> Iterator[Problem]:
    for receiver, supplier in theatre.arms.items():
        loc: Loc = ("theatres", key, "arms", receiver)
        if receiver not in members(theatre):
            yield unknown(loc, message("actor of `{key}`", key=key), receiver, members(theatre), at_key=True)
            continue
        others = _may_oppose(theatre, receiver)
        if supplier not in others:
            wrong = message(
                "`{supplier}` cannot take the other side against `{receiver}` in `{key}`",
                supplier=supplier,
                receiver=receiver,
                key=key,
            )
            remedy = (
                message("name a helper of the other side: {others}", others=in_commas(others))
                if others
                else message("leave it out of `arms`")
            )
            yield Problem(loc, wrong, remedy)


def _may_oppose(theatre: Theatre, actor: str) -> tuple[str, ...]:
    """Return the helpers that may fight an actor."""
    attacks, defends = actor in (theatre.challenger, *theatre.backers), actor in (theatre.target, *theatre.protectors)
    helpers = (*(theatre.protectors if attacks else ()), *(theatre.backers if defends else ()))
    return tuple(dict.fromkeys(helper for helper in helpers if helper != actor))


def _sides(theatre: Theatre) -> dict[str, tuple[str, ...]]:
    """Return the helpers of the target and of the challenger."""
    return {theatre.target: theatre.protectors, theatre.challenger: theatre.backers}


_BEFORE = template("name helpers of {to} that stand before {by} in its list")
_BEFORE_NAMED = template("name helpers of {to} that stand before {by} in its list: {names}")


def _promises(key: str, theatre: Theatre) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for index, promise in enumerate(theatre.promises):
        loc: Loc = ("theatres", key, "promises", index)
        sides = _sides(theatre)
        if promise.to not in sides:
            yield unknown((*loc, "to"), message("target or challenger"), promise.to, sides)
            continue
        side = sides[promise.to]
        if promise.by not in side:
            yield unknown((*loc, "by"), message("helper of {actor}", actor=promise.to), promise.by, side)
            continue
        if (promise.by, promise.to) in seen:
            wrong = message("a second promise of `{by}` to `{to}`", by=promise.by, to=promise.to)
            yield Problem(loc, wrong, message("write both as one, with all its occasions under `when`"))
        seen.add((promise.by, promise.to))
        earlier = side[: side.index(promise.by)]
        for position, name in enumerate(promise.beside):
            if name not in earlier:
                wrong = message(
                    "`{by}` decides before it can know whether `{name}` stands in", by=promise.by, name=name
                )
                remedy = message(
                    _BEFORE_NAMED if earlier else _BEFORE, to=promise.to, by=promise.by, names=in_commas(earlier)
                )
                yield Problem((*loc, "beside", position), wrong, remedy)
        for position, name in enumerate(promise.against):
            if side is not theatre.backers or name not in theatre.protectors:
                wrong = message("`{name}` is no protector that decides before `{by}`", name=name, by=promise.by)
                yield Problem(
                    (*loc, "against", position),
                    wrong,
                    message("name protectors of {target} in a backer's promise", target=theatre.target),
                )
        if not promise.beside and not promise.against and set(promise.when or OCCASIONS) == set(OCCASIONS):
            yield Problem(
                loc,
                message("a promise that binds always"),
                message("leave it out, or narrow it with `when`, `beside` or `against`"),
            )


def _theatre_regimes(case: JoinedCase, key: str, theatre: Theatre) -> Iterator[Problem]:
    postures: dict[str, str] = {}
    for index, name in enumerate(theatre.regimes):
        loc: Loc = ("theatres", key, "regimes", index)
        regime = case.regimes.get(name)
        if regime is None:
            yield unknown(loc, message("regime"), name, case.regimes)
        elif regime.actor not in members(theatre):
            wrong = message(
                "regime `{name}` belongs to {actor}, which is not in `{key}`", name=name, actor=regime.actor, key=key
            )
            yield Problem(loc, wrong, message("use regimes of actors in this theatre"))
        elif regime.kind == "posture" and regime.actor in postures:
            wrong = message(
                "`{name}` and `{other}` are both posture of {actor}",
                name=name,
                other=postures[regime.actor],
                actor=regime.actor,
            )
            yield Problem(loc, wrong, message("keep one posture for an actor"))
        elif regime.kind == "alignment" and regime.actor == theatre.challenger and not theatre.backers:
            wrong = message("the alignment `{name}` of the challenger moves nothing: it has no backers", name=name)
            yield Problem(loc, wrong, message("name its backers, or leave the regime out"))
        elif regime.kind == "treaty":
            yield from _treaty(loc, key, theatre, name, regime)
        if regime is not None and regime.kind == "posture":
            postures[regime.actor] = name


def _treaty(loc: Loc, key: str, theatre: Theatre, name: str, regime: Regime) -> Iterator[Problem]:
    """Yield the problems of a treaty in a theatre: whose it is, and to whom its promise is made."""
    allowed = [partner for partner, helpers in _sides(theatre).items() if regime.actor in helpers]
    if not allowed:
        wrong = message(
            "treaty `{name}` belongs to {actor}, which helps nobody in `{key}`", name=name, actor=regime.actor, key=key
        )
        yield Problem(loc, wrong, message("use treaties of protectors and backers"))
    elif regime.to is None and len(allowed) > 1:
        wrong = message(
            "treaty `{name}` does not say to which side {actor} promises help", name=name, actor=regime.actor
        )
        yield Problem(
            loc,
            wrong,
            message(
                "write `to: {target}` or `to: {challenger}` in the regime",
                target=theatre.target,
                challenger=theatre.challenger,
            ),
        )
    elif regime.to is not None and regime.to not in allowed:
        wrong = message(
            "in `{key}` {actor} cannot support {to}, as treaty `{name}` says",
            key=key,
            actor=regime.actor,
            to=regime.to,
            name=name,
        )
        yield Problem(
            loc,
            wrong,
            message("write `to: {side}`, or name {actor} among its helpers", side=allowed[0], actor=regime.actor),
        )
