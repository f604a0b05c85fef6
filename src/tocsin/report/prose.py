"""The sentences of the brief: put together from verdicts and numbers, for any case, and nothing but these.

Rules kept here: estimative words always carry their number in brackets; a likelihood and a confidence never share a
sentence; what was not tested is said where it matters; every finding is one "in this model".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.assessment.result import LARGEST_RISE, Assessment, Band, ClaimResult, FearRow, Verdict
from tocsin.assessment.words import FAILS, HOLDS, percent, phrase, whole, words
from tocsin.case.schema import Case

_HOURS, _DAYS, _MONTHS = 365.25 * 24, 365.25, 12.0


def clip(text: str, most: int) -> str:
    """The text without its full stop, cut to `most` words with an ellipsis."""
    parts = text.split()
    if len(parts) > most:
        return " ".join(parts[:most]).rstrip(".,;:") + " …"
    return " ".join(parts).removesuffix(".")


def listed(items: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    names = list(items)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def counted(number: int, one: str, several: str = "") -> str:
    """ "1 claim", "2 claims"."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def plain(name: str) -> str:
    """A key of the case as words."""
    return name.replace("_", " ")


# --- numbers -------------------------------------------------------------------------------------------------------


def amount(value: float) -> str:
    """A share of the whole aim in per cent: two significant digits, one below 0.01 %; "unknown" if it is no number."""
    if not math.isfinite(value):
        return "unknown"
    if abs(value) < 5e-8:
        return "0 %"
    text = f"{100 * value:.2g}" if abs(value) >= 1e-4 else f"{100 * value:.1g}"
    text = f"{float(text):.0f}" if "e+" in text else f"{float(text):.7f}".rstrip("0") if "e" in text else text
    return text.replace("-", "\N{MINUS SIGN}") + " %"


def interval(band: Band) -> str:
    """A band of shares of the aim: "0.053 % (0.0018 % to 1.5 %)"."""
    return banded(amount(band[0]), amount(band[1]), amount(band[2]))


def banded(low: str, mid: str, high: str) -> str:
    """A median with its range, or one text where all three are the same."""
    return mid if low == mid == high else f"{mid} ({low} to {high})"


def chance(value: float) -> str:
    """A probability as a whole percentage; "unknown" if it is no number."""
    return percent(min(max(value, 0.0), 1.0)) if math.isfinite(value) else "unknown"


def points(value: float) -> str:
    """A difference of probabilities in points, with one decimal."""
    return f"{100 * value:+.1f}".replace("-", "\N{MINUS SIGN}") if math.isfinite(value) else "unknown"


def held_for(value: float, discount: float) -> str:
    """How long one would have to hold the whole aim, from now, for what a share of it is worth.

    A share v of the aim for ever is worth what holding all of it for T years is worth: v = 1 - discount**T.
    """
    if not math.isfinite(value):
        return "unknown"
    size = abs(value)
    if size >= 1.0:
        return "for ever"
    years = math.log1p(-size) / math.log(discount)
    if years * _HOURS < 1:
        return "less than an hour"
    for least, unit, count in ((2, "year", years), (2, "month", years * _MONTHS), (2, "day", years * _DAYS)):
        if count >= least:
            return counted(round(count), unit)
    return counted(max(round(years * _HOURS), 1), "hour")


def holding(probability: float) -> str:
    """ "is likely (62 %) to hold", "has almost no chance (3 %) of holding": words and number together."""
    said = phrase(probability)
    if words(probability).endswith("chance"):
        article = "" if said.startswith("almost") else "a "
        return f"has {article}{said} of holding"
    return f"is {said} to hold"


# --- a claim -------------------------------------------------------------------------------------------------------


def found(claim: ClaimResult) -> str:
    """What was found of a claim, as the rest of a sentence that begins with it."""
    mid = claim.probability.mid if claim.probability else None
    untested = sum(part.verdict == "not tested" for part in claim.parts)
    open_parts = f"; {untested} of its {len(claim.parts)} parts not yet tested" if untested else ""
    if claim.verdict == "not tested":
        return "is not yet tested"
    if claim.verdict == "partly":
        return f"holds in part: {claim.words}" + open_parts
    if mid is None:
        return f"{claim.verdict} by the facts" + open_parts
    if claim.verdict == "disputed":
        return f"is disputed: {claim.words}; pooled, it {holding(mid)}" + open_parts
    return holding(mid) + open_parts


def beside(claim: ClaimResult) -> str:
    """What to say of a claim beside its verdict, without repeating it."""
    mid = claim.probability.mid if claim.probability else None
    untested = sum(part.verdict == "not tested" for part in claim.parts)
    said = claim.words
    if claim.verdict == "not tested":
        return ""
    if mid is not None and claim.verdict != "partly":
        said = f"{said}; pooled, " if claim.verdict == "disputed" else ""
        said += f"{phrase(mid)} in this model"
    return said + (f"; {untested} of its {len(claim.parts)} parts not yet tested" if untested else "")


def span(claim: ClaimResult) -> str:
    """ "3 % to 96 %": the range over models and thresholds; one number where both ends print alike."""
    if claim.probability is None:
        return ""
    low, high = percent(claim.probability.low), percent(claim.probability.high)
    return low if low == high else f"{low} to {high}"


def straddles(claim: ClaimResult) -> bool:
    """Whether a claim's range over models and thresholds reaches from where it fails to where it holds."""
    if claim.probability is None:
        return False
    return whole(claim.probability.low) < FAILS and whole(claim.probability.high) >= HOLDS


def turn_by_threshold(case: Case, claim: ClaimResult) -> str:
    """How a verdict turns with the threshold, as the rest of a sentence; empty where it does not."""
    threshold = case.claims[claim.id].threshold
    if threshold is None or not claim.by_threshold or claim.probability is None:
        return ""
    holds = whole(claim.probability.mid) >= HOLDS
    others = [(value, mid) for value, mid in claim.by_threshold if (whole(mid) >= HOLDS) != holds]
    if not others:
        return ""
    value, mid = min(others, key=lambda pair: abs(pair[0] - threshold.central))
    size = "if any effect at all counts" if value == 0 else f"if the threshold is {value:g}"
    return f"with a threshold of {threshold.central:g}; {size}, it {holding(mid)}"


# --- the answer ----------------------------------------------------------------------------------------------------


def answer(assessment: Assessment) -> tuple[str, str, str]:
    """The answer in three sentences: the central claim, the event that costs most, and how far the testing goes."""
    return _central(assessment), _costliest(assessment), _tally(assessment)


def central_claim(assessment: Assessment) -> ClaimResult | None:
    """The claim that answers most: the first among those of the questions that the model decides whole."""
    asked = [name for question in assessment.case.questions.values() for name in question.claims]
    decided = [claim for claim in assessment.claims if claim.probability is not None]
    order = {name: place for place, name in reversed(list(enumerate(asked)))}
    ranked = sorted(decided, key=lambda claim: (bool(claim.parts), order.get(claim.id, len(asked))))
    return ranked[0] if ranked else None


def _central(assessment: Assessment) -> str:
    claim = central_claim(assessment)
    if claim is None or claim.probability is None:
        return "None of the claims is decided by the model as a whole; the facts decide those that are tested."
    turn = turn_by_threshold(assessment.case, claim)
    said = f"In this model the central claim ({claim.id}), “{clip(claim.says, 30)}”, {holding(claim.probability.mid)}"
    if turn:
        return f"{said} {turn}."
    return f"{said}; over models and thresholds the figure runs from {span(claim)}."


def _costliest(assessment: Assessment) -> str:
    case = assessment.case
    challenger = case.actors[case.theatres[case.main].challenger].name
    row = max(assessment.figures.fear, key=lambda row: row.total[1], default=None)
    if row is None or not math.isfinite(row.total[1]):
        return "No event was tested."
    if row.total[1] <= 0:
        return f"None of the {counted(len(assessment.figures.fear), 'event')} tested costs {challenger} anything at the median."
    return (
        f"Of {counted(len(assessment.figures.fear), 'event')} the costliest to {challenger}, “{event(row)}”, is "
        f"{phrase(1.0 - row.negative)} not to help it, and costs it {interval(row.total)} of its whole aim: at the median "
        f"what holding all of it for {held_for(row.total[1], case.discount.central)} is worth{_as_much(assessment, row)}."
    )


def _as_much(assessment: Assessment, row: FearRow) -> str:
    said = rise(row.equal_rise[1])
    target = assessment.case.actors[assessment.case.theatres[assessment.case.main].target].name
    return "" if said == "none" else f", or {target} spending {said} more for good"


def rise(value: float) -> str:
    """A proportional rise of spending, in words."""
    if math.isinf(value):
        return f"over {100 * LARGEST_RISE:.0f} %"
    if value < 0.0005:
        return "none"
    return f"{100 * value:.1f} %" if value < 0.1 else f"{100 * value:.0f} %"


def event(row: FearRow) -> str:
    """An event in the words of the case, or its name."""
    return clip(row.label, 22) if row.label != row.event else plain(row.event)


def _tally(assessment: Assessment) -> str:
    count: Counter[Verdict] = Counter(claim.verdict for claim in assessment.claims)
    unsettled = count["cannot tell"] + count["disputed"]
    said = [f"{number} {verb}" for number, verb in _counts(count, unsettled) if number]
    motives = [claim for claim in assessment.claims if claim.kind == "motive"]
    without = sum(claim.verdict == "not tested" for claim in motives)
    rest = f", among them {without} of {len(motives)} about motive" if without else ""
    return f"Of {counted(len(assessment.claims), 'claim')} {listed(said)}{rest}."


def _counts(count: Mapping[Verdict, int], unsettled: int) -> Sequence[tuple[int, str]]:
    def verb(number: int, one: str, several: str) -> tuple[int, str]:
        return number, one if number == 1 else several

    return (
        verb(count["holds"], "holds", "hold"),
        verb(count["partly"], "holds in part", "hold in part"),
        verb(count["fails"], "fails", "fail"),
        verb(unsettled, "is disputed or cannot be told", "are disputed or cannot be told"),
        verb(count["not tested"], "is not yet tested", "are not yet tested"),
    )


# --- the questions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """A question with what its claims say of it.

    Attributes:
        asks: the question.
        lead: the claim that answers first; `None` never, as a question names at least one.
        short: two or three sentences; claims are named by id.
        on_first_page: the same, but the central claim, which stands above it there, is not quoted again.
        tested, untested: its claims, in the order in which the case names them.
    """

    asks: str
    lead: ClaimResult
    short: str
    on_first_page: str
    tested: tuple[ClaimResult, ...]
    untested: tuple[ClaimResult, ...]


def questions(assessment: Assessment, quoted: int = 22) -> list[Answered]:
    """The questions of the case, each composed from the verdicts of its claims and honest about what is open.

    Claims are quoted by at most so many words.
    """
    answered, central = [], central_claim(assessment)
    for question in assessment.case.questions.values():
        claims = [assessment.claim(name) for name in dict.fromkeys(question.claims)]
        answered.append(
            Answered(
                asks=question.asks,
                lead=claims[0],
                short=_short(assessment.case, claims, None, quoted),
                on_first_page=_short(assessment.case, claims, central, quoted),
                tested=tuple(claim for claim in claims if claim.verdict != "not tested"),
                untested=tuple(claim for claim in claims if claim.verdict == "not tested"),
            )
        )
    return answered


_GROUPS = (
    (("holds",), "holds", "hold"),
    (("partly",), "holds in part", "hold in part"),
    (("fails",), "fails", "fail"),
    (("disputed", "cannot tell"), "is disputed or cannot be told", "are disputed or cannot be told"),
)


def _short(case: Case, claims: Sequence[ClaimResult], above: ClaimResult | None, quoted: int) -> str:
    lead, rest = claims[0], claims[1:]
    name = f"The central claim ({lead.id})" if lead is above else f"“{clip(lead.says, quoted)}” ({lead.id})"
    turns = "; its verdict turns with the threshold" if turn_by_threshold(case, lead) else ""
    said = [f"{name} {found(lead)}{turns}."]
    groups = []
    for verdicts, one, several in _GROUPS:
        names = [claim.id for claim in rest if claim.verdict in verdicts]
        if names:
            groups.append(f"{_few(names)} {one if len(names) == 1 else several}")
    if groups:
        said.append(f"Beside it {'; '.join(groups)}.")
    untested = [claim.id for claim in rest if claim.verdict == "not tested"]
    wanting = needs(case, untested)
    if untested:
        why = f" (for want of {listed(wanting[:3])})" if wanting else ""
        said.append(f"Not yet tested{why}: {_few(untested)}.")
    return " ".join(said)


def _few(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def needs(case: Case, names: Iterable[str]) -> list[str]:
    """What a test of these claims would need, each named once."""
    wanted: dict[str, None] = {}
    for name in names:
        untested = case.claims[name].untested
        wanted.update(dict.fromkeys(untested.needs if untested else ()))
    return list(wanted)
