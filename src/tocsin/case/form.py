"""The form of one coercion game: its players and regimes, and the numbering of their states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tocsin.case.inputs import strikers_of

if TYPE_CHECKING:
    from tocsin.case.schema import JoinedCase


INSTRUMENTS = ("hold", "condemn", "influence", "press", "attack")
"""What the challenger can do in a year. The three in the middle are the hybrid strategy."""


def subsets(actors: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """Return all subsets of some actors: bit k of a subset's index says whether actor k is in it."""
    return tuple(
        frozenset(actor for bit, actor in enumerate(actors) if index >> bit & 1) for index in range(1 << len(actors))
    )


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A political condition of an actor with two states, firm and loose.

    Attributes:
        name: its key in the case, such as `KOR.alignment`.
        actor: the actor whose condition it is.
        kind: `alignment` (how firmly the actor stands by the order) or `posture` (what its laws let it use).
        firm, loose: names of the two states.
        now: the present state.
        loosened_by, rallied_by: the instruments that push it towards loose, and towards firm.
    """

    name: str
    actor: str
    kind: str
    firm: str
    loose: str
    now: str
    loosened_by: frozenset[str]
    rallied_by: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Form:
    """The game of one theatre. Hashable: compiled solvers are cached by form.

    Attributes:
        theatre: its name.
        challenger, target: actors.
        protectors, backers: actors in the order in which they move.
        access: pairs (protector, host): the protector's reach depends on whether the host stands in.
        strikers: the defenders with the means to strike the challenger first, in the order in which they decide.
        regimes: at most six; bit k of a regime state's index says that regime k is loose.
        levels: L; the aim is reached at l = L.
        start: l now.
        horizon: years before the stationary end.
        milestones: years from now, before the horizon, by which the risk is also reported.
    """

    theatre: str
    challenger: str
    target: str
    protectors: tuple[str, ...]
    backers: tuple[str, ...]
    access: tuple[tuple[str, str], ...]
    strikers: tuple[str, ...]
    regimes: tuple[Regime, ...]
    levels: int
    start: int
    horizon: int
    milestones: tuple[int, ...]

    @property
    def players(self) -> tuple[str, ...]:
        """Return challenger, target, protectors, backers."""
        return (self.challenger, self.target, *self.protectors, *self.backers)

    @property
    def defenders(self) -> tuple[str, ...]:
        """Return the target, then the protectors."""
        return (self.target, *self.protectors)

    @property
    def helpers(self) -> tuple[str, ...]:
        """Return protectors and backers, in the order in which they decide."""
        return (*self.protectors, *self.backers)

    @property
    def stands(self) -> tuple[frozenset[str], ...]:
        """Return every set of helpers that may stand in: bit k of its index says whether helper k does."""
        return subsets(self.helpers)

    @property
    def states(self) -> int:
        """Return the number of regime states, R."""
        return 1 << len(self.regimes)

    def regime_of(self, actor: str, kind: str) -> int | None:
        """Return the index of an actor's regime of one kind, if it has one."""
        for index, regime in enumerate(self.regimes):
            if regime.actor == actor and regime.kind == kind:
                return index
        return None

    def index(self, settings: Mapping[str, str] | None = None) -> int:
        """Return the index of the present regime state, with some regimes set to other states.

        Args:
            settings: regime name -> state name; regimes of other theatres are ignored.

        Raises:
            KeyError: if a regime does not have the state.
        """
        settings = settings or {}
        total = 0
        for bit, regime in enumerate(self.regimes):
            state = settings.get(regime.name, regime.now)
            if state not in (regime.firm, regime.loose):
                raise KeyError(f"{regime.name} has no state {state!r}; use {regime.firm} or {regime.loose}")
            total += (state == regime.loose) << bit
        return total

    def anonymous(self) -> Form:
        """Return the same game with roles as names, so that theatres of one shape share a compiled solver."""
        role = {self.challenger: "challenger", self.target: "target"}
        role |= {actor: f"protector{index}" for index, actor in enumerate(self.protectors)}
        role |= {actor: f"backer{index}" for index, actor in enumerate(self.backers)}
        regimes = tuple(
            replace(regime, name=f"regime{index}", actor=role[regime.actor], firm="firm", loose="loose", now="firm")
            for index, regime in enumerate(self.regimes)
        )
        return replace(
            self,
            theatre="",
            challenger=role[self.challenger],
            target=role[self.target],
            protectors=tuple(role[actor] for actor in self.protectors),
            backers=tuple(role[actor] for actor in self.backers),
            access=tuple((role[guest], role.get(host, "absent")) for guest, host in self.access),
            strikers=tuple(role[actor] for actor in self.strikers),
            regimes=regimes,
        )

    def with_only(self, acting: frozenset[str]) -> Form:
        """Return the game in which only some defenders act: without the other protectors, their regimes and their strikes."""
        present = tuple(actor for actor in self.protectors if actor in acting)
        absent = frozenset(self.protectors) - acting
        return replace(
            self,
            protectors=present,
            access=tuple((guest, host) for guest, host in self.access if guest in present),
            strikers=tuple(actor for actor in self.strikers if actor in acting),
            regimes=tuple(regime for regime in self.regimes if regime.actor not in absent),
        )

    def states_in(self, lesser: Form) -> tuple[int, ...]:
        """Return the index of each of this game's regime states in a game with fewer regimes."""
        bits = [self.regimes.index(regime) for regime in lesser.regimes]
        return tuple(sum((state >> bit & 1) << index for index, bit in enumerate(bits)) for state in range(self.states))


def form_of(case: JoinedCase, theatre: str) -> Form:
    """Return the form of the game in one theatre of a case."""
    spec = case.theatres[theatre]
    regimes = []
    for name in spec.regimes:
        regime = case.regimes[name]
        regimes.append(
            Regime(
                name=name,
                actor=regime.actor,
                kind=regime.kind,
                firm=regime.firm,
                loose=regime.loose,
                now=regime.now,
                loosened_by=frozenset(regime.loosened_by),
                rallied_by=frozenset(regime.rallied_by),
            )
        )
    return Form(
        theatre=theatre, challenger=spec.challenger, target=spec.target, protectors=tuple(spec.protectors),
        backers=tuple(spec.backers), access=tuple(spec.access.items()), strikers=strikers_of(case, theatre),
        regimes=tuple(regimes),
        levels=spec.levels, start=spec.start, horizon=spec.horizon, milestones=spec.report_years[:-1],
    )  # fmt: skip
