"""Find the reference classes of an event by what the event changes, and how far the case at hand lies from their cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tocsin.assessment.words import in_percent
from tocsin.case.events import MULTIPLY, REGIMES, SCALE, SPENDING, touches
from tocsin.case.game_blocks import Theatre
from tocsin.case.schema import Case, Event
from tocsin.case.spending import path_now, real_path
from tocsin.errors import InputError, did_you_mean
from tocsin.evidence.classes.stored import StoredClass, load_class
from tocsin.translation import Text, in_sentences, message, template

QUARTER = 1.25
"""Least factor of a rise that counts as a build-up."""
TWICE = 2.0
"""Least ratio of spending from which a helper of the target counts as an ally of the strongest in the coalition."""
RECENT = 5
"""Years before the case in which the record of pressure is read."""
_MIN_COALITION = 3


@dataclass(frozen=True)
class Fit:
    """A class that an event belongs to.

    Attributes:
        stored: the class.
        why: why the event belongs to it, in a sentence.
        actor, other: whose outcome the class is about, towards whom, as keys of the case's actors.
        known: what the case gives, by feature of the class.
        pressed: years in which the rival pressed the state, in the five up to the case, by the case's record; None if the record is about
            others.
        of_others: whether the actor is one of those that the cases are compared with, so that their rate fits.
    """

    stored: StoredClass
    why: Text
    actor: str
    other: str
    known: Mapping[str, float] = field(default_factory=dict)
    pressed: tuple[int, ...] | None = None
    of_others: bool = False


@dataclass(frozen=True)
class Likeness:
    """The classes of an event.

    Attributes:
        event: its key in the case.
        theatre: the theatre in which it is read, the first that it touches.
        others: the other theatres that it touches.
        year: the year of the case.
        fits: the classes that it belongs to.
        outside: sentences about what it changes and no class covers.
    """

    event: str
    theatre: str
    others: tuple[str, ...]
    year: int
    fits: tuple[Fit, ...]
    outside: tuple[Text, ...]


@dataclass(frozen=True)
class _Scene:
    case: Case
    event: Event
    theatre: str
    year: int

    @property
    def roles(self) -> Theatre:
        return self.case.theatres[self.theatre]

    def pressed(self, state: str) -> tuple[int, ...] | None:
        """Return the years of pressure in the five up to the case, if the record is about this state and reaches the case."""
        history = self.case.history.get(self.theatre)
        if history is None or history.first is None or isinstance(history.press, int):
            return None
        if state != self.roles.target or self.year - 1 not in history.span:
            return None
        return tuple(year for year in history.press if self.year - RECENT <= year < self.year)

    def name(self, actor: str) -> str:
        return self.case.actors[actor].name

    def spent(self, actor: str, path: str | None = None) -> dict[int, float]:
        """Return an actor's real spending at market rates, by year; its median in the year before for an actor with a belief only."""
        if any(row.actor == actor for row in self.case.spending_rows):
            years, values = real_path(self.case, actor, path, [0.0])
            return dict(zip(years, values[:, 0].tolist(), strict=True))
        belief = self.case.distributions.get(f"spending.{actor}")
        return {} if belief is None else {self.year - 1: float(belief.quantile([0.5])[0])}

    def now(self, actor: str) -> float | None:
        """Return an actor's spending in the last year on record up to the date of the case; None if it is not known."""
        past = {year: value for year, value in self.spent(actor).items() if year <= self.year and value > 0}
        return past[max(past)] if past else None

    def ratio(self, above: str, below: str) -> float | None:
        over, under = self.now(above), self.now(below)
        return None if over is None or under is None else over / under

    @property
    def coalition(self) -> tuple[str, ...]:
        """The target and its protectors, those that spend most first."""
        return tuple(sorted((self.roles.target, *self.roles.protectors), key=lambda actor: -(self.now(actor) or 0.0)))


def likeness(case: Case, name: str) -> Likeness:
    """Return the classes of an event of a case.

    Raises:
        InputError: if the case has no such event, or the event touches no theatre.
    """
    if name not in case.events:
        raise InputError(
            message("no event {name} in the case {case}", name=repr(name), case=case.id),
            remedy=did_you_mean(name, case.events),
        )
    event = case.events[name]
    theatres = tuple(theatre for theatre in case.theatres if touches(case, event, theatre))
    if not theatres:
        raise InputError(
            message("the event {name} touches no theatre of the case", name=repr(name)),
            remedy=message("name an event that changes one"),
        )
    scene = _Scene(case, event, theatres[0], case.as_of.year)
    fits: list[Fit] = []
    outside: list[Text] = []
    for key in event.changes:
        if key.startswith(REGIMES) and case.regimes[key.removeprefix(REGIMES)].now == event.changes[key]:
            actor = case.actors[case.regimes[key.removeprefix(REGIMES)].actor].name
            outside.append(message("At the date of the case, {actor} is already so.", actor=actor))
        for item in _read(scene, key):
            (fits if isinstance(item, Fit) else outside).append(item)  # type: ignore[arg-type]
    return Likeness(name, theatres[0], theatres[1:], scene.year, tuple(fits), tuple(outside))


def _read(scene: _Scene, key: str) -> Iterator[Fit | Text]:
    """Yield the classes of one change of an event, or a sentence that says why there is none."""
    if key.startswith(REGIMES):
        regime = scene.case.regimes[key.removeprefix(REGIMES)]
        firm = scene.event.changes[key] == regime.firm
        actor = scene.name(regime.actor)
        if regime.kind == "treaty":
            yield message("No class covers a treaty of {actor} that comes into force or lapses.", actor=actor)
        elif regime.kind == "posture" and firm:
            yield _restraint(scene, regime.actor)
        elif regime.kind == "posture":
            yield message("No class covers a restraint that {actor} takes on.", actor=actor)
        else:
            yield from _alignment(scene, regime.actor, firm=firm)
    elif key.startswith(MULTIPLY):
        yield message("No class covers a change of {input}, an input of the game.", input=key.removeprefix(MULTIPLY))
    else:
        yield from _spending(scene, key.removeprefix(SPENDING if key.startswith(SPENDING) else SCALE), key)


def _restraint(scene: _Scene, actor: str) -> Fit:
    rival = scene.roles.challenger
    return Fit(
        load_class("restraints"),
        in_sentences(
            message("The event ends a restraint on the forces of {actor}.", actor=scene.name(actor)),
            _rival(scene, rival),
        ),
        rival,
        actor,
        _known(state_to_rival=scene.ratio(actor, rival)),
    )


def _rival(scene: _Scene, rival: str) -> Text:
    return message("{rival} stands for the rival.", rival=scene.name(rival))


def _without_protector(scene: _Scene, ally: str, *, firm: bool) -> Text | None:
    """Return why the alignment of an ally has no class; None if it has a protector."""
    name = scene.name(ally)
    if any(scene.now(member) is None for member in scene.coalition):
        return message(
            "No class: without the spending of all defenders, the protector of {ally} is not known.", ally=name
        )
    if ally == scene.coalition[0] and firm:
        return message(
            "No class covers a protector that returns: {ally} spends most in its coalition, so it has no protector itself.",
            ally=name,
        )
    if ally == scene.coalition[0]:
        return message(
            "No class covers a protector that leaves: {ally} spends most in its coalition, so it has no protector itself.",
            ally=name,
        )
    if _protector(scene, ally) is None:
        return message(
            "No class covers a tie of {ally} to {target}: the classes count allies of a stronger protector, and nobody here spends "
            "{factor} times as much as {ally}.",
            ally=name,
            target=scene.name(scene.roles.target),
            factor=f"{TWICE:g}",
        )
    return None


def _alignment(scene: _Scene, ally: str, *, firm: bool) -> Iterator[Fit | Text]:
    rival, protector = scene.roles.challenger, _protector(scene, ally)
    reason = _without_protector(scene, ally, firm=firm)
    if reason is not None:
        yield reason
        return
    assert protector is not None
    words = (
        template("In the event {ally} returns to {protector}, which spends most in the coalition.")
        if firm
        else template("In the event {ally} drifts from {protector}, which spends most in the coalition.")
    )
    moves = message(words, ally=scene.name(ally), protector=scene.name(protector))
    yield Fit(
        load_class("returns" if firm else "drifts"),
        in_sentences(moves, _rival(scene, rival)),
        rival,
        ally,
        _known(ally_to_rival=scene.ratio(ally, rival), protector_to_rival=scene.ratio(protector, rival)),
        scene.pressed(ally),
    )
    if not firm and ally == scene.roles.target:
        yield Fit(
            load_class("engagements"),
            message(
                "In the event {ally} engages its rival {rival}. The class counts signed pacts, which go further.",
                ally=scene.name(ally),
                rival=scene.name(rival),
            ),
            ally,
            protector,
            _known(state_to_protector=scene.ratio(ally, protector)),
        )


def _protector(scene: _Scene, ally: str) -> str | None:
    """Return the protector of an ally, the strongest of its coalition; None for a helper of the target that is about as strong.

    The alignment of the target is with its strongest protector. That of a helper is with the target, unless one of the coalition is so
    much stronger that the helper itself stands under its protection.
    """
    strongest = scene.coalition[0]
    ratio = scene.ratio(strongest, ally)
    return strongest if ally == scene.roles.target or (ratio is not None and ratio >= TWICE) else None


def _spending(scene: _Scene, actor: str, key: str) -> Iterator[Fit | Text]:
    rise, name = _rise(scene, actor, key), scene.name(actor)
    if rise is None:
        yield message(
            "No class: the spending of {actor} with and without the event is not known for one year.", actor=name
        )
    elif rise < 1.0:
        yield message("No class covers a cut in the spending of {actor}.", actor=name)
    elif actor not in scene.roles.protectors:
        yield message(
            "No class covers a rise in the spending of {actor}, which is no protector: the classes count build-ups of protectors.",
            actor=name,
        )
    elif rise < QUARTER:
        yield message(
            "No class: the event raises the spending of {actor} by {share}, and build-ups count from a quarter.",
            actor=name,
            share=in_percent(f"{100.0 * (rise - 1.0):.2g}"),
        )
    else:
        yield _build_up(scene, actor, rise)
        yield from _contributor(scene, actor)


def _rise(scene: _Scene, actor: str, key: str) -> float | None:
    """Return the factor by which the event raises an actor's spending, in the last year for which both paths are known."""
    if key.startswith(SCALE):
        return float(scene.event.changes[key])
    with_event = scene.spent(actor, str(scene.event.changes[key]))
    without = scene.spent(actor, scene.event.against.get(key) or path_now(scene.case, actor))
    own = {row.year for row in scene.case.spending_rows if row.actor == actor and row.path == scene.event.changes[key]}
    last = max(own, default=None)
    if last is None or not without:
        return None
    # a path that ends earlier is held at its last real level
    reference = without.get(last, without[max(without)])
    return with_event[last] / reference if reference > 0 else None


def _build_up(scene: _Scene, actor: str, rise: float) -> Fit:
    target, rival = scene.roles.target, scene.roles.challenger
    return Fit(
        load_class("build_ups"),
        in_sentences(
            message(
                "The case names {protector} a protector of {target}, which need not be a defence pact.",
                protector=scene.name(actor),
                target=scene.name(target),
            ),
            message(
                "The event raises its spending by {share} in constant prices, against the path it is compared with.",
                share=in_percent(f"{100.0 * (rise - 1.0):.0f}"),
            ),
            message("{rival} is the rival.", rival=scene.name(rival)),
        ),
        rival,
        target,
        _known(size=rise, target_to_rival=scene.ratio(target, rival), protector_to_rival=scene.ratio(actor, rival)),
        scene.pressed(target),
    )


def _contributor(scene: _Scene, actor: str) -> Iterator[Fit]:
    coalition = scene.coalition
    if any(scene.now(member) is None for member in coalition):
        return
    rank, largest = coalition.index(actor) + 1, coalition[0]
    if len(coalition) < _MIN_COALITION or actor == largest:
        return
    second = message("The class is about third members; the second members of the same pacts fit.")
    yield Fit(
        load_class("contributors"),
        in_sentences(_ranked(scene, actor, rank), second if rank == 2 else ""),
        actor,
        largest,
        _known(to_largest=scene.ratio(actor, largest), members=float(len(coalition))),
        of_others=rank == 2,
    )


def _ranked(scene: _Scene, actor: str, rank: int) -> Text:
    """Return that an actor is second, third or so in its coalition by its spending."""
    words = {
        2: template("{actor} spends second most in a coalition of {members}, after {largest}."),
        3: template("{actor} spends third most in a coalition of {members}, after {largest}."),
    }.get(rank, template("{actor} spends {rank}th most in a coalition of {members}, after {largest}."))
    coalition = scene.coalition
    return message(words, actor=scene.name(actor), rank=rank, members=len(coalition), largest=scene.name(coalition[0]))


def _known(**values: float | None) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}
