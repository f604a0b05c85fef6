"""What an assessment is: plain, frozen values that the report prints and the JSON repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import polars as pl

    from tocsin.case.schema import Case

Verdict: TypeAlias = Literal["holds", "fails", "partly", "disputed", "cannot tell", "not tested"]
Band: TypeAlias = tuple[float, float, float]
"""5 %, 50 % and 95 % points over worlds, weighed by the record of past years and pooled over challenger types with the
case's weights; not-a-number where no world gives the quantity."""


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """A pooled probability (`mid`) with its range (`low`, `high`) over models and thresholds; all in [0, 1]."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Driver:
    """An input and its share, in [0, 1], of the variance that inputs explain in the margin by which a claim holds."""

    input: str
    share: float


@dataclass(frozen=True, kw_only=True)
class Flip:
    """The least move of one input that turns a verdict, confirmed by solving again.

    Attributes:
        input: name of the belief.
        start, to: its median, and the value at which the verdict turns; in the belief's unit.
        quantile: of `to` in the input's own distribution, in [0, 1].
    """

    input: str
    start: float
    to: float
    quantile: float


@dataclass(frozen=True, kw_only=True)
class PartResult:
    """One part of a claim: its name and text as in the case, its verdict, the probability where the model decides it
    (`None` where facts do, or where it was not tested), and remarks or the reason why it was not tested."""

    name: str
    says: str
    verdict: Verdict
    probability: Likelihood | None
    note: str


@dataclass(frozen=True, kw_only=True)
class ClaimResult:
    """A claim with its verdict.

    Attributes:
        id, kind, says, sentence, mechanism: as in the case.
        verdict: see `verdicts`.
        words: the verdict's probability in words with the number in brackets, or how else it was decided.
        probability: pooled over models; `None` where facts decide or nothing was tested.
        confidence: high, moderate or low; capped by the grade of the sources.
        by_model: model -> probability at the central threshold.
        by_threshold: (threshold, pooled probability).
        drivers, flips: what the probability hangs on, and what would turn the verdict.
        sources, rivals: keys of the case; against: what would count against the claim.
        parts: results of the parts, where the claim has any.
        note: what was not tested and why, and remarks.
    """

    id: str
    kind: str
    says: str
    sentence: int | None
    mechanism: str
    verdict: Verdict
    words: str
    probability: Likelihood | None
    confidence: str
    by_model: Mapping[str, float] = field(default_factory=dict)
    by_threshold: tuple[tuple[float, float], ...] = ()
    drivers: tuple[Driver, ...] = ()
    flips: tuple[Flip, ...] = ()
    sources: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    against: str = ""
    parts: tuple[PartResult, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class QuantityRow:
    """One quantity over the worlds of one model.

    Attributes:
        id: as in the test language, with its theatre: "risk@korea", "fear(plan)".
        label: what it is, in words.
        model: a challenger type, or "pooled".
        unit: "1" for probabilities, "aim" for shares of the challenger's whole aim for ever.
        band: over worlds.
    """

    id: str
    label: str
    model: str
    unit: str
    band: Band


LARGEST_RISE = 2.0
"""Largest proportional rise of spending that fears are held against."""


@dataclass(frozen=True, kw_only=True)
class FearRow:
    """Fear of one event in the main theatre: the loss of the challenger's best-response value.

    Attributes:
        event, label: its key, and what it is in the words of the case (the key if the case says nothing).
        total, aim, survival: bands, in shares of the challenger's whole aim for ever; negative where the event helps it.
            The two parts add up in each world, not in their medians.
        negative: pooled share of worlds in which the total is below 0.
        equal_rise: lasting proportional rise of the target's own spending that would cost the challenger as much; 0 where
            the event costs it nothing, infinite where no rise that was solved costs it as much.
    """

    event: str
    label: str
    total: Band
    aim: Band
    survival: Band
    negative: float
    equal_rise: Band


@dataclass(frozen=True, kw_only=True)
class RiskRow:
    """Revision risk within the horizon, in [0, 1], when of all defenders only `members` act."""

    members: tuple[str, ...]
    band: Band


@dataclass(frozen=True, kw_only=True)
class PillarRow:
    """A defender's Shapley contribution to what deters the challenger.

    Attributes:
        theatre, scene: where, and in which world ("plan + amendment | seoul_drifts", "now").
        with_target: whether the target's own force is a player; if not, it always acts.
        actor: the defender.
        band: points of revision risk within the horizon, as a difference of probabilities; may be negative.
        earlier: the same by the end of earlier calendar years.
        share: mean contribution over the mean total, `None` where the total is too small to divide.
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
    """How far the challenger's influence loosens a regime, or holds back a posture.

    Attributes:
        regime, started: its key, and its state at the start.
        band: change of the chance that it turns (or stays) loose within the horizon, as a difference of probabilities.
    """

    regime: str
    started: str
    band: Band


@dataclass(frozen=True, kw_only=True)
class FanYear:
    """Where the aim stands by the end of a year: mean chances over worlds, which sum to 1.

    Attributes:
        year: the calendar year.
        levels: chance of each step below the whole aim, from none; won: the aim reached; fallen: the challenger fallen.
    """

    year: int
    levels: tuple[float, ...]
    won: float
    fallen: float


@dataclass(frozen=True, kw_only=True)
class SpendingLine:
    """Real military spending of an actor on one path: a band a calendar year, billions in the money of `Figures.money`.

    `path` is empty for an actor that has only its record."""

    actor: str
    path: str
    years: tuple[int, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """The record of a theatre against what the worlds of one challenger type say.

    Attributes:
        theatre, type: which.
        recorded, before, after: yearly rates in [0, 1] by what happened ("attack", "press", "concede": given pressure),
            as recorded, and as mean over worlds before and after they are weighed by the record.
        effective_draws: Kish's effective number of draws after that weighing.
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
    """What the pictures show; each may be empty. `money` says in what the spending lines are counted."""

    spending: tuple[SpendingLine, ...]
    money: str
    fear: tuple[FearRow, ...]
    risk: tuple[RiskRow, ...]
    pillar: tuple[PillarRow, ...]
    pull: tuple[PullRow, ...]
    fan: tuple[FanYear, ...]
    history: tuple[HistoryRow, ...]


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One combination of the switches and what it gives.

    Attributes:
        spending: path of the first actor that has a choice of paths; empty if none has.
        regimes: state of each regime of the main theatre.
        values: bands by quantity: "fear" and "fear_aim" (against the present world, shares of the aim), "risk", "p_war",
            "p_press", "p_attack" (probabilities), and "pillar.ACTOR" (points of revision risk) where it was solved.
    """

    spending: str
    regimes: Mapping[str, str]
    values: Mapping[str, Band]


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What is needed to repeat the run.

    Attributes:
        seed, draws: of the worlds; draws in each structural model, after any that history made necessary.
        settings: inputs overridden for this run, as (name, text).
        models: "coercion/TYPE" for each challenger type.
        data: (name, SHA-256) of each file of the case.
        versions: of Python, tocsin and the numerical libraries.
        effective_draws: the least over theatres and types after weighing by the record.
        settled: share of solved games in which one more year changes no value by more than a thousandth of the aim.
        seconds: wall-clock time.
    """

    seed: int
    draws: int
    settings: tuple[tuple[str, str], ...]
    models: tuple[str, ...]
    data: tuple[tuple[str, str], ...]
    versions: Mapping[str, str]
    effective_draws: float
    settled: float
    seconds: float


@dataclass(frozen=True)
class Alarm:
    """What a statement tells of alarm.

    Attributes:
        rung: at which it was made; events: that would alarm.
        ratio: 5, 50 and 95 % points of the likelihood ratio of alarm against pose.
        before, after: probability of alarm without and with the statement; the range is that over challenger types.
    """

    rung: str
    events: tuple[str, ...]
    ratio: tuple[float, float, float]
    before: Likelihood
    after: Likelihood


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """A case, run: its record, quantities, claims with verdicts, figures, scenes, and what a statement tells of alarm, if it asks."""

    case: Case
    run: RunRecord
    quantities: tuple[QuantityRow, ...]
    claims: tuple[ClaimResult, ...]
    figures: Figures
    scenes: tuple[Scene, ...]
    alarm: Alarm | None = None

    def claim(self, name: str) -> ClaimResult:
        """A claim by its id.

        Raises:
            KeyError: if there is none.
        """
        return next((claim for claim in self.claims if claim.id == name), None) or _missing(name)

    def frame(self, name: Literal["claims", "quantities", "drivers", "flips", "parts"]) -> pl.DataFrame:
        """A tidy table of the assessment, one row an item.

        Raises:
            KeyError: if there is no table of that name.
        """
        from tocsin.assessment.frames import frame

        return frame(self, name)


def _missing(name: str) -> ClaimResult:
    raise KeyError(f"no claim {name!r}")
