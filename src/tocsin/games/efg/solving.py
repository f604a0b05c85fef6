"""Solve an extensive-form file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

import numpy as np

from tocsin.errors import InputError, did_you_mean
from tocsin.games.efg.answers import Answer, Profile
from tocsin.games.efg.game import ExtensiveGame
from tocsin.games.efg.reading import parse_efg, read_efg
from tocsin.games.efg.solvable import Solvable

if TYPE_CHECKING:
    from tocsin.games.equilibrium import Equilibrium
    from tocsin.games.tree import Node

Method: TypeAlias = Literal["auto", "recursion", "branch", "spe"]
Precision: TypeAlias = float | Sequence[float] | Mapping[str, float]
T = TypeVar("T")

DEFAULT_PRECISION = 1.0
MAX_PRECISION = 1e9
MAX_ACTIONS = 1_000
"""Largest number of actions of a player's move, except with the method `spe` for games of perfect information.

The compiler's time grows with its square: 1,000 actions take 3 s, 6,000 take 46 s.
"""


def solve(
    game: Path | str | ExtensiveGame, *, precision: Precision | None = None, method: Method = "auto"
) -> tuple[Answer, ...]:
    """Return the equilibria of a game, one for each precision, in ascending order.

    Args:
        game: path of an extensive-form file (`.efg`), its text (recognised by its braces), or a parsed game.
        precision: lambda >= 0 per unit of payoff: one number, several numbers, or player -> number; by default `DEFAULT_PRECISION`.
            A player is named by its label or its position from 1. None for `spe`.
        method: `auto` uses the recursion for games of perfect information and follows the principal branch for others; `spe` gives
            play without errors: subgame-perfect equilibria in pure strategies, or the limit of the branch.

    Raises:
        InputError: if the file cannot be read, the precision is not valid, or the method cannot solve this game.
    """
    from tocsin.games.backend import use_disk_cache

    if method == "spe" and precision is not None:
        raise InputError(
            "the method spe has no precision: it gives play without errors",
            remedy="leave out lambda, or use another method",
        )
    use_disk_cache()
    file = game if isinstance(game, Path) or (isinstance(game, str) and "{" not in game) else None
    with in_file(file):
        solvable = Solvable(_parsed(game))
        if method == "spe":
            return (_without_errors(solvable),)
        return _logit(solvable, DEFAULT_PRECISION if precision is None else precision, method)


@contextmanager
def in_file(file: Path | str | None) -> Iterator[None]:
    """Add the file's name to an `InputError` that does not name a file."""
    try:
        yield
    except InputError as error:
        if error.file is None and file is not None:
            error.file = str(file)
        raise


def _parsed(game: Path | str | ExtensiveGame) -> ExtensiveGame:
    if isinstance(game, ExtensiveGame):
        return game
    return parse_efg(game) if isinstance(game, str) and "{" in game else read_efg(Path(game))


# --- precision -----------------------------------------------------------------------------------------------------


def branch_marks(precision: Precision, players: Sequence[str]) -> tuple[dict[str, float], list[float]]:
    """Return the largest precisions, player -> lambda, and the multiples of them that are requested, ascending.

    Raises:
        InputError: if a precision is not from 0 to `MAX_PRECISION`, or a player is unknown, named twice, or has none.
    """
    if isinstance(precision, Mapping):
        return _by_name(precision, players), [1.0]
    values = sorted({_checked(value) for value in ([precision] if isinstance(precision, int | float) else precision)})
    if not values:
        raise InputError("no precision", remedy="give at least one number")
    largest = values[-1]
    return dict.fromkeys(players, largest), [value / largest if largest else 1.0 for value in values]


def _by_name(precision: Mapping[str, float], players: Sequence[str]) -> dict[str, float]:
    """Return player -> lambda, given lambda by the player's name or its position from 1."""
    positions = {str(number): name for number, name in enumerate(players, start=1)}
    rates: dict[str, float] = {}
    for given, value in precision.items():
        name = given if given in players else positions.get(given)
        if name is None:
            raise InputError(f"unknown player {given!r} in the precisions", remedy=did_you_mean(given, players))
        if name in rates:
            raise InputError(f"two precisions for player {name!r}", remedy="give one")
        rates[name] = _checked(value)
    if missing := [name for name in players if name not in rates]:
        raise InputError(f"no precision for player {missing[0]!r}", remedy="give one for each player")
    return rates


def _checked(value: float) -> float:
    if not 0 <= value <= MAX_PRECISION:
        raise InputError(
            f"precision {value:g} is out of range",
            remedy=f"give a number from 0 to {MAX_PRECISION:g}; for play without errors use the method spe",
        )
    return float(value)


def _check_actions(solvable: Solvable, root: Node) -> None:
    """Refuse a player's move with more than `MAX_ACTIONS` actions."""
    from tocsin.games.equilibrium import has_perfect_information

    other = ", or use the method spe" if has_perfect_information(root) else ""
    for name, key in solvable.keys.items():
        if (count := len(solvable.game.sets[key].actions)) > MAX_ACTIONS:
            raise InputError(
                f"information set {name} has {count:,} actions",
                remedy=f"solve a game with at most {MAX_ACTIONS:,} actions a move{other}",
            )


# --- logit equilibrium ---------------------------------------------------------------------------------------------


def _logit(
    solvable: Solvable, precision: Precision, method: Literal["auto", "recursion", "branch"]
) -> tuple[Answer, ...]:
    from tocsin.games.equilibrium import has_perfect_information, logit_equilibrium

    root = solvable.root()
    _check_actions(solvable, root)
    rates, marks = branch_marks(precision, solvable.players)
    solution = logit_equilibrium(root, rates, marks, method=method)
    used: Literal["recursion", "branch"] = (
        "recursion" if method != "branch" and has_perfect_information(root) else "branch"
    )
    return tuple(
        _answer_at(solvable, solution, index, {player: mark * rate for player, rate in rates.items()}, used)
        for index, mark in enumerate(marks)
    )


def _answer_at(
    solvable: Solvable,
    solution: Equilibrium,
    index: int,
    rates: Mapping[str, float],
    method: Literal["recursion", "branch"],
) -> Answer:
    """Return the answer at one of the precisions."""
    strategies = {name: np.asarray(rows)[index, :, 0].tolist() for name, rows in solution.strategies.items()}
    values = {name: float(rows[index, 0]) for name, rows in solution.values.items()}
    profile = _profile(solvable, strategies, values)
    return Answer(
        game=solvable.game.title,
        precision=next(iter(rates.values())) if len(set(rates.values())) == 1 else rates,
        method=method,
        residual=float(solution.residual[index, 0]),
        converged=bool(solution.converged[index, 0]),
        strategies=profile.strategies,
        beliefs=_by_player(solvable, lambda name: np.asarray(solution.beliefs[name])[index, :, 0].tolist()),
        values=profile.values,
        labels=_labels(solvable),
        folds=int(solution.folds[0]),
        crossings=int(solution.crossings[0]),
    )


# --- play without errors -------------------------------------------------------------------------------------------


def _without_errors(solvable: Solvable) -> Answer:
    from tocsin.games.equilibrium import has_perfect_information

    root = solvable.root()
    return _subgame_perfect(solvable) if has_perfect_information(root) else _limit(solvable, root)


def _limit(solvable: Solvable, root: Node) -> Answer:
    from tocsin.games.agents import agent_form
    from tocsin.games.perfect import branch_limit

    _check_actions(solvable, root)
    limit = branch_limit(agent_form(root, solvable.players))
    profile = _profile(solvable, {name: row.tolist() for name, row in limit.strategies.items()}, limit.values)
    return Answer(
        game=solvable.game.title,
        precision=None,
        method="limit",
        residual=limit.shortfall,
        converged=limit.converged,
        strategies=profile.strategies,
        beliefs=_by_player(solvable, lambda name: limit.beliefs[name].tolist()),
        values=profile.values,
        labels=_labels(solvable),
        sharpness=limit.sharpness,
        followed=limit.precision,
    )


def _subgame_perfect(solvable: Solvable) -> Answer:
    from tocsin.games.perfect import subgame_perfect

    solution = subgame_perfect(solvable.root(Fraction), solvable.players)
    set_of = {decision: solvable.set_name(key) for decision, key in solvable.decisions.items()}
    equilibria = []
    for plan, exact in zip(solution.plans, solution.values, strict=True):
        chosen = {set_of[decision]: action for decision, action in plan.items()}
        strategies = {
            name: [float(action == chosen[name]) for action in solvable.actions(key)]
            for name, key in solvable.keys.items()
        }
        equilibria.append(_profile(solvable, strategies, {player: float(value) for player, value in exact.items()}))
    return Answer(
        game=solvable.game.title,
        precision=None,
        method="spe",
        residual=0.0,
        converged=True,
        strategies=equilibria[0].strategies,
        beliefs=_by_player(solvable, lambda _name: [1.0]),
        values=equilibria[0].values,
        labels=_labels(solvable),
        equilibria=tuple(equilibria),
        complete=solution.complete,
    )


# --- names ---------------------------------------------------------------------------------------------------------


def _profile(solvable: Solvable, strategies: Mapping[str, Sequence[float]], values: Mapping[str, float]) -> Profile:
    """Return strategies (information set's name in the tree -> probabilities) and values under the file's names."""

    def by_action(name: str) -> dict[str, float]:
        return dict(zip(solvable.actions(solvable.keys[name]), strategies[name], strict=True))

    return Profile(
        strategies=_by_player(solvable, by_action), values={player: values[player] for player in solvable.players}
    )


def _labels(solvable: Solvable) -> dict[str, dict[str, str]]:
    labels = _by_player(solvable, lambda name: solvable.game.sets[solvable.keys[name]].label)
    return {player: {number: label for number, label in sets.items() if label} for player, sets in labels.items()}


def _by_player(solvable: Solvable, of: Callable[[str], T]) -> dict[str, dict[str, T]]:
    """Return player -> number of the information set -> what `of` gives for its name in the tree."""
    return {
        player: {str(key[1]): of(name) for name, key in solvable.keys.items() if key[0] == number}
        for number, player in enumerate(solvable.players, start=1)
    }
