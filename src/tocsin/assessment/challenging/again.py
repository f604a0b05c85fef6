"""Solve again what a change can move: the games of some claims, in a few of the worlds that are solved as they stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from tocsin.assessment.challenging.answers import Carrier
from tocsin.assessment.challenging.bench import Bench, solved_again, weighed
from tocsin.assessment.challenging.changes import Change
from tocsin.assessment.challenging.result import Answer
from tocsin.assessment.requests import Theatres, theatres_of
from tocsin.case.compiled import Test
from tocsin.case.schema import Case

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensembles

Progress = Callable[[float], None]


def answer_with(
    bench: Bench, name: str, change: Change, few: Ensembles, progress: Progress | None = None
) -> tuple[Answer, Mapping[str, float]]:
    """Return what a claim is with a change, and the standard errors of the changes of its probabilities by part.

    Args:
        bench: the claims as they stand.
        name: id of the claim.
        change: the change.
        few: worlds of the bench in which games are solved again.
        progress: called with the share done of each step.

    Raises:
        SolveError: if the changed games have no finite solution, or the claim is then undefined.
        InputError: if a published game does not admit a value.
    """
    before, after = ensembles_with(bench, few, change, [name], bench.of(change), progress)
    return Carrier(bench, bench.judge_of(change), before, after).answer(name)


def ensembles_with(
    bench: Bench,
    few: Ensembles,
    change: Change,
    claims: Collection[str],
    case: Case,
    progress: Progress | None = None,
) -> tuple[Ensembles, Ensembles]:
    """Return the worlds without and with a change: all solved ones if it only weighs them anew, else a few that are solved again.

    Args:
        bench: the claims as they stand.
        few: the worlds in which games are solved again.
        change: the change.
        claims: those on which it bears.
        case: the changed case with the claims of the bench.
        progress: called with the share done of each step.
    """
    if change.record:
        central = bench.judge.central
        return central, {theatres: weighed(ensemble, case, change) for theatres, ensemble in central.items()}
    after = dict(few)
    for theatres in _concerned(bench, change, claims):
        games = bench.games(case, _tests(bench, claims, theatres), theatres)
        after[theatres] = solved_again(few[theatres], case, change, games, progress)
    return few, after


def games_in_each_world(bench: Bench, change: Change, claims: Collection[str]) -> int:
    """Return how many games a change that bears on some claims solves in each world."""
    if change.record:
        return 0
    return sum(
        len(bench.games(bench.claims, _tests(bench, claims, theatres), theatres)) + len(bench.claims.types)
        for theatres in _concerned(bench, change, claims)
    )


def _concerned(bench: Bench, change: Change, claims: Collection[str]) -> Iterator[Theatres]:
    """Yield the sets of theatres in which a change may move a test of its claims by its games."""
    for theatres in bench.theatre_sets:
        tests = _tests(bench, claims, theatres)
        read = frozenset[str]().union(*map(bench.reads.of, tests))
        if tests and (change.every_game or not read.isdisjoint(change.beliefs)):
            yield theatres


def _tests(bench: Bench, claims: Collection[str], theatres: Theatres) -> list[Test]:
    return [
        test for name in claims for test in bench.modelled(name) if theatres_of(bench.claims, [test.node]) == theatres
    ]
