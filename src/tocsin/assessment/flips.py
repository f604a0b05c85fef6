"""Flips: the least moves of one belief, or of two jointly, that change the verdict of a claim.

A move goes from the median of a belief towards an end of its range. The ends are the hard ends of a uniform or loguniform belief, and the 0.1 %
and 99.9 % points of any other. Two beliefs move together, each by the same share of its way. The search has three steps:

1. Leave out the ends that bear only on tests whose outcome cannot turn the verdict, see `reachable`. Foresee the others, see `foresight`:
   those that seem to turn the verdict come first, the least move before others, then those that come nearest. Read the claim again there.
2. Where an end turns the verdict, find the least move: in each world the margin is taken as linear between the world's own value and the
   end, in the logarithm for lognormal and loguniform beliefs.
3. Read the claim again with that move. Then repeat step 2 from the least move that turns the verdict. Where reading costs nothing, read it at
   steps of the way, the median first, and halve the first step that turns it: a value inside a range may turn what no end does.

4. Decide the claim again with the least move as it is printed, see `rerun`. Where that gives the verdict that the claim has, or chance could,
   take a larger move. What is reported is the verdict of that decision.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tocsin.assessment.foresight import Foresight
from tocsin.assessment.leaves import scales_of, squashed, truth
from tocsin.assessment.moved import SAMPLE, Moves, OpenTests, Seen, Trials
from tocsin.assessment.outlook import TOGETHER, Moved, Outlook, moved, to_edge
from tocsin.assessment.paths import Path, ends_of, share_of_way
from tocsin.assessment.reachable import mattering, pivotal, reachable
from tocsin.assessment.requests import Theatres
from tocsin.assessment.rerun import Rerun
from tocsin.assessment.result import MEDIAN, ClaimResult, Flip, Move, PartResult, Search
from tocsin.case.distributions import Distribution
from tocsin.errors import InputError, SolveError

STEPS, INSIDE, HALVINGS, ROUGHLY = 24, 8, 5, 5
"""Places on the way to an end at which a verdict is predicted, and at which it is read again where that costs nothing; halvings between two of
the latter, and of the whole way where the verdict is only foreseen."""

FORESEEN = 24
"""Ends of a claim that are foreseen, those with the largest effects; the others come last."""

PAIR_AFTER = 3
"""Ends tried before two beliefs are moved jointly."""

TRIES, STRIDE = 2, 1 / 3
"""Moves solved on the way to an end that turns the verdict, and the least share of the rest of the way to go on after one that does not."""

DEAR = 1 / 3
"""Share of the budget above which an end is too dear to be among the first."""

DECISIONS = 6
"""Times that a claim is decided again with its games solved again."""

CLOSE = 0.05
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
        beliefs: Mapping[str, Distribution],
        pool: Mapping[str, float],
        decide: Callable[[Moves, Collection[str]], Rerun],
    ) -> None:
        """Begin a search.

        Args:
            trials: reads tests with beliefs moved.
            result: the claim as it stands.
            open_tests: its tests.
            beliefs: those that the tests read and that vary.
            pool: weight of each type.
            decide: decides the claim again with beliefs moved, some parts first.
        """
        self._trials, self._result, self._open_tests = trials, result, open_tests
        self._beliefs, self._pool, self._decide = beliefs, pool, decide
        self._before = trials.see(open_tests, {})
        self._outlook = Outlook.of(open_tests, self._before)
        self._seen: dict[tuple[str, float], Mapping[str, Seen]] = {}
        self._flips: dict[int, tuple[float, Flip]] = {}
        self._misses: list[tuple[float, Flip]] = []
        self._read: dict[tuple[tuple[str, float], ...], Mapping[str, Seen] | None] = {}
        self._queue: list[Option] = []
        self._bears: dict[frozenset[str], bool] = {}
        self._matter: dict[frozenset[str], OpenTests] = {}
        self._idle = self._steps = self._decided = self._unsure = 0
        self._paired = False

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
            if not self._may_turn(name):
                self._idle += len(ends)
            elif self._trials.is_free(self._open_tests, [name]):
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
        elif self._pair() is not None:
            self._try_pair()

    def _may_turn(self, name: str) -> bool:
        """Return whether a belief bears on a test whose outcome can turn the verdict."""
        free = self._trials.touched(self._open_tests, [name])
        if free not in self._bears:
            verdicts = reachable(self._result, self._open_tests, self._before, free, self._pool)
            self._bears[free] = not verdicts <= {self._result.verdict}
        return self._bears[free]

    def _option(self, foresight: Foresight, before: Outlook, name: str, end: float) -> Option:
        path = Path({name: end})

        def foreseen(share: float) -> Moved:
            after = Outlook.of(self._open_tests, foresight.seen(path.quantiles(share)))
            return moved(self._result, before, after if after.known else before, self._pool, 0.0)

        at_end = foreseen(1.0)
        if not self._turned(at_end):
            return Option(name, end, self._gap(at_end, path.ends)[0], np.inf)
        low, high = 0.0, 1.0
        for _ in range(ROUGHLY):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self._turned(foreseen(middle)) else (middle, high)
        return Option(name, end, 0.0, path.distance(high))

    @property
    def goes_on(self) -> bool:
        """Return whether there is an end left that can be afforded."""
        path = self._next
        return path is not None and self._trials.affords(self._cost(path))

    @property
    def promise(self) -> tuple[bool, float]:
        """Return what the next step promises for what it costs. The first end of every claim comes before all others, unless it is dear."""
        path, option = self._next, self._queue[-1] if self._queue else None
        assert path is not None
        cost = max(self._cost(path), 1)
        first = self._steps == 0 and cost <= DEAR * self._trials.budget
        gain = 1.0 / (CLOSE + (option.gap if option else self._start))
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
        seen = self._see(path, 1.0)
        if seen is None:
            return
        self._seen[name, end] = seen
        after = self._moved(seen)
        if after is None:
            return
        if self._turned(after) or (self._is_free(path) and self._first_turn(path) is not None):
            self._unsure += not self._keep(path)
            return
        gap, part = self._gap(after, path.ends)
        if not (gap < CLOSE and self._is_free(path) and self._store(path, 1.0)):
            self._misses.append((gap, self._miss(path, after, part)))

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
            share = self._predicted(path)
            if share is not None and path.distance(share) < self._flips[1][0] and self._turns(path, share):
                self._store(path, share)
        elif self._turns(path, 1.0):
            self._keep(path)

    def _keep(self, path: Path) -> bool:
        """Store the least move on a path with which the claim has another verdict, unless a lesser one is known; return whether there is one."""
        shares = self._free_shares(path) if self._is_free(path) else self._shares(path)
        return any(self._store(path, share) for share in shares)

    def _free_shares(self, path: Path) -> Iterator[float]:
        """Yield shares of a path at which the verdict may turn, the least first."""
        share = self._halved(path)
        yield from dict.fromkeys((share, (share + 1.0) / 2.0, 1.0))

    def _shares(self, path: Path) -> Iterator[float]:
        """Yield such shares where reading the claim again needs games."""
        if self._seems_to_turn(path, 0.0) and self._trials.affords(self._cost(path, 0.0)) and self._turns(path, 0.0):
            yield 0.0
        share = self._least(path)
        yield from dict.fromkeys((share, (share + 1.0) / 2.0, 1.0))

    def _is_free(self, path: Path) -> bool:
        return self._trials.is_free(self._open_tests, path.ends)

    def _first_turn(self, path: Path) -> int | None:
        """Return the first of the `INSIDE` steps on a path after which the verdict turns; 0 if it does at the medians."""
        return next((step for step in range(INSIDE + 1) if self._turns(path, step / INSIDE)), None)

    def _halved(self, path: Path) -> float:
        """Return the least share of a path at which the verdict turns, by halving the step after which it first does."""
        step = self._first_turn(path)
        assert step is not None
        low, high = max(step - 1, 0) / INSIDE, step / INSIDE
        for _ in range(HALVINGS if step else 0):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self._turns(path, middle) else (middle, high)
        return high

    def _least(self, path: Path) -> float:
        """Return the least share of a path found at which the verdict turns: where it is predicted between what was read, or further on."""
        low = 0.0
        for _ in range(TRIES):
            share = max(self._predicted(path, low) or 0.5, low + STRIDE * (1.0 - low) if low else 0.0)
            if share >= 1.0 or not self._trials.affords(self._cost(path, share)):
                break
            if self._turns(path, share):
                return share
            low = share
        return 1.0

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
        if self._decided == DECISIONS:
            return None
        moves = path.printed(self._beliefs, share)
        try:
            again = self._decide(moves, self._turned_parts(path, share))
        except (SolveError, InputError):
            return None
        self._decided += again.worlds > 0
        if not again.sure or again.result.verdict in (self._result.verdict, "not tested"):
            return None
        changed = _changed(self._result, again.result)
        return Flip(
            moves=tuple(self._move(name, value, share) for name, value in moves.items()),
            verdict=again.result.verdict,
            part=changed.name if isinstance(changed, PartResult) else "",
            probability=changed.probability.mid if changed.probability else None,
            reason=changed.words if changed.verdict == "cannot tell" and changed.probability is None else "",
            worlds=again.worlds,
        )

    def _turned_parts(self, path: Path, share: float) -> frozenset[str]:
        """Return the parts whose verdict turns in the few worlds."""
        after = self._moved(self._see(path, share))
        before = {part.name: part.verdict for part in self._result.parts}
        return frozenset(name for name, verdict in before.items() if after and after.verdicts[name] != verdict)

    def _move(self, name: str, value: float, share: float) -> Move:
        belief = self._beliefs[name]
        quantile = float(belief.cdf(value)) if share > 0.0 else MEDIAN
        return Move(input=name, start=self._median(name), to=value, quantile=quantile)

    def _median(self, name: str) -> float:
        return float(self._beliefs[name].quantile(MEDIAN))

    # --- reading again -----------------------------------------------------------------------------------------------

    def _read_for(self, names: Iterable[str]) -> OpenTests:
        """Return the tests whose outcome can matter if some beliefs move."""
        touched = self._trials.touched(self._open_tests, names)
        if touched not in self._matter:
            matter = mattering(self._result, self._open_tests, touched)
            tests = {part: test for part, test in self._open_tests.tests.items() if part in matter}
            self._matter[touched] = replace(self._open_tests, tests=tests)
        return self._matter[touched]

    def _cost(self, path: Path, share: float = 1.0) -> int:
        return self._trials.cost(self._read_for(path.ends), path.moves(self._beliefs, share))

    def _see(self, path: Path, share: float) -> Mapping[str, Seen] | None:
        """Return where the tests hold after a share of a path; None if the games cannot be solved there."""
        moves = path.moves(self._beliefs, share)
        key = tuple(moves.items())
        if key not in self._read:
            try:
                read = self._trials.see(self._read_for(path.ends), moves)
            except (SolveError, InputError):
                self._read[key] = None
            else:
                self._read[key] = {kind: one.updated(read.get(kind) or read[""]) for kind, one in self._before.items()}
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

    def _miss(self, path: Path, after: Moved, part: str) -> Flip:
        """Return what an end that does not turn the verdict makes of the part that it brings nearest to another."""
        ((name, value),) = path.printed(self._beliefs, 1.0).items()
        move = Move(input=name, start=self._median(name), to=value, quantile=path.ends[name])
        named = "" if part == TOGETHER else part
        return Flip(moves=(move,), verdict=after.verdict, part=named, probability=after.probabilities[part])

    def _closeness(self, seen: Mapping[str, Seen]) -> float:
        after = self._moved(seen)
        return np.inf if after is None else -1.0 if self._turned(after) else self._gap(after)[0]

    def _gap(self, after: Moved, names: Collection[str] = ()) -> tuple[float, str]:
        """Return the least distance of a probability from the edge of its verdict, and the part that has it.

        Parts that could turn the claim by themselves count, if there are any; after a move of beliefs, those that it can change.
        """
        parts = {*after.probabilities}
        moving = {*self._trials.touched(self._open_tests, names), TOGETHER} if names else parts
        pivots = pivotal(self._result, after.verdicts)
        counted = next(some for some in (parts & moving & pivots, parts & moving, parts) if some)
        gaps = {
            name: to_edge(value, after.verdicts[name]) for name, value in after.probabilities.items() if name in counted
        }
        part = min(gaps, key=lambda name: gaps[name])
        return gaps[part], part

    # --- predictions ---------------------------------------------------------------------------------------------------

    def _predicted(self, path: Path, low: float = 0.0) -> float | None:
        """Return the least share of a path, beyond one that was read, at which the verdict seems to turn; None if it never seems to."""
        for step in range(1, STEPS):
            share = low + (1.0 - low) * step / STEPS
            if self._seems_to_turn(path, share, low):
                return share
        return None

    def _seems_to_turn(self, path: Path, share: float, low: float = 0.0) -> bool:
        return self._turned(self._moved({kind: self._between(kind, path, share, low) for kind in self._before}))

    def _between(self, kind: str, path: Path, share: float, low: float) -> Seen:
        """Return where the tests seem to hold after a share of a path, from what was read after a smaller share and at its end."""
        before, values = self._before[kind], path.moves(self._beliefs, share)
        truths = dict(before.truths)
        for part, test in self._open_tests.tests.items():
            theatres = before.theatres[part]
            if theatres == SAMPLE:
                truths[part] = self._trials.estimated(test, values)[0]
                continue
            read = self._see(path, low) if low > 0.0 else None
            old = self._level(kind, (read or self._before)[kind], part)
            new = old
            for far, way in self._reads(path, theatres, share, low):
                new = new + way * (self._level(kind, far[kind], part) - old)
            truths[part] = truth(test, new)
        return replace(before, truths=truths)

    def _level(self, kind: str, seen: Seen, part: str) -> np.ndarray:
        """Return what is interpolated of a test: the chance, or the margins between -1 and 1."""
        read = seen.margins[part]
        if self._open_tests.tests[part].chance:
            return read
        return squashed(read, scales_of(self._before[kind].margins[part]))

    def _reads(
        self, path: Path, theatres: Theatres, share: float, low: float
    ) -> Iterator[tuple[Mapping[str, Seen], np.ndarray | float]]:
        """Yield what was read at the end of a path, with the share of the way to it in each world.

        For a pair of inputs that moves from its start, yield both ends.
        """
        read = self._see(path, 1.0) if low > 0.0 else None
        if read is not None:
            yield read, (share - low) / (1.0 - low)
            return
        values = path.moves(self._beliefs, share)
        for name, end in path.ends.items():
            way = share_of_way(self._beliefs[name], self._trials.values(theatres, name), values[name], end)
            yield self._seen[name, end], way


def _changed(before: ClaimResult, after: ClaimResult) -> ClaimResult | PartResult:
    """Return the first part of a claim whose verdict changes; without one, the claim as it is then."""
    pairs = zip(before.parts, after.parts, strict=True)
    return next((new for old, new in pairs if new.verdict != old.verdict), after)
