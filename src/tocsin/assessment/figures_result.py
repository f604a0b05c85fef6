"""Define the numbers behind the figures of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tocsin.case.events import EventPart
from tocsin.translation import Said

Band: TypeAlias = tuple[float, float, float]
"""5 %, 50 % and 95 % points over worlds; nan if no world gives the quantity. Worlds are weighted by the record of past years, and
challenger types are pooled with the case's weights."""


@dataclass(frozen=True, kw_only=True)
class LossRow:
    """What one event in the main theatre does to the challenger. Bands are negative where the event helps it.

    Attributes:
        event, label: key and description of the event in the case; without a description, the key twice.
        total, aim, survival: loss of its best-response value, in shares of its own whole aim for ever. In each world aim and survival add
            up to the total; their medians need not.
        dent: the loss as a share of all that deterrence costs it.
        delay: fear for the aim: years by which the event delays the first step within the horizon.
        fall, struck: fear for survival: rises of the probabilities, within the horizon, that its regime falls and that it is struck first.
        negative: pooled share of worlds in which the total is below 0.
        equal_rise: lasting proportional rise of the target's own spending that would cost the challenger as much as the event.
            0 if the event costs nothing, infinite if no solved rise costs as much.
        costlier_than: events with a higher median `dent` that cost less than this one in more than half of the worlds, with that share; see
            `event_order`. Empty for controls, and in runs of earlier versions.
    """

    event: str
    label: str
    total: Band
    aim: Band
    survival: Band
    dent: Band
    delay: Band
    fall: Band
    struck: Band
    negative: float
    equal_rise: Band
    costlier_than: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PartShare:
    """What one part of events adds to their effect: its Shapley value.

    Attributes:
        part: "money", "law", "alliance" or "other".
        changes: the inputs that belong to the part.
        mean, band: over worlds, in the unit of the quantity, with the sign of the effect.
    """

    part: EventPart
    changes: tuple[str, ...]
    mean: float
    band: Band


@dataclass(frozen=True, kw_only=True)
class EventParts:
    """The effect of events on a quantity that claims ask for, shared out among the parts of the events.

    Attributes:
        events, given, theatre: as in the call of the test.
        quantity: name of the quantity; a loss stands for what measures it on another scale.
        claims: the claims that ask for it.
        mean, band: the whole effect over worlds; the means of the parts sum to its mean.
        parts: at least two.
    """

    events: tuple[str, ...]
    given: tuple[str, ...]
    theatre: str
    quantity: str
    claims: tuple[str, ...]
    mean: float
    band: Band
    parts: tuple[PartShare, ...]


@dataclass(frozen=True, kw_only=True)
class RiskRow:
    """Revision risk within the horizon, in [0, 1], when only the defenders in `members` act."""

    members: tuple[str, ...]
    band: Band


@dataclass(frozen=True, kw_only=True)
class PillarRow:
    """A defender's Shapley contribution to deterrence.

    Attributes:
        theatre, scene: the theatre and the world ("plan + amendment | seoul_drifts", "now").
        with_target: whether the target is a player of the Shapley value; if not, it always acts.
        actor: the defender.
        band: points of revision risk within the horizon, as a difference of probabilities; may be negative.
        earlier: the same by the end of earlier calendar years.
        share: mean contribution over the mean total; None if the total is too small to divide.
    """

    theatre: str
    scene: str
    with_target: bool
    actor: str
    band: Band
    earlier: tuple[tuple[int, Band], ...]
    share: float | None


@dataclass(frozen=True, kw_only=True)
class PullRow:
    """How far the challenger's influence loosens a regime, or keeps it loose.

    Attributes:
        regime, started: key of the regime, and its state at the start.
        band: rise of the probability that the regime becomes loose, or stays loose, within the horizon.
    """

    regime: str
    started: str
    band: Band


@dataclass(frozen=True, kw_only=True)
class FanYear:
    """How far the aim has got by the end of a year: mean probabilities over worlds, which sum to 1.

    Attributes:
        year: the calendar year.
        levels: probability of each level below the whole aim, from level 0.
        won: probability that the whole aim is reached.
        fallen: probability that the challenger has fallen.
    """

    year: int
    levels: tuple[float, ...]
    won: float
    fallen: float


@dataclass(frozen=True, kw_only=True)
class SpendingLine:
    """Real military spending of an actor on one path: one band for each calendar year, in the unit `Figures.money`.

    `path` is empty for an actor without a choice of paths.
    """

    actor: str
    path: str
    years: tuple[int, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """The record of a theatre compared with the worlds of one challenger type.

    Attributes:
        theatre, type: the theatre and the challenger type.
        recorded, before, after: yearly rates in [0, 1] of "war", "press" (in years without war), "concede" and, if counted, "clash" (both
            in years of pressure): as recorded, and as means over years and worlds before and after weighting by the record.
        effective_draws: effective number of draws after weighting, see `weighting.effective`.
        log_evidence: log of the mean likelihood of the record over worlds.
    """

    theatre: str
    type: str
    recorded: Mapping[str, float]
    before: Mapping[str, float]
    after: Mapping[str, float]
    effective_draws: float
    log_evidence: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The numbers behind the figures; each may be empty. `money` is the unit of the spending lines."""

    spending: tuple[SpendingLine, ...] = ()
    money: Said = ""
    loss: tuple[LossRow, ...] = ()
    risk: tuple[RiskRow, ...] = ()
    pillar: tuple[PillarRow, ...] = ()
    pull: tuple[PullRow, ...] = ()
    fan: tuple[FanYear, ...] = ()
    history: tuple[HistoryRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One combination of the switches with its results.

    Attributes:
        spending: path of the first actor with a choice of paths; empty if none has one.
        regimes: state of each regime of the main theatre.
        values: bands by quantity: against the present world "dent" (share of all that deterrence costs the challenger), "delay" (years),
            "fear_fall" and "fear_struck" (differences of probabilities); "risk", "p_war", "p_press", "p_attack" (probabilities); and
            "pillar.ACTOR" (points of revision risk) if it was solved.
    """

    spending: str
    regimes: Mapping[str, str]
    values: Mapping[str, Band]
