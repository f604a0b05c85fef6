"""Solve coercion games over many scenarios and draws.

Each game has a stationary end, which follows its horizon. The base game of a family (theatre, type, discount factor) is likely to
reach it on the principal branch, see `games.stationary`. The other games of the family begin the search at the end of the base game.
Games without some defenders have other regimes, so they search as a base game does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias

import jax
import numpy as np

from tocsin.case.form import Form
from tocsin.errors import SolveError
from tocsin.games.stationary import MAX_YEARS, RISE, TOLERANCE
from tocsin.models.coercion.blocks import Cores, Packed, as_numpy
from tocsin.models.coercion.ends import End, Pool, find_ends
from tocsin.models.coercion.prepare import Draws, Forces, Prepared, prepare
from tocsin.models.coercion.programs import Play, playing
from tocsin.models.coercion.scenario import Scenario, channels_of, stands_name
from tocsin.translation import in_commas, in_sentences, message

if TYPE_CHECKING:
    from tocsin.case.schema import Case

Progress = Callable[[float], None]
Played: TypeAlias = tuple[np.ndarray, dict[str, np.ndarray]]
"""What `programs.Play` returns, as NumPy arrays, without the regime states of absent protectors."""


@dataclass(frozen=True, kw_only=True)
class Solution:
    """The solution of one scenario. Arrays are float64, with regime states R first and draws D last.

    Attributes:
        scenario: the scenario.
        form: the game with all regimes of the theatre.
        values: (R, D) equilibrium value of each acting player, with choice errors, in units of the challenger's whole aim.
        best_responses: (R, D), if the outputs include them. `best`: the challenger's best-response value against the others'
            equilibrium strategies. `best_aim`: the same with the price of falling at 0.
        tallies: (R, D) probabilities, those that the outputs include. `risk`: the aim exceeds its start within the horizon.
            `risk:YEAR`: the same within that many years. `held`: years of the horizon in which the aim has exceeded its start.
            `war`, `fallen`, `struck`, `conquered` within the horizon: war by any path, the fall of the challenger, a first strike at
            it, the whole aim reached by war. `war:YEAR`: war within that many years, for the years that tests read. `leaves:REGIME`: the regime leaves its initial state within the horizon.
        probabilities: (R, D) in year 1: the five instruments; `concede` given press; `back_down` given resistance to it; and
            `clash` (a clash that does not widen), `war`, `conquered`, `fallen`, `struck` by any path; and that each helper supports
            its side once the challenger attacks (`scenario.stands_name`).
        residual: (D,) largest change of a player's or best-response value in one more year at the stationary end.
    """

    scenario: Scenario
    form: Form
    values: dict[str, np.ndarray]
    best_responses: dict[str, np.ndarray]
    tallies: dict[str, np.ndarray]
    probabilities: dict[str, np.ndarray]
    residual: np.ndarray

    @property
    def settled(self) -> np.ndarray:
        """Return in which draws (D,) the stationary end is an equilibrium. Elsewhere the solution has no meaning."""
        return np.asarray(self.residual <= TOLERANCE)

    @cached_property
    def known(self) -> Solution:
        """Return the same solution with nan in the draws in which it has not settled."""
        if self.settled.all():
            return self
        return self._changed(lambda values: np.where(self.settled, values, np.nan))

    @property
    def size(self) -> int:
        """Return the number of draws D."""
        return len(self.residual)

    def some(self, indices: np.ndarray) -> Solution:
        """Return the solution for some of the draws."""
        return replace(self._changed(lambda values: values[..., indices]), residual=self.residual[indices])

    def _changed(self, change: Callable[[np.ndarray], np.ndarray]) -> Solution:
        def changed(table: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: change(values) for name, values in table.items()}

        return replace(
            self,
            values=changed(self.values),
            best_responses=changed(self.best_responses),
            tallies=changed(self.tallies),
            probabilities=changed(self.probabilities),
        )


Ends: TypeAlias = Mapping[Scenario, End]
"""Stationary ends by game."""
Arrays: TypeAlias = Mapping[Scenario, Prepared]
"""What games read, by game."""


def settle(
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    *,
    known: Ends | None = None,
    prepared: Arrays | None = None,
    progress: Progress | None = None,
) -> dict[Scenario, End]:
    """Return the stationary ends of some games.

    Args:
        case: a loaded case.
        scenarios: the games.
        draws: belief name -> (D,) values.
        known: ends in these draws, at which the games of their families begin; without that of its base game, a game searches as
            a base game does.
        prepared: the arrays of games in these draws, as far as they are known.
        progress: called with the share done, in [0, 1].
    """
    games = _prepared(case, scenarios, draws, prepared or {})
    with Cores() as cores:
        return _settled(cores, games, known or {}, _Ticks(progress, len(games)))


def glance(
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    *,
    prepared: Arrays | None = None,
    progress: Progress | None = None,
) -> dict[Scenario, Solution]:
    """Solve the games approximately: after the horizon the aim stays where it is for ever.

    This takes a third of the work of `solve`, for a first look at many worlds. The residual is infinite: nothing is settled.
    The arguments are those of `solve`.
    """
    games = _prepared(case, scenarios, draws, prepared or {})
    size = _size(draws)
    ends: dict[Scenario, End] = {}
    for scenario, game in games.items():
        values = Packed.of(game).status_quo(channels_of(game.form, scenario.outputs)[0])
        ends[scenario] = End(values, np.full(size, np.inf), np.zeros(size, dtype=int))
    with Cores() as cores:
        return _played(case, cores, games, ends, draws, _Ticks(progress, len(games)))


def solve(
    case: Case,
    scenarios: Sequence[Scenario],
    draws: Draws,
    *,
    ends: Ends | None = None,
    prepared: Arrays | None = None,
    progress: Progress | None = None,
) -> dict[Scenario, Solution]:
    """Solve every scenario over all draws.

    Args:
        case: a loaded case.
        scenarios: the games to solve.
        draws: belief name -> (D,) values.
        ends: results of `settle` for these draws: of the games, or of the base games of their families.
        prepared: the arrays of games in these draws, as far as they are known.
        progress: called with the share done, in [0, 1].

    Raises:
        InputError: if the model lacks an input.
        SolveError: if a value is not finite; it names the theatre, the type, the world and the inputs at an end of their range.
    """
    games = _prepared(case, scenarios, draws, prepared or {})
    known = dict(ends or {})
    bases = dict.fromkeys(base_of(scenario) for scenario in games if scenario.acting is None and scenario not in known)
    first = {base: games.get(base) or prepare(case, base, draws) for base in bases if base not in known}
    ticks = _Ticks(progress, 2 * len(games) + len(first))
    with Cores() as cores:
        _compile(cores, games)
        known |= _settled(cores, first, {}, ticks)
        known |= _settled(cores, {name: game for name, game in games.items() if name not in known}, known, ticks)
        return _played(case, cores, games, known, draws, ticks)


def base_of(scenario: Scenario) -> Scenario:
    """Return the base game of a scenario's family."""
    return Scenario(theatre=scenario.theatre, type=scenario.type, discount=scenario.discount)


def _size(draws: Draws) -> int:
    return len(next(iter(draws.values())))


def _prepared(case: Case, scenarios: Iterable[Scenario], draws: Draws, known: Arrays) -> dict[Scenario, Prepared]:
    forces: Forces = {}
    games = dict.fromkeys(scenarios)
    return {game: known[game] if game in known else prepare(case, game, draws, forces) for game in games}


def _grouped(games: Mapping[Scenario, Prepared], key: Callable[[Scenario, Prepared], object]) -> list[list[Scenario]]:
    """Return the games that share a program."""
    groups: dict[object, list[Scenario]] = {}
    for scenario, game in games.items():
        groups.setdefault(key(scenario, game), []).append(scenario)
    return list(groups.values())


# --- the stationary ends -------------------------------------------------------------------------------------------


def _settled(cores: Cores, games: Mapping[Scenario, Prepared], known: Ends, ticks: _Ticks) -> dict[Scenario, End]:
    def key(scenario: Scenario, game: Prepared) -> object:
        return game.form.anonymous(), channels_of(game.form, scenario.outputs)[0]

    groups = _grouped(games, key)
    pools = [_pool({scenario: games[scenario] for scenario in group}, known) for group in groups]
    group_ends = find_ends(cores, pools, ticks.advance)
    ends: dict[Scenario, End] = {}
    for group, end in zip(groups, group_ends, strict=True):
        size = len(end.residual) // len(group)
        ends |= {name: end.some(slice(k * size, (k + 1) * size)) for k, name in enumerate(group)}
    return ends


def _pool(games: Mapping[Scenario, Prepared], known: Ends) -> Pool:
    """Return the searches of games with one form and the same responders: from their family's base game, if its end is known.

    Where the base game has not settled, no other game of its family is searched.
    """
    packed = Packed.of(*games.values())
    scenario, game = next(iter(games.items()))
    responders = channels_of(game.form, scenario.outputs)[0]
    starts = np.array(packed.status_quo(responders))
    years = np.zeros(packed.size, dtype=int)
    size = packed.size // len(games)
    for k, scenario in enumerate(games):
        end = known.get(base_of(scenario)) if scenario.acting is None else None
        if end is not None:
            part = slice(k * size, (k + 1) * size)
            starts[..., part] = end.values[: len(starts)]
            years[part] = np.where(end.settled, RISE, MAX_YEARS)
    return Pool(packed, responders, starts, years)


# --- the years of the horizon --------------------------------------------------------------------------------------


def _compile(cores: Cores, games: Mapping[Scenario, Prepared]) -> None:
    """Begin to compile the programs that play the horizon."""
    for scenario, game in games.items():
        program = playing(game.form.anonymous(), tuple(game.parameters), scenario.outputs)
        cores.compile(program, partial(_without_years, scenario, game))


def _without_years(scenario: Scenario, game: Prepared) -> tuple[object, ...]:
    """Return the arguments of a program that let it play no year."""
    column = np.zeros(1, dtype=int)
    packed = Packed.of(game).some(column)
    return (*_inputs(packed, column, packed.status_quo(channels_of(game.form, scenario.outputs)[0])), 0)


def _played(
    case: Case, cores: Cores, games: Mapping[Scenario, Prepared], ends: Ends, draws: Draws, ticks: _Ticks
) -> dict[Scenario, Solution]:
    _compile(cores, games)
    running: dict[Scenario, list[Future[Played]]] = {}
    for scenario, game in games.items():
        packed = Packed.of(game)
        program = playing(packed.form, packed.names, scenario.outputs)
        work = partial(_play, program, packed, ends[scenario].values, game.form.horizon)
        running[scenario] = [cores.submit(program, partial(work, columns)) for columns in packed.blocks()]
    solutions: dict[Scenario, Solution] = {}
    for scenario, blocks in running.items():
        played = [block.result() for block in blocks]
        joined: Played = jax.tree.map(lambda *rows: np.concatenate(rows, axis=-1), *played)
        solutions[scenario] = _gather(case, scenario, joined, ends[scenario].residual, draws)
        ticks.advance()
    return solutions


def _play(program: Play, packed: Packed, end: np.ndarray, years: int, columns: np.ndarray) -> Played:
    results = as_numpy(program(*_inputs(packed, columns, end), years))
    played: Played = jax.tree.map(lambda rows: rows[..., : len(columns)], results)
    return played


def _inputs(packed: Packed, columns: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameters, forces within the horizon, and values after it, of a block."""
    parameters, forces = packed.block(columns)
    return parameters, np.ascontiguousarray(forces[:, :-1]), packed.filled(end[..., columns])


class _Ticks:
    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.count = progress, total, 0

    def advance(self) -> None:
        self.count += 1
        if self.progress:
            self.progress(self.count / self.total)


def _gather(case: Case, scenario: Scenario, played: Played, residual: np.ndarray, draws: Draws) -> Solution:
    """Return a solution over all regime states of the theatre, including those of absent protectors."""
    form = case.forms[scenario.theatre]
    reduced = form if scenario.acting is None else form.with_only(scenario.acting)
    values, probabilities = played
    _check(case, scenario, draws, values)
    states = list(form.states_in(reduced))
    channels = iter(values)
    slots = zip(reduced.anonymous().slots, reduced.slots, strict=True)
    names = {stands_name(role): stands_name(slot) for role, slot in slots}
    responders, tallies = channels_of(reduced, scenario.outputs)
    of_players, best_responses, tallied = (
        {name: next(channels)[states] for name in names} for names in (reduced.players, responders, tallies)
    )
    return Solution(
        scenario=scenario,
        form=form,
        values=of_players,
        best_responses=best_responses,
        tallies=tallied,
        probabilities={names.get(name, name): array[states] for name, array in probabilities.items()},
        residual=residual,
    )


def _check(case: Case, scenario: Scenario, draws: Draws, values: np.ndarray) -> None:
    finite = np.isfinite(values).all(axis=(0, 1))
    if finite.all():
        return
    world = int(np.argmin(finite))
    ends = [
        f"{name} = {draws[name][world]:g}"
        for name, shape in case.distributions.items()
        if draws[name][world] in (shape.low, shape.high)
    ]
    at_ends = message("Inputs at an end of their range there: {inputs}.", inputs=in_commas(ends)) if ends else ""
    wrong = message(
        "the game in theatre `{theatre}` for the type `{kind}` has no finite value in world {number}.",
        theatre=scenario.theatre,
        kind=scenario.type,
        number=world + 1,
    )
    raise SolveError(
        in_sentences(wrong, at_ends),
        remedy=message("move these inputs inside their ranges")
        if ends
        else message("narrow the beliefs with the widest ranges"),
    )
