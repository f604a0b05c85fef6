"""Flips: the least moves of one belief, or of two jointly, that change the verdict of a claim.

A move goes from the median of a belief towards an end of its range. The ends are the hard ends of a uniform or loguniform belief, and the 0.1 %
and 99.9 % points of any other. Two beliefs move together, each by the same share of its way. The search has three steps:

1. Rank the ends by the change of the claim's margin that a fit to the ensemble gives, and read the claim again there.
2. Where an end turns the verdict, find the least move: in each world the margin is taken as linear between the world's own value and the end,
   in the logarithm for lognormal and loguniform beliefs.
3. Read the claim again with that move, then halve the way between the last move that turns the verdict and the last that does not.

So every flip was solved with its values. A verdict counts as turned if two standard errors cannot undo it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tocsin.assessment.drivers import Margins
from tocsin.assessment.moved import SAMPLE, OpenTests, Seen, Trials
from tocsin.assessment.outlook import TOGETHER, Moved, Outlook, moved
from tocsin.assessment.result import ClaimResult, Flip, Move, Search
from tocsin.assessment.screening import Scored
from tocsin.assessment.words import FAILS, HOLDS
from tocsin.case.distributions import Distribution
from tocsin.errors import InputError, SolveError

TAIL = 0.001
"""Share of a distribution beyond the end of its range, unless it has a hard end."""

STEPS, HALVINGS = 24, 8
"""Places on the way to an end at which a verdict is predicted, and halvings of the way where reading it again costs nothing."""

PAIR_AFTER = 3
"""Ends tried before two beliefs are moved jointly."""

TRIES = 3
"""Moves solved on the way to an end that turns the verdict."""

DEAR = 1 / 3
"""Share of the budget above which an end is too dear to be among the first."""

CLOSE = 0.05
"""Added to the distance of a claim from another verdict, so that the promise of an end stays finite."""


@dataclass(frozen=True)
class Path:
    """The way of one or two beliefs from their medians to ends of their ranges: belief -> quantile of its end."""

    ends: Mapping[str, float]

    def quantiles(self, share: float) -> dict[str, float]:
        """Return the quantiles of the beliefs after a share of the way."""
        return {name: 0.5 + share * (end - 0.5) for name, end in self.ends.items()}

    def distance(self, share: float) -> float:
        """Return how far the furthest belief is from its median after a share of the way, as a share of its distribution."""
        return max(abs(point - 0.5) for point in self.quantiles(share).values())

    def moves(self, beliefs: Mapping[str, Distribution], share: float) -> dict[str, float]:
        """Return the values of the beliefs after a share of the way."""
        return {name: float(beliefs[name].quantile(point)) for name, point in self.quantiles(share).items()}


def ends_of(belief: Distribution) -> tuple[float, float]:
    """Return the quantiles of the two ends of a belief's range."""
    return (0.0, 1.0) if belief.family in ("uniform", "loguniform") else (TAIL, 1.0 - TAIL)


class Hunt:
    """The search for the flips of one claim."""

    def __init__(
        self,
        trials: Trials,
        result: ClaimResult,
        open_tests: OpenTests,
        beliefs: Mapping[str, Distribution],
        pool: Mapping[str, float],
    ) -> None:
        """Begin a search.

        Args:
            trials: reads tests with beliefs moved.
            result: the claim as it stands.
            open_tests: its tests.
            beliefs: those that the tests read and that vary.
            pool: weight of each type.
        """
        self._trials, self._result, self._open_tests, self._beliefs, self._pool = (
            trials,
            result,
            open_tests,
            beliefs,
            pool,
        )
        self._before = trials.see(open_tests, {})
        self._outlook = Outlook.of(open_tests, self._before)
        self._seen: dict[tuple[str, float], Mapping[str, Seen]] = {}
        self._flips: dict[int, tuple[float, Flip]] = {}
        self._misses: list[tuple[float, Flip]] = []
        self._read: dict[tuple[tuple[str, float], ...], Mapping[str, Seen] | None] = {}
        self._queue: list[tuple[float, str, float]] = []
        self._steps = 0

    @cached_property
    def _start(self) -> float:
        """Return how far the claim is from another verdict."""
        return min(self._gap(moved(self._result, self._outlook, self._outlook, self._pool))[0], 1.0)

    @property
    def starts(self) -> bool:
        """Return whether the few worlds give the verdict that the claim has."""
        return (
            self._outlook.known
            and moved(self._result, self._outlook, self._outlook, self._pool).verdict == self._result.verdict
        )

    def result(self) -> ClaimResult:
        """Return the claim with the flips found so far, and how far the search went."""
        found = [self._flips[count] for count in sorted(self._flips)]
        least = [pair for index, pair in enumerate(found) if all(pair[0] < other[0] for other in found[:index])]
        nearest = min(self._misses, key=lambda miss: miss[0])[1] if self._misses and 1 not in self._flips else None
        search = Search(ends=2 * len(self._beliefs), tried=len(self._seen), nearest=nearest)
        return replace(self._result, flips=tuple(flip for _, flip in least), search=search)

    def begin(self, groups: Sequence[Margins]) -> None:
        """Try the ends that need no game, and rank the others by the fitted change of the claim's margin.

        Args:
            groups: the margins of the claim.
        """
        promise = _promises(groups, list(self._beliefs), self._ends)
        sign = {"holds": -1.0, "fails": 1.0}.get(self._result.verdict)
        for index, (name, belief) in enumerate(self._beliefs.items()):
            for side, end in enumerate(ends_of(belief)):
                change = promise[index, side]
                if not self._trials.is_free(self._open_tests, [name]):
                    self._queue.append((float(abs(change) if sign is None else sign * change), name, end))
                else:
                    self._try(name, end)
        self._queue.sort(key=lambda item: item[0])
        if not self._queue:
            self._try_pair()

    @property
    def _ends(self) -> np.ndarray:
        return np.array([ends_of(belief) for belief in self._beliefs.values()])

    @property
    def goes_on(self) -> bool:
        """Return whether there is an end left that can be afforded."""
        path = self._next
        return path is not None and self._trials.affords(self._cost(path.ends))

    @property
    def promise(self) -> tuple[bool, float]:
        """Return what the next step promises for what it costs. The first end of every claim comes before all others, unless it is dear."""
        path, change = self._next, self._queue[-1][0] if self._queue else 0.0
        assert path is not None
        cost = max(self._cost(path.ends), 1)
        first = self._steps == 0 and cost <= DEAR * self._trials.budget
        return first, change / (self._start + CLOSE) / (1.0 + self._steps) / float(np.sqrt(cost))

    def step(self) -> None:
        """Try the next end or pair."""
        self._steps += 1
        if self._steps == PAIR_AFTER + 1 and self._pair() is not None:
            self._try_pair()
            return
        _, name, end = self._queue.pop()
        self._try(name, end)

    @property
    def _next(self) -> Path | None:
        if self._steps == PAIR_AFTER and (pair := self._pair()) is not None:
            return pair
        return Path({self._queue[-1][1]: self._queue[-1][2]}) if self._queue else None

    # --- single ends and pairs -------------------------------------------------------------------------------------

    def _try(self, name: str, end: float) -> None:
        path = Path({name: end})
        seen = self._see(path, 1.0)
        if seen is None:
            return
        self._seen[name, end] = seen
        after = self._moved(seen)
        if after is None:
            return
        if self._turned(after):
            self._keep(path)
        else:
            gap, part = self._gap(after)
            self._misses.append((gap, self._flip(path, 1.0, part)))

    def _pair(self) -> Path | None:
        """Return the joint move of the two beliefs whose ends bring the claim closest to another verdict; None if fewer were tried."""
        nearest: dict[str, float] = {}
        for name, end in sorted(self._seen, key=lambda key: self._closeness(self._seen[key])):
            nearest.setdefault(name, end)
        return Path(dict(list(nearest.items())[:2])) if len(nearest) > 1 else None

    def _try_pair(self) -> None:
        path = self._pair()
        if path is None:
            return
        if 1 in self._flips:
            share = self._predicted(path)
            if share is not None and path.distance(share) < self._flips[1][0] and self._turns(path, share):
                self._store(path, share)
        elif self._turns(path, 1.0):
            self._keep(path)

    def _keep(self, path: Path) -> None:
        """Store the least move on a path whose end turns the verdict, unless a lesser one is known."""
        self._store(
            path, self._halved(path) if self._trials.is_free(self._open_tests, path.ends) else self._least(path)
        )

    def _halved(self, path: Path) -> float:
        """Return the least share of a path at which the verdict turns, by halving the way."""
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self._turns(path, middle) else (middle, high)
        return high

    def _least(self, path: Path) -> float:
        """Return the least share of a path found at which the verdict turns: the predicted one, then by halving the rest of the way."""
        low, high = 0.0, 1.0
        share = self._predicted(path)
        for _ in range(TRIES if share is not None else 0):
            assert share is not None
            moves = path.moves(self._beliefs, share)
            if not self._trials.affords(self._trials.cost(self._open_tests, moves)):
                break
            low, high = (low, share) if self._turns(path, share) else (share, high)
            share = (low + high) / 2.0
        return high

    def _store(self, path: Path, share: float) -> None:
        known, distance = self._flips.get(len(path.ends)), path.distance(share)
        if known is None or distance < known[0]:
            self._flips[len(path.ends)] = (distance, self._flip(path, share))

    # --- reading again -----------------------------------------------------------------------------------------------

    def _cost(self, ends: Mapping[str, float]) -> int:
        return self._trials.cost(self._open_tests, Path(ends).moves(self._beliefs, 1.0))

    def _see(self, path: Path, share: float) -> Mapping[str, Seen] | None:
        """Return where the tests hold after a share of a path; None if the games cannot be solved there."""
        moves = path.moves(self._beliefs, share)
        key = tuple(moves.items())
        if key not in self._read:
            try:
                self._read[key] = self._trials.see(self._open_tests, moves)
            except (SolveError, InputError):
                self._read[key] = None
        return self._read[key]

    def _moved(self, seen: Mapping[str, Seen] | None, errors: float | None = None) -> Moved | None:
        if seen is None:
            return None
        after = Outlook.of(self._open_tests, seen)
        if not after.known:
            return None
        extra = () if errors is None else (errors,)
        return moved(self._result, self._outlook, after, self._pool, *extra)

    def _turned(self, after: Moved | None) -> bool:
        return after is not None and after.verdict != self._result.verdict

    def _turns(self, path: Path, share: float) -> bool:
        return self._turned(self._moved(self._see(path, share)))

    def _flip(self, path: Path, share: float, part: str | None = None) -> Flip:
        after = self._moved(self._see(path, share), 0.0)
        assert after is not None
        named = part if part is not None else self._changed(after)
        values = path.moves(self._beliefs, share)
        moves = tuple(
            Move(input=name, start=float(self._beliefs[name].quantile(0.5)), to=values[name], quantile=point)
            for name, point in path.quantiles(share).items()
        )
        probability = after.probabilities[named]
        return Flip(
            moves=moves, verdict=after.verdict, part="" if named == TOGETHER else named, probability=probability
        )

    def _changed(self, after: Moved) -> str:
        """Return the first part whose verdict changes."""
        before = moved(self._result, self._outlook, self._outlook, self._pool)
        changed = [name for name in after.probabilities if after.verdicts[name] != before.verdicts[name]]
        return (changed or list(after.probabilities))[0]

    def _closeness(self, seen: Mapping[str, Seen]) -> float:
        after = self._moved(seen)
        return np.inf if after is None else -1.0 if self._turned(after) else self._gap(after)[0]

    def _gap(self, after: Moved) -> tuple[float, str]:
        """Return the least distance of a probability from the edge of its verdict, and the part that has it."""
        gaps = {name: _to_edge(value, after.verdicts[name]) for name, value in after.probabilities.items()}
        part = min(gaps, key=lambda name: gaps[name])
        return gaps[part], part

    # --- predictions ---------------------------------------------------------------------------------------------------

    def _predicted(self, path: Path) -> float | None:
        """Return the least share of a path at which the verdict seems to turn; None if it never seems to."""
        for step in range(1, STEPS):
            seen = {kind: self._between(kind, path, step / STEPS) for kind in self._before}
            if self._turned(self._moved(seen)):
                return step / STEPS
        return None

    def _between(self, kind: str, path: Path, share: float) -> Seen:
        """Return where the tests seem to hold after a share of a path, from the ends that were read."""
        before, values = self._before[kind], path.moves(self._beliefs, share)
        truths = dict(before.truths)
        for part, test in self._open_tests.tests.items():
            place = before.places[part]
            if place == SAMPLE:
                truths[part] = self._trials.estimated(test, values)[0]
                continue
            old = before.truths[part] if test.chance else _squashed(before.margins[part])
            new = old.copy()
            for name, end in path.ends.items():
                there = self._seen[name, end][kind]
                at_end = there.truths[part] if test.chance else _squashed(there.margins[part])
                start = self._trials.values(place, name)
                new = new + _way(self._beliefs[name], start, values[name], end) * (at_end - old)
            truths[part] = np.clip(new, 0.0, 1.0) if test.chance else np.where(np.isnan(new), np.nan, new > 0.0)
        return replace(before, truths=truths)


def _to_edge(probability: float, verdict: str) -> float:
    """Return how far a probability is from the nearest edge of its verdict; infinite for a verdict that it does not decide alone."""
    low, high = FAILS / 100.0, HOLDS / 100.0
    gaps = {
        "holds": probability - high,
        "fails": low - probability,
        "cannot tell": min(probability - low, high - probability),
    }
    return max(gaps[verdict], 0.0) if verdict in gaps else np.inf


def _squashed(margin: np.ndarray) -> np.ndarray:
    """Return margins between -1 and 1 that keep their sign, so that infinite ones can be interpolated."""
    return np.asarray(np.arctan(margin / max(_typical(margin), 1e-300)) * 2.0 / np.pi)


def _typical(margin: np.ndarray) -> float:
    finite = np.abs(margin[np.isfinite(margin)])
    return float(np.median(finite)) if len(finite) else 1.0


def _way(belief: Distribution, start: np.ndarray, to: float, end: float) -> np.ndarray:
    """Return the share of the way from each world's own value to the end of a range that a value is, from 0 to 1."""
    logs = belief.family in ("lognormal", "loguniform")
    own, there, last = (np.log(value) if logs else np.asarray(value) for value in (start, to, belief.quantile(end)))
    whole = last - own
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole == 0.0, 1.0, np.clip((there - own) / whole, 0.0, 1.0))


def _promises(groups: Sequence[Margins], names: Sequence[str], ends: np.ndarray) -> np.ndarray:
    """Return by how much a claim's margin changes at both ends of some inputs (names, 2), by weighted quadratic fits, pooled."""
    total = np.zeros(ends.shape)
    for group in groups:
        scored = group.scored()
        for index, name in enumerate(names):
            if scored is not None and name in scored.points:
                total[index] += group.pool * _fitted(scored, name, ends[index])
    return total


def _fitted(scored: Scored, name: str, ends: np.ndarray) -> np.ndarray:
    line = 2.0 * np.append(scored.points[name], ends) - 1.0
    basis = np.stack([line, 1.5 * line**2 - 0.5])
    count = len(scored.values)
    centred = basis - (basis[:, :count] @ scored.weights)[:, None]
    inside = centred[:, :count]
    deviation = scored.values - scored.weights @ scored.values
    gram = (inside * scored.weights) @ inside.T + 1e-9 * np.eye(2)
    return np.asarray(np.linalg.solve(gram, inside @ (scored.weights * deviation)) @ centred[:, count:])
