"""Which worlds a sweep has: a grid of inputs with the other inputs drawn, or a Saltelli sample.

A design gives any range of its rows by itself. Its points are one scrambled Sobol' sequence (Owen 1998), which can begin at any number, so
chunks can be computed in any order.

Inputs that are not varied are drawn as in a run, unless `rest` is "median". They are drawn by default because a claim is judged over all
worlds, and the world of medians may lie far from the likely ones. Every point of a grid has the same worlds, so that points differ by the
varied inputs alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol, TypeAlias

import numpy as np

from tocsin.assessment.worlds import EDGE, MAX_DRAWS, check_draws, correlated
from tocsin.case.inputs import kind_of
from tocsin.case.joint import joint_beliefs
from tocsin.case.schema import Case
from tocsin.errors import InputError, did_you_mean
from tocsin.translation import in_commas, message

Rest: TypeAlias = Literal["draw", "median"]
"""How inputs that are not varied are set: drawn from their distributions, or fixed at their medians."""
Columns: TypeAlias = dict[str, np.ndarray]
MAX_GRID = 1_000_000
"""Largest number of points of a grid."""


class Design(Protocol):
    """The rows of a sweep."""

    @property
    def rows(self) -> int:
        """Number of rows, 1 to 10,000,000."""

    def labels(self, start: int, stop: int) -> dict[str, np.ndarray | list[str]]:
        """Return the columns that say what the rows from `start` to before `stop` are."""

    def inputs(self, case: Case, start: int, stop: int) -> Columns:
        """Return the value of every belief in these rows: name -> (stop - start,)."""

    def to_dict(self) -> dict[str, object]:
        """Return everything the rows depend on besides the case, as JSON values."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Every combination of some values of inputs, each in the same worlds; without inputs, only the worlds.

    The rows of a world follow one another, with the last input changing fastest. `grid` create and check it.

    Attributes:
        axes: (belief, values in its unit).
        worlds: number of worlds.
        seed: of the worlds.
        rest: see `Rest`.
    """

    axes: tuple[tuple[str, tuple[float, ...]], ...]
    worlds: int
    seed: int
    rest: Rest

    @property
    def points(self) -> int:
        """Number of points of the grid."""
        return math.prod(len(values) for _, values in self.axes)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self.worlds * self.points

    def labels(self, start: int, stop: int) -> dict[str, np.ndarray | list[str]]:
        """Return the number of the world of each row, from 1."""
        return {"world": np.arange(start, stop) // self.points + 1}

    def inputs(self, case: Case, start: int, stop: int) -> Columns:
        """Return the inputs of some rows, see `Design`."""
        worlds, points = np.divmod(np.arange(start, stop), self.points)
        first, last = int(worlds[0]), int(worlds[-1]) + 1
        cover = correlated(case, _cover(len(case.distributions), self.seed, first, last, self.rest))
        columns = {name: values[worlds - first] for name, values in _values(case, cover).items()}
        if self.axes:
            indices = np.unravel_index(points, [len(values) for _, values in self.axes])
            for (name, values), index in zip(self.axes, indices, strict=True):
                columns[name] = np.asarray(values)[index]
        return columns

    def to_dict(self) -> dict[str, object]:
        """Return the design as JSON values."""
        axes = {name: list(values) for name, values in self.axes}
        return {"sample": "grid", "axes": axes, "worlds": self.worlds, "seed": self.seed, "rest": self.rest}


@dataclass(frozen=True, kw_only=True)
class Saltelli:
    """A sample for Sobol' indices of some inputs (Saltelli et al., Computer Physics Communications 181, 2010).

    Each base point has the rows A, then A with each varied input from B in turn, then B: the order in which SALib reads a sample without
    second-order indices. Inputs that are not varied are drawn too, with one value for A and one for B, so that the first and the total
    indices of the varied inputs are those among all inputs. `saltelli` creates and checks it.

    Attributes:
        varied: names of beliefs.
        worlds: number of base points N; a power of 2 is best.
        seed: of the sequence.
        rest: see `Rest`.
    """

    varied: tuple[str, ...]
    worlds: int
    seed: int
    rest: Rest

    @property
    def rows(self) -> int:
        """Number of rows, N (d + 2) for d varied inputs."""
        return self.worlds * (len(self.varied) + 2)

    def labels(self, start: int, stop: int) -> dict[str, np.ndarray | list[str]]:
        """Return the number of the base point of each row, from 1, and the name of its matrix: `A`, `AB/INPUT` or `B`."""
        base, matrix = np.divmod(np.arange(start, stop), len(self.varied) + 2)
        names = ["A", *(f"AB/{name}" for name in self.varied), "B"]
        return {"world": base + 1, "matrix": [names[index] for index in matrix]}

    def inputs(self, case: Case, start: int, stop: int) -> Columns:
        """Return the inputs of some rows, see `Design`."""
        base, matrix = np.divmod(np.arange(start, stop), len(self.varied) + 2)
        first, last = int(base[0]), int(base[-1]) + 1
        width = len(case.distributions)
        cover = _cover(2 * width, self.seed, first, last, "draw")
        if self.rest == "median":
            varied = [name in self.varied for name in case.distributions]
            cover[:, ~np.array(varied * 2)] = 0.5
        of_a, of_b = (_values(case, correlated(case, half)) for half in (cover[:, :width], cover[:, width:]))
        own = {name: index + 1 for index, name in enumerate(self.varied)}
        return {
            name: np.where(
                (matrix == len(self.varied) + 1) | (matrix == own.get(name, -1)),
                of_b[name][base - first],
                of_a[name][base - first],
            )
            for name in case.distributions
        }

    def to_dict(self) -> dict[str, object]:
        """Return the design as JSON values."""
        varied = list(self.varied)
        return {"sample": "saltelli", "varied": varied, "worlds": self.worlds, "seed": self.seed, "rest": self.rest}


def _cover(width: int, seed: int, start: int, stop: int, rest: Rest) -> np.ndarray:
    """Return points (stop - start, width) of a scrambled Sobol' sequence, each in (0, 1); or the centre of the cube."""
    if rest == "median":
        return np.full((stop - start, width), 0.5)
    from scipy.stats import qmc

    sobol = qmc.Sobol(d=width, scramble=True, rng=np.random.default_rng(seed))
    if start:
        points = sobol.fast_forward(start).random(stop - start)
    else:
        points = sobol.random_base2((stop - 1).bit_length())[:stop]
    return np.clip(points, EDGE, 1.0 - EDGE)


def _values(case: Case, points: np.ndarray) -> Columns:
    return {name: belief.quantile(points[:, index]) for index, (name, belief) in enumerate(case.distributions.items())}


# --- checks --------------------------------------------------------------------------------------------------------


def grid(case: Case, axes: Mapping[str, Sequence[float]], *, worlds: int, seed: int, rest: Rest = "draw") -> Grid:
    """Return a checked grid.

    Args:
        case: a loaded case with games.
        axes: belief -> values in its unit, at least one and increasing; without any, the table has only the worlds.
        worlds: number of worlds at each point, 1 to 10,000,000; 1 if the rest is at its medians.
        seed: of the worlds, >= 0.
        rest: see `Rest`.

    Raises:
        InputError: for an unknown input, a value outside its range, too many rows, or several worlds that would be the same.
    """
    check_draws(seed, worlds)
    for name, values in axes.items():
        check_known(case, name)
        _check_values(name, values)
    if rest == "median" and worlds > 1:
        raise InputError(
            message("with the rest at its medians, all {worlds} worlds are the same", worlds=f"{worlds:,}"),
            remedy=message("use 1 world, or draw the rest"),
        )
    design = Grid(
        axes=tuple((name, tuple(map(float, values))) for name, values in axes.items()),
        worlds=worlds,
        seed=seed,
        rest=rest,
    )
    if design.points > MAX_GRID:
        raise InputError(
            message("the grid has {points} points", points=f"{design.points:,}"),
            remedy=message("use at most {limit}", limit=f"{MAX_GRID:,}"),
        )
    _check_rows(design.rows)
    return design


def saltelli(case: Case, varied: Sequence[str], *, worlds: int, seed: int, rest: Rest = "draw") -> Saltelli:
    """Return a checked Saltelli sample.

    Args:
        case: a loaded case with games.
        varied: beliefs whose indices are wanted, at least one.
        worlds: base points N, 1 to 10,000,000 rows in all; a power of 2 is best.
        seed: of the sequence, >= 0.
        rest: see `Rest`.

    Raises:
        InputError: for an unknown or certain input, one that rests on one fit with others, or too many rows.
    """
    check_draws(seed, worlds)
    if not varied:
        raise InputError(
            message("a Saltelli sample varies at least one input"), remedy=message("name it: --vary INPUT")
        )
    for name in varied:
        check_known(case, name)
        if case.distributions[name].family == "fixed":
            raise InputError(
                message("`{name}` is certain in this case, so it has no index", name=name),
                remedy=message("leave it out"),
            )
        if group := next((group for group in joint_beliefs(case) if name in group.names), None):
            others = in_commas(f"`{other}`" for other in group.names if other != name)
            raise InputError(
                message(
                    "`{name}` rests on one fit with {others}; Sobol' indices need independent inputs",
                    name=name,
                    others=others,
                ),
                remedy=message("leave it out of the varied inputs: it is then drawn with the rest"),
            )
    design = Saltelli(varied=tuple(dict.fromkeys(varied)), worlds=worlds, seed=seed, rest=rest)
    _check_rows(design.rows)
    return design


def check_known(case: Case, name: str) -> None:
    """Raise InputError if a case has no belief of this name."""
    if name not in case.beliefs:
        raise InputError(message("unknown input `{name}`", name=name), remedy=did_you_mean(name, case.beliefs))


def _check_values(name: str, values: Sequence[float]) -> None:
    if not values or any(not math.isfinite(value) for value in values) or any(b <= a for a, b in pairwise(values)):
        raise InputError(
            message("the values of `{name}` must be finite numbers that increase", name=name),
            remedy=message("give each value once"),
        )
    known = kind_of(name)
    assert known is not None  # the loader refuses other beliefs
    low, high = known[0].low, known[0].high
    for value in values:
        if not low <= value <= high:
            raise InputError(
                message(
                    "`{name}` = {value} is outside its range, {low} to {high}",
                    name=name,
                    value=f"{value:g}",
                    low=f"{low:g}",
                    high=f"{high:g}",
                ),
                remedy=message("give values in its range"),
            )


def _check_rows(rows: int) -> None:
    if rows > MAX_DRAWS:
        raise InputError(
            message("the table would have {rows} rows", rows=f"{rows:,}"),
            remedy=message("ask for at most {limit}", limit=f"{MAX_DRAWS:,}"),
        )
