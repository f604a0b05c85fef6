"""Challenge claims: make every change that bears on them, one at a time, and collect what each does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tocsin.assessment.challenging import bench as benches
from tocsin.assessment.challenging.again import ensembles_with, games_in_each_world
from tocsin.assessment.challenging.answers import Carrier, answer, row
from tocsin.assessment.challenging.bench import Bench, built, smallest
from tocsin.assessment.challenging.controls import control_margins, without_controls
from tocsin.assessment.challenging.listing import Listed, listed_changes
from tocsin.assessment.challenging.result import Challenge, ClaimChallenge, Row, Untestable
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.worlds import check_draws
from tocsin.case.override import override
from tocsin.case.schema import Case
from tocsin.errors import InputError, SolveError, did_you_mean
from tocsin.translation import Text, message, message_in

if TYPE_CHECKING:
    from tocsin.assessment.ensemble import Ensembles

BUDGET = 64_000
"""Games times worlds that may be solved again for each claim that games decide. Changes other than ends of judged inputs are made in any case."""

REFINED, REFINING, LEAST = 4, 1 / 4, 1 / 4
"""Changes of each claim whose games are solved again in all worlds, the worst ones; the share of the budget that this may cost; and the share
that is left for ends of judged inputs in any case."""

MIN_FEW = 10.0
"""Fewest effective worlds in which a changed game says anything."""

Progress = Callable[[str, float], None]


@dataclass
class Challenger:
    """Challenges some claims, and can say at any time what is done.

    Attributes:
        case: the whole case, with the settings of the run.
        names: of the claims.
        seed: of all draws.
        settings: of the run.
    """

    case: Case
    names: tuple[str, ...]
    seed: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing done."""
        self._began = time.perf_counter()
        self._bench: Bench | None = None
        self._complete = False
        self._worlds = 0
        self._rows: dict[str, list[Row]] = {name: [] for name in self.names}
        self._untestable: dict[str, list[Untestable]] = {name: [] for name in self.names}
        self._skipped: dict[str, list[float]] = {name: [] for name in self.names}

    def run(self, report: Progress) -> Challenge:
        """Make every change, and return what all of them do.

        Args:
            report: called with the name of a stage and the share done.

        Raises:
            SolveError: if a game of the claims as they stand has no finite solution.
        """
        bench = built(self.case, self.names, self.seed, report)
        _ = bench.results
        self._bench = bench
        listed = listed_changes(bench)
        for name, items in listed.untestable.items():
            self._untestable[name] += items
        self._without_controls(bench)
        exact = [item for item in listed.items if not _solves(bench, item)]
        for done, item in enumerate(exact):
            self._decide(bench, item)
            report(message_in("stage", "changes without games"), (done + 1) / len(exact))
        self._solve(bench, [item for item in listed.items if _solves(bench, item)], report)
        self._complete = True
        return self.so_far()

    def so_far(self) -> Challenge:
        """Return what is done."""
        claims = tuple(self._claim(name) for name in self.names) if self._bench is not None else ()
        games = self._bench is not None and bool(self._bench.few)
        return Challenge(
            case=self.case.id,
            title=self.case.title,
            sha256=self.case.sha256,
            settings=tuple(sorted(self.settings.items())),
            seed=self.seed,
            draws=benches.DRAWS if games else 0,
            worlds=self._worlds,
            claims=claims,
            complete=self._complete,
            seconds=time.perf_counter() - self._began,
        )

    def _claim(self, name: str) -> ClaimChallenge:
        assert self._bench is not None
        result = self._bench.results[name]
        return ClaimChallenge(
            id=name,
            says=result.says,
            verdict=result.verdict,
            words=result.words,
            basis=result.basis,
            parts=tuple((part.name, part.verdict) for part in result.parts),
            rows=tuple(sorted(self._rows[name], key=lambda row: row.rank)),
            untestable=tuple(self._untestable[name]),
            controls=control_margins(self._bench, name),
            skipped=len(self._skipped[name]),
            expected=max(self._skipped[name], default=None),
        )

    # --- changes that solve no game ----------------------------------------------------------------------------------

    def _without_controls(self, bench: Bench) -> None:
        for name in self.names:
            result = bench.results[name]
            for change, judge in without_controls(bench, name):
                after = decide_claim(judge, name, bench.claims.claims[name])
                self._rows[name].append(row(change, after.basis, answer(result), answer(after), {}))

    def _decide(self, bench: Bench, item: Listed) -> None:
        """Decide claims again with a change that solves no game."""
        try:
            judge = bench.judge_of(item.change)
            for name in item.claims:
                result = bench.results[name]
                after = decide_claim(judge, name, bench.claims.claims[name])
                self._rows[name].append(row(item.change, result.basis, answer(result), answer(after), {}))
        except (InputError, SolveError) as error:
            self._give_up(item, Text(error.message))

    def _give_up(self, item: Listed, why: Text) -> None:
        change = item.change
        for name in item.claims:
            self._untestable[name].append(Untestable(kind=change.kind, of=change.of, says=change.says, why=why))

    # --- changes that solve games again --------------------------------------------------------------------------------

    def _solve(self, bench: Bench, items: Iterable[Listed], report: Progress) -> None:
        """Solve again with the changes that may matter most, as far as the budget goes."""
        ordered = sorted(items, key=lambda item: (item.ends is not None, -item.promise))
        budget = round(BUDGET * sum(bool(bench.modelled(name)) for name in self.names))
        games = {id(item): games_in_each_world(bench, item.change, item.claims) for item in ordered}
        affordable = round(budget * (1.0 - REFINING))
        few = bench.few(max(affordable // max(sum(games.values()), 1), benches.WORLDS))
        self._worlds = max((ensemble.worlds.size for ensemble in few.values()), default=0)
        others = sum(games[id(item)] for item in ordered if item.ends is None) * self._worlds
        left = max(affordable - others, round(budget * LEAST))
        chosen = []
        for item in ordered:
            cost = games[id(item)] * self._worlds
            if item.ends is not None and cost > left:
                for name, change in item.ends.items():
                    self._skipped[name].append(change)
                continue
            left -= cost if item.ends is not None else 0
            chosen.append((item, cost))
        self._solve_all(bench, few, chosen, report)
        self._refine(bench, few, [item for item, _ in chosen], round(budget * REFINING), report)

    def _solve_all(self, bench: Bench, few: Ensembles, chosen: Sequence[tuple[Listed, int]], report: Progress) -> None:
        whole, done = max(sum(cost for _, cost in chosen), 1), 0
        for item, cost in chosen:
            self._solve_one(bench, few, item)
            done += cost
            report(message_in("stage", "games again"), done / whole)

    def _refine(self, bench: Bench, few: Ensembles, items: Iterable[Listed], left: int, report: Progress) -> None:
        """Solve the worst changes of each claim again in all worlds, as far as the budget goes."""
        every = {theatres: bench.judge.central[theatres] for theatres in few}
        worlds = max((ensemble.worlds.size for ensemble in every.values()), default=0)
        if worlds == self._worlds:
            return
        known = {_key(item): item for item in items if not item.change.record}
        ranked = [
            sorted((one for one in self._rows[name] if one.matters and _key(one) in known), key=lambda one: one.rank)
            for name in self.names
        ]
        again = []
        for item in dict.fromkeys(known[_key(one)] for rows in ranked for one in rows[:REFINED]):
            left -= games_in_each_world(bench, item.change, item.claims) * worlds
            again += [item] if left >= 0 else []
        for done, item in enumerate(again):
            self._solve_one(bench, every, item)
            report(message_in("stage", "the worst of them in all worlds"), (done + 1) / len(again))

    def _solve_one(self, bench: Bench, few: Ensembles, item: Listed) -> None:
        change, case = item.change, bench.of(item.change)
        try:
            before, after = ensembles_with(bench, few, item.change, item.claims, case)
            if smallest(after.values(), case) < MIN_FEW:
                self._give_up(item, message("With it, too few of the solved worlds make the record of past years."))
                return
            carrier = Carrier(bench, bench.judge_of(change), before, after, only_types=change.kind == "discount")
            for name in item.claims:
                outcome, errors = carrier.answer(name)
                result = bench.results[name]
                new = row(change, result.basis, answer(result), outcome, errors)
                self._rows[name] = [*(old for old in self._rows[name] if _key(old) != _key(item)), new]
        except (InputError, SolveError) as error:
            self._give_up(item, Text(error.message))


def challenge(
    case: Case,
    claims: Iterable[str] = (),
    *,
    seed: int = 1,
    settings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Challenge:
    """Challenge claims of a case: change what they rest on, one thing at a time, and say what that does to their verdicts.

    Args:
        case: a loaded case.
        claims: their ids, each counted once; by default all.
        seed: of all draws, >= 0; the same seed gives the same result.
        settings: inputs overridden for this run, as in `--set`: name -> text.
        progress: called with the name of a stage and the share done, in [0, 1].

    Raises:
        InputError: for an unknown claim, a bad seed or a bad setting.
        SolveError: if a game of the claims as they stand has no finite solution.
    """
    report = progress or (lambda _stage, _share: None)
    return challenger(case, claims, seed=seed, settings=settings).run(report)


def challenger(
    case: Case, claims: Iterable[str] = (), *, seed: int = 1, settings: Mapping[str, str] | None = None
) -> Challenger:
    """Return what challenges claims; arguments and errors as in `challenge`."""
    check_draws(seed, 1)
    names = tuple(dict.fromkeys(_named(case, name) for name in claims)) or tuple(case.claims)
    chosen = override(case, settings) if settings else case
    return Challenger(chosen, names, seed, settings or {})


def _named(case: Case, name: str) -> str:
    """Return the id of a claim, however its letters are written."""
    wanted = name.strip().lower()
    claim = next((key for key in case.claims if key.lower() == wanted), None)
    if claim is None:
        raise InputError(
            message("the case {case} has no claim {name}", case=case.id, name=repr(name)),
            remedy=did_you_mean(name, case.claims),
        )
    return claim


def _key(item: Listed | Row) -> tuple[object, ...]:
    """Return what tells a change from others, of the change or of a row on it."""
    made = item.change if isinstance(item, Listed) else item
    return made.kind, made.of, made.settings


def _solves(bench: Bench, item: Listed) -> bool:
    """Return whether a change solves or weighs the worlds of any of its claims again."""
    return (item.change.solves or item.change.record) and any(bench.modelled(name) for name in item.claims)
