"""Say what weakens the verdicts of a run: one sentence for each finding of the health check.

Nothing here needs a game, so a case that solves none can be checked too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.assessment.health_result import (
    FEW_DRAWS,
    WELL_SETTLED,
    BaseRate,
    BaseRisk,
    Finding,
    PressureLevel,
    Shortfall,
    TypeFit,
)
from tocsin.assessment.result import ClaimResult
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.words import TOO_FEW, effective_text, fine_percent, game_percent, percent, percent_range
from tocsin.case.reasons import template_values
from tocsin.case.schema import Case

COUNTS = {
    "war": "a war in",
    "press": "pressure in",
    "concede": "a concession in",
    "clash": "a clash in",
    "conquest": "a conquest in",
}
AMONG = {"war": "", "press": "", "concede": " of pressure", "clash": " of pressure", "conquest": ""}


BY_ERROR = 0.95
"""Least share of a type's worlds in which force is never its best choice, for it to count as using force by error alone."""


@dataclass(frozen=True)
class Grounds:
    """What the health of the claims of a run rests on.

    Attributes:
        theatres: claim -> the theatres whose games decide it; empty if none does.
        effective: claim -> effective draws behind it; only claims that games decide.
        weighted: whether past years weight the worlds.
    """

    theatres: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    effective: Mapping[str, float] = field(default_factory=dict)
    weighted: bool = True


def template_findings(case: Case) -> Iterator[Finding]:
    """Yield one finding if the case still has values of the template."""
    count = sum(len(locs) for locs in template_values(case).values())
    if count:
        items = "one item still has" if count == 1 else f"{count} items still have"
        yield Finding(
            kind="template", text=f"The result is an example: {items} the template's text, see `tocsin lint`."
        )


def default_findings(case: Case, grounds: Grounds) -> Iterator[Finding]:
    """Yield one finding if default ranges of the program stand in for judgements, with the claims that games decide."""
    names = [name for name, belief in case.beliefs.items() if belief.is_default and belief.is_judged]
    if names:
        has = "input has" if len(names) == 1 else "inputs have"
        text = f"{len(names)} of {len(case.beliefs)} {has} a default range of the program, which nobody judged for this case."
        yield Finding(
            kind="defaults", text=text, claims=tuple(name for name, theatres in grounds.theatres.items() if theatres)
        )


def draw_findings(effective: float, claims: Sequence[ClaimResult], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for the claims that have no verdict for want of draws, else one for the run if few draws count."""
    short = tuple(claim.id for claim in claims if claim.id in grounds.effective and _lacks_draws(claim))
    if short:
        least = min(grounds.effective[name] for name in short)
        has = "one claim has" if len(short) == 1 else f"{len(short)} claims have"
        few = "Too few worlds fit past years" if grounds.weighted else "Too few worlds were drawn"
        why = " (see `tocsin lint --record`)" if grounds.weighted else ""
        text = f"{few}: {has} no verdict, with {effective_text(least)} where {MIN_EFFECTIVE} are needed{why}."
        yield Finding(kind="draws", text=text, claims=short)
    elif effective < FEW_DRAWS:
        tested = [claim.id for claim in claims if claim.verdict != "not tested"]
        few_behind = tuple(name for name in tested if grounds.effective.get(name, FEW_DRAWS) < FEW_DRAWS)
        text = f"Probabilities are rough: the run has only {effective_text(effective)}, and {FEW_DRAWS} are wanted."
        yield Finding(kind="draws", text=text, claims=few_behind)


def _lacks_draws(claim: ClaimResult) -> bool:
    """Return whether a claim has no verdict because it, or a part of it, has too few draws."""
    return claim.verdict == "cannot tell" and TOO_FEW in (claim.words, *(part.words for part in claim.parts))


def fit_findings(fits: Iterable[TypeFit], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each type that cannot make the record of a theatre."""
    for fit in fits:
        if fit.possible:
            continue
        name = min(fit.predictive, key=lambda count: fit.predictive[count])
        text = (
            f"The type `{fit.type}` (weight {percent(fit.weight)}, by evidence {percent(fit.by_evidence)}) cannot make the record of "
            f"`{fit.theatre}`: {COUNTS[name]} {percent(fit.after[name])} of years{AMONG[name]}, {percent(fit.recorded[name])} recorded."
        )
        yield Finding(kind="record", text=text, claims=_deciding(grounds, fit.theatre))


def pressure_findings(levels: Sequence[PressureLevel], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each type that misses the pressure that history lets one expect, and for each theatre without a sound history.

    A history is not sound if the data have no dispute of the pair, or if its rule misjudges the years of the theatre's own record.
    """
    for level in levels:
        if level.reached:
            continue
        text = (
            f"The type `{level.type}` cannot reach the pressure expected in `{level.theatre}`: {percent(level.after)} in the first year, "
            f"against {percent_range(level.expected[0], level.expected[2])} from past years."
        )
        yield Finding(kind="pressure", text=text, claims=_deciding(grounds, level.theatre))
    for theatre, past in {level.theatre: level.past for level in levels}.items():
        if past is not None and past.fails:
            text = (
                f"The rule for the pressure expected in `{theatre}` misjudges its past: it foresaw {percent(past.expected)} of years with "
                f"pressure, and {percent(past.recorded)} had it."
            )
            yield Finding(kind="pressure", text=text, claims=_deciding(grounds, theatre))
    for theatre, origin in {level.theatre: level.origin for level in levels if level.source == "no dispute"}.items():
        text = f"The pressure expected in `{theatre}` is that of rivals without a dispute: the data have {origin}."
        yield Finding(kind="pressure", text=text, claims=_deciding(grounds, theatre))


def risk_findings(case: Case, risk: BaseRisk | None) -> Iterator[Finding]:
    """Yield a finding if the median risk of the worlds lies outside the 90 % range that the record implies."""
    if risk is None or risk.record[0] <= risk.model[1] <= risk.record[2]:
        return
    low, _, high = risk.record
    text = (
        f"The model's risk of an advance by {case.as_of.year + risk.years}, {game_percent(risk.model[1])} in the median world, is not what past "
        f"years imply: {percent(low)} to {percent(high)}."
    )
    yield Finding(kind="base risk", text=text)


def error_findings(fits: Iterable[TypeFit], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each type that uses force by error alone in a theatre."""
    for fit in fits:
        if fit.by_error >= BY_ERROR:
            text = (
                f"The type `{fit.type}` uses force in `{fit.theatre}` by error alone: neither pressure nor attack is its best choice "
                f"(share of its worlds: {game_percent(fit.by_error)})."
            )
            yield Finding(kind="error", text=text, claims=_deciding(grounds, fit.theatre))


def rate_findings(rates: Iterable[BaseRate], levels: Iterable[PressureLevel], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each event whose mean rate over worlds lies outside the 90 % range of the record.

    Where pressure comes from history, recent years count more than the mean of the record, and `pressure_findings` judges it.
    """
    judged = {(level.theatre, "press") for level in levels}
    for rate in rates:
        if (rate.theatre, rate.event) in judged or rate.record is None or rate.record[0] <= rate.mean <= rate.record[2]:
            continue
        low, _, high = rate.record
        text = (
            f"The model expects {COUNTS[rate.event]} {fine_percent(rate.mean)} of years{AMONG[rate.event]} in `{rate.theatre}`; the record "
            f"leaves {percent_range(low, high)} open, and other rivals have {percent_range(rate.rivals[0], rate.rivals[2])}."
        )
        yield Finding(kind="base rate", text=text, claims=_deciding(grounds, rate.theatre))


def unsettled_findings(reasons: Mapping[Shortfall, tuple[str, ...]], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each reason why games of claims settle in too few worlds, with what may help."""
    for reason, claims in reasons.items():
        few = min(grounds.effective.get(name, FEW_DRAWS) for name in claims) < FEW_DRAWS
        remedy = "ask for more draws" if few else "lower `precision` or raise `levels`"
        yield Finding(kind="settled", text=f"{reason.text[0].upper()}{reason.text[1:]}: {remedy}.", claims=claims)


def settled_findings(settled: Mapping[str, float], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each theatre in which many games do not settle."""
    for theatre, share in settled.items():
        if share < WELL_SETTLED:
            text = f"Only {percent(share)} of the games of `{theatre}` settle; in the others the players react to each other without end."
            yield Finding(kind="settled", text=text, claims=_deciding(grounds, theatre))


def _deciding(grounds: Grounds, theatre: str) -> tuple[str, ...]:
    return tuple(name for name, theatres in grounds.theatres.items() if theatre in theatres)


def judged_findings(case: Case, claims: Iterable[ClaimResult]) -> Iterator[Finding]:
    """Yield a finding for each judged input that moves some claims most, those with most claims first."""
    first: dict[str, list[str]] = {}
    for claim in claims:
        name = claim.drivers[0].input if claim.drivers else ""
        if name in case.beliefs and case.beliefs[name].is_judged:
            first.setdefault(name, []).append(claim.id)
    for name, ids in sorted(first.items(), key=lambda item: -len(item[1])):
        hang = "One claim hangs" if len(ids) == 1 else f"{len(ids)} claims hang"
        judged = (
            "is a default range of the program: nobody judged it for this case"
            if case.beliefs[name].is_default
            else "an author judged and nobody measured"
        )
        yield Finding(
            kind="judged",
            text=f"{hang} first on `{name}`, which {judged}.",
            claims=tuple(ids),
        )


def idle_finding(event: str, theatre: str, claims: tuple[str, ...]) -> Finding:
    """Return the finding that an event moves nothing in a theatre."""
    text = f"The event `{event}` moves nothing in `{theatre}`: in no world does it change the challenger's value or the risk."
    return Finding(kind="idle", text=text, claims=claims)
