"""Play the years of a record: the base game backwards through the past, with the forces of each year.

A past year is played as its actors saw it who knew what came: its next year is the following one, up to the first year of the base game
and its horizon. Forces are those of today times the relative power of the year. This is one further pass of backward induction for each
base game, from its stationary end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np

from tocsin.case.form import Form
from tocsin.games.compiled import compiled
from tocsin.games.stochastic import solve_year
from tocsin.games.tree import Array
from tocsin.models.coercion.blocks import Cores, Packed, as_numpy
from tocsin.models.coercion.ends import End
from tocsin.models.coercion.power import power
from tocsin.models.coercion.prepare import Draws, prepare
from tocsin.models.coercion.programs import chosen
from tocsin.models.coercion.scenario import ONE_YEAR, Scenario
from tocsin.models.coercion.solve import Ends
from tocsin.models.coercion.stage import channels, make_stage

if TYPE_CHECKING:
    from tocsin.case.record_blocks import History
    from tocsin.case.schema import Case


@dataclass(frozen=True)
class Past:
    """The recorded years of a theatre as the base game plays them.

    Attributes:
        probabilities: those of `Solution.probabilities`, in each recorded year at its regime states: (T, D).
    """

    probabilities: dict[str, np.ndarray]

    def some(self, indices: np.ndarray) -> Past:
        """Return the same for some of the draws."""
        return Past({name: values[:, indices] for name, values in self.probabilities.items()})


def play(case: Case, games: Sequence[Scenario], draws: Draws, ends: Ends) -> dict[Scenario, Past]:
    """Return the past of each base game whose theatre has a record with a table of power.

    Args:
        case: a loaded case.
        games: base games.
        draws: belief name -> (D,).
        ends: their stationary ends, as `solve.settle` returns them.
    """
    wanted = [game for game in games if (record := case.history.get(game.theatre)) is not None and record.power]
    with Cores() as cores:
        running = {game: _running(case, game, draws, ends[game], cores) for game in wanted}
        return {game: _joined([block.result() for block in blocks]) for game, blocks in running.items()}


def _running(case: Case, game: Scenario, draws: Draws, end: End, cores: Cores) -> list[Future[dict[str, np.ndarray]]]:
    """Begin to play the past of a game; return its blocks."""
    prepared = prepare(case, game, draws)
    packed, history = Packed.of(prepared), case.history[game.theatre]
    program, years = _compiled(packed.form.timeless(), packed.names), history.years
    of_years = _ratios(case, history, prepared.form), _states(case, history, prepared.form)
    values = end.values[: len(packed.form.players)]

    def work(columns: np.ndarray) -> dict[str, np.ndarray]:
        played = as_numpy(program(*packed.block(columns), packed.filled(values[..., columns]), *of_years))
        return {name: rows[:years, : len(columns)] for name, rows in played.items()}

    return [cores.run(partial(work, columns)) for columns in packed.blocks()]


def _joined(blocks: Sequence[Mapping[str, np.ndarray]]) -> Past:
    return Past({name: np.concatenate([block[name] for block in blocks], axis=-1) for name in blocks[0]})


def _ratios(case: Case, history: History, form: Form) -> np.ndarray:
    """Return the power of the players, and 0 for the terms of treaties, none of which ends in the past; (yearly arrays, years)."""
    ratios = power(case, history, form.players)
    return np.pad(ratios, ((0, len(form.yearly) - len(ratios)), (0, 0)))


def year_states(form: Form, history: History) -> np.ndarray:
    """Return the index of the regime state in each recorded year, (T,); of the present state, (1,), if no regime has spells."""
    spells = {regime.name: history.states(regime.name) for regime in form.regimes if regime.name in history.regimes}
    if not spells:
        return np.array([form.index()])
    return np.array([form.index({name: states[year] for name, states in spells.items()}) for year in history.span])


def _states(case: Case, history: History, form: Form) -> np.ndarray:
    """Return the regime state in every year from the first recorded one to the end of the horizon; the present one after the record."""
    recorded = np.resize(year_states(form, history), history.years)
    count = case.as_of.year - history.span[0] + form.horizon
    return np.concatenate([recorded, np.full(count, form.index())])[:count]


@lru_cache(maxsize=16)
def _compiled(form: Form, names: tuple[str, ...]) -> Callable[..., dict[str, Array]]:
    """Return the program of a form: (parameters, forces, end, power, states) -> probabilities (years, draws)."""

    def run(parameters: Array, forces: Array, end: Array, ratios: Array, states: Array) -> dict[str, Array]:
        constants = dict(zip(names, parameters, strict=True))
        carried = channels(form, constants, (), {event: event for event in ONE_YEAR})
        stage = make_stage(form, constants)
        uncounted = jnp.zeros((len(ONE_YEAR), *end.shape[1:]))

        def step(following: Array, year: tuple[Array, Array]) -> tuple[Array, dict[str, Array]]:
            now, state = dict(zip(form.yearly, year[0], strict=True)), year[1]
            values, choices = solve_year(stage, now, jnp.concatenate([following, uncounted]), carried)
            players, counts = values[: len(form.players)], values[len(form.players) :, form.start]
            seen = chosen(form, end[0], choices) | dict(zip(ONE_YEAR, counts, strict=True))
            return players, {name: array[state] for name, array in seen.items()}

        years = jnp.concatenate([forces[:, :1] * ratios[:, :, None], forces[:, :-1]], axis=1)
        _, played = jax.lax.scan(step, end, (jnp.moveaxis(years, 1, 0), states), reverse=True)
        return played

    return compiled(run, {"form": asdict(form), "names": names})
