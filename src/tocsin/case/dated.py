"""Theatres at another date: the game of one theatre as it was on an earlier day.

Such a theatre copies the roles, aim and steps of the one that it is `like`. Its forces, governments and treaties are those of its day:
forces from the table of power of that theatre's record, governments and treaties from the spells of the record. What the actors want and
what things cost them stay as they are, unless the case states `NAME@THEATRE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from tocsin.case.game_blocks import DatedGame, DatedTheatre, Theatre
from tocsin.case.inputs import members
from tocsin.case.problem import Problem, unknown
from tocsin.reading import Loc
from tocsin.translation import in_commas, message

if TYPE_CHECKING:
    from tocsin.case.record_blocks import History
    from tocsin.case.schema import JoinedCase


def games_of(written: Mapping[str, Theatre | DatedTheatre]) -> dict[str, Theatre]:
    """Return every theatre as a game; one that is like no game of the file is left out, see `unlike_problems`.

    Its pressure rests on payoffs: the theatre that it is like has already given the worlds their weights.
    """
    games: dict[str, Theatre] = {}
    for key, theatre in written.items():
        if isinstance(theatre, Theatre):
            games[key] = theatre
        elif isinstance(same := written.get(theatre.like), Theatre):
            fields = {name: getattr(same, name) for name in Theatre.model_fields}
            games[key] = DatedGame.model_construct(
                **fields | {"at": theatre.at, "like": theatre.like, "pressure": "payoffs"}
            )
    return games


def unlike_problems(written: Mapping[str, Theatre | DatedTheatre]) -> Iterator[Problem]:
    """Yield the dated theatres that are like none."""
    games = [key for key, theatre in written.items() if isinstance(theatre, Theatre)]
    for key, theatre in written.items():
        if isinstance(theatre, DatedTheatre) and theatre.like not in games:
            yield unknown(("theatres", key, "like"), message("theatre without `at`"), theatre.like, games)


def dated_problems(case: JoinedCase) -> Iterator[Problem]:
    """Yield the dated theatres whose day is not past, or about whose day the case says too little."""
    for key, game in case.theatres.items():
        if not isinstance(game, DatedGame):
            continue
        loc: Loc = ("theatres", key, "at")
        if game.at >= case.as_of:
            wrong = message("`{key}` is at {at}, not before the case's `as_of`", key=key, at=str(game.at))
            yield Problem(loc, wrong, message("give an earlier day, or use an event for what may come"))
            continue
        if key in case.history:
            wrong = message(
                "`{key}` has a record of its own, but the record of `{like}` gives its worlds their weights",
                key=key,
                like=game.like,
            )
            yield Problem(("history", key), wrong, message("leave it out"), at_key=True)
        record = case.history.get(game.like)
        if record is None or record.power is None:
            yield from _unknown_forces(case, key, game)
        elif game.at.year < record.span[0]:
            wrong = message(
                "`{key}` is at {at}, before the record of `{like}`, which begins in {first}",
                key=key,
                at=str(game.at),
                like=game.like,
                first=record.span[0],
            )
            yield Problem(
                loc, wrong, message("give a later day, or let the record and its table of power begin earlier")
            )


def _unknown_forces(case: JoinedCase, key: str, game: DatedGame) -> Iterator[Problem]:
    """Yield the inputs that a dated theatre lacks where no table of power gives the forces of its day."""
    names = [f"{name}.{actor}@{key}" for actor in members(game) for name in ("personnel", "spending")]
    missing = [name for name in names if name not in case.beliefs]
    if missing:
        wrong = message(
            "the forces of {year} are not known: `history` of `{like}` has no table of power, and the case lacks {names}",
            year=game.at.year,
            like=game.like,
            names=in_commas(missing[:4]),
        )
        remedy = message(
            "add `power` to the record, or give these inputs, for instance from measure/components/CODE/{year}/...",
            year=game.at.year,
        )
        yield Problem(("theatres", key, "at"), wrong, remedy)


def day_of(case: JoinedCase, theatre: str) -> date:
    """Return the day on which a theatre's game begins: `as_of`, or the day of a dated theatre."""
    game = case.theatres[theatre]
    return game.at if isinstance(game, DatedGame) else case.as_of


def record_of(case: JoinedCase, theatre: str) -> tuple[str, History | None]:
    """Return the theatre whose record describes a theatre's past, which is the one that it is like, and that record."""
    game = case.theatres[theatre]
    name = game.like if isinstance(game, DatedGame) else theatre
    return name, case.history.get(name)


def state_on(case: JoinedCase, theatre: str, regime: str) -> str:
    """Return the state of a regime on the day of a theatre: as the record has it on that day, else `now`."""
    day, (_, record) = day_of(case, theatre), record_of(case, theatre)
    now = case.regimes[regime].now
    if day == case.as_of or record is None:
        return now
    return record.state_on(regime, day) or now


def with_those_alike(case: JoinedCase, theatres: tuple[str, ...]) -> tuple[str, ...]:
    """Return some theatres, and those that dated ones among them are like: the records of these weight the worlds."""
    return tuple(dict.fromkeys([*(record_of(case, theatre)[0] for theatre in theatres), *theatres]))
