"""Define the results of an assessment: frozen values that the brief and the JSON show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from tocsin.assessment.facts_result import FactRead, OutcomeResult
from tocsin.assessment.figures_result import Band, EventParts, Figures, Scene
from tocsin.assessment.health_result import Health
from tocsin.assessment.outside_result import OutsideView
from tocsin.assessment.rivals.result import Rivals
from tocsin.assessment.world_count import WorldCount
from tocsin.translation import Said

if TYPE_CHECKING:
    import polars as pl

    from tocsin.assessment.other_models_result import OtherModels
    from tocsin.case.schema import Case

Verdict: TypeAlias = Literal["holds", "fails", "partly", "disputed", "cannot tell", "not tested"]
Basis: TypeAlias = Literal["facts", "estimate", "model", "nothing"]
"""What decides a test: facts, estimates or records without a game, the solved games, or nothing because it is not tested."""
Rule: TypeAlias = Literal["all", "any", "most"]
"""How many parts of a claim must hold."""


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """A pooled probability with its range over models and thresholds, and its sampling error.

    Attributes:
        low, mid, high: in [0, 1]; `mid` is pooled.
        error: standard error of `mid` from the finite number of draws, >= 0; 0 if it is exact.
        worlds: the solved worlds behind `mid`; None unless one set of games alone decides.
    """

    low: float
    mid: float
    high: float
    error: float = 0.0
    worlds: WorldCount | None = None


@dataclass(frozen=True, kw_only=True)
class Driver:
    """An input that moves a claim, with its shares of the variance of the claim's margin over worlds, see `variance`.

    Attributes:
        input: name of the belief.
        share: Shapley share, at least 0.
        low, high: its interval of 90 %.
        first, total: Sobol' indices of the first order and in total. An estimate may lie below 0 or above 1.
    """

    input: str
    share: float
    low: float
    high: float
    first: float
    total: float


MEDIAN = 0.5
"""The quantile of the median: a move to it takes away that the input is uncertain, and no more."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move of one input from its median.

    Attributes:
        input: name of the belief.
        start, to: its median, and the value that it gets, in the unit of the belief.
        quantile: of `to` in the input's own distribution, in [0, 1].
    """

    input: str
    start: float
    to: float
    quantile: float


@dataclass(frozen=True, kw_only=True)
class Flip:
    """A move of one input, or of two, and what it makes of a claim.

    The claim was decided again with these values, see `rerun`. Only the end that comes nearest to another verdict was read in a few worlds.

    Attributes:
        moves: one or two.
        verdict: the claim's verdict with these values.
        part: a part whose verdict changes with them, or the one nearest to it; empty for the whole claim.
        probability: of this part or claim with these values; None if it has none.
        reason: why nothing can be told with these values, in a few words; empty if a probability decides.
        worlds: in how many worlds games were solved again; 0 if none was.
    """

    moves: tuple[Move, ...]
    verdict: Verdict
    part: str = ""
    probability: float | None
    reason: Said = ""
    worlds: int = 0


@dataclass(frozen=True, kw_only=True)
class Search:
    """How far the search for flips of a claim went.

    Attributes:
        ends: ends of ranges of the inputs that the claim reads, two for each input.
        tried: ends at which the claim was read again.
        idle: ends that bear only on tests whose outcome cannot turn the verdict; they were not read.
        nearest: the tried end that brings the claim closest to another verdict; None if a single move turns it, or none was tried.
        unsure: tried ends that seemed to turn the verdict but did not surely do so when the claim was decided again.
        worlds: in how many worlds games were solved again for these ends; 0 if none was.
    """

    ends: int
    tried: int
    idle: int = 0
    nearest: Flip | None = None
    unsure: int = 0
    worlds: int = 0

    @property
    def complete(self) -> bool:
        """Return whether every end was tried that could turn the verdict."""
        return self.tried + self.idle == self.ends


@dataclass(frozen=True, kw_only=True)
class Region:
    """A box of worlds in which something happens more often than elsewhere, see `prim`.

    Attributes:
        limits: input -> its smallest and largest value in the box; infinite where the box is open. Inputs without a limit are left out.
        coverage: share of the worlds in which it happens that lie in the box, in [0, 1].
        density: share of the worlds in the box in which it happens, in [0, 1].
        mass: share of all worlds in the box.
    """

    limits: Mapping[str, tuple[float, float]]
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The probability of a test by threshold.

    Attributes:
        points: (threshold, pooled probability), thresholds rising.
        turns: thresholds at which the verdict changes, rising.
        unit: of the thresholds.
        means: what the central threshold is, in a reader's words; empty if unknown.
    """

    points: tuple[tuple[float, float], ...]
    turns: tuple[float, ...] = ()
    unit: str = "1"
    means: Said = ""


@dataclass(frozen=True, kw_only=True)
class PartResult:
    """One part of a claim.

    Attributes:
        name, says: its key and text in the case.
        verdict: see `verdicts`.
        words: the probability in words with its number, or how the verdict was reached without one.
        basis: what decides it: facts, an estimate, the model, or nothing.
        essential: whether its failure makes the whole claim fail.
        probability: None if facts decide it or it was not tested.
        turnable: whether the sampling error could turn the verdict.
        by_model: model -> probability at the central threshold.
        curve: the probability by threshold; None if the test reads no threshold.
        read: the facts that the test read.
        shown: what the facts show, such as "60, not above 90"; empty unless facts decide it.
        note: remarks, or why it was not tested.
    """

    name: str
    says: str
    verdict: Verdict
    probability: Likelihood | None
    note: Said
    words: Said = ""
    basis: Basis = "nothing"
    essential: bool = False
    turnable: bool = False
    by_model: Mapping[str, float] = field(default_factory=dict)
    curve: Curve | None = None
    read: tuple[FactRead, ...] = ()
    shown: Said = ""


@dataclass(frozen=True, kw_only=True)
class ClaimResult:
    """A claim with its verdict.

    Attributes:
        id, kind, says, sentence, mechanism: as in the case.
        verdict: see `verdicts`.
        words: the probability in words with its number, or how the verdict was reached without one.
        probability: pooled over models; None if facts decide or nothing was tested.
        confidence: high, moderate or low, see `confidence`; empty if there is no verdict to have confidence in, and until it is set.
        limits: why the confidence is not higher, a few words each.
        basis: what decides the claim; "model" if any part does.
        rule: how many parts must hold.
        of_event: whether the probability is that of an event, which an outcome can score. That of a test that compares the chance of an
            event with a number is none.
        turnable: whether the sampling error could turn the verdict.
        by_model: model -> probability at the central threshold.
        curve: the probability by threshold; None if the claim has parts or its test reads no threshold.
        drivers: inputs that move the margin by which the claim holds.
        flips: the least move of one input that changes the verdict, then the least of two jointly if it is less.
        search: how far the search for flips went; None if there was none.
        failing: the worlds in which the claim fails, as a box of its drivers; None without drivers, or if it never or always fails.
        leaves: the same worlds as the leaves of a small tree, the densest first.
        sources, rivals: keys of the case.
        against: what would count against the claim.
        parts: results of the parts, if the claim has parts.
        read, shown: as in `PartResult`, for a claim without parts.
        due: by when a forecast is to come true; empty if the case does not say.
        outcomes: what happened later.
        note: remarks, and what was not tested and why.
    """

    id: str
    kind: str
    says: str
    sentence: int | None
    mechanism: str
    verdict: Verdict
    words: Said
    probability: Likelihood | None
    confidence: str = ""
    limits: tuple[Said, ...] = ()
    basis: Basis = "nothing"
    rule: Rule = "all"
    of_event: bool = True
    turnable: bool = False
    by_model: Mapping[str, float] = field(default_factory=dict)
    curve: Curve | None = None
    drivers: tuple[Driver, ...] = ()
    flips: tuple[Flip, ...] = ()
    search: Search | None = None
    failing: Region | None = None
    leaves: tuple[Region, ...] = ()
    sources: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    against: str = ""
    parts: tuple[PartResult, ...] = ()
    read: tuple[FactRead, ...] = ()
    shown: Said = ""
    due: str = ""
    outcomes: tuple[OutcomeResult, ...] = ()
    note: Said = ""

    def brier(self, outcome: OutcomeResult) -> float | None:
        """Return (probability - happened)**2 of a forecast, 0 at best and 1 at worst.

        It is the score of Brier, Monthly Weather Review 78 (1950). None for other claims, and without a probability of the event.
        """
        if self.kind != "forecast" or self.probability is None or not self.of_event:
            return None
        return (self.probability.mid - outcome.happened) ** 2


@dataclass(frozen=True, kw_only=True)
class QuantityRow:
    """One quantity over the worlds of one model.

    Attributes:
        id: as in the test language, with its theatre: "risk@korea", "loss(plan)".
        label: what it is, in words.
        model: a challenger type, or "pooled".
        unit: "1" for probabilities and shares, "years", or "aim" for shares of the challenger's own whole aim for ever.
        band: the 5 %, 50 % and 95 % points over worlds.
    """

    id: str
    label: Said
    model: str
    unit: str
    band: Band


@dataclass(frozen=True, kw_only=True)
class QuantityDrivers:
    """The inputs that move a quantity over worlds, pooled over challenger types; `id` as in `QuantityRow`."""

    id: str
    drivers: tuple[Driver, ...]


TableName: TypeAlias = Literal[
    "claims",
    "parts",
    "facts",
    "curves",
    "models",
    "others",
    "outcomes",
    "controls",
    "quantities",
    "drivers",
    "quantity_drivers",
    "event_parts",
    "flips",
    "explanations",
    "observations",
    "arguments",
]
"""A table that `Assessment.frame` returns. "facts" are those that tests read, "curves" and "models" the probabilities by threshold and
model, "others" what other models than the game answer, "event_parts" the parts of events that have several, "explanations" and
"observations" the rival explanations and what bears on them."""

LARGEST_RISE = 2.0
"""Largest proportional rise of spending with which losses are compared."""


@dataclass(frozen=True, kw_only=True)
class ControlRow:
    """What a control changes in a quantity, beside a threshold that tests compare events' effects with.

    Attributes:
        event, name: the control's key in the case, and its name for readers.
        positive: whether it must register; if not, it must not.
        quantity, actor, year, rung, theatre, given, alike: what is compared, as in the test language. A level such as `risk` stands for the
            difference that an event makes to it.
        threshold: the central threshold, or the number in the test, >= 0; for a ratio, a factor above 1.
        effect: size of the control's effect, without its sign.
        ratio: whether threshold and effect are factors by which events change the level, and not differences.
        exceeds: pooled share of worlds in which the effect is larger than the threshold.
        registers: whether that is the case by the rule that also decides tests.
    """

    event: str
    name: str
    positive: bool
    quantity: str
    actor: str
    year: int | None
    rung: str | None
    theatre: str
    given: tuple[str, ...]
    alike: str | None
    threshold: float
    effect: Band
    exceeds: float
    registers: bool
    ratio: bool = False

    @property
    def passes(self) -> bool:
        """Return whether the control does what it must: a positive one registers, a negative one does not."""
        return self.registers == self.positive


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What is needed to repeat the run, and how well it went.

    Attributes:
        seed: seed of the worlds.
        draws: worlds drawn, including those added because too few draws were effective; 0 if facts decide everything.
        settings: inputs overridden for this run, as (name, text), those of its variants included.
        variants: the variants that it was run with.
        models: "coercion/TYPE" for each challenger type.
        data: (name, SHA-256) of each file of the case.
        versions: of Python, tocsin and the numerical libraries.
        effective_draws: the smallest over theatres and types after weighting by the record; None without games.
        settled: share of games and worlds in which one more year changes no value by more than a millionth of the player's stake; None
            without games.
        seconds: wall-clock time.
    """

    seed: int
    draws: int
    settings: tuple[tuple[str, str], ...]
    models: tuple[str, ...]
    data: tuple[tuple[str, str], ...]
    versions: Mapping[str, str]
    effective_draws: float | None
    settled: float | None
    seconds: float
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alarm:
    """How likely events alarm the challenger, before and after a statement.

    Attributes:
        rung: rung of the statement.
        events: events that may alarm the challenger.
        ratio: 5, 50 and 95 % points of the likelihood ratio of an alarmed challenger against a posturing one.
        before, after: probability of alarm without and with the statement, with its range over challenger types.
    """

    rung: str
    events: tuple[str, ...]
    ratio: tuple[float, float, float]
    before: Likelihood
    after: Likelihood


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The result of running a case.

    Attributes:
        controls: a row for each control and each quantity with its threshold.
        alarm: None if no test asks about a statement.
        health: how far to trust the run.
        outside: what followed past cases like the events that claims ask about.
        quantity_drivers: the inputs that move the main quantities.
        event_parts: effects of events that claims ask about, shared out among the parts of the events.
        other_models: what models of past disputes say of the tests that ask only for the chance of war.
        rivals: what rival explanations and arguments come to.
        worlds: the solved worlds, see `world_table`; None without games.
        sketch: what a page needs to guess what moved beliefs make of the claims, see `sketching`; None without games.
    """

    case: Case
    run: RunRecord
    quantities: tuple[QuantityRow, ...]
    claims: tuple[ClaimResult, ...]
    figures: Figures
    scenes: tuple[Scene, ...]
    controls: tuple[ControlRow, ...] = ()
    alarm: Alarm | None = None
    health: Health = field(default_factory=Health)
    outside: tuple[OutsideView, ...] = ()
    quantity_drivers: tuple[QuantityDrivers, ...] = ()
    event_parts: tuple[EventParts, ...] = ()
    other_models: tuple[OtherModels, ...] = ()
    rivals: Rivals = field(default_factory=Rivals)
    worlds: pl.DataFrame | None = field(default=None, compare=False, repr=False)
    sketch: bytes | None = field(default=None, compare=False, repr=False)

    @property
    def settled(self) -> frozenset[str]:
        """Return the claims that facts alone decide, also where games decide some of their parts."""
        return frozenset(claim.id for claim in self.claims if claim.basis == "facts")

    def claim(self, name: str) -> ClaimResult:
        """Return a claim by its id.

        Raises:
            KeyError: if there is none.
        """
        return next((claim for claim in self.claims if claim.id == name), None) or _missing(name)

    def frame(self, name: TableName) -> pl.DataFrame:
        """Return a tidy table of the assessment with one row for each item.

        Raises:
            KeyError: if there is no table of that name.
        """
        from tocsin.assessment.frames import frame

        return frame(self, name)

    def _repr_html_(self) -> str:
        """Show the claims with their verdicts in a notebook."""
        from tocsin.tables import html_table

        claims = self.frame("claims").select("id", "says", "verdict", "words", "confidence")
        return html_table(f"{self.case.title} (as of {self.case.as_of})", claims)


def _missing(name: str) -> ClaimResult:
    raise KeyError(f"no claim {name!r}")
