"""Solve the games of several cases in the same worlds, each distinct game once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from tocsin.case.form import Form
from tocsin.case.schema import Case
from tocsin.models.coercion import past, solve
from tocsin.models.coercion.ends import End
from tocsin.models.coercion.past import Past, year_states
from tocsin.models.coercion.power import power
from tocsin.models.coercion.prepare import Draws, Forces, Prepared, prepare
from tocsin.models.coercion.scenario import Scenario
from tocsin.models.coercion.solve import Ends, Solution

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensemble

Progress = Callable[[float], None]
_Key: TypeAlias = tuple[object, ...]
_Result = TypeVar("_Result")


class SharedGames:
    """Solves games, and remembers each by all numbers that it reads; two cases that agree in these share its solution.

    The present state of a regime is not among them, unless an input is derived from it: a solution covers all states.
    """

    def __init__(self) -> None:
        self._keys = _Keys()
        self._glanced: dict[_Key, Solution] = {}
        self._ends: dict[_Key, End] = {}
        self._solved: dict[_Key, Solution] = {}
        self._pasts: dict[_Key, Past] = {}

    @classmethod
    def of(cls, ensemble: Ensemble) -> SharedGames:
        """Return the games that an ensemble has solved."""
        case, draws, known = ensemble.case, ensemble.worlds.draws, cls()
        keys = known._keys.of(case, [*ensemble.solutions, *ensemble.ends], draws)
        known._solved = {keys[game]: solution for game, solution in ensemble.solutions.items()}
        known._ends = {keys[game]: end for game, end in ensemble.ends.items()}
        known._pasts = {(*keys[game], *_record(case, game)): past for game, past in ensemble.pasts.items()}
        return known

    def copy(self) -> SharedGames:
        """Return the same games; what is solved there later is not known here."""
        other = SharedGames()
        for name in ("_glanced", "_ends", "_solved", "_pasts"):
            getattr(other, name).update(getattr(self, name))
        return other

    def has(self, case: Case, scenarios: Sequence[Scenario], draws: Draws) -> bool:
        """Return whether some games are solved."""
        return all(key in self._solved for key in self._keys.of(case, scenarios, draws).values())

    def glance(
        self, case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
    ) -> dict[Scenario, Solution]:
        """Return approximate solutions, see `solve.glance`."""
        keys = self._keys.of(case, scenarios, draws)
        run = partial(solve.glance, case, draws=draws, prepared=self._keys.prepared, progress=progress)
        return _of_case(case, _once(self._glanced, keys, run))

    def settle(
        self, case: Case, scenarios: Sequence[Scenario], draws: Draws, *, progress: Progress | None = None
    ) -> dict[Scenario, End]:
        """Return the stationary ends of base games, see `solve.settle`."""
        keys = self._keys.of(case, scenarios, draws)
        run = partial(solve.settle, case, draws=draws, prepared=self._keys.prepared, progress=progress)
        return _once(self._ends, keys, run)

    def solve(
        self,
        case: Case,
        scenarios: Sequence[Scenario],
        draws: Draws,
        *,
        ends: Ends | None = None,
        progress: Progress | None = None,
    ) -> dict[Scenario, Solution]:
        """Return the solutions of games, see `solve.solve`."""
        keys = self._keys.of(case, scenarios, draws)
        run = partial(solve.solve, case, draws=draws, ends=ends, prepared=self._keys.prepared, progress=progress)
        return _of_case(case, _once(self._solved, keys, run))

    def play(self, case: Case, games: Sequence[Scenario], draws: Draws, ends: Ends) -> dict[Scenario, Past]:
        """Return the recorded years of base games, see `past.play`."""
        wanted = [game for game in games if (record := case.history.get(game.theatre)) is not None and record.power]
        keys = {game: (*key, *_record(case, game)) for game, key in self._keys.of(case, wanted, draws).items()}
        return _once(self._pasts, keys, partial(past.play, case, draws=draws, ends=ends))


def _once(
    known: dict[_Key, _Result],
    keys: Mapping[Scenario, _Key],
    run: Callable[[list[Scenario]], Mapping[Scenario, _Result]],
) -> dict[Scenario, _Result]:
    """Return the result of each game; compute those whose key is not known yet."""
    missing = {key: game for game, key in keys.items() if key not in known}
    if missing:
        results = run(list(missing.values()))
        known |= {key: results[game] for key, game in missing.items()}
    return {game: known[key] for game, key in keys.items()}


def _of_case(case: Case, solutions: Mapping[Scenario, Solution]) -> dict[Scenario, Solution]:
    """Return solutions as those of the games of a case, which may be another case's."""
    return {
        game: replace(solution, scenario=game, form=case.forms[game.theatre]) for game, solution in solutions.items()
    }


class _Keys:
    """Finds the keys of games, and remembers those of the case and the draws that were asked about last.

    Attributes:
        prepared: the arrays of these games.
    """

    def __init__(self) -> None:
        self.prepared: dict[Scenario, Prepared] = {}
        self._asked: tuple[Case, Draws] | None = None
        self._forces: Forces = {}
        self._known: dict[Scenario, _Key] = {}

    def of(self, case: Case, scenarios: Sequence[Scenario], draws: Draws) -> dict[Scenario, _Key]:
        """Return the key of each game."""
        if self._asked is None or self._asked[0] is not case or self._asked[1] is not draws:
            self._asked, self._forces, self._known, self.prepared = (case, draws), {}, {}, {}
        for game in scenarios:
            if game not in self._known:
                self.prepared[game] = prepare(case, game, draws, self._forces)
                self._known[game] = _key(case.forms[game.theatre], self.prepared[game])
        return {game: self._known[game] for game in scenarios}


def _key(form: Form, game: Prepared) -> _Key:
    """Return what a solution depends on: the theatre, the game in it, what is reported, and every number."""
    digest = blake2b()
    for arrays in (game.parameters, game.forces):
        for name in sorted(arrays):
            digest.update(name.encode())
            digest.update(arrays[name].tobytes())
    return _in_any_state(form), _in_any_state(game.form), game.outputs, digest.digest()


def _in_any_state(form: Form) -> Form:
    """Return a form without the present states of its regimes."""
    return replace(form, regimes=tuple(replace(regime, now=regime.firm) for regime in form.regimes))


def _record(case: Case, game: Scenario) -> _Key:
    """Return what the recorded years of a base game depend on beside the game: relative power, and the states of the regimes."""
    form, history = case.forms[game.theatre], case.history[game.theatre]
    return power(case, history, form.players).tobytes(), year_states(form, history).tobytes()
