"""The form of one coercion game: who plays, which regimes there are, how their states are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.case.schema import JoinedCase


def subsets(actors: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    """All sets of some actors: bit k of a set's index says that actor k is in it."""
    return tuple(
        frozenset(actor for place, actor in enumerate(actors) if index >> place & 1)
        for index in range(1 << len(actors))
    )


@dataclass(frozen=True, kw_only=True)
class Regime:
    """A discrete condition of an actor with two states, firm and loose.

    Attributes:
        name: as in the case, such as `KOR.alignment`.
        actor: whose condition it is.
        kind: `alignment` (how firmly the actor stands by the order) or `posture` (what its laws let it use).
        firm, loose: names of the two states.
        now: the present one.
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
    """The game of one theatre. Hashable: the compiled solver is kept for each form.

    Attributes:
        theatre: its name.
        challenger, target: actors.
        protectors, backers: actors in the order in which they move.
        access: pairs (protector, host): the protector's reach rests on the host's standing in.
        regimes: at most six; bit k of a regime state's index says that regime k is loose.
        levels: L; the aim is reached at l = L.
        start: l now.
        horizon: years before the stationary end.
        milestones: years from now, before the horizon, by which the risk is told too.
    """

    theatre: str
    challenger: str
    target: str
    protectors: tuple[str, ...]
    backers: tuple[str, ...]
    access: tuple[tuple[str, str], ...]
    regimes: tuple[Regime, ...]
    levels: int
    start: int
    horizon: int
    milestones: tuple[int, ...]

    @property
    def players(self) -> tuple[str, ...]:
        """Challenger, target, protectors, backers."""
        return (self.challenger, self.target, *self.protectors, *self.backers)

    @property
    def defenders(self) -> tuple[str, ...]:
        """Target, then protectors."""
        return (self.target, *self.protectors)

    @property
    def helpers(self) -> tuple[str, ...]:
        """Those who may stand by either side, in the order in which they decide."""
        return (*self.protectors, *self.backers)

    @property
    def stands(self) -> tuple[frozenset[str], ...]:
        """Every set of helpers that may stand: bit k of its index says that helper k is in it."""
        return subsets(self.helpers)

    @property
    def states(self) -> int:
        """Number of regime states R."""
        return 1 << len(self.regimes)

    def regime_of(self, actor: str, kind: str) -> int | None:
        """Place of an actor's regime of one kind, if it has one."""
        for place, regime in enumerate(self.regimes):
            if regime.actor == actor and regime.kind == kind:
                return place
        return None

    def index(self, settings: Mapping[str, str] | None = None) -> int:
        """Index of the present regime state, with some regimes set otherwise.

        Args:
            settings: regime name -> state name; names of other theatres' regimes are passed over.

        Raises:
            KeyError: if a state is not one of its regime's two.
        """
        settings = settings or {}
        total = 0
        for place, regime in enumerate(self.regimes):
            state = settings.get(regime.name, regime.now)
            if state not in (regime.firm, regime.loose):
                raise KeyError(f"{regime.name} has no state {state!r}; use {regime.firm} or {regime.loose}")
            total += (state == regime.loose) << place
        return total

    def anonymous(self) -> Form:
        """The same game with roles for names: theatres of one shape share one compiled solver."""
        role = {self.challenger: "challenger", self.target: "target"}
        role |= {actor: f"protector{place}" for place, actor in enumerate(self.protectors)}
        role |= {actor: f"backer{place}" for place, actor in enumerate(self.backers)}
        regimes = tuple(
            replace(regime, name=f"regime{place}", actor=role[regime.actor], firm="firm", loose="loose", now="firm")
            for place, regime in enumerate(self.regimes)
        )
        return replace(
            self,
            theatre="",
            challenger=role[self.challenger],
            target=role[self.target],
            protectors=tuple(role[actor] for actor in self.protectors),
            backers=tuple(role[actor] for actor in self.backers),
            access=tuple((role[guest], role.get(host, "absent")) for guest, host in self.access),
            regimes=regimes,
        )

    def with_only(self, protectors: frozenset[str]) -> Form:
        """The game in which only some protectors are there; regimes of those absent, which then move nothing, are left out."""
        here = tuple(actor for actor in self.protectors if actor in protectors)
        absent = frozenset(self.protectors) - protectors
        return replace(
            self,
            protectors=here,
            access=tuple((guest, host) for guest, host in self.access if guest in here),
            regimes=tuple(regime for regime in self.regimes if regime.actor not in absent),
        )

    def states_in(self, lesser: Form) -> tuple[int, ...]:
        """For each of this game's regime states, its index in one of fewer regimes."""
        places = [self.regimes.index(regime) for regime in lesser.regimes]
        return tuple(sum((state >> place & 1) << at for at, place in enumerate(places)) for state in range(self.states))


def form_of(case: JoinedCase, theatre: str) -> Form:
    """Return the form of the game that is played in one theatre of a case."""
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
        backers=tuple(spec.backers), access=tuple(spec.access.items()), regimes=tuple(regimes),
        levels=spec.levels, start=spec.start, horizon=spec.horizon, milestones=spec.report_years[:-1],
    )  # fmt: skip
