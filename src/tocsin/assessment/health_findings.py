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
from tocsin.assessment.shares import by_chance
from tocsin.assessment.verdicts import MIN_EFFECTIVE
from tocsin.assessment.words import TOO_FEW, effective_text, fine_percent, game_percent, percent, percent_range
from tocsin.case.reasons import template_values
from tocsin.case.schema import Case
from tocsin.translation import Text, message, plural, template

IN_YEARS: Mapping[str, str] = {
    "war": template("a war in {share} of years"),
    "press": template("pressure in {share} of years"),
    "concede": template("a concession in {share} of years of pressure"),
    "clash": template("a clash in {share} of years of pressure"),
    "conquest": template("a conquest in {share} of years"),
}
"""How often the events of a record happen."""


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


_LOWER_RISK = template(
    "The model's risk of an advance by {year}, {risk} in the median world, is lower than past years imply: {low} to {high}."
)


def template_findings(case: Case) -> Iterator[Finding]:
    """Yield one finding if the case still has values of the template."""
    count = sum(len(locs) for locs in template_values(case).values())
    if count:
        text = plural(
            "Draft: one item still has the template's text, so the result is an example. See `tocsin lint`.",
            "Draft: {count} items still have the template's text, so the result is an example. See `tocsin lint`.",
            count,
        )
        yield Finding(kind="template", text=text)


def default_findings(case: Case, grounds: Grounds) -> Iterator[Finding]:
    """Yield one finding if default ranges of the program stand in for judgements, with the claims that games decide."""
    names = [name for name, belief in case.beliefs.items() if belief.is_default and belief.is_judged]
    if names:
        text = plural(
            "{count} of {inputs} input has a default range of the program, which nobody judged for this case.",
            "{count} of {inputs} inputs have a default range of the program, which nobody judged for this case.",
            len(names),
            inputs=len(case.beliefs),
        )
        yield Finding(
            kind="defaults", text=text, claims=tuple(name for name, theatres in grounds.theatres.items() if theatres)
        )


def draw_findings(effective: float, claims: Sequence[ClaimResult], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for the claims that have no verdict for want of draws, else one for the run if few draws count."""
    short = tuple(claim.id for claim in claims if claim.id in grounds.effective and _lacks_draws(claim))
    if short:
        least = effective_text(min(grounds.effective[name] for name in short))
        yield Finding(kind="draws", text=_lacking(len(short), least, weighted=grounds.weighted), claims=short)
    elif effective < FEW_DRAWS:
        tested = [claim.id for claim in claims if claim.verdict != "not tested"]
        few_behind = tuple(name for name in tested if grounds.effective.get(name, FEW_DRAWS) < FEW_DRAWS)
        text = message(
            "Probabilities are rough: the run has only {draws}, and {wanted} are wanted.",
            draws=effective_text(effective),
            wanted=FEW_DRAWS,
        )
        yield Finding(kind="draws", text=text, claims=few_behind)


def _lacking(claims: int, draws: Text, *, weighted: bool) -> Text:
    """Return that claims have no verdict for want of draws."""
    if weighted:
        return plural(
            "Too few worlds fit past years: one claim has no verdict, with {draws} where {needed} are needed (see `tocsin lint --record`).",
            "Too few worlds fit past years: {count} claims have no verdict, with {draws} where {needed} are needed "
            "(see `tocsin lint --record`).",
            claims,
            draws=draws,
            needed=MIN_EFFECTIVE,
        )
    return plural(
        "Too few worlds were drawn: one claim has no verdict, with {draws} where {needed} are needed.",
        "Too few worlds were drawn: {count} claims have no verdict, with {draws} where {needed} are needed.",
        claims,
        draws=draws,
        needed=MIN_EFFECTIVE,
    )


def _lacks_draws(claim: ClaimResult) -> bool:
    """Return whether a claim has no verdict because it, or a part of it, has too few draws."""
    return claim.verdict == "cannot tell" and TOO_FEW in (claim.words, *(part.words for part in claim.parts))


def fit_findings(fits: Iterable[TypeFit], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each type that cannot make the record of a theatre."""
    for fit in fits:
        if fit.possible:
            continue
        name = min(fit.predictive, key=lambda count: fit.predictive[count])
        text = message(
            "The type `{type}` (weight {weight}, by evidence {evidence}) cannot make the record of `{theatre}`: {events}, {recorded} recorded.",
            type=fit.type,
            weight=percent(fit.weight),
            evidence=percent(fit.by_evidence),
            theatre=fit.theatre,
            events=message(IN_YEARS[name], share=percent(fit.after[name])),
            recorded=percent(fit.recorded[name]),
        )
        yield Finding(kind="record", text=text, claims=_deciding(grounds, fit.theatre))


def pressure_findings(levels: Sequence[PressureLevel], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each type that misses the pressure that history lets one expect, and for each theatre without a sound history.

    A history is not sound if the data have no dispute of the pair, or if its rule misjudges the years of the theatre's own record.
    """
    for level in levels:
        if level.reached:
            continue
        text = message(
            "The type `{type}` cannot reach the pressure expected in `{theatre}`: {share} in the first year, against {expected} from past years.",
            type=level.type,
            theatre=level.theatre,
            share=percent(level.after),
            expected=percent_range(level.expected[0], level.expected[2]),
        )
        yield Finding(kind="pressure", text=text, claims=_deciding(grounds, level.theatre))
    for theatre, past in {level.theatre: level.past for level in levels}.items():
        if past is not None and past.fails:
            text = message(
                "The rule for the pressure expected in `{theatre}` misjudges its past: it foresaw {expected} of years with pressure, "
                "and {recorded} had it.",
                theatre=theatre,
                expected=percent(past.expected),
                recorded=percent(past.recorded),
            )
            yield Finding(kind="pressure", text=text, claims=_deciding(grounds, theatre))
    for theatre, origin in {level.theatre: level.origin for level in levels if level.source == "no dispute"}.items():
        text = message(
            "The pressure expected in `{theatre}` is that of rivals without a dispute: the data have {origin}.",
            theatre=theatre,
            origin=origin,
        )
        yield Finding(kind="pressure", text=text, claims=_deciding(grounds, theatre))


def risk_findings(case: Case, risk: BaseRisk | None) -> Iterator[Finding]:
    """Yield a finding if the median risk of the worlds lies outside the 90 % range that the record implies."""
    if risk is None or risk.record[0] <= risk.model[1] <= risk.record[2]:
        return
    low, _, high = risk.record
    said = _LOWER_RISK if risk.model[1] < low else _HIGHER_RISK
    text = message(
        said,
        year=f"{case.as_of.year + risk.years}",
        risk=game_percent(risk.model[1]),
        low=percent(low),
        high=percent(high),
    )
    yield Finding(kind="base risk", text=text)


_HIGHER_RISK = template(
    "The model's risk of an advance by {year}, {risk} in the median world, is higher than past years imply: {low} to {high}."
)


def error_findings(fits: Iterable[TypeFit], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each type that uses force by error alone in a theatre."""
    for fit in fits:
        if fit.by_error >= BY_ERROR:
            text = message(
                "The type `{type}` uses force in `{theatre}` by error alone: neither pressure nor attack is its best choice "
                "(share of its worlds: {share}).",
                type=fit.type,
                theatre=fit.theatre,
                share=game_percent(fit.by_error),
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
        text = message(
            "The model expects {events} in `{theatre}`; the record leaves {range} open, and other rivals have {rivals}.",
            events=message(IN_YEARS[rate.event], share=fine_percent(rate.mean)),
            theatre=rate.theatre,
            range=percent_range(low, high),
            rivals=percent_range(rate.rivals[0], rate.rivals[2]),
        )
        yield Finding(kind="base rate", text=text, claims=_deciding(grounds, rate.theatre))


def unsettled_findings(reasons: Mapping[Shortfall, tuple[str, ...]], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each reason why games of claims settle in too few worlds, with what may help."""
    for reason, claims in reasons.items():
        draws = min(grounds.effective.get(name, FEW_DRAWS) for name in claims)
        if by_chance(reason.share, reason.needed, draws):
            text = message("{shortfall}: ask for more draws.", shortfall=reason.text)
        else:
            text = message("{shortfall}: lower `precision` or raise `levels`.", shortfall=reason.text)
        yield Finding(kind="settled", text=text, claims=claims)


def settled_findings(settled: Mapping[str, float], grounds: Grounds) -> Iterator[Finding]:
    """Yield a finding for each theatre in which many games do not settle."""
    for theatre, share in settled.items():
        if share < WELL_SETTLED:
            text = message(
                "Only {share} of the games of `{theatre}` settle; in the others the players react to each other without end.",
                share=percent(share),
                theatre=theatre,
            )
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
        text = _judged(name, len(ids), default=case.beliefs[name].is_default)
        yield Finding(kind="judged", text=text, claims=tuple(ids))


def _judged(name: str, claims: int, *, default: bool) -> Text:
    """Return that claims hang first on a judged input."""
    if default:
        return plural(
            "One claim hangs first on `{input}`, which is a default range of the program: nobody judged it for this case.",
            "{count} claims hang first on `{input}`, which is a default range of the program: nobody judged it for this case.",
            claims,
            input=name,
        )
    return plural(
        "One claim hangs first on `{input}`, which an author judged and nobody measured.",
        "{count} claims hang first on `{input}`, which an author judged and nobody measured.",
        claims,
        input=name,
    )


def idle_finding(event: str, theatre: str, claims: tuple[str, ...]) -> Finding:
    """Return the finding that an event moves nothing in a theatre."""
    text = message(
        "The event `{event}` moves nothing in `{theatre}`: in no world does it change the challenger's value or the risk.",
        event=event,
        theatre=theatre,
    )
    return Finding(kind="idle", text=text, claims=claims)
