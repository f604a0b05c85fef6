"""Define the result of checking a run: how far its verdicts can be trusted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.assessment.figures_result import Band
from tocsin.assessment.words import in_percent, percent
from tocsin.evidence.hostility.remembered import Retrospect
from tocsin.translation import Said, Text, listed, message

FEW_DRAWS = 500
"""Effective draws below which probabilities are rough: the standard error of a share may then exceed 2.2 points."""
WELL_SETTLED = 0.9
"""Smallest share of settled games with which a theatre counts as solved."""


@dataclass(frozen=True, kw_only=True)
class TypeFit:
    """How well a challenger type makes the record of a theatre.

    Attributes:
        theatre, type: the theatre and the challenger type.
        recorded, after: yearly rates, as in `HistoryRow`.
        predictive: count -> probability, in [0, 1], that the worlds after weighting make a count as extreme as the recorded one; see
            `models.coercion.history.predictive`.
        weight: weight of the type in the pool, as the case says.
        by_evidence: the weight that its evidence would give it: the case's weight times the mean likelihood of the record.
        possible: whether the type can make the record, see `health.IMPOSSIBLE`.
        by_error: share of its worlds in which neither pressure nor attack is its best choice, so that it uses force by error alone.
    """

    theatre: str
    type: str
    recorded: Mapping[str, float]
    after: Mapping[str, float]
    predictive: Mapping[str, float]
    weight: float
    by_evidence: float
    possible: bool
    by_error: float


@dataclass(frozen=True, kw_only=True)
class BaseRisk:
    """The risk that the challenger advances in the main theatre as things stand, beside what past years imply.

    Attributes:
        theatre: the main theatre.
        years: its horizon.
        model: revision risk within the horizon, over worlds.
        record: the probability of at least one year with an advance within the horizon, at the recorded rate: 5, 50 and 95 % points.
    """

    theatre: str
    years: int
    model: Band
    record: Band


@dataclass(frozen=True, kw_only=True)
class BaseRate:
    """How often the model expects an event as things stand, beside the record of the theatre and that of other rivals.

    Attributes:
        theatre: the theatre.
        event: "war", "press", "concede", "clash" or "conquest". Concessions and clashes are per year of pressure, the others per year.
        years: the horizon over which wars and conquests are averaged.
        model: yearly rate over worlds, types pooled.
        mean: its mean over worlds.
        own: the part of the mean that is the game's own events, and not incidents that a record also counts (`stray`).
        record: rate on record, 5, 50 and 95 % points; None if the record cannot tell.
        rivals: the same of a strategic rivalry about which nothing else is known.
    """

    theatre: str
    event: str
    years: int
    model: Band
    mean: float
    own: float
    record: Band | None
    rivals: Band


@dataclass(frozen=True, kw_only=True)
class PressureLevel:
    """How the worlds of a challenger type meet what history lets one expect of the pressure in a theatre's first year.

    Attributes:
        theatre, type: the theatre and the challenger type.
        expected: chance of pressure that history lets one expect, 5, 50 and 95 % points.
        mean: its mean.
        source: "record", "disputes" or "no dispute", see `case.pressure.ExpectedPressure`.
        origin: where the expectation comes from, in words.
        before, after: mean chance over worlds before and after weighting by history, counted as a record counts it.
        effective_draws: effective number of draws after weighting.
        past: how the expectation fares on the years of the theatre's own record; None without one.
    """

    theatre: str
    type: str
    expected: Band
    mean: float
    source: str
    origin: Said
    before: float
    after: float
    effective_draws: float
    past: Retrospect | None = None

    @property
    def reached(self) -> bool:
        """Return whether the worlds after weighting have a mean within the expected range."""
        return self.expected[0] <= self.after <= self.expected[2]


@dataclass(frozen=True, kw_only=True)
class Shortfall:
    """Games of a test that settle in too few worlds for a verdict.

    Attributes:
        theatres, type: whose games they are.
        discount: the discount factor; None for the central one.
        quantity: the quantity that reads the game; empty for the base games.
        share, needed: share of the weight of the worlds in which they settle, and the smallest share that allows a verdict.
    """

    theatres: tuple[str, ...]
    type: str
    discount: float | None
    quantity: str
    share: float
    needed: float

    @property
    def text(self) -> Text:
        """Return which games settle how often, and how often they must."""
        share = percent(self.share)
        if share == percent(self.needed):
            share = in_percent(f"{math.floor(1000 * self.share) / 10:.1f}")
        needed = percent(self.needed)
        if self.quantity:
            return message(
                "{game} settles in {share} of worlds by weight, and {needed} are needed",
                game=self._games,
                share=share,
                needed=needed,
            )
        return message(
            "{games} settle in {share} of worlds by weight, and {needed} are needed",
            games=self._games,
            share=share,
            needed=needed,
        )

    @property
    def _games(self) -> Text:
        """Return which games settle or not."""
        theatres = listed(f"`{theatre}`" for theatre in self.theatres)
        if not self.quantity:
            if self.discount is None:
                return message("The base games in {theatres} for the type `{type}`", theatres=theatres, type=self.type)
            return message(
                "The base games in {theatres} for the type `{type}` at a discount factor of {factor}",
                theatres=theatres,
                type=self.type,
                factor=f"{self.discount:g}",
            )
        if self.discount is None:
            return message(
                "A game of `{quantity}` in {theatres} for the type `{type}`",
                quantity=self.quantity,
                theatres=theatres,
                type=self.type,
            )
        return message(
            "A game of `{quantity}` in {theatres} for the type `{type}` at a discount factor of {factor}",
            quantity=self.quantity,
            theatres=theatres,
            type=self.type,
            factor=f"{self.discount:g}",
        )


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something about a run that weakens its verdicts.

    Attributes:
        kind: "template", "draws", "record", "error", "pressure", "base risk", "base rate", "settled", "judged", "defaults" or
            "idle".
        text: one plain sentence.
        claims: ids of the claims concerned; empty if it concerns no claim in particular.
    """

    kind: str
    text: Said
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Health:
    """How far a run can be trusted.

    Attributes:
        effective: the smallest effective number of draws over theatres and types; None without a game.
        settled: share of games and worlds in which one more year changes no value by more than a millionth of the player's stake; None
            without a game.
        settled_by: the same by theatre.
        fits: how well each type makes the record of each theatre.
        pressure: of each theatre whose pressure comes from history, by type.
        base_risk: None if the main theatre has no record.
        base_rates: of each theatre with a record.
        findings: what weakens the verdicts, the gravest first.
    """

    effective: float | None = None
    settled: float | None = None
    settled_by: Mapping[str, float] = field(default_factory=dict)
    fits: tuple[TypeFit, ...] = ()
    pressure: tuple[PressureLevel, ...] = ()
    base_risk: BaseRisk | None = None
    base_rates: tuple[BaseRate, ...] = ()
    findings: tuple[Finding, ...] = ()
