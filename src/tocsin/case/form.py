"""The form of one coercion game: its players and regimes, and the numbering of their states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tocsin.case.dated import day_of, state_on
from tocsin.case.inputs import strikers_of

if TYPE_CHECKING:
    from datetime import date

    from tocsin.case.game_blocks import Regime as RegimeBlock
    from tocsin.case.game_blocks import Theatre
    from tocsin.case.schema import JoinedCase


INSTRUMENTS = ("hold", "condemn", "influence", "press", "attack")
"""What the challenger can do in a year. The three in the middle are the hybrid strategy."""

OCCASIONS = ("pressed", "attacked", "struck")
"""How helpers come to decide: the target resists pressure, the challenger attacks (or war comes by mistake), a defender strikes first."""


TERM = "term:"
"""Prefix of the yearly array of a treaty's term, named after the treaty."""


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
        kind: `alignment` (how firmly the actor stands by its side), `posture` (what its laws let it use) or `treaty` (whether
            its promise to help is in force).
        firm, loose: names of the two states.
        now: the present state.
        loosened_by, rallied_by: the instruments that push it towards loose, and towards firm.
        partner: to whom the promise of a treaty is made, challenger or target.
        term: the year of the game, counted from 0, at whose end a treaty ends unless it is renewed.
    """

    name: str
    actor: str
    kind: str
    firm: str
    loose: str
    now: str
    loosened_by: frozenset[str]
    rallied_by: frozenset[str]
    partner: str | None = None
    term: int | None = None


@dataclass(frozen=True)
class Slot:
    """The place in a war's order of decisions at which a helper decides whether to support one of the two sides.

    Attributes:
        actor: who decides.
        partner: whom it may support, challenger or target.
    """

    actor: str
    partner: str


@dataclass(frozen=True)
class Promise:
    """When a helper's promise binds it. Outside these occasions it may stand aside without a price.

    Attributes:
        slot: who promised help to whom.
        when: the occasions on which it binds, of `OCCASIONS`.
        beside: the helpers of the same side that must stand in too.
        against: the helpers of the other side one of which must stand in; empty if it binds against anybody.
    """

    slot: Slot
    when: frozenset[str]
    beside: frozenset[str]
    against: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Form:
    """The game of one theatre. Hashable: compiled solvers are cached by form.

    Attributes:
        theatre: its name.
        challenger, target: actors.
        protectors, backers: actors in the order in which they move. An actor in both is bound to both sides and supports at most one.
        access: pairs (protector, host): the protector's reach depends on whether the host stands in.
        arms: pairs (receiver, supplier): the receiver's strength depends on whether the supplier takes the other side.
        promises: when the helpers' promises bind; a helper without one is bound on every occasion.
        strikers: the defenders with the means to strike the challenger first, in the order in which they decide.
        regimes: at most six; bit k of a regime state's index says that regime k is loose.
        levels: L; the aim is reached at l = L.
        start: l now.
        horizon: years before the stationary end.
        milestones: years from now, before the horizon, by which the risk is also reported.
        war_years: years from now, before the horizon, by which the chance of war is also reported: those that a test reads.
    """

    theatre: str
    challenger: str
    target: str
    protectors: tuple[str, ...]
    backers: tuple[str, ...]
    access: tuple[tuple[str, str], ...]
    arms: tuple[tuple[str, str], ...]
    promises: tuple[Promise, ...]
    strikers: tuple[str, ...]
    regimes: tuple[Regime, ...]
    levels: int
    start: int
    horizon: int
    milestones: tuple[int, ...]
    war_years: tuple[int, ...] = ()

    @property
    def players(self) -> tuple[str, ...]:
        """Return challenger, target, protectors, backers, each once."""
        return (self.challenger, self.target, *dict.fromkeys(self.helpers))

    @property
    def yearly(self) -> tuple[str, ...]:
        """Return the names of the arrays that change from year to year: the players' forces, and the terms of treaties."""
        return (*self.players, *(TERM + regime.name for regime in self.regimes if regime.term is not None))

    @property
    def defenders(self) -> tuple[str, ...]:
        """Return the target, then the protectors."""
        return (self.target, *self.protectors)

    @property
    def helpers(self) -> tuple[str, ...]:
        """Return protectors and backers, in the order in which they decide; an actor bound to both sides decides twice."""
        return (*self.protectors, *self.backers)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Return the decisions of the helpers, in their order."""
        defending = (Slot(actor, self.target) for actor in self.protectors)
        return (*defending, *(Slot(actor, self.challenger) for actor in self.backers))

    def wants_change(self, actor: str) -> bool:
        """Return whether an actor gains from the aim: the challenger and the backers that protect nobody."""
        return actor == self.challenger or (actor in self.backers and actor not in self.protectors)

    @property
    def stands(self) -> tuple[frozenset[str], ...]:
        """Return every set of helpers that may stand in: bit k of its index says whether helper k does.

        The sets in which an actor would support both sides are among them; no play reaches these.
        """
        return subsets(self.helpers)

    @property
    def states(self) -> int:
        """Return the number of regime states, R."""
        return 1 << len(self.regimes)

    def regimes_of(self, actor: str, kind: str) -> tuple[int, ...]:
        """Return the indices of an actor's regimes of one kind."""
        return tuple(
            index for index, regime in enumerate(self.regimes) if regime.actor == actor and regime.kind == kind
        )

    def posture_of(self, actor: str) -> int | None:
        """Return the index of an actor's posture, if it has one; nobody has two."""
        return next(iter(self.regimes_of(actor, "posture")), None)

    def treaties_of(self, slot: Slot) -> tuple[int, ...]:
        """Return the indices of the treaties in which a helper promises to support one side."""
        return tuple(
            index for index in self.regimes_of(slot.actor, "treaty") if self.regimes[index].partner == slot.partner
        )

    def promise_of(self, slot: Slot) -> Promise | None:
        """Return when the promise of a helper binds it; None for one that always does."""
        return next((promise for promise in self.promises if promise.slot == slot), None)

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
        role |= {actor: f"backer{index}" for index, actor in enumerate(self.backers)}
        role |= {actor: f"protector{index}" for index, actor in enumerate(self.protectors)}
        regimes = tuple(
            replace(
                regime,
                name=f"regime{index}",
                actor=role[regime.actor],
                firm="firm",
                loose="loose",
                now="firm",
                partner=None if regime.partner is None else role[regime.partner],
                term=None if regime.term is None else 0,
            )
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
            arms=tuple((role[receiver], role[supplier]) for receiver, supplier in self.arms),
            promises=tuple(
                Promise(
                    Slot(role[promise.slot.actor], role[promise.slot.partner]),
                    promise.when,
                    frozenset(role.get(actor, "absent") for actor in promise.beside),
                    frozenset(role.get(actor, "absent") for actor in promise.against),
                )
                for promise in self.promises
            ),
            strikers=tuple(role[actor] for actor in self.strikers),
            regimes=regimes,
        )

    def timeless(self) -> Form:
        """Return the same game without its horizon and the years reported on, so that programs that do not need them are shared."""
        return replace(self, horizon=0, milestones=(), war_years=())

    def with_only(self, acting: frozenset[str]) -> Form:
        """Return the game in which only some defenders act: without the other protectors, their regimes and their strikes.

        A protector that does not act and is bound to both sides backs nobody either, but still arms those whom it supplies.
        """
        present = tuple(actor for actor in self.protectors if actor in acting)
        absent = frozenset(self.protectors) - acting
        backers = tuple(actor for actor in self.backers if actor not in absent)
        helpers = (*present, *backers)
        return replace(
            self,
            protectors=present,
            backers=backers,
            access=tuple((guest, host) for guest, host in self.access if guest in present),
            arms=tuple(
                (receiver, supplier)
                for receiver, supplier in self.arms
                if supplier in helpers and receiver in (self.challenger, self.target, *helpers)
            ),
            promises=tuple(promise for promise in self.promises if promise.slot.actor in helpers),
            strikers=tuple(actor for actor in self.strikers if actor in acting),
            regimes=tuple(regime for regime in self.regimes if regime.actor not in absent),
        )

    def states_in(self, lesser: Form) -> tuple[int, ...]:
        """Return the index of each of this game's regime states in a game with fewer regimes."""
        bits = [self.regimes.index(regime) for regime in lesser.regimes]
        return tuple(sum((state >> bit & 1) << index for index, bit in enumerate(bits)) for state in range(self.states))


def partner_of(regime: RegimeBlock, theatre: Theatre) -> str | None:
    """Return to whom the promise of a treaty is made: as written, else the side that its actor may support."""
    if regime.kind != "treaty" or regime.to is not None:
        return regime.to
    return theatre.target if regime.actor in theatre.protectors else theatre.challenger


def _term(as_of: date, regime: RegimeBlock, theatre: Theatre) -> int | None:
    """Return the year of the game at whose end a term ends; None if no term ends within the horizon."""
    if regime.term is None:
        return None
    end = regime.term
    years = end.year - as_of.year - ((end.month, end.day) <= (as_of.month, as_of.day))
    return years if years < theatre.horizon else None


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
                now=state_on(case, theatre, name),
                loosened_by=frozenset(regime.loosened_by),
                rallied_by=frozenset(regime.rallied_by),
                partner=partner_of(regime, spec),
                term=_term(day_of(case, theatre), regime, spec),
            )
        )
    return Form(
        theatre=theatre, challenger=spec.challenger, target=spec.target, protectors=tuple(spec.protectors),
        backers=tuple(spec.backers), access=tuple(spec.access.items()), arms=tuple(spec.arms.items()),
        promises=tuple(
            Promise(
                Slot(promise.by, promise.to),
                frozenset(promise.when or OCCASIONS),
                frozenset(promise.beside),
                frozenset(promise.against),
            )
            for promise in spec.promises
        ),
        strikers=strikers_of(case, theatre), regimes=tuple(regimes),
        levels=spec.levels, start=spec.start, horizon=spec.horizon, milestones=spec.report_years[:-1],
    )  # fmt: skip
