"""Flips: the least moves of one belief, or of two jointly, that change the verdict of a claim.

A move goes from the median of a belief towards an end of its range. The ends are the hard ends of a uniform or loguniform belief, and the 0.1 %
and 99.9 % points of any other. Two beliefs move together, each by the same share of its way. The search has four steps:

1. Leave out the ends that bear only on tests whose outcome cannot turn the verdict, see `reachable`. Foresee the others, see `foresight`:
   those that seem to turn the verdict come first, the least move before others, then those that come nearest. Read the claim again there.
2. Where an end turns the verdict, find the least move: in each world the margin is taken as linear between the world's own value and the
   end, in the logarithm for lognormal and loguniform beliefs.
3. Read the claim again with that move. Then repeat step 2 from the least move that turns the verdict. Where reading costs nothing, read it at
   steps of the way, the median first, and halve the first step that turns it: a value inside a range may turn what no end does. If no single
   belief turns the verdict there, try each two.
4. Decide the claim again with the least move as it is printed, see `rerun`. Where that gives the verdict that the claim has, or chance could,
   take a larger move. What is reported is the verdict of that decision. Where reading costs nothing, an end that does not clearly keep the
   verdict is decided so too: only then is it true that it does not turn it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product

import numpy as np

from tocsin.assessment.foresight import Foresight
from tocsin.assessment.moved import Moves, OpenTests, Seen, Trials
from tocsin.assessment.outlook import TOGETHER, Moved, Outlook, moved
from tocsin.assessment.path_reading import CLOSE, PathReading, ReadInputs
from tocsin.assessment.paths import Path, ends_of
from tocsin.assessment.reachable import reachable
from tocsin.assessment.rerun import Rerun
from tocsin.assessment.result import MEDIAN, ClaimResult, Flip, Move, PartResult, Search
from tocsin.errors import InputError, SolveError

HALVINGS = 5
"""Halvings of a whole way where the verdict is foreseen, or decided again."""

FORESEEN = 24
"""Ends of a claim that are foreseen, those with the largest effects; the others come last."""

PAIR_AFTER = 3
"""Ends tried before two beliefs are moved jointly."""

DEAR = 1 / 3
"""Share of the budget above which an end is too dear to be among the first."""

DECISIONS = 6
"""Times that a claim is decided again with its games solved again."""

LEAST_GAP = 0.05
"""Added to the distance of a claim from another verdict, so that the promise of an end stays finite."""


@dataclass(frozen=True)
class Option:
    """An end of a range that may be solved, with what a fit to the ensemble foresees.

    Attributes:
        name, end: the belief and the quantile of the end.
        gap: how far the claim seems to be from another verdict there; 0 if it seems to have one.
        distance: how far the belief seems to move until the verdict turns; infinite if it never seems to.
    """

    name: str
    end: float
    gap: float
    distance: float


class Hunt:
    """The search for the flips of one claim."""

    def __init__(
        self,
        trials: Trials,
        result: ClaimResult,
        open_tests: OpenTests,
        inputs: ReadInputs,
        pool: Mapping[str, float],
        decide: Callable[[Moves, Collection[str]], Rerun],
    ) -> None:
        """Begin a search.

        Args:
            trials: reads tests with beliefs moved.
            result: the claim as it stands.
            open_tests: its tests.
            inputs: the beliefs that they read.
            pool: weight of each type.
            decide: decides the claim again with beliefs moved, some parts first.
        """
        self._trials, self._result, self._open_tests = trials, result, open_tests
        self._beliefs, self._closed, self._pool, self._decide = inputs.varying, inputs.closed, pool, decide
        self._reading = PathReading(trials, result, open_tests, inputs, pool)
        self._seen: dict[tuple[str, float], Mapping[str, Seen]] = {}
        self._flips: dict[int, tuple[float, Flip]] = {}
        self._misses: list[tuple[float, Flip]] = []
        self._queue: list[Option] = []
        self._bears: dict[frozenset[str], bool] = {}
        self._reruns: dict[tuple[tuple[str, float], ...], Rerun] = {}
        self._idle = self._steps = self._decided = self._unsure = 0
        self._paired = False

    @cached_property
    def _start(self) -> float:
        """Return how far the claim is from another verdict."""
        still = self._reading.moved(self._reading.before)
        assert still is not None
        return min(self._reading.gap(still)[0], 1.0)

    @property
    def starts(self) -> bool:
        """Return whether the few worlds give the verdict that the claim has."""
        still = self._reading.moved(self._reading.before)
        return still is not None and not self._reading.turned(still)

    def result(self) -> ClaimResult:
        """Return the claim with the flips found so far, and how far the search went."""
        flips = [self._flips[count] for count in sorted(self._flips)]
        least = [pair for index, pair in enumerate(flips) if all(pair[0] < other[0] for other in flips[:index])]
        nearest = min(self._misses, key=lambda miss: miss[0])[1] if self._misses and 1 not in self._flips else None
        search = Search(
            ends=2 * len(self._beliefs),
            tried=len(self._seen),
            idle=self._idle,
            nearest=nearest,
            unsure=self._unsure,
            worlds=self._trials.solved_in(self._open_tests, [name for name, _ in self._seen]),
        )
        return replace(self._result, flips=tuple(flip for _, flip in least), search=search)

    def begin(self, foresee: Callable[[], Foresight]) -> None:
        """Try the ends that need no game, leave out those that cannot turn the verdict, and order the others.

        Args:
            foresee: makes what foresees the claim; only called if a game must be solved.
        """
        solvable: list[tuple[str, float]] = []
        for name, belief in self._beliefs.items():
            ends = ends_of(belief)
            if not self._may_turn([name]):
                self._idle += len(ends)
            elif self._reading.is_read_freely([name]):
                for end in ends:
                    self._try(name, end)
            else:
                solvable += [(name, end) for end in ends]
        if solvable:
            foresight = foresee()
            before = Outlook.of(self._open_tests, foresight.seen({}))
            ordered = foresight.strongest(solvable)
            options = [self._option(foresight, before, name, end) for name, end in ordered[:FORESEEN]]
            last = [Option(name, end, np.inf, np.inf) for name, end in reversed(ordered[FORESEEN:])]
            self._queue = [*last, *sorted(options, key=lambda option: (-option.distance, -option.gap))]
            self._forget()
        elif 1 not in self._flips and self._reading.is_decided_freely(self._beliefs):
            self._try_free_pairs()
        elif self._pair() is not None:
            self._try_pair()

    def _may_turn(self, names: Collection[str]) -> bool:
        """Return whether some beliefs bear on tests whose outcome can turn the verdict."""
        if not self._closed.isdisjoint(names):
            return True
        free = self._trials.touched(self._open_tests, names)
        if free not in self._bears:
            verdicts = reachable(self._result, self._open_tests, self._reading.before, free, self._pool)
            self._bears[free] = not verdicts <= {self._result.verdict}
        return self._bears[free]

    def _option(self, foresight: Foresight, before: Outlook, name: str, end: float) -> Option:
        path = Path({name: end})

        def foreseen(share: float) -> Moved:
            after = Outlook.of(self._open_tests, foresight.seen(path.quantiles(share)))
            return moved(self._result, before, after if after.known else before, self._pool, 0.0)

        at_end = foreseen(1.0)
        if not self._reading.turned(at_end):
            return Option(name, end, self._reading.gap(at_end, path.ends)[0], np.inf)
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self._reading.turned(foreseen(middle)) else (middle, high)
        return Option(name, end, 0.0, path.distance(high))

    @property
    def goes_on(self) -> bool:
        """Return whether there is an end left that can be afforded."""
        path = self._next
        return path is not None and self._trials.affords(self._reading.cost(path))

    @property
    def promise(self) -> tuple[bool, float]:
        """Return what the next step promises for what it costs. The first end of every claim comes before all others, unless it is dear."""
        path, option = self._next, self._queue[-1] if self._queue else None
        assert path is not None
        cost = max(self._reading.cost(path), 1)
        first = self._steps == 0 and cost <= DEAR * self._trials.budget
        gain = 1.0 / (LEAST_GAP + (option.gap if option else self._start))
        if option and 1 in self._flips:
            gain *= 1.0 - option.distance / self._flips[1][0]
        return first, gain / (1.0 + self._steps) / float(np.sqrt(cost))

    def step(self) -> None:
        """Try the next end or pair."""
        joint = self._is_pair_next
        self._steps += 1
        if joint:
            self._try_pair()
            return
        option = self._queue.pop()
        self._try(option.name, option.end)

    @property
    def _is_pair_next(self) -> bool:
        return not self._paired and (self._steps >= PAIR_AFTER or not self._queue) and self._pair() is not None

    @property
    def _next(self) -> Path | None:
        if self._is_pair_next:
            return self._pair()
        return Path({self._queue[-1].name: self._queue[-1].end}) if self._queue else None

    def _forget(self) -> None:
        """Forget the ends that do not seem to turn the verdict with a lesser move than the one that is known."""
        if 1 in self._flips:
            self._queue = [option for option in self._queue if option.distance < self._flips[1][0]]

    # --- single ends and pairs -------------------------------------------------------------------------------------

    def _try(self, name: str, end: float) -> None:
        path = Path({name: end})
        seen = self._reading.see(path, 1.0)
        if seen is None:
            return
        self._seen[name, end] = seen
        after = self._reading.moved(seen)
        if self._reading.is_decided_freely(path.ends):
            if self._try_free(path):
                return
        elif after is None:
            self._unsure += not self._store(path, 1.0)
        elif self._reading.turned(after) or self._turns_inside(path):
            self._unsure += not self._keep(path)
            return
        if after is not None:
            gap, part = self._reading.gap(after, path.ends)
            if not (gap < CLOSE and self._reading.is_read_freely(path.ends) and self._store(path, 1.0)):
                self._misses.append((gap, self._miss(path, after, part)))

    def _turns_inside(self, path: Path) -> bool:
        return self._reading.is_read_freely(path.ends) and self._reading.first_turn(path) is not None

    def _try_free(self, path: Path) -> bool:
        """Try a path that no game reads; return whether it turns the verdict, surely or not. Where the sample is not clear, a run decides."""
        if self._reading.first_turn(path) is not None and self._keep(path):
            return True
        known = self._flips.get(len(path.ends))
        if known is not None and path.distance(1.0) >= known[0]:
            return False
        if self._closed.isdisjoint(path.ends) and self._reading.is_clear(path):
            return False
        again = self._again(path, 1.0)
        if again is None or not self._differs(again):
            return False
        if not again.sure:
            self._unsure += len(path.ends) == 1
            return True
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self._flip(path, middle) else (middle, high)
        return self._store(path, high)

    def _try_free_pairs(self) -> None:
        """Try each two beliefs with each of their ends; for claims whose tests read no game."""
        self._paired = True
        for one, other in combinations(self._beliefs, 2):
            if self._may_turn([one, other]):
                for ends in product(ends_of(self._beliefs[one]), ends_of(self._beliefs[other])):
                    self._try_free(Path(dict(zip((one, other), ends, strict=True))))

    def _pair(self) -> Path | None:
        """Return the joint move of the two beliefs whose ends bring the claim closest to another verdict; None if fewer were tried."""
        nearest: dict[str, float] = {}
        for name, end in sorted(self._seen, key=lambda key: self._closeness(self._seen[key])):
            nearest.setdefault(name, end)
        return Path(dict(list(nearest.items())[:2])) if len(nearest) > 1 else None

    def _try_pair(self) -> None:
        path, self._paired = self._pair(), True
        assert path is not None
        if 1 in self._flips:
            share = self._reading.predicted(path)
            if share is not None and path.distance(share) < self._flips[1][0] and self._reading.turns(path, share):
                self._store(path, share)
        elif self._reading.turns(path, 1.0):
            self._keep(path)

    def _keep(self, path: Path) -> bool:
        """Store the least move on a path with which the claim has another verdict, unless a lesser one is known; return whether there is one."""
        shares = self._free_shares(path) if self._reading.is_read_freely(path.ends) else self._shares(path)
        return any(self._store(path, share) for share in shares)

    def _free_shares(self, path: Path) -> Iterator[float]:
        """Yield shares of a path at which the verdict may turn, the least first."""
        share = self._reading.halved(path)
        yield from dict.fromkeys((share, (share + 1.0) / 2.0, 1.0))

    def _shares(self, path: Path) -> Iterator[float]:
        """Yield such shares where reading the claim again needs games."""
        if (
            self._reading.seems_to_turn(path, 0.0)
            and self._trials.affords(self._reading.cost(path, 0.0))
            and self._reading.turns(path, 0.0)
        ):
            yield 0.0
        share = self._reading.least(path)
        yield from dict.fromkeys((share, (share + 1.0) / 2.0, 1.0))

    def _store(self, path: Path, share: float) -> bool:
        """Store a move if the claim decided again has another verdict, unless a lesser one is known; return whether it is settled."""
        known, distance = self._flips.get(len(path.ends)), path.distance(share)
        if known is not None and distance >= known[0]:
            return True
        flip = self._flip(path, share)
        if flip is None:
            return False
        self._flips[len(path.ends)] = (distance, flip)
        self._forget()
        return True

    def _flip(self, path: Path, share: float) -> Flip | None:
        """Return what a move makes of the claim decided again; None if it keeps its verdict, chance could give another, or it cannot be told."""
        again = self._again(path, share)
        if again is None or not again.sure or not self._differs(again):
            return None
        moves = path.printed(self._beliefs, share)
        changed = _changed(self._result, again.result)
        return Flip(
            moves=tuple(self._move(name, value, share) for name, value in moves.items()),
            verdict=again.result.verdict,
            part=changed.name if isinstance(changed, PartResult) else "",
            probability=changed.probability.mid if changed.probability else None,
            reason=changed.words if changed.verdict == "cannot tell" and changed.probability is None else "",
            worlds=again.worlds,
        )

    def _again(self, path: Path, share: float) -> Rerun | None:
        """Return the claim decided again with a move as it is printed; None if it cannot be, or was often enough."""
        moves = path.printed(self._beliefs, share)
        key = tuple(moves.items())
        if key not in self._reruns:
            if self._decided == DECISIONS:
                return None
            try:
                self._reruns[key] = self._decide(moves, self._turned_parts(path, share))
            except (SolveError, InputError):
                return None
            self._decided += self._reruns[key].worlds > 0
        return self._reruns[key]

    def _differs(self, again: Rerun) -> bool:
        """Return whether a claim decided again has another verdict, from the same tests: a move may make a test only repeat a judgement."""
        return again.result.verdict != self._result.verdict and _not_tested(again.result) == _not_tested(self._result)

    def _turned_parts(self, path: Path, share: float) -> frozenset[str]:
        """Return the parts whose verdict turns in the few worlds."""
        after = self._reading.moved(self._reading.see(path, share))
        before = {part.name: part.verdict for part in self._result.parts}
        return frozenset(name for name, verdict in before.items() if after and after.verdicts[name] != verdict)

    def _move(self, name: str, value: float, share: float) -> Move:
        belief = self._beliefs[name]
        quantile = float(belief.cdf(value)) if share > 0.0 else MEDIAN
        return Move(input=name, start=self._median(name), to=value, quantile=quantile)

    def _median(self, name: str) -> float:
        return float(self._beliefs[name].quantile(MEDIAN))

    def _miss(self, path: Path, after: Moved, part: str) -> Flip:
        """Return what an end that does not turn the verdict makes of the part that it brings nearest to another."""
        ((name, value),) = path.printed(self._beliefs, 1.0).items()
        move = Move(input=name, start=self._median(name), to=value, quantile=path.ends[name])
        named = "" if part == TOGETHER else part
        return Flip(moves=(move,), verdict=after.verdict, part=named, probability=after.probabilities[part])

    def _closeness(self, seen: Mapping[str, Seen]) -> float:
        after = self._reading.moved(seen)
        return np.inf if after is None else -1.0 if self._reading.turned(after) else self._reading.gap(after)[0]


def _changed(before: ClaimResult, after: ClaimResult) -> ClaimResult | PartResult:
    """Return the first part of a claim whose verdict changes; without one, the claim as it is then."""
    pairs = zip(before.parts, after.parts, strict=True)
    return next((new for old, new in pairs if new.verdict != old.verdict), after)


def _not_tested(claim: ClaimResult) -> frozenset[str]:
    """Return the parts of a claim that are not tested; the name of a claim that is not tested itself is empty."""
    parts = {part.name for part in claim.parts if part.verdict == "not tested"}
    return frozenset(parts | ({""} if claim.verdict == "not tested" else set()))
