"""Read the tests of a claim again with beliefs moved along a path, and predict where its verdict turns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tocsin.assessment.leaves import scales_of, squashed, truth
from tocsin.assessment.moved import SAMPLE, OpenTests, Seen, Trials
from tocsin.assessment.outlook import TOGETHER, Moved, Outlook, moved, to_edge
from tocsin.assessment.paths import Path, share_of_way
from tocsin.assessment.reachable import mattering, pivotal
from tocsin.assessment.requests import Theatres
from tocsin.assessment.result import ClaimResult
from tocsin.case.distributions import Distribution
from tocsin.errors import InputError, SolveError

STEPS, INSIDE, HALVINGS = 24, 8, 5
"""Places on the way to an end at which a verdict is predicted, and at which it is read again where that costs nothing; halvings between two of
the latter."""

CLOSE = 0.05
"""Distance of a probability from another verdict, as a share, from which the sample of tests without a game tells surely that a run does not cross it."""

TRIES, STRIDE = 2, 1 / 3
"""Moves solved on the way to an end that turns the verdict, and the least share of the rest of the way to go on after one that does not."""


@dataclass(frozen=True)
class ReadInputs:
    """The beliefs that the tests of a claim read.

    Attributes:
        varying: those that vary, by name.
        by_games: those that tests of its games read.
        closed: those that tests without a game and without a probability read: sources disagree, or the test is undefined.
    """

    varying: Mapping[str, Distribution]
    by_games: frozenset[str]
    closed: frozenset[str]


class PathReading:
    """Reads the tests of one claim along paths of its beliefs.

    Attributes:
        open_tests: its tests.
        before: where they hold with no belief moved, by type.
        outlook: their probabilities there.
    """

    def __init__(
        self,
        trials: Trials,
        result: ClaimResult,
        open_tests: OpenTests,
        inputs: ReadInputs,
        pool: Mapping[str, float],
    ) -> None:
        """Read a claim.

        Args:
            trials: reads tests with beliefs moved.
            result: the claim as it stands.
            open_tests: its tests.
            inputs: the beliefs that its tests read.
            pool: weight of each type.
        """
        self._trials, self._result, self.open_tests = trials, result, open_tests
        self._beliefs, self._by_games, self._pool = inputs.varying, inputs.by_games, pool
        self.before = trials.see(open_tests, {})
        self.outlook = Outlook.of(open_tests, self.before)
        self._read: dict[tuple[tuple[str, float], ...], Mapping[str, Seen] | None] = {}
        self._matter: dict[frozenset[str], OpenTests] = {}
        self._disputed = trials.disputed(open_tests)

    def _read_for(self, names: Iterable[str]) -> OpenTests:
        """Return the tests whose outcome can matter if some beliefs move."""
        touched = self._trials.touched(self.open_tests, names)
        if touched not in self._matter:
            matter = mattering(self._result, self.open_tests, touched)
            tests = {part: test for part, test in self.open_tests.tests.items() if part in matter}
            self._matter[touched] = replace(self.open_tests, tests=tests)
        return self._matter[touched]

    def cost(self, path: Path, share: float = 1.0) -> int:
        """Return how many games, times their worlds, must be solved to read the tests after a share of a path."""
        return self._trials.cost(self._read_for(path.ends), path.moves(self._beliefs, share))

    def see(self, path: Path, share: float) -> Mapping[str, Seen] | None:
        """Return where the tests hold after a share of a path; None if the games cannot be solved there."""
        moves = path.moves(self._beliefs, share)
        key = tuple(moves.items())
        if key not in self._read:
            try:
                read = self._trials.see(self._read_for(path.ends), moves)
            except (SolveError, InputError):
                self._read[key] = None
            else:
                self._read[key] = {kind: one.updated(read.get(kind) or read[""]) for kind, one in self.before.items()}
        return self._read[key]

    def moved(self, seen: Mapping[str, Seen] | None) -> Moved | None:
        """Return what becomes of the claim; None if a probability is not known."""
        after = None if seen is None else Outlook.of(self.open_tests, seen)
        return moved(self._result, self.outlook, after, self._pool) if after is not None and after.known else None

    def turned(self, after: Moved | None) -> bool:
        """Return whether the claim has another verdict than it has as it stands."""
        return after is not None and after.verdict != self._result.verdict

    def is_clear(self, path: Path) -> bool:
        """Return whether the claim clearly keeps its verdict at the end of a path: a run can hardly decide any of its tests otherwise."""
        seen = self.see(path, 1.0)
        after = self.moved(seen)
        if seen is None or after is None or self.turned(after) or self._disputed:
            return False
        defined = all(np.isfinite(truth).all() for one in seen.values() for truth in one.truths.values())
        return defined and all(
            to_edge(value, after.verdicts[part]) >= CLOSE for part, value in after.probabilities.items()
        )

    def turns(self, path: Path, share: float) -> bool:
        """Return whether the claim turns after a share of a path."""
        return self.turned(self.moved(self.see(path, share)))

    def is_read_freely(self, names: Iterable[str]) -> bool:
        """Return whether no game must be solved to read the open tests with some beliefs moved."""
        return self._trials.is_free(self.open_tests, names)

    def is_decided_freely(self, names: Iterable[str]) -> bool:
        """Return whether no test of the games of the claim, open or not, reads any of some beliefs."""
        return self._by_games.isdisjoint(names)

    def first_turn(self, path: Path) -> int | None:
        """Return the first of the `INSIDE` steps on a path after which the verdict turns; 0 if it does at the medians."""
        return next((step for step in range(INSIDE + 1) if self.turns(path, step / INSIDE)), None)

    def halved(self, path: Path) -> float:
        """Return the least share of a path at which the verdict turns, by halving the step after which it first does."""
        step = self.first_turn(path)
        assert step is not None
        low, high = max(step - 1, 0) / INSIDE, step / INSIDE
        for _ in range(HALVINGS if step else 0):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self.turns(path, middle) else (middle, high)
        return high

    def least(self, path: Path) -> float:
        """Return the least share of a path found at which the verdict turns: where it is predicted between what was read, or further on."""
        low = 0.0
        for _ in range(TRIES):
            share = max(self.predicted(path, low) or 0.5, low + STRIDE * (1.0 - low) if low else 0.0)
            if share >= 1.0 or not self._trials.affords(self.cost(path, share)):
                break
            if self.turns(path, share):
                return share
            low = share
        return 1.0

    def gap(self, after: Moved, names: Collection[str] = ()) -> tuple[float, str]:
        """Return the least distance of a probability from the edge of its verdict, and the part that has it.

        Parts that could turn the claim by themselves count, if there are any; after a move of beliefs, those that it can change.
        """
        parts = {*after.probabilities}
        moving = {*self._trials.touched(self.open_tests, names), TOGETHER} if names else parts
        pivots = pivotal(self._result, after.verdicts)
        counted = next(some for some in (parts & moving & pivots, parts & moving, parts) if some)
        gaps = {
            name: to_edge(value, after.verdicts[name]) for name, value in after.probabilities.items() if name in counted
        }
        part = min(gaps, key=lambda name: gaps[name])
        return gaps[part], part

    # --- predictions ---------------------------------------------------------------------------------------------------

    def predicted(self, path: Path, low: float = 0.0) -> float | None:
        """Return the least share of a path, beyond one that was read, at which the verdict seems to turn; None if it never seems to."""
        for step in range(1, STEPS):
            share = low + (1.0 - low) * step / STEPS
            if self.seems_to_turn(path, share, low):
                return share
        return None

    def seems_to_turn(self, path: Path, share: float, low: float = 0.0) -> bool:
        """Return whether the claim seems to turn after a share of a path, from what was read after a smaller share and at its end."""
        return self.turned(self.moved({kind: self._between(kind, path, share, low) for kind in self.before}))

    def _between(self, kind: str, path: Path, share: float, low: float) -> Seen:
        """Return where the tests seem to hold after a share of a path, from what was read after a smaller share and at its end."""
        before, values = self.before[kind], path.moves(self._beliefs, share)
        truths = dict(before.truths)
        for part, test in self.open_tests.tests.items():
            theatres = before.theatres[part]
            if theatres == SAMPLE:
                truths[part] = self._trials.estimated(test, values)[0]
                continue
            read = self.see(path, low) if low > 0.0 else None
            old = self._level(kind, (read or self.before)[kind], part)
            new = old
            for far, way in self._reads(path, theatres, share, low):
                new = new + way * (self._level(kind, far[kind], part) - old)
            truths[part] = truth(test, new)
        return replace(before, truths=truths)

    def _level(self, kind: str, seen: Seen, part: str) -> np.ndarray:
        """Return what is interpolated of a test: the chance, or the margins between -1 and 1."""
        read = seen.margins[part]
        if self.open_tests.tests[part].chance:
            return read
        return squashed(read, scales_of(self.before[kind].margins[part]))

    def _reads(
        self, path: Path, theatres: Theatres, share: float, low: float
    ) -> Iterator[tuple[Mapping[str, Seen], np.ndarray | float]]:
        """Yield what was read at the end of a path, with the share of the way to it in each world.

        For a pair of inputs that moves from its start, yield both ends.
        """
        read = self.see(path, 1.0) if low > 0.0 else None
        if read is not None:
            yield read, (share - low) / (1.0 - low)
            return
        values = path.moves(self._beliefs, share)
        for name, end in path.ends.items():
            way = share_of_way(self._beliefs[name], self._trials.values(theatres, name), values[name], end)
            seen = self.see(Path({name: end}), 1.0)
            assert seen is not None
            yield seen, way
